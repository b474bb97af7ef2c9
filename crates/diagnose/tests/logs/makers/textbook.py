"""The textbook's rows: data on which a model overfits or does not, and what its log must show.

A log of overfitting comes from few examples with noisy labels and a model that is free; one without
from many examples and a model that is held. Whether a symptom is there is told from the final numbers
with plain thresholds, far from those of the rules; a log in between is a mistake of this script.
"""

import json

import numpy as np
from sklearn.metrics import (accuracy_score, f1_score, mean_absolute_error, mean_squared_error,
                             precision_score, r2_score, recall_score)

from .shared import LOGS

FOLDER = LOGS / "textbook"
SCORES = {"accuracy": accuracy_score, "f1": f1_score, "precision": precision_score,
          "recall": recall_score}
ERRORS = {"mse": mean_squared_error, "mae": mean_absolute_error, "r2": r2_score}
HIGHER = [*SCORES, "r2"]


def examples(task, overfit):
    """(x, y) of training and validation: a third of the examples are of the first class."""
    draw = np.random.default_rng(3)
    count = 300 if overfit else 6000
    x = draw.standard_normal((count + 1500, 12)).astype("float32")
    signal = x[:, 0] + x[:, 1] + 0.5 * x[:, 2] - 0.5 * x[:, 3] + 0.3 * x[:, 4] * x[:, 5]
    if task == "regression":
        y = (signal + (1.0 if overfit else 0.3) * draw.standard_normal(len(x))).astype("float32")
    else:
        wrong = draw.random(len(x)) < (0.25 if overfit else 0.03)
        y = ((signal > 0.6) ^ wrong).astype("int64")
    return (x[:count], y[:count]), (x[count:], y[count:])


def end(values):
    return float(np.mean(values[-5:]))


def symptoms(train, validation):
    """Names of the metrics that end far apart, and of those that became worse since their best."""
    apart, worse = [], []
    for name, values in validation.items():
        means, near, far = np.convolve(values, np.ones(5) / 5, "valid"), end(train[name]), end(values)
        if name in HIGHER:
            is_apart, is_worse = near - far > 0.15, means.max() - far > 0.05
        else:
            is_apart, is_worse = far > 8 * near, far > 1.2 * means.min()
        apart += [name] if is_apart else []
        worse += [name] if is_worse else []
    return apart, worse


def label(name, log, format, overfit, train, validation):
    """Writes what `log` shows, from the series as the library had them in memory."""
    apart, worse = symptoms(train, validation)
    if overfit:
        assert apart or worse, (name, apart, worse)
    else:
        assert not apart and not worse, (name, apart, worse)
        for metric, values in validation.items():
            near, far = end(train[metric]), end(values)
            small = abs(near - far) < 0.06 if metric in HIGHER else far < 1.5 * near
            assert small, (name, metric, near, far)
    said = {"log": f"textbook/{log}", "format": format, "overfit": overfit,
            "metrics": sorted(validation), "apart": apart, "worse": worse}
    folder = FOLDER / "labels"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps(said) + "\n")


def cases():
    """Task, whether it overfits, and a name."""
    for task in ["classification", "regression"]:
        for overfit in [True, False]:
            yield task, overfit, f"{task}_{'overfit' if overfit else 'held'}"
