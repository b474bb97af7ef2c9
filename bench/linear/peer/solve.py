"""Solves a case again and again: python solve.py SOLVER FOLDER.

Each line of input is a tolerance in the solver's own meaning; the answer is a line with the seconds of
processor time, after intercepts and coefficients of every λ went to the file `SOLVER.answer`.
"""

import json
import os
import pathlib
import sys
import time
import warnings

for variable in ("OMP", "OPENBLAS", "MKL", "NUMBA"):
    os.environ[f"{variable}_NUM_THREADS"] = "1"
import numpy as np
from scipy import sparse

warnings.filterwarnings("ignore")
solver, folder = sys.argv[1], pathlib.Path(sys.argv[2])
case = json.loads((folder / "case.json").read_text())
n, p, ratio, family = case["rows"], case["features"], case["ratio"], case["family"]
y, lambdas, values = (np.fromfile(folder / name, "<f8") for name in ("y", "lambdas", "x"))
if case["density"] < 1:
    starts, rows = (np.fromfile(folder / name, "<i8") for name in ("starts", "rows"))
    x = sparse.csc_matrix((values, rows.astype(np.int32), starts.astype(np.int32)), shape=(n, p))
else:
    x = values.reshape(p, n).T


def with_adelie(tolerance):
    import adelie

    matrix = adelie.matrix.sparse(x) if sparse.issparse(x) else adelie.matrix.dense(x)
    glm = adelie.glm.binomial(y) if family == "logistic" else adelie.glm.gaussian(y)
    options = {"irls_tol": tolerance} if family == "logistic" else {}
    state = adelie.grpnet(
        matrix, glm, alpha=ratio, lmda_path=lambdas, tol=tolerance, early_exit=False, adev_tol=1,
        progress_bar=False, n_threads=1, **options,
    )
    return state.intercepts, state.betas


def centred(path):
    """Least squares of a path without an intercept, on centred data."""
    mean = x.mean(0)
    coefficients = path(np.asfortranarray(x - mean), y - y.mean()).T
    return y.mean() - coefficients @ mean, coefficients


def with_celer(tolerance):
    import celer

    return centred(
        lambda x, y: celer.celer_path(x, y, "lasso", alphas=lambdas, l1_ratio=ratio, tol=tolerance)[1]
    )


def with_sklearn(tolerance):
    from sklearn.linear_model import enet_path

    options = {"precompute": n > p, "max_iter": 100_000, "check_input": False}
    return centred(
        lambda x, y: enet_path(x, y, alphas=lambdas, l1_ratio=ratio, tol=tolerance, **options)[1]
    )


solve = {"adelie": with_adelie, "celer": with_celer, "scikit-learn": with_sklearn}[solver]
print(json.dumps("ready"), flush=True)
for line in sys.stdin:
    start = time.process_time()
    intercepts, coefficients = solve(float(line))
    seconds = time.process_time() - start
    if sparse.issparse(coefficients):
        coefficients = coefficients.toarray()
    answer = np.column_stack([np.asarray(intercepts).ravel(), coefficients])
    answer.astype("<f8").tofile(folder / f"{solver}.answer")
    print(json.dumps(seconds), flush=True)
