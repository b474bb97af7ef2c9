"""Numbers about real data from scikit-learn, NumPy and Python's csv, written to data.json.

Run: WELLFIT_DATA=<folder with mnist/ and tabular/> python3 make.py > data.json
"""

import collections
import csv
import gzip
import json
import os
import sys

import numpy
import sklearn
from sklearn.datasets import load_digits
from sklearn.preprocessing import StandardScaler

FOLDER = os.environ["WELLFIT_DATA"]


def checksum(values):
    """Sum of value x (1 + place mod 997): whole numbers, so exact, and changed by any swap."""
    values = numpy.asarray(values).ravel().astype(numpy.int64)
    return int((values * (1 + numpy.arange(values.size) % 997)).sum())


def images(pixels, labels):
    pixels, labels = numpy.asarray(pixels), numpy.asarray(labels)
    return {
        "count": len(labels),
        "shape": list(pixels.shape[1:]),
        "pixel_checksum": checksum(pixels),
        "label_checksum": checksum(labels),
        "class_counts": numpy.bincount(labels, minlength=10).tolist(),
        "class_pixel_sums": [int(pixels[labels == c].astype(numpy.int64).sum()) for c in range(10)],
        "first_1000_labels": numpy.bincount(labels[:1000], minlength=10).tolist(),
    }


def mnist(name):
    path = os.path.join(FOLDER, "mnist", name)
    with gzip.open(path + "-images-idx3-ubyte.gz") as file:
        pixels = numpy.frombuffer(file.read()[16:], numpy.uint8).reshape(-1, 28, 28)
    with gzip.open(path + "-labels-idx1-ubyte.gz") as file:
        labels = numpy.frombuffer(file.read()[8:], numpy.uint8)
    return images(pixels, labels)


def table(name):
    with gzip.open(os.path.join(FOLDER, "tabular", name + ".csv.gz"), "rt", newline="") as file:
        header, *rows = csv.reader(file)
    place = header.index("target")
    targets = [row.pop(place) for row in rows]
    header.pop(place)
    scaler = StandardScaler().fit(numpy.array(rows, numpy.float64))
    told = {
        "rows": len(rows),
        "features": header,
        "mean": scaler.mean_.tolist(),
        "std": scaler.scale_.tolist(),
    }
    if name in ["kin8nm", "bodyfat"]:
        told["target_sum"] = float(numpy.array(targets, numpy.float64).sum())
    else:
        told["classes"] = dict(sorted(collections.Counter(targets).items()))
    return told


digits = load_digits()
json.dump(
    {
        "versions": {
            "python": sys.version.split()[0],
            "numpy": numpy.__version__,
            "scikit-learn": sklearn.__version__,
        },
        "digits": images(digits.images.astype(int), digits.target),
        "mnist_train": mnist("train"),
        "mnist_test": mnist("t10k"),
        "tables": {name: table(name) for name in ["wine", "vehicle", "kin8nm", "bodyfat"]},
    },
    sys.stdout,
    indent=1,
)
print()
