"""Compares two versions with scikit-learn, statsmodels and SciPy from the exported predictions of a run of each.

usage: scikit_learn_comparison.py baseline.csv candidate.csv  < classes.json  > comparison.json

Reads the CSV that `GET /api/evaluation-runs/{id}/predictions` gives and prints the same structure as
`GET /api/model-comparisons`, as far as independent tools have it.
"""

import csv
import json
import sys
import warnings

import numpy as np
from scipy.stats import binom
from sklearn import metrics
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

warnings.filterwarnings("ignore")
classes = json.load(sys.stdin)
index = {name: i for i, name in enumerate(classes)}


def read(path):
    with open(path, newline="", encoding="utf-8") as file:
        return {row["imageKey"]: row for row in csv.DictReader(file) if row["status"] == "ok"}


sides = [read(path) for path in sys.argv[1:3]]
keys = sorted(sides[0].keys() & sides[1].keys())
y = np.array([index[sides[0][key]["referenceClass"]] for key in keys])
predicted = [np.array([index[side[key]["predictedClass"]] for key in keys]) for side in sides]
scores = [np.array([[float(side[key][name]) for name in classes] for key in keys]) for side in sides]
right = [each == y for each in predicted]
present = sorted(set(y))


def statistic(count, total, method="wilson"):
    low, high = proportion_confint(count, total, method=method)
    return {"value": count / total, "low": float(low), "high": float(high), "n": total}


def table(among):
    one, other = right[0][among], right[1][among]
    return {
        "bothRight": int((one & other).sum()),
        "baselineOnly": int((one & ~other).sum()),
        "candidateOnly": int((~one & other).sum()),
        "bothWrong": int((~one & ~other).sum()),
    }


def exact_p(counts):
    b, c = counts["baselineOnly"], counts["candidateOnly"]
    return float(mcnemar([[counts["bothRight"], b], [c, counts["bothWrong"]]], exact=True).pvalue)


def mid_p(counts):
    b, c = counts["baselineOnly"], counts["candidateOnly"]
    if b == c:
        return 1.0
    return float(2 * binom.cdf(min(b, c), b + c, 0.5) - binom.pmf(min(b, c), b + c, 0.5))


def side(m):
    n = len(y)
    return {
        "accuracy": statistic(int(right[m].sum()), n),
        "accuracyExact": statistic(int(right[m].sum()), n, "beta"),
        "macroF1": float(metrics.f1_score(y, predicted[m], labels=present, average="macro")),
        "macroAuroc": float(np.mean([metrics.roc_auc_score(y == k, scores[m][:, k]) for k in present])),
    }


def difference(name, sides):
    return {"value": sides[1][name] - sides[0][name]}


everything = table(slice(None))
measured = [side(0), side(1)]
per_class = [table(y == k) for k in present]
p_values = [exact_p(each) for each in per_class]
holm = multipletests(p_values, method="holm")[1]
confusions = [metrics.confusion_matrix(y, each, labels=range(len(classes))) for each in predicted]
print(
    json.dumps(
        {
            "n": len(keys),
            "classesPresent": len(present),
            "paired": everything,
            "difference": {"value": (everything["candidateOnly"] - everything["baselineOnly"]) / len(keys)},
            "mcnemar": {"exactP": exact_p(everything), "midP": mid_p(everything)},
            "versionsKappa": float(metrics.cohen_kappa_score(*predicted)),
            "baselineMetrics": measured[0],
            "candidateMetrics": measured[1],
            "macroF1Difference": difference("macroF1", measured),
            "macroAurocDifference": difference("macroAuroc", measured),
            "confusion": {
                "classes": classes,
                "baseline": confusions[0].tolist(),
                "candidate": confusions[1].tolist(),
                "delta": (confusions[1] - confusions[0]).tolist(),
            },
            "findingClasses": [
                {
                    "findingClass": classes[k],
                    "n": int((y == k).sum()),
                    "paired": counts,
                    "baseline": statistic(int(right[0][y == k].sum()), int((y == k).sum())),
                    "candidate": statistic(int(right[1][y == k].sum()), int((y == k).sum())),
                    "p": p,
                    "holmP": float(adjusted),
                }
                for k, counts, p, adjusted in zip(present, per_class, p_values, holm, strict=True)
            ],
        }
    )
)
