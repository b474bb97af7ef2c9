"""Preprocessed tables by pandas and scikit-learn, written to tables.json.

Run: WELLFIT_DATA=<folder with tabular/> python3 tables.py > tables.json
"""

import json
import os
import sys

import numpy
import pandas
import sklearn
from sklearn.impute import MissingIndicator, SimpleImputer
from sklearn.preprocessing import OneHotEncoder, StandardScaler

FOLDER = os.environ["WELLFIT_DATA"]
MISSING = ["", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "?"]
NAMES = ["credit-g", "car", "titanic", "kc1", "abalone", "california-housing", "sonar", "auto-mpg"]


def number(name, train, column):
    imputer = SimpleImputer(strategy="median").fit(train)
    scaler = StandardScaler().fit(imputer.transform(train))
    blocks, names = [scaler.transform(imputer.transform(column))], [name]
    if train[name].isna().mean() > 0.05:
        blocks.append(MissingIndicator().fit(train).transform(column).astype(float))
        names.append(name + " missing")
    return blocks, names


def category(name, train, column):
    encoder = OneHotEncoder(handle_unknown="ignore", sparse_output=False).fit(train)
    told = [f"{name} missing" if isinstance(level, float) else f"{name}={level}"
            for level in encoder.categories_[0]]
    return [encoder.transform(column)], told


def table(name):
    frame = pandas.read_csv(os.path.join(FOLDER, "tabular", name + ".csv.gz"),
                            keep_default_na=False, na_values=MISSING)
    rows = len(frame)
    part = int(rows * 0.2 + 0.5)
    blocks, features = [], []
    for column in frame.columns.drop("target"):
        numeric = pandas.api.types.is_numeric_dtype(frame[column])
        one = frame[[column]] if numeric else frame[[column]].astype(object)
        more, names = (number if numeric else category)(column, one[: rows - 2 * part], one)
        blocks += more
        features += names
    inputs = numpy.concatenate(blocks, axis=1)
    known = set(map(tuple, frame.drop(columns="target").astype(object).fillna("")[: rows - 2 * part].values))
    held = map(tuple, frame.drop(columns="target").astype(object).fillna("")[rows - part :].values)
    weights = 1 + numpy.arange(rows) % 97
    return {
        "train": rows - 2 * part,
        "leaks_into_test": sum(row in known for row in held),
        "features": features,
        "first": inputs[0].tolist(),
        "last": inputs[-1].tolist(),
        "weighted_sums": (inputs * weights[:, None]).sum(axis=0).tolist(),
    }


versions = {module.__name__: module.__version__ for module in [numpy, pandas, sklearn]}
versions["python"] = sys.version.split()[0]
json.dump({"versions": versions, "tables": {name: table(name) for name in NAMES}}, sys.stdout)
print()
