"""Writes metrics.json: inputs and scikit-learn's answers, for tests/metrics.rs.

Run: python3 metrics.py   (scikit-learn and numpy; the versions are written into the file)
"""

import json
import pathlib
import warnings

import numpy as np
import sklearn
from sklearn import metrics as sk

warnings.filterwarnings("ignore")
rng = np.random.default_rng(20240607)
AVERAGES = ["macro", "micro", "weighted"]
ZERO_DIVISION = {"zero": 0.0, "one": 1.0, "nan": np.nan}
SCORES = {"precision": sk.precision_score, "recall": sk.recall_score, "f1": sk.f1_score}


def number(value):
    """NaN becomes null, which JSON can hold."""
    return None if np.isnan(value) else float(value)


def confusion(name, actual, predicted, classes):
    labels = list(range(classes))
    per_class = {}
    averaged = {}
    for zero, value in ZERO_DIVISION.items():
        for score, function in SCORES.items():
            each = function(actual, predicted, labels=labels, average=None, zero_division=value)
            per_class[f"{score} {zero}"] = [number(v) for v in each]
            for average in AVERAGES:
                got = function(actual, predicted, average=average, zero_division=value)
                averaged[f"{score} {average} {zero}"] = number(got)
    return {
        "name": name,
        "actual": [int(v) for v in actual],
        "predicted": [int(v) for v in predicted],
        "classes": classes,
        "matrix": sk.confusion_matrix(actual, predicted, labels=labels).tolist(),
        "accuracy": sk.accuracy_score(actual, predicted),
        "balanced_accuracy": sk.balanced_accuracy_score(actual, predicted),
        "per_class": per_class,
        "averaged": averaged,
    }


def noisy(actual, classes, share):
    """Labels of which about `share` are drawn anew."""
    return np.where(rng.random(len(actual)) < share, rng.integers(classes, size=len(actual)), actual)


def confusions():
    balanced = np.arange(90) % 3
    imbalanced = rng.choice(4, size=200, p=[0.9, 0.06, 0.03, 0.01])
    never = np.arange(40) % 4
    gap = rng.choice([0, 1, 3], size=50)
    return [
        confusion("balanced", balanced, noisy(balanced, 3, 0.4), 3),
        confusion("imbalanced", imbalanced, noisy(imbalanced, 4, 0.2), 4),
        confusion("class 2 never predicted", never, np.where(never == 2, 0, noisy(never, 2, 0.3)), 4),
        confusion("class 2 absent from both", gap, rng.choice([0, 1, 3], size=50), 5),
        confusion("perfect", balanced, balanced, 3),
        confusion("all wrong", [0, 0, 0], [1, 1, 1], 2),
        confusion("predicted has a class without examples", [0, 0, 1, 1], [0, 2, 1, 2], 3),
        confusion("one example", [1], [1], 2),
    ]


def auc(name, actual, scores):
    return {
        "name": name,
        "actual": [bool(v) for v in actual],
        "scores": [float(v) for v in scores],
        "roc_auc": sk.roc_auc_score(actual, scores),
    }


def aucs():
    half = np.arange(100) % 2
    rare = np.arange(500) % 50 == 0
    return [
        auc("no ties", half, half + rng.normal(size=100)),
        auc("many ties", half, np.round(half + rng.normal(size=100))),
        auc("all tied", half, np.ones(100)),
        auc("perfect", half, half),
        auc("reversed", half, -half.astype(float)),
        auc("rare positives", rare, np.round(rare + rng.normal(size=500), 1)),
    ]


def calibration_error(actual, table, bins):
    """Guo et al. 2017, equations 2 and 3, from the definition."""
    confidence = table.max(axis=1)
    right = table.argmax(axis=1) == actual
    error = 0.0
    for m in range(1, bins + 1):
        inside = (confidence > (m - 1) / bins) & (confidence <= m / bins)
        if inside.any():
            error += inside.mean() * abs(right[inside].mean() - confidence[inside].mean())
    return error


def table(name, actual, probabilities):
    actual = np.asarray(actual)
    probabilities = np.asarray(probabilities, dtype=float)
    classes = probabilities.shape[1]
    labels = list(range(classes))
    case = {
        "name": name,
        "actual": actual.tolist(),
        "probabilities": probabilities.ravel().tolist(),
        "classes": classes,
        "log_loss": sk.log_loss(actual, probabilities, labels=labels),
        "brier": sk.brier_score_loss(actual, probabilities, labels=labels),
        "ece": {str(bins): calibration_error(actual, probabilities, bins) for bins in (1, 10, 15)},
        "roc_auc_ovr": {},
    }
    if classes > 2:
        for average in AVERAGES:
            area = sk.roc_auc_score(
                actual, probabilities, multi_class="ovr", average=average, labels=labels
            )
            case["roc_auc_ovr"][average] = number(area)
    return case


def softmax(logits):
    exponents = np.exp(logits - logits.max(axis=1, keepdims=True))
    return exponents / exponents.sum(axis=1, keepdims=True)


def predicted(actual, classes, strength):
    """Probabilities that lean towards the actual class."""
    return softmax(strength * np.eye(classes)[actual] + rng.normal(size=(len(actual), classes)))


def tables():
    two = rng.integers(2, size=80)
    four = rng.choice(4, size=300, p=[0.7, 0.2, 0.08, 0.02])
    absent = rng.choice([0, 2, 3], size=60)
    ties = rng.choice([[0.5, 0.25, 0.25], [0.25, 0.5, 0.25], [0.0, 0.25, 0.75]], size=60)
    return [
        table("two classes", two, predicted(two, 2, 1.0)),
        table("imbalanced", four, predicted(four, 4, 2.0)),
        table("overconfident", four, softmax(8 * np.log(predicted(four, 4, 1.0)))),
        table("class 1 absent", absent, predicted(absent, 4, 1.0)),
        table("ties and zeros", np.arange(60) % 3, ties),
        table("certain", np.arange(9) % 3, np.eye(3)[np.arange(9) % 3]),
        table("certain and wrong", np.arange(9) % 3, np.eye(3)[(np.arange(9) + 1) % 3]),
    ]


def regression(name, actual, guess):
    return {
        "name": name,
        "actual": [float(v) for v in actual],
        "predicted": [float(v) for v in guess],
        "mse": sk.mean_squared_error(actual, guess),
        "rmse": sk.root_mean_squared_error(actual, guess),
        "mae": sk.mean_absolute_error(actual, guess),
        "r2": sk.r2_score(actual, guess),
    }


def regressions():
    y = rng.normal(size=100)
    return [
        regression("good", y, y + 0.1 * rng.normal(size=100)),
        regression("worse than the mean", y, -y),
        regression("far from zero", 1e3 + y, 1e3 + y + 0.5 * rng.normal(size=100)),
        regression("perfect", y, y),
        regression("constant target", np.full(8, 2.0), 2.0 + rng.normal(size=8)),
        regression("constant target, perfect", np.full(8, 2.0), np.full(8, 2.0)),
        regression("two examples", [1.0, 2.0], [1.5, 1.5]),
    ]


def main():
    golden = {
        "versions": {"scikit-learn": sklearn.__version__, "numpy": np.__version__},
        "confusion": confusions(),
        "auc": aucs(),
        "table": tables(),
        "regression": regressions(),
    }
    path = pathlib.Path(__file__).with_suffix(".json")
    path.write_text(json.dumps(golden, allow_nan=False) + "\n")


main()
