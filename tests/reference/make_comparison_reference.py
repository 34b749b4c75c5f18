"""Independent reference values for lib/model/comparison, written to comparison.json beside this file.

    pip install numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1 statsmodels==0.15.0
    python make_comparison_reference.py && npx biome format --write .

Newcombe's paired interval is in none of these packages (statsmodels has it from its next version on): it is written
here from the paper, on statsmodels' Wilson intervals. golden_9class.json is read, not made.
"""

import json
import pathlib
import warnings

import numpy as np
import scipy
import sklearn
import statsmodels
from scipy.optimize import brentq
from scipy.stats import binom, multinomial, norm
from sklearn import metrics
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

warnings.filterwarnings("ignore")
HERE = pathlib.Path(__file__).parent


def wilson(k, n, z):
    return proportion_confint(k, n, alpha=2 * norm.sf(z), method="wilson")


def newcombe(a, b, c, d, z=norm.ppf(0.975)):
    """Candidate (a + c) minus baseline (a + b); Newcombe 1998, method 10: the paper's e, f, g, h are a, c, b, d."""
    e, f, g, h = a, c, b, d
    n = e + f + g + h
    theta = (f - g) / n
    l2, u2 = wilson(e + f, n, z)
    l3, u3 = wilson(e + g, n, z)
    margins = float(e + f) * float(g + h) * float(e + g) * float(f + h)
    if margins == 0:
        phi = 0.0
    else:
        product = e * h - f * g
        if product > n / 2:
            product -= n / 2
        elif product >= 0:
            product = 0
        phi = product / np.sqrt(margins)
    dl2, du2 = (e + f) / n - l2, u2 - (e + f) / n
    dl3, du3 = (e + g) / n - l3, u3 - (e + g) / n
    delta = np.sqrt(dl2**2 - 2 * phi * dl2 * du3 + du3**2)
    epsilon = np.sqrt(du2**2 - 2 * phi * du2 * dl3 + dl3**2)
    return [float(theta - delta), float(theta + epsilon)]


def exact_p(b, c):
    return 1.0 if b + c == 0 else float(mcnemar([[0, b], [c, 0]], exact=True).pvalue)


def mid_p(b, c):
    if b == c:
        return 1.0
    return float(2 * binom.cdf(min(b, c), b + c, 0.5) - binom.pmf(min(b, c), b + c, 0.5))


def detectable(n, psi):
    """Connor's sample size for McNemar's test, solved for the difference."""
    excess = lambda delta: (
        norm.ppf(0.975) * np.sqrt(psi) + norm.ppf(0.8) * np.sqrt(psi - delta**2)
    ) ** 2 / delta**2 - n
    if psi == 0 or excess(psi) > 0:
        return None
    return float(brentq(excess, 1e-9, psi, xtol=1e-15, rtol=1e-14))


def exact_power(n, psi, delta):
    """Chance that McNemar's chi-square exceeds its 5 % point, summed over all outcomes."""
    b, c = np.meshgrid(np.arange(n + 1), np.arange(n + 1), indexing="ij")
    inside = (b + c > 0) & (b + c <= n)
    b, c = b[inside], c[inside]
    rejects = (b - c) ** 2 / (b + c) > norm.ppf(0.975) ** 2
    counts = np.stack([b, c, n - b - c], axis=-1)
    return float(multinomial.pmf(counts, n, [(psi - delta) / 2, (psi + delta) / 2, 1 - psi])[rejects].sum())


TABLES = [
    (201, 19, 46, 4),
    (14, 0, 5, 22),  # Altman et al., Statistics with confidence, 2000, table 6.2
    (36, 2, 12, 0),
    (0, 3, 0, 7),
    (100, 0, 0, 0),
    (0, 0, 0, 5),
    (0, 10, 10, 0),
    (30, 5, 9, 6),
    (850, 30, 52, 68),
    (1, 0, 0, 0),
    (0, 1, 0, 0),
    (8000, 400, 391, 1209),
    (600_000, 120_000, 119_000, 161_000),
]


def table_row(a, b, c, d):
    n = a + b + c + d
    return {
        "counts": {"bothRight": a, "baselineOnly": b, "candidateOnly": c, "bothWrong": d},
        "difference": (c - b) / n,
        "newcombe": newcombe(a, b, c, d),
        "newcombe99": newcombe(a, b, c, d, norm.ppf(0.995)),
        "exactP": exact_p(b, c),
        "midP": mid_p(b, c),
        "smallestDetectableDifference": detectable(n, (b + c) / n),
    }


def paired_table(y, one, two):
    right1, right2 = one == y, two == y
    return [int(np.sum((right1 == i) & (right2 == j))) for i, j in ((1, 1), (1, 0), (0, 1), (0, 0))]


def golden_row():
    golden = json.loads((HERE / "golden_9class.json").read_text())
    y, p1, p2 = (np.array(golden[name]) for name in ("y", "P1", "P2"))
    one, two = p1.argmax(axis=1), p2.argmax(axis=1)
    classes = range(p1.shape[1])
    tables = [paired_table(y[y == k], one[y == k], two[y == k]) for k in classes]
    p = [exact_p(t[1], t[2]) for t in tables]
    holm = multipletests(p, method="holm")[1]
    f1 = [metrics.f1_score(y, predicted, average="macro") for predicted in (one, two)]
    auroc = [metrics.roc_auc_score(np.eye(len(classes))[y], scores, average="macro") for scores in (p1, p2)]
    matrices = [metrics.confusion_matrix(y, predicted) for predicted in (one, two)]
    return {
        **table_row(*paired_table(y, one, two)),
        "macroF1Difference": float(f1[1] - f1[0]),
        "macroAurocDifference": float(auroc[1] - auroc[0]),
        "confusionDelta": (matrices[1] - matrices[0]).tolist(),
        "findingClasses": [
            {"n": int(sum(t)), **table_row(*t), "p": p[k], "holmP": float(holm[k])} for k, t in enumerate(tables)
        ],
    }


def main():
    rng = np.random.default_rng(20261121)
    families = [[0.01, 0.04, 0.03], [0.5], [1.0, 1.0], [0.02, 0.02, 0.02, 0.9], rng.uniform(0, 0.2, 12).tolist()]
    reference = {
        "versions": {m.__name__: m.__version__ for m in (np, scipy, sklearn, statsmodels)},
        "tables": [table_row(*t) for t in TABLES],
        "holm": [{"p": p, "adjusted": multipletests(p, method="holm")[1].tolist()} for p in families],
        "powers": [
            {"n": n, "discordantRatio": psi, "difference": detectable(n, psi), "power": exact_power(n, psi, detectable(n, psi))}
            for n, psi in ((270, 0.24), (200, 0.1), (400, 0.3), (120, 0.5))
        ],
        "golden": golden_row(),
    }
    (HERE / "comparison.json").write_text(json.dumps(reference, indent=1, allow_nan=False) + "\n")


if __name__ == "__main__":
    main()
