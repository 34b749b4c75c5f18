"""What a notebook does instead: the same numbers by NumPy, SciPy, scikit-learn and statsmodels.

    python python_way.py predictions.json   →  one JSON line: {"seconds": …, "macroF1Difference": …, "exactP": …}

`predictions.json`: {"y": [class index], "one": [[probability]], "two": [[probability]], "resamples": 400}. Reading the
file is not timed.
"""

import json
import sys
import time

import numpy as np
from sklearn.metrics import confusion_matrix, f1_score, roc_auc_score
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests


def macro(y, p):
    one_hot = np.eye(p.shape[1])[y]
    return f1_score(y, p.argmax(axis=1), average="macro"), roc_auc_score(one_hot, p, average="macro")


def compare(y, p1, p2, resamples):
    right1, right2 = p1.argmax(axis=1) == y, p2.argmax(axis=1) == y
    exact_p = mcnemar(confusion_matrix(right1, right2), exact=True).pvalue
    per_class = [
        mcnemar(confusion_matrix(right1[y == k], right2[y == k], labels=[False, True]), exact=True).pvalue
        for k in range(p1.shape[1])
    ]
    multipletests(per_class, method="holm")
    confusion_matrix(y, p2.argmax(axis=1)) - confusion_matrix(y, p1.argmax(axis=1))
    rng = np.random.default_rng(1)
    differences = []
    for _ in range(resamples):
        drawn = rng.integers(0, len(y), len(y))
        before, after = macro(y[drawn], p1[drawn]), macro(y[drawn], p2[drawn])
        differences.append([after[0] - before[0], after[1] - before[1]])
    np.percentile(differences, [2.5, 97.5], axis=0)
    return macro(y, p2)[0] - macro(y, p1)[0], exact_p


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        given = json.load(file)
    y, p1, p2 = (np.array(given[name]) for name in ("y", "one", "two"))
    started = time.perf_counter()
    macro_f1_difference, exact_p = compare(y, p1, p2, given["resamples"])
    seconds = time.perf_counter() - started
    print(json.dumps({"seconds": seconds, "macroF1Difference": macro_f1_difference, "exactP": exact_p}))


if __name__ == "__main__":
    main()
