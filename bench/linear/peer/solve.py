"""Solves a case again and again: python solve.py SOLVER FOLDER.

Each line of input is a tolerance in the solver's own meaning; the answer is a line with the seconds of
processor time, after the answer itself went to the file `SOLVER.answer`: intercept and coefficients of
every λ for a path, the mean squared error of each λ for a cross-validation or leave-one-out.
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
n, p, ratio, logistic = case["rows"], case["features"], case["ratio"], case["family"] == "logistic"
y, lambdas, values = (np.fromfile(folder / name, "<f8") for name in ("y", "lambdas", "x"))
folds = np.fromfile(folder / "folds", "<i8")
if case["density"] < 1:
    starts, rows = (np.fromfile(folder / name, "<i8") for name in ("starts", "rows"))
    x = sparse.csc_matrix((values, rows.astype(np.int32), starts.astype(np.int32)), shape=(n, p))
else:
    x = values.reshape(p, n).T


def adelie_path(tolerance, x=x, y=y):
    import adelie

    matrix = adelie.matrix.sparse(x) if sparse.issparse(x) else adelie.matrix.dense(x)
    glm = adelie.glm.binomial(y) if logistic else adelie.glm.gaussian(y)
    options = {"irls_tol": tolerance} if logistic else {}
    state = adelie.grpnet(
        matrix, glm, alpha=ratio, lmda_path=lambdas, tol=tolerance, early_exit=False, adev_tol=1,
        progress_bar=False, n_threads=1, **options,
    )
    return state.intercepts, state.betas


def centred(path):
    """Least squares of a path without an intercept, on centred data."""
    mean = np.asarray(x.mean(0)).ravel()
    if sparse.issparse(x):
        coefficients = path(x, y - y.mean(), {"X_offset": mean, "X_scale": np.ones(p)}).T
    else:
        coefficients = path(np.asfortranarray(x - mean), y - y.mean(), {}).T
    return y.mean() - coefficients @ mean, coefficients


def celer_path(tolerance):
    import celer

    options = {"alphas": lambdas, "l1_ratio": ratio, "tol": tolerance}
    return centred(lambda x, y, more: celer.celer_path(x, y, "lasso", **options, **more)[1])


def sklearn_path(tolerance):
    from sklearn.linear_model import enet_path

    options = {"precompute": n > p, "max_iter": 100_000, "check_input": False}
    options |= {"alphas": lambdas, "l1_ratio": ratio, "tol": tolerance}
    return centred(lambda x, y, more: enet_path(x, y, **options, **more)[1])


def skglm_path(tolerance):
    from skglm import datafits, penalties, solvers
    from skglm.utils.jit_compilation import compiled_clone

    l1 = penalties.L1(1.0) if ratio == 1 else penalties.L1_plus_L2(1.0, ratio)
    penalty = compiled_clone(l1)
    if not logistic:
        datafit = compiled_clone(datafits.Quadratic())
        found = solvers.AndersonCD(tol=tolerance, fit_intercept=True).path(x, y, datafit, penalty, lambdas)[1]
        return found[-1], found[:-1].T
    datafit = compiled_clone(datafits.Logistic())
    solve = solvers.ProxNewton(tol=tolerance, fit_intercept=True, max_iter=100).solve
    w, fitted, found = np.zeros(p + 1), np.zeros(n), []
    signs = 2 * y - 1
    datafit.initialize(x, signs)
    for strength in lambdas:
        penalty.alpha = strength
        w = solve(x, signs, datafit, penalty, w, fitted)[0]
        fitted = x @ w[:-1] + w[-1]
        found.append(w.copy())
    return np.array(found)[:, -1], np.array(found)[:, :-1]


def splits():
    return [(np.flatnonzero(folds != k), np.flatnonzero(folds == k)) for k in range(10)]


def adelie_folds(tolerance):
    adelie_path(tolerance)
    errors = np.zeros(len(lambdas))
    for train, test in splits():
        intercepts, betas = adelie_path(tolerance, np.asfortranarray(x[train]), y[train])
        residual = y[test, None] - x[test] @ betas.T - np.asarray(intercepts).ravel()
        errors += (residual**2).sum(0) / n
    return errors


def sklearn_folds(tolerance):
    from sklearn.linear_model import LassoCV

    model = LassoCV(alphas=lambdas, cv=splits(), tol=tolerance, max_iter=100_000, precompute="auto").fit(x, y)
    return model.mse_path_ @ (np.bincount(folds) / n)


def celer_folds(tolerance):
    from celer import LassoCV

    model = LassoCV(alphas=lambdas, cv=splits(), tol=tolerance).fit(x, y)
    return model.mse_path_ @ (np.bincount(folds) / n)


def ridge(mode):
    from sklearn.linear_model import RidgeCV

    return RidgeCV(alphas=lambdas, gcv_mode=mode, store_cv_results=True).fit(x, y).cv_results_.mean(0)


solve = {
    "path adelie": adelie_path,
    "path celer": celer_path,
    "path scikit-learn": sklearn_path,
    "path skglm": skglm_path,
    "folds adelie": adelie_folds,
    "folds scikit-learn": sklearn_folds,
    "folds celer": celer_folds,
    "ridge scikit-learn auto": lambda _: ridge("auto"),
    "ridge scikit-learn svd": lambda _: ridge("svd"),
    "ridge scikit-learn eigen": lambda _: ridge("eigen"),
}[f"{case['task']} {solver}"]
print(json.dumps("ready"), flush=True)
for line in sys.stdin:
    start = time.process_time()
    answer = solve(float(line))
    seconds = time.process_time() - start
    if case["task"] == "path":
        intercepts, coefficients = answer
        coefficients = coefficients.toarray() if sparse.issparse(coefficients) else coefficients
        answer = np.column_stack([np.asarray(intercepts).ravel(), coefficients])
    np.asarray(answer).astype("<f8").tofile(folder / f"{solver}.answer")
    print(json.dumps(seconds), flush=True)
