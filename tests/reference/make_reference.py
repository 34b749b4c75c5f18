"""Independent reference values for lib/statistics, written to statistics.json beside this file.

    pip install numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1 statsmodels==0.15.0
    python make_reference.py && npx biome format --write .

Undefined is null. Where scikit-learn puts another value in its place (MCC 0, AUROC and kappa NaN), the fixed
rules of the product decide, and the case says so. golden_9class.json is not made here.
"""

import json
import pathlib
import warnings

import numpy as np
import scipy
import sklearn
import statsmodels
from scipy.special import betainc, softmax
from scipy.stats import beta, binom
from sklearn import metrics
from sklearn.calibration import calibration_curve
from statsmodels.stats.inter_rater import cohens_kappa
from statsmodels.stats.proportion import proportion_confint

warnings.filterwarnings("ignore")
BINS = 15


def number(value):
    return None if value is None or np.isnan(value) else float(value)


def ratio(part, whole):
    return float(part / whole) if whole > 0 else None


def mean(values):
    defined = [v for v in values if v is not None]
    return float(np.mean(defined)) if defined else None


def calibration_error(scores, outcomes):
    """Equal-width bins closed on the right; 0 goes to the first bin."""
    edges = [b / BINS for b in range(BINS + 1)]
    bins = np.clip(np.digitize(scores, edges, right=True), 1, BINS) - 1
    total = 0.0
    for b in range(BINS):
        inside = bins == b
        if inside.any():
            total += inside.mean() * abs(outcomes[inside].mean() - scores[inside].mean())
    return float(total)


def reliability(scores, outcomes):
    """The bars of the reliability diagram: sizes, mean scores, shares that came true, Wilson bounds."""
    edges = [b / BINS for b in range(BINS + 1)]
    bins = np.clip(np.digitize(scores, edges, right=True), 1, BINS) - 1
    bars = []
    for b in range(BINS):
        inside = bins == b
        n, right = int(inside.sum()), int(outcomes[inside].sum())
        bounds = [float(v) for v in proportion_confint(right, n, method="wilson")] if n else None
        bars.append(
            {
                "n": n,
                "meanConfidence": float(scores[inside].mean()) if n else None,
                "accuracy": ratio(right, n),
                "interval": bounds and {"low": bounds[0], "high": bounds[1]},
            }
        )
    return bars


def calibration_curve_points(scores, outcomes):
    """scikit-learn's bins are closed on the left; none of our scores lies on an edge between two bins."""
    edges = np.linspace(0, 1, BINS + 1)[1:-1]
    if len(set(outcomes)) < 2 or np.isclose(scores[:, None], edges, atol=1e-9).any():
        return None
    accuracy, confidence = calibration_curve(outcomes, scores, n_bins=BINS)
    return [confidence.tolist(), accuracy.tolist()]


def roc(y, scores, k):
    """Every threshold, none dropped; null where there is no curve."""
    if not 0 < (y == k).sum() < len(y):
        return None
    false_rate, true_rate, _ = metrics.roc_curve(y == k, scores, drop_intermediate=False)
    return [[float(f), float(t)] for f, t in zip(false_rate, true_rate)]


def curves(y, predicted, p):
    confidence, right = p[np.arange(len(y)), predicted], (y == predicted).astype(float)
    steps = np.clip(np.digitize(confidence, [b / 20 for b in range(21)], right=True), 1, 20) - 1
    return {
        "reliability": reliability(confidence, right),
        "calibrationCurve": calibration_curve_points(confidence, right.astype(int)),
        "roc": [roc(y, p[:, k], k) for k in range(p.shape[1])],
        "confidence": [
            {"right": int(((steps == b) & (right == 1)).sum()), "wrong": int(((steps == b) & (right == 0)).sum())}
            for b in range(20)
        ],
    }


def auroc(y, scores, k):
    positive = (y == k).astype(int)
    return float(metrics.roc_auc_score(positive, scores)) if 0 < positive.sum() < len(y) else None


def per_class(y, predicted, scores, k):
    if not (y == k).any():
        return dict.fromkeys(["accuracy", "specificity", "ppv", "npv", "f1", "auroc"])
    tn, fp, fn, tp = metrics.confusion_matrix(y == k, predicted == k, labels=[False, True]).ravel()
    return {
        "accuracy": ratio(tp, tp + fn),
        "specificity": ratio(tn, tn + fp),
        "ppv": ratio(tp, tp + fp),
        "npv": ratio(tn, tn + fn),
        "f1": float(metrics.f1_score(y == k, predicted == k)),
        "auroc": auroc(y, scores[:, k], k),
    }


def expected(y, predicted, p, within=None):
    count = p.shape[1]
    labels = list(range(count))
    present = [k for k in labels if (y == k).any()]
    classes = [per_class(y, predicted, p, k) for k in labels]
    aurocs = [classes[k]["auroc"] for k in present]
    defined = all(a is not None for a in aurocs)
    one_reference, one_prediction = len(present) == 1, len(set(predicted)) == 1
    onehot = np.eye(count)[y]
    result = {
        "n": len(y),
        "classesPresent": len(present),
        "overall": {
            "accuracy": float(metrics.accuracy_score(y, predicted)),
            "balancedAccuracy": float(metrics.balanced_accuracy_score(y, predicted)),
            "macroF1": float(metrics.f1_score(y, predicted, labels=present, average="macro")),
            "macroAuroc": mean(aurocs) if defined else None,
            "weightedAuroc": float(np.average(aurocs, weights=[(y == k).sum() for k in present])) if defined else None,
            # scikit-learn: 0
            "mcc": None if one_reference or one_prediction else float(metrics.matthews_corrcoef(y, predicted)),
            # scikit-learn: NaN
            "cohenKappa": number(metrics.cohen_kappa_score(y, predicted, labels=labels)),
            "ece": calibration_error(p[np.arange(len(y)), predicted], (y == predicted).astype(float)),
            "classwiseEce": mean([calibration_error(p[:, k], onehot[:, k]) for k in present]),
            "logLoss": float(metrics.log_loss(y, p, labels=labels)),
            "brier": float(metrics.brier_score_loss(y, p, labels=labels, scale_by_half=False)),
        },
        "findingClasses": classes,
        "confusion": metrics.confusion_matrix(y, predicted, labels=labels).tolist(),
        "accuracyWilson": [float(v) for v in proportion_confint((y == predicted).sum(), len(y), method="wilson")],
    }
    if within:
        result["withinModality"] = {
            name: expected_within(y, predicted, p, members) for name, members in within.items()
        }
    return result


def expected_within(y, predicted, p, members):
    """Only the images are restricted; predictions and scores stay those over all classes."""
    keep = np.isin(y, members)
    y, predicted, p = y[keep], predicted[keep], p[keep]
    present = [k for k in members if (y == k).any()]
    classes = [per_class(y, predicted, p, k) for k in members]
    return {
        "n": len(y),
        "classesPresent": len(present),
        "accuracy": float(metrics.accuracy_score(y, predicted)),
        "balancedAccuracy": float(metrics.balanced_accuracy_score(y, predicted)),
        "macroF1": float(metrics.f1_score(y, predicted, labels=present, average="macro")),
        "macroAuroc": mean([c["auroc"] for c in classes]),
        "crossModalityPredictions": int((~np.isin(predicted, members)).sum()),
        "findingClasses": classes,
    }


def scored(rng, y, count, skill, step=None):
    """Probabilities that favour the true class; with `step` on a coarse grid, so that scores tie."""
    logits = rng.normal(size=(len(y), count))
    logits[np.arange(len(y)), y] += skill
    p = softmax(logits, axis=1)
    if step:
        p = np.round(p / step) * step
        p[:, 0] += 1 - p.sum(axis=1)
        p = np.clip(p, 0, 1)
        p /= p.sum(axis=1, keepdims=True)
    return p


def case(name, classes, y, p, within=None):
    y = np.asarray(y)
    predicted = np.argmax(p, axis=1)
    return {
        "name": name,
        "classes": classes,
        "references": y.tolist(),
        "predicted": predicted.tolist(),
        "probabilities": p.tolist(),
        "expected": expected(y, predicted, p, within),
        "curves": curves(y, predicted, p),
    }


def cases():
    rng = np.random.default_rng(20261121)
    letters = ["a", "b", "c", "d"]
    y = rng.integers(0, 3, 60)
    yield case("a class without images that is predicted, with tied scores", letters, y, scored(rng, y, 4, 1.0, 0.1))
    y = rng.integers(0, 4, 200)
    yield case("many tied scores", letters, y, scored(rng, y, 4, 0.7, 0.25))
    y = rng.integers(0, 3, 40)
    p = scored(rng, y, 3, 1.5, 0.5)
    p[0] = np.eye(3)[(y[0] + 1) % 3]  # certain and wrong
    p[1] = np.eye(3)[y[1]]  # certain and right
    yield case("log loss with probabilities of exactly 0 and 1", letters[:3], y, p)
    y = rng.integers(0, 3, 30)
    p = np.tile([0.5, 0.3, 0.2], (30, 1))
    yield case("everything predicted as one class: no MCC", letters[:3], y, p)
    y = np.zeros(20, dtype=int)
    yield case("one reference class: no AUROC, no MCC", letters[:3], y, scored(rng, y, 3, 1.0))
    p = np.tile([0.8, 0.1, 0.1], (20, 1))
    yield case("everything in one and the same class: no kappa", letters[:3], y, p)
    yield case("a single image", letters[:3], [1], np.array([[0.2, 0.7, 0.1]]))
    y = np.arange(30) % 3
    yield case("everything right", letters[:3], y, np.where(np.eye(3)[y] == 1, 0.9, 0.05))
    names = ["lung-covid", "lung-oct-cnv", "lung-normal", "lung-oct-drusen", "lung-tb"]
    y = rng.choice(5, 300, p=[0.3, 0.2, 0.3, 0.1, 0.1])
    yield case(
        "two modalities",
        names,
        y,
        scored(rng, y, 5, 1.2),
        {"chest-xray": [0, 2, 4], "oct": [1, 3]},
    )


def intervals():
    for k, n in [(0, 1), (1, 1), (1, 2), (0, 60), (92, 100), (100, 100), (3, 299), (90, 299), (873, 900), (5, 7)]:
        yield k, n
    for n in (100_000, 1_000_000):
        for k in (0, 1, 100, 1234, n // 2, n - 3, n - 1, n):
            yield k, n


def interval_row(k, n, confidence=0.95):
    tail = (1 - confidence) / 2
    return {
        "successes": k,
        "trials": n,
        "wilson": [float(v) for v in proportion_confint(k, n, method="wilson")],
        "clopperPearson": [
            0.0 if k == 0 else float(beta.ppf(tail, k, n - k + 1)),
            1.0 if k == n else float(beta.ppf(1 - tail, k + 1, n - k)),
        ],
    }


def xoshiro128_star_star(state, count):
    """Transcribed from the authors' public-domain C (prng.di.unimi.it)."""
    s, mask, words = list(state), 0xFFFFFFFF, []
    rotate = lambda x, k: ((x << k) | (x >> (32 - k))) & mask
    for _ in range(count):
        words.append((rotate((s[1] * 5) & mask, 7) * 9) & mask)
        t = (s[1] << 9) & mask
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= t
        s[3] = rotate(s[3], 11)
    return words


def main():
    rng = np.random.default_rng(7)
    logits = [rng.normal(scale=s, size=9).astype(np.float32) for s in (0.1, 1, 10, 100)]
    values = np.sort(rng.normal(size=23))
    readers = [[45, 3, 2], [5, 30, 5], [1, 4, 25]]
    reference = {
        "versions": {m.__name__: m.__version__ for m in (np, scipy, sklearn, statsmodels)},
        "cases": list(cases()),
        "intervals": [interval_row(k, n) for k, n in intervals()],
        "incompleteBeta": [
            {"x": x, "a": a, "b": b, "value": float(betainc(a, b, x))}
            for x, a, b in [(0.5, 2, 3), (0.01, 1, 1), (0.9, 30, 3), (0.3, 3, 30), (0.37, 400, 650), (0.5, 5e5, 5e5)]
        ],
        "binomial": [
            {"k": k, "n": n, "p": p, "value": float(binom.pmf(k, n, p))}
            for k, n, p in [(3, 10, 0.5), (0, 20, 0.1), (20, 20, 0.9), (7, 15, 0.2), (16, 40, 0.45), (500_100, 10**6, 0.5)]
        ],
        "softmax": [
            {"logits": row.tolist(), "probabilities": softmax(row.astype(np.float64)).tolist()} for row in logits
        ],
        "quantiles": {
            "sorted": values.tolist(),
            "points": [{"p": p, "value": float(np.quantile(values, p))} for p in (0, 0.025, 0.31, 0.5, 0.975, 1)],
        },
        "cohenKappa": {"counts": readers, "value": float(cohens_kappa(np.array(readers)).kappa)},
        "xoshiro128StarStar": {"state": [1, 2, 3, 4], "words": xoshiro128_star_star([1, 2, 3, 4], 8)},
    }
    path = pathlib.Path(__file__).with_name("statistics.json")
    path.write_text(json.dumps(reference, indent=1, allow_nan=False) + "\n")


if __name__ == "__main__":
    main()
