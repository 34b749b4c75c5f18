"""Computes a run's metrics with scikit-learn and statsmodels from its exported predictions.

usage: scikit_learn_metrics.py predictions.csv  < classes.json  > metrics.json

Reads the CSV that `GET /api/evaluation-runs/{id}/predictions` gives (probability columns are named by finding class,
in the order of classes.json) and prints the same structure as `GET …/metrics`, as far as independent tools have it.
"""

import csv
import json
import sys
import warnings

import numpy as np
from sklearn import metrics
from statsmodels.stats.proportion import proportion_confint

warnings.filterwarnings("ignore")
classes = json.load(sys.stdin)
with open(sys.argv[1], newline="", encoding="utf-8") as file:
    rows = list(csv.DictReader(file))
kept = [row for row in rows if row["status"] == "ok"]
index = {name: i for i, name in enumerate(classes)}
y = np.array([index[row["referenceClass"]] for row in kept])
predicted = np.array([index[row["predictedClass"]] for row in kept])
p = np.array([[float(row[name]) for name in classes] for row in kept])
n, k = p.shape


def ratio(numerator, denominator):
    return None if denominator == 0 else float(numerator) / float(denominator)


def wilson(count, total):
    return None if total == 0 else list(proportion_confint(count, total, method="wilson"))


def auroc(truth, score):
    return None if truth.all() or not truth.any() else float(metrics.roc_auc_score(truth, score))


def expected_calibration_error(correct, confidence, bins=15):
    which = np.clip(np.ceil(confidence * bins).astype(int) - 1, 0, bins - 1)
    total = 0.0
    for b in range(bins):
        inside = which == b
        if inside.any():
            total += inside.sum() / len(confidence) * abs(correct[inside].mean() - confidence[inside].mean())
    return float(total)


present = [c for c in range(k) if (y == c).any()]
confusion = metrics.confusion_matrix(y, predicted, labels=range(k))
per_class = []
intervals = {}
for c, name in enumerate(classes):
    tp = confusion[c, c]
    fn = confusion[c].sum() - tp
    fp = confusion[:, c].sum() - tp
    tn = n - tp - fn - fp
    per_class.append(
        {
            "findingClass": name,
            "n": int(tp + fn),
            "accuracy": ratio(tp, tp + fn),
            "specificity": ratio(tn, tn + fp),
            "ppv": ratio(tp, tp + fp),
            "npv": ratio(tn, tn + fn),
            "f1": None if tp + fn == 0 else float(
                metrics.f1_score(y == c, predicted == c, zero_division=0)
            ),
            "auroc": auroc(y == c, p[:, c]),
        }
    )
    intervals[name] = wilson(tp, tp + fn)

aurocs = [row["auroc"] for row in per_class if row["n"] > 0]
one_hot = np.eye(k)[y]
print(
    json.dumps(
        {
            "n": n,
            "errors": len(rows) - n,
            "classesPresent": len(present),
            "overall": {
                "accuracy": float(metrics.accuracy_score(y, predicted)),
                "balancedAccuracy": float(metrics.recall_score(y, predicted, labels=present, average="macro")),
                "macroF1": float(metrics.f1_score(y, predicted, labels=present, average="macro")),
                "macroAuroc": None if None in aurocs else float(np.mean(aurocs)),
                "mcc": float(metrics.matthews_corrcoef(y, predicted)),
                "ece": expected_calibration_error(predicted == y, p.max(axis=1)),
                "logLoss": float(metrics.log_loss(y, p, labels=range(k))),
                "brier": float(((p - one_hot) ** 2).sum(axis=1).mean()),
            },
            "findingClasses": per_class,
            "confusion": confusion.tolist(),
            "intervals": {"accuracy": wilson(int((predicted == y).sum()), n), "findingClasses": intervals},
        }
    )
)
