"""Writes the problem of a case: python data.py FOLDER, where case.json says which.

Features are Gaussian, neighbours correlate by .5 (AR(1)), and have mean 0 and standard deviation 1; a
tenth of the smaller side carries signal. Targets of least squares have a standard deviation of 1,
because glmnet's ridge term is λ / sd(y). All numbers are 64-bit and little-endian, matrices by
columns.
"""

import json
import pathlib
import sys

import numpy as np
from scipy import sparse

folder = pathlib.Path(sys.argv[1])
case = json.loads((folder / "case.json").read_text())
n, p, ratio = case["rows"], case["features"], case["ratio"]
rng = np.random.default_rng(7)
used = max(5, min(n, p) // 10)
signal = np.zeros(p)
signal[rng.choice(p, used, replace=False)] = rng.normal(size=used)
if case["density"] < 1:
    x = sparse.random_array((n, p), density=case["density"], rng=rng, format="csc", data_sampler=rng.normal)
    x.sort_indices()
    for name, part in (("starts", x.indptr), ("rows", x.indices)):
        part.astype("<i8").tofile(folder / name)
    x.data.astype("<f8").tofile(folder / "x")
else:
    x = rng.normal(size=(p, n))
    for j in range(1, p):
        x[j] = 0.5 * x[j - 1] + np.sqrt(0.75) * x[j]
    x = ((x - x.mean(1, keepdims=True)) / x.std(1, keepdims=True)).T
    x.T.astype("<f8").tofile(folder / "x")
clean = x @ signal
y = clean + clean.std() / np.sqrt(3) * rng.normal(size=n)
y = (y > 0).astype(float) if case["family"] == "logistic" else (y - y.mean()) / y.std()
centred = y - y.mean()
top = np.abs(x.T @ centred - centred.sum() * np.asarray(x.mean(0)).ravel()).max() / n / ratio
y.astype("<f8").tofile(folder / "y")
(top * np.geomspace(1, case["least"], 100)).astype("<f8").tofile(folder / "lambdas")
