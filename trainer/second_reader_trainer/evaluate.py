"""Predicts a folder dataset with ONNX Runtime: predictions as CSV, accuracy on standard output.

python -m second_reader_trainer.evaluate --model DIR --dataset DIR [--predictions FILE.csv]
"""

import argparse
import csv
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime as ort

from .dataset import read_dataset
from .image_refused import ImageRefused
from .model_card import ModelCard, read_model_card
from .preprocess import preprocess
from .wilson import wilson_interval

FLOAT_SUM_TOLERANCE = 1e-3
"""The evaluator's, as those below: float32 and float16 models do not sum to 1 exactly."""
EIGHT_BIT_ERROR = 1 / 512
"""A model of 8 bits says a probability in steps of 1/256: each may be off by half a step."""
MOST_SUM_TOLERANCE = 0.5
NEGATIVE_ZERO = -1e-6
"""A zero as arithmetic may leave it."""


@dataclass(frozen=True)
class Prediction:
    key: str
    reference_class: str
    predicted_class: str | None
    probabilities: tuple[float, ...] | None
    code: str | None
    """Why there is no prediction."""


class OnnxModel:
    """`model.onnx` under the card beside it, on the CPU, one image at a time."""

    def __init__(self, folder: Path, threads: int = 1) -> None:
        self.card: ModelCard = read_model_card(folder / "model.json")
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        self._session = ort.InferenceSession(
            folder / "model.onnx", options, providers=["CPUExecutionProvider"]
        )

    def predict(self, data: bytes) -> np.ndarray:
        """float64 probabilities in the card's class order."""
        output = self.card.output
        images = preprocess(data, self.card)[None]
        wanted = [output.logits or output.probabilities]
        values = self._session.run(wanted, {self.card.input.name: images})[0][0].astype(np.float64)
        return softmax(values) if output.logits is not None else as_distribution(values)


def as_distribution(values: np.ndarray) -> np.ndarray:
    """Sums to 1 in float64; not finite where the values are no distribution."""
    tolerance = max(FLOAT_SUM_TOLERANCE, min(len(values) * EIGHT_BIT_ERROR, MOST_SUM_TOLERANCE))
    if abs(values.sum() - 1) > tolerance or (values < NEGATIVE_ZERO).any():
        return np.full_like(values, np.nan)
    kept = np.maximum(values, 0)
    return kept / kept.sum()


def softmax(logits: np.ndarray) -> np.ndarray:
    """In float64; the largest logit is taken off first, so that nothing overflows."""
    powers = np.exp(logits - logits.max())
    return powers / powers.sum()


def evaluate(model: OnnxModel, dataset: Path) -> list[Prediction]:
    """One prediction per image by key, of the classes that the model knows; the rest is left out.

    Where probabilities tie, the class that comes first is predicted.
    """
    predictions = []
    classes = model.card.finding_classes
    for image in read_dataset(dataset).images:
        if image.finding_class not in classes:
            continue
        try:
            probabilities = model.predict(image.file.read_bytes())
        except ImageRefused as refusal:
            code = refusal.code
        else:
            code = None if np.isfinite(probabilities).all() else "INVALID_OUTPUT"
        if code is None:
            answer = classes[int(probabilities.argmax())], tuple(probabilities.tolist())
        else:
            answer = None, None
        predictions.append(Prediction(image.key, image.finding_class, *answer, code))
    return predictions


def summarise(predictions: list[Prediction], classes: tuple[str, ...]) -> dict[str, object]:
    """Accuracy with its interval, over all images and per reference class; errors are left out."""
    answered = [p for p in predictions if p.predicted_class is not None]
    named = {c: [p for p in answered if p.reference_class == c] for c in classes}
    return {
        "errors": len(predictions) - len(answered),
        "accuracy": _accuracy(answered),
        "findingClasses": {c: _accuracy(rows) for c, rows in named.items()},
    }


def write_predictions(predictions: list[Prediction], classes: tuple[str, ...], file: Path) -> None:
    with file.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(
            ["imageKey", "referenceClass", "predictedClass", *classes, "status", "code"]
        )
        for p in predictions:
            values = p.probabilities or [""] * len(classes)
            status = "ok" if p.code is None else "error"
            writer.writerow(
                [p.key, p.reference_class, p.predicted_class or "", *values, status, p.code or ""]
            )


def _accuracy(rows: list[Prediction]) -> dict[str, float | int | str | None]:
    right = sum(p.predicted_class == p.reference_class for p in rows)
    low, high = wilson_interval(right, len(rows)) or (None, None)
    value = right / len(rows) if rows else None
    return {"value": value, "low": low, "high": high, "n": len(rows), "method": "wilson"}


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="evaluate", description=__doc__)
    parser.add_argument("--model", type=Path, required=True, help="model.onnx and model.json")
    parser.add_argument("--dataset", type=Path, required=True)
    parser.add_argument("--predictions", type=Path, help="CSV to write")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args(arguments)
    model = OnnxModel(options.model, options.threads)
    predictions = evaluate(model, options.dataset)
    if options.predictions is not None:
        write_predictions(predictions, model.card.finding_classes, options.predictions)
    print(json.dumps(summarise(predictions, model.card.finding_classes), indent=2))


if __name__ == "__main__":
    main()
