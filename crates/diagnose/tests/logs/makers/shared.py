"""The data that all models learn, and how expectations are written."""

import json
import pathlib
import shutil
from importlib.metadata import version

import numpy as np
from sklearn.datasets import load_digits

LOGS = pathlib.Path(__file__).resolve().parent.parent


def digits(train=120, validation=120):
    """Few handwritten digits, so that models overfit soon: (x, y) of training and validation."""
    x, y = load_digits(return_X_y=True)
    order = np.random.default_rng(0).permutation(len(x))
    x, y = (x[order] / 16).astype("float32"), y[order].astype("int64")
    return (x[:train], y[:train]), (x[train : train + validation], y[train : train + validation])


def fresh(name):
    """An empty folder for the logs of one library."""
    folder = LOGS / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def plain_names(folder):
    """Event files without the host and process that their names carry."""
    for number, path in enumerate(sorted(folder.rglob("*tfevents*"))):
        path.rename(path.with_name(f"events.out.tfevents.{number}"))


def points(values, first=0, every=1):
    """Values with the number of their epoch."""
    return [[first + every * i, value] for i, value in enumerate(values)]


def expect(name, log, format, runs, libraries):
    """Writes what `log` must read as: a list of runs, each `part.metric` -> points."""
    text = lambda number: number if np.isfinite(number) else str(float(number))
    runs = [
        {key: [[x, text(float(y))] for x, y in series] for key, series in run.items()}
        for run in runs
    ]
    made_by = {library: version(library) for library in libraries}
    (LOGS / "expected").mkdir(exist_ok=True)
    document = {"made_by": made_by, "log": log, "format": format, "runs": runs}
    (LOGS / "expected" / f"{name}.json").write_text(json.dumps(document, indent=1) + "\n")
