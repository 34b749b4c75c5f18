import json
from pathlib import Path

import pytest
from pictures import write_striped_dataset

from second_reader_trainer.evaluate import OnnxModel, evaluate, main, summarise
from second_reader_trainer.model_card import read_model_card
from second_reader_trainer.train import main as train_command
from second_reader_trainer.train_model import train
from second_reader_trainer.train_settings import TrainSettings
from second_reader_trainer.training_module import warm_up_then_cosine

SIZES = [
    *("--width", "32", "--height", "32", "--dim", "16", "--depth", "1", "--heads", "2"),
    *("--head-dim", "16", "--mlp-dim", "32", "--conv-channels", "8,16", "--conv-strides", "2,2"),
]
# Turning by more than this would make stripes across of stripes down.
GENTLE = [
    "--rotation-degrees",
    "5",
    "--learning-rate",
    "0.003",
    "--batch-size",
    "16",
    "--threads",
    "1",
]


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("data")
    for seed, (name, count) in enumerate({"train": 24, "val": 8, "test": 8}.items()):
        write_striped_dataset(root / name, count, seed)
    (root / "train" / "flat" / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    return root


def run(folders: Path, out: str, *more: str) -> Path:
    places = ["--train", folders / "train", "--val", folders / "val", "--out", folders / out]
    train_command([*map(str, places), *SIZES, *GENTLE, *more])
    return folders / out


def test_learns_writes_three_files_and_repeats_itself(folders: Path):
    first = run(folders, "first", "--epochs", "25", "--seed", "4")
    model = OnnxModel(first)
    summary = summarise(evaluate(model, folders / "test"), model.card.finding_classes)
    assert summary["accuracy"]["n"] == 24
    assert summary["accuracy"]["value"] > 0.9

    record = json.loads((first / "training.json").read_text())
    assert record["images"] == {"train": 72, "val": 24}
    assert record["skipped"]["train"] == [["flat/broken.png", "TRUNCATED_IMAGE"]]
    assert record["settings"]["seed"] == 4
    assert record["versions"]["torch"].startswith("2.13.0")
    assert len(record["history"]) == 25
    assert record["chosen"]["valLoss"] == min(entry["valLoss"] for entry in record["history"])

    card = read_model_card(first / "model.json")
    assert card.finding_classes == ("flat", "stripes-across", "stripes-down")
    assert (card.input.width, card.output.embedding) == (32, "embedding")
    assert card.lineage is not None and card.lineage.snapshots == ("train", "val")

    second = run(folders, "second", "--epochs", "25", "--seed", "4")
    assert (second / "model.onnx").read_bytes() == (first / "model.onnx").read_bytes()
    other = run(folders, "other", "--epochs", "1", "--seed", "5")
    assert (other / "model.onnx").read_bytes() != (first / "model.onnx").read_bytes()


def test_ends_early_when_its_minutes_are_used_up(folders: Path):
    out = run(folders, "short", "--epochs", "100000", "--max-minutes", "0.03")
    assert 1 <= len(json.loads((out / "training.json").read_text())["history"]) < 1000
    assert (out / "model.onnx").exists()


def test_writes_nothing_when_not_one_epoch_was_finished(folders: Path):
    with pytest.raises(RuntimeError, match="no epoch was finished"):
        run(folders, "hopeless", "--max-minutes", "0.0001")
    assert not (folders / "hopeless").exists()


def test_evaluation_counts_errors_apart_and_leaves_unknown_classes_out(
    folders: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    model = run(folders, "unlucky", "--epochs", "1")
    capsys.readouterr()
    dataset = tmp_path / "data"
    write_striped_dataset(dataset, 2, seed=9)
    (dataset / "stripes-down").rename(dataset / "dots")
    (dataset / "flat" / "000.png").write_bytes((dataset / "flat" / "000.png").read_bytes()[:60])
    csv = tmp_path / "predictions.csv"
    main(["--model", str(model), "--dataset", str(dataset), "--predictions", str(csv)])
    summary = json.loads(capsys.readouterr().out)
    assert (summary["errors"], summary["accuracy"]["n"]) == (1, 3)
    assert summary["findingClasses"]["stripes-down"]["value"] is None
    header, first, *others = csv.read_text().splitlines()
    assert header.startswith("imageKey,referenceClass,predictedClass,flat,stripes-across")
    assert first == "flat/000.png,flat,,,,,error,TRUNCATED_IMAGE"
    assert len(others) == 3
    assert sum(map(float, others[0].split(",")[3:6])) == pytest.approx(1, abs=1e-12)


def test_refuses_a_val_set_with_classes_that_train_lacks(folders: Path, tmp_path: Path):
    write_striped_dataset(tmp_path, 1, seed=0)
    (tmp_path / "flat").rename(tmp_path / "dots")
    with pytest.raises(ValueError, match="dots"):
        train(folders / "train", tmp_path, tmp_path / "out", TrainSettings())


def test_learning_rate_rises_then_falls_to_nothing():
    factors = [warm_up_then_cosine(step, 100, 0.1) for step in range(101)]
    assert factors[0] == pytest.approx(0.1)
    assert factors[10] == 1
    assert factors[55] == pytest.approx(0.5)
    assert factors[100] == pytest.approx(0)
    assert factors[10:] == sorted(factors[10:], reverse=True)
