"""`model.json`, the model card: all that a prediction depends on beside the weights."""

import json
import math
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from .card_field import CardError, CardObject

DEFAULT_SIDE = 64
MAX_SIDE = 4096


@dataclass(frozen=True)
class ModelInput:
    name: str = "input"
    width: int = DEFAULT_SIDE
    height: int = DEFAULT_SIDE
    channels: Literal[1, 3] = 1


@dataclass(frozen=True)
class ModelOutput:
    logits: str | None = None
    probabilities: str | None = None
    embedding: str | None = None


@dataclass(frozen=True)
class Preprocessing:
    mode: Literal["L", "RGB"] = "L"
    resample: Literal["nearest", "bilinear", "bicubic"] = "bilinear"
    scale: float = 255
    mean: tuple[float, ...] = (0.5,)
    std: tuple[float, ...] = (0.5,)
    exif_orientation: Literal["ignore", "apply"] = "ignore"
    background: int = 0


@dataclass(frozen=True)
class Lineage:
    parent: str | None = None
    training_run: str | None = None
    snapshots: tuple[str, ...] = ()
    code_version: str | None = None


@dataclass(frozen=True)
class ModelCard:
    name: str
    finding_classes: tuple[str, ...]
    input: ModelInput = field(default_factory=ModelInput)
    output: ModelOutput = field(default_factory=lambda: ModelOutput(logits="logits"))
    preprocessing: Preprocessing = field(default_factory=Preprocessing)
    modalities: dict[str, str] | None = None
    lineage: Lineage | None = None

    def __post_init__(self) -> None:
        _check(self)


def read_model_card(file: Path) -> ModelCard:
    try:
        return parse_model_card(json.loads(file.read_text(encoding="utf-8")))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise CardError(f"{file.name} is not JSON: {error}") from error


def parse_model_card(value: object) -> ModelCard:
    """Fills in defaults; raises `CardError` naming the first key that is wrong or unknown."""
    root = CardObject(value, "model card")
    card = ModelCard(
        name=root.text("name", longest=100),
        finding_classes=tuple(
            unicodedata.normalize("NFC", name) for name in root.texts("findingClasses", longest=100)
        ),
        input=_parse_input(root.child("input", {})),
        output=_parse_output(root.child("output", {"logits": "logits"})),
        preprocessing=_parse_preprocessing(root.child("preprocessing", {})),
        modalities=root.text_by_name("modalities"),
        lineage=_parse_lineage(root.child("lineage")) if "lineage" in root else None,
    )
    root.refuse_unknown()
    return card


def _parse_input(source: CardObject) -> ModelInput:
    parsed = ModelInput(
        name=source.text("name", "input", longest=200),
        width=source.integer("width", DEFAULT_SIDE, 1, MAX_SIDE),
        height=source.integer("height", DEFAULT_SIDE, 1, MAX_SIDE),
        channels=source.choice("channels", 1, (1, 3)),
    )
    source.refuse_unknown()
    return parsed


def _parse_output(source: CardObject) -> ModelOutput:
    parsed = ModelOutput(
        *(
            source.text(key, longest=200) if key in source else None
            for key in ("logits", "probabilities", "embedding")
        )
    )
    source.refuse_unknown()
    return parsed


def _parse_preprocessing(source: CardObject) -> Preprocessing:
    parsed = Preprocessing(
        mode=source.choice("mode", "L", ("L", "RGB")),
        resample=source.choice("resample", "bilinear", ("nearest", "bilinear", "bicubic")),
        scale=source.number("scale", 255),
        mean=source.numbers("mean", (0.5,)),
        std=source.numbers("std", (0.5,)),
        exif_orientation=source.choice("exifOrientation", "ignore", ("ignore", "apply")),
        background=source.integer("background", 0, 0, 255),
    )
    source.refuse_unknown()
    return parsed


def _parse_lineage(source: CardObject) -> Lineage:
    parsed = Lineage(
        parent=source.nullable_text("parent"),
        training_run=source.nullable_text("trainingRun"),
        snapshots=tuple(source.texts("snapshots", ())),
        code_version=source.nullable_text("codeVersion"),
    )
    source.refuse_unknown()
    return parsed


def _check(card: ModelCard) -> None:
    """The rules that concern more than one key."""
    classes = card.finding_classes
    if not 2 <= len(classes) <= 1000:
        raise CardError("findingClasses must have 2 to 1000 names")
    if len(set(classes)) != len(classes):
        raise CardError("findingClasses names a finding class twice")
    for name in classes:
        unprintable = any(unicodedata.category(character) == "Cc" for character in name)
        if unprintable or "/" in name or "\\" in name or name in (".", ".."):
            raise CardError(f"findingClasses: {name!r} must be usable as a folder name")
    if (card.output.logits is None) == (card.output.probabilities is None):
        raise CardError('output names exactly one of "logits" and "probabilities"')
    rules, channels = card.preprocessing, card.input.channels
    if rules.mode == "RGB" and channels == 1:
        raise CardError('preprocessing.mode is "RGB" but the input has 1 channel')
    for key, values in (("mean", rules.mean), ("std", rules.std)):
        if len(values) not in (1, channels):
            raise CardError(f"preprocessing.{key} has {len(values)} values, the input {channels}")
    if not rules.scale > 0 or not all(value > 0 for value in rules.std):
        raise CardError("preprocessing.scale and preprocessing.std must be positive")
    if not all(map(math.isfinite, (rules.scale, *rules.mean, *rules.std))):
        raise CardError("preprocessing holds a number that is not finite")


def card_as_json(card: ModelCard) -> dict[str, object]:
    """The card with every default spelled out, keys in the order of the documentation."""
    shape, rules, lineage = card.input, card.preprocessing, card.lineage
    named = {"logits": card.output.logits, "probabilities": card.output.probabilities}
    outputs = named | {"embedding": card.output.embedding}
    value: dict[str, object] = {
        "name": card.name,
        "findingClasses": list(card.finding_classes),
        "input": {
            "name": shape.name,
            "width": shape.width,
            "height": shape.height,
            "channels": shape.channels,
        },
        "output": {key: name for key, name in outputs.items() if name is not None},
        "preprocessing": {
            "mode": rules.mode,
            "resample": rules.resample,
            "scale": rules.scale,
            "mean": list(rules.mean),
            "std": list(rules.std),
            "exifOrientation": rules.exif_orientation,
            "background": rules.background,
        },
    }
    if card.modalities is not None:
        value["modalities"] = card.modalities
    if lineage is not None:
        value["lineage"] = {
            "parent": lineage.parent,
            "trainingRun": lineage.training_run,
            "snapshots": list(lineage.snapshots),
            "codeVersion": lineage.code_version,
        }
    return value


def write_model_card(card: ModelCard, file: Path) -> None:
    text = json.dumps(card_as_json(card), indent=2, ensure_ascii=False) + "\n"
    file.write_text(text, encoding="utf-8")
