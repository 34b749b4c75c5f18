"""Trains a network on a folder dataset and writes `model.onnx`, `model.json`, `training.json`.

python -m second_reader_trainer.train --train DIR --val DIR --out DIR [--epochs N …]
"""

import json
import platform
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

import lightning as L  # noqa: N812 - Lightning's own name for it
import torch

from .dataset import Dataset, read_dataset
from .export import AttentionForm, export_network
from .model import VisionTransformer, count_parameters
from .model_card import Lineage, ModelCard, ModelInput, ModelOutput, Preprocessing, write_model_card
from .train_settings import TrainSettings
from .training_data import CANVAS_SCALE, balanced_loader, load_pixels, ordered_loader
from .training_module import TrainingModule

PACKAGES = ("second-reader-trainer", "torch", "lightning", "onnx", "onnxscript", "pillow", "numpy")


def train(
    train_folder: Path,
    val_folder: Path,
    out: Path,
    settings: TrainSettings,
    attention: AttentionForm = "folded",
) -> VisionTransformer:
    """Repeatable by its settings on the same machine; weights are chosen by `val` alone.

    The card says that it was trained on datasets of the folders' names, so name the folders so.
    """
    if settings.threads is not None:
        torch.set_num_threads(settings.threads)
    L.seed_everything(settings.seed, workers=True, verbose=False)
    train_set, val_set = read_dataset(train_folder), read_dataset(val_folder)
    lineage = Lineage(snapshots=(train_folder.resolve().name, val_folder.resolve().name))
    card = make_card(settings, train_set, val_set, lineage)
    train_data = load_pixels(train_set, card, scale_up=CANVAS_SCALE)
    val_data = load_pixels(val_set, card)
    module = TrainingModule(card, settings)
    trainer = _make_trainer(settings)
    trainer.fit(
        module,
        balanced_loader(train_data, settings.batch_size, settings.seed),
        ordered_loader(val_data, settings.batch_size),
    )
    if not module.best_weights:
        raise RuntimeError("no epoch was finished with a finite loss: more minutes, smaller steps?")
    network = VisionTransformer(settings.architecture, len(card.finding_classes))
    network.load_state_dict(module.best_weights)
    network.eval()

    out.mkdir(parents=True, exist_ok=True)
    export_network(network, out / "model.onnx", attention)
    write_model_card(card, out / "model.json")
    record = {
        "settings": asdict(settings),
        "attention": attention,
        "parameters": count_parameters(network),
        "findingClasses": list(card.finding_classes),
        "images": {"train": len(train_data), "val": len(val_data)},
        "skipped": {"train": train_data.skipped, "val": val_data.skipped},
        "device": str(trainer.strategy.root_device),
        "versions": {"python": platform.python_version()} | {p: version(p) for p in PACKAGES},
        "chosen": next(e for e in module.history if e["epoch"] == module.best_epoch),
        "history": module.history,
    }
    text = json.dumps(record, indent=2, ensure_ascii=False) + "\n"
    (out / "training.json").write_text(text, encoding="utf-8")
    return network


def make_card(
    settings: TrainSettings, train_set: Dataset, val_set: Dataset, lineage: Lineage
) -> ModelCard:
    unknown = set(val_set.finding_classes) - set(train_set.finding_classes)
    if unknown:
        raise ValueError(f"val has finding classes that train lacks: {', '.join(sorted(unknown))}")
    sizes = settings.architecture
    return ModelCard(
        name=settings.name,
        finding_classes=train_set.finding_classes,
        input=ModelInput("input", sizes.width, sizes.height, 3 if sizes.channels == 3 else 1),
        output=ModelOutput(logits="logits", embedding="embedding"),
        preprocessing=Preprocessing(mode="RGB" if sizes.channels == 3 else "L"),
        lineage=lineage,
    )


def _make_trainer(settings: TrainSettings) -> L.Trainer:
    gpu = torch.cuda.is_available()
    minutes = settings.max_minutes
    return L.Trainer(
        accelerator="gpu" if gpu else "cpu",
        devices=1,
        precision="bf16-mixed" if gpu else "32-true",
        max_epochs=settings.epochs,
        max_time=None if minutes is None else {"seconds": round(minutes * 60)},
        # Some GPU kernels have no deterministic form; warn rather than refuse to train.
        deterministic="warn" if gpu else True,
        gradient_clip_val=1.0,
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        num_sanity_val_steps=0,
    )
