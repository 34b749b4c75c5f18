"""The seed system's way of evaluating, as the peer: one image after the other, in one process.

Pillow decodes and resizes, ONNX Runtime runs with the threads it takes by itself. The images lie in
a folder, where the seed system asked an object store for each: the peer is spared that. Only the
loop is timed, not the start of Python and of the session.

    python bench/evaluate/seed_way.py model.onnx folder > result.json
"""

import io
import json
import platform
import sys
import time
from pathlib import Path

import numpy as np
import onnxruntime
import PIL
from PIL import Image

SIDE = 64


def transform_medical(data: bytes) -> np.ndarray:
    image = Image.open(io.BytesIO(data)).convert("L")
    image = image.resize((SIDE, SIDE), Image.Resampling.BILINEAR)
    pixels = np.asarray(image, dtype=np.float32) / np.float32(255)
    return ((pixels - np.float32(0.5)) / np.float32(0.5))[None, None]


def softmax(logits: np.ndarray) -> np.ndarray:
    powers = np.exp(logits.astype(np.float64) - logits.max())
    return powers / powers.sum()


def evaluate(model: Path, folder: Path) -> dict[str, object]:
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    for file in files[:3]:  # the first runs also reserve memory
        session.run(["logits"], {"input": transform_medical(file.read_bytes())})
    probabilities = {}
    started, cpu_started = time.perf_counter(), time.process_time()
    for file in files:
        tensor = transform_medical(file.read_bytes())
        (logits,) = session.run(["logits"], {"input": tensor})
        probabilities[file.relative_to(folder).as_posix()] = softmax(logits[0]).tolist()
    seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - cpu_started
    return {
        "seconds": seconds,
        "cpuSeconds": cpu_seconds,
        "probabilities": probabilities,
        "versions": {
            "Python": platform.python_version(),
            "Pillow": PIL.__version__,
            "onnxruntime": onnxruntime.__version__,
        },
    }


if __name__ == "__main__":
    json.dump(evaluate(Path(sys.argv[1]), Path(sys.argv[2])), sys.stdout)
