"""Independent reference values for temperature scaling, written to temperature.json beside this file.

    pip install numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1
    python make_temperature_reference.py && npx biome format --write .

The temperature is found by SciPy's bounded minimiser on scikit-learn's log loss; golden_9class.json is read, not made.
"""

import json
import pathlib

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import softmax
from sklearn.metrics import log_loss

HERE = pathlib.Path(__file__).parent
BOUNDS = (1 / 20, 20)


def scaled(p, temperature):
    return softmax(np.log(np.maximum(p, np.finfo(float).eps)) / temperature, axis=1)


def loss(p, y, temperature):
    return log_loss(y, scaled(p, temperature), labels=range(p.shape[1]))


def fit(p, y):
    """On the logarithm, where the minimum is found to the last digits that the loss's flatness allows."""
    found = minimize_scalar(
        lambda log_t: loss(p, y, np.exp(log_t)),
        bounds=np.log(BOUNDS),
        method="bounded",
        options={"xatol": 1e-12},
    )
    return float(np.exp(found.x))


def ece(p, y, bins=15):
    """Equal-width bins, closed on the right."""
    confidence, right = p.max(axis=1), p.argmax(axis=1) == y
    index = np.clip(np.ceil(confidence * bins).astype(int) - 1, 0, bins - 1)
    gaps = [abs(np.sum(right[index == b]) - np.sum(confidence[index == b])) for b in range(bins)]
    return float(np.sum(gaps) / len(y))


def row(name, p, y):
    temperature = fit(p, y)
    after = scaled(p, temperature)
    return {
        "name": name,
        "probabilities": p.tolist(),
        "references": y.tolist(),
        "temperature": temperature,
        "logLoss": loss(p, y, 1),
        "scaledLogLoss": loss(p, y, temperature),
        "scaledEce": ece(after, y),
        "firstScaled": after[0].tolist(),
    }


def main():
    golden = json.loads((HERE / "golden_9class.json").read_text())
    y, p1, p2 = (np.array(golden[name]) for name in ("y", "P1", "P2"))
    rng = np.random.default_rng(5)
    logits = rng.normal(size=(60, 3)) * 6
    sure = softmax(logits, axis=1)
    shaky = np.where(rng.random(60) < 0.6, sure.argmax(axis=1), rng.integers(0, 3, 60))
    rows = [
        {**row("golden, first model", p1, y), "probabilities": None, "references": None},
        {**row("golden, second model", p2, y), "probabilities": None, "references": None},
        row("three classes, far too sure", sure, shaky),
    ]
    (HERE / "temperature.json").write_text(json.dumps({"rows": rows}, indent=1))


if __name__ == "__main__":
    main()
