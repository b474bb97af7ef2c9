"""Writes threshold.json: the best score of every threshold by scikit-learn, for tests/threshold.rs.

Run: python3 threshold.py   (scikit-learn and numpy; the versions are written into the file)

scikit-learn's own curves list the cuts (precision_recall_curve, roc_curve without dropping any) and
its own metrics score them. Youden's J is tpr - fpr of roc_curve.
"""

import json
import pathlib
import warnings

import numpy as np
import sklearn
from sklearn import metrics as sk

warnings.filterwarnings("ignore")
rng = np.random.default_rng(20250117)


def best(actual, scores):
    precision, recall, _ = sk.precision_recall_curve(actual, scores)
    with np.errstate(invalid="ignore"):
        f1 = np.nan_to_num(2 * precision * recall / (precision + recall))
    fpr, tpr, cuts = sk.roc_curve(actual, scores, drop_intermediate=False)
    called = [scores >= cut for cut in cuts]
    return {
        "f1": f1.max(),
        "youden": (tpr - fpr).max(),
        "balanced_accuracy": max(sk.balanced_accuracy_score(actual, c) for c in called),
        "accuracy": max(sk.accuracy_score(actual, c) for c in called),
    }


def case(name, actual, scores):
    found = {key: float(value) for key, value in best(actual, scores).items()}
    return {"name": name, "actual": actual.tolist(), "scores": scores.tolist(), "best": found}


def scored(name, n, share, signal, digits):
    actual = rng.random(n) < share
    actual[:2] = [True, False]
    scores = 1 / (1 + np.exp(-(signal * (actual - 0.5) + rng.normal(size=n))))
    return case(name, actual, np.round(scores, digits))


cases = [
    scored("balanced", 200, 0.5, 2.0, 17),
    scored("rare", 400, 0.05, 2.5, 17),
    scored("common", 150, 0.9, 1.0, 17),
    scored("ties", 300, 0.3, 1.5, 1),
    scored("noise", 100, 0.5, 0.0, 2),
    scored("upside down", 80, 0.4, -2.0, 17),
    scored("two", 2, 0.5, 5.0, 17),
]
versions = {"scikit-learn": sklearn.__version__, "numpy": np.__version__}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps({"versions": versions, "cases": cases}, allow_nan=False) + "\n")
