"""Writes the problem of a case: python data.py FOLDER, where case.json says which.

Features and signal follow `make_correlated_data` of celer and skglm with its defaults: Gaussian,
neighbours correlate by .5 (AR(1)), a share of the features (`signal`, .2 there) has a Gaussian
weight, and noise is a third as long as the signal. Sparse features do not correlate. Columns have
mean 0 and standard deviation 1, and so have targets of least squares, because glmnet's ridge term
is λ / sd(y). All numbers are 64-bit and little-endian, matrices by columns.
"""

import json
import pathlib
import sys

import numpy as np
from scipy import sparse

folder = pathlib.Path(sys.argv[1])
case = json.loads((folder / "case.json").read_text())
n, p = case["rows"], case["features"]
rng = np.random.default_rng(7)
signal = np.zeros(p)
used = max(1, int(case["signal"] * p))
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
noise = rng.normal(size=n)
y = clean + noise * np.linalg.norm(clean) / np.linalg.norm(noise) / 3
y = (y > 0).astype(float) if case["family"] == "logistic" else (y - y.mean()) / y.std()
y.astype("<f8").tofile(folder / "y")
if case["task"] == "ridge":
    # n λ, from far above the eigenvalues of X'X to far below.
    lambdas = np.geomspace(1e6, 1, 100)
else:
    centred = y - y.mean()
    slopes = np.abs(x.T @ centred - centred.sum() * np.asarray(x.mean(0)).ravel()) / n
    lambdas = slopes.max() / case["ratio"] * np.geomspace(1, case["least"], 100)
lambdas.astype("<f8").tofile(folder / "lambdas")
(rng.permutation(n) % 10).astype("<i8").tofile(folder / "folds")
(folder / "made.json").write_text((folder / "case.json").read_text())
