"""Writes groups_and_folds.json: solutions on the data of problems.json by skglm (group lasso, sparse
group lasso) and scikit-learn (ridge with weights and factors, curve of a cross-validated lasso), for
tests/golden.rs.

Run: python3 groups_and_folds.py   (skglm, scikit-learn and numpy; the versions are written into the file)
"""

import importlib.metadata
import json
import pathlib
import warnings

import numpy as np
from sklearn.linear_model import LassoCV, Ridge
from skglm.datafits import QuadraticGroup
from skglm.penalties import WeightedL1GroupL2
from skglm.solvers import GroupBCD
from skglm.utils.data import grp_converter
from skglm.utils.jit_compilation import compiled_clone

warnings.filterwarnings("ignore")
folder = pathlib.Path(__file__).parent
problems = json.loads((folder / "problems.json").read_text())
data = problems["data"]


def numbers(name):
    x, y = np.array(data[name]["x"]), np.array(data[name]["y"])
    return x, y, np.array(data[name].get("weights", np.ones(len(x))))


def grouped(name, groups, share, strength):
    """(1 - share) √m ||w_g|| + share ||w_g||_1 beside 1/(2n) ||y - Xw - b||²."""
    x, y, _ = numbers(name)
    sizes = [len(group) for group in groups]
    indices, starts = grp_converter(sizes, x.shape[1])
    penalty = WeightedL1GroupL2(
        strength, (1 - share) * np.sqrt(sizes), share * np.ones(x.shape[1]), starts, indices
    )
    datafit = QuadraticGroup(starts, indices)
    options = {"max_iter": 10_000, "max_epochs": 100_000, "ws_strategy": "fixpoint"}
    solver = GroupBCD(tol=1e-13, fit_intercept=False, **options)
    # On centred data no intercept is needed.
    mean = x.mean(0)
    compiled = compiled_clone(datafit), compiled_clone(penalty)
    w = solver.solve(np.asfortranarray(x - mean), y - y.mean(), *compiled)[0]
    fit = {"intercept": y.mean() - mean @ w, "coefficients": w.tolist()}
    return {"data": name, "groups": groups, "share": share, "lambda": strength} | fit


def ridge(name, factors, penalty):
    """Σ ω (y - Xw - b)² + penalty Σ f w²: features divided by √f."""
    x, y, weights = numbers(name)
    root = np.sqrt(factors)
    model = Ridge(alpha=penalty, solver="svd").fit(x / root, y, sample_weight=weights)
    fit = {"intercept": model.intercept_, "coefficients": (model.coef_ / root).tolist()}
    return {"data": name, "factors": factors, "lambda_ridge": penalty} | fit


def folds(name, strengths):
    x, y, _ = numbers(name)
    of = np.arange(len(y)) * 7 % 5
    splits = [(np.flatnonzero(of != k), np.flatnonzero(of == k)) for k in range(5)]
    model = LassoCV(alphas=strengths, cv=splits, tol=1e-14, max_iter=10**6).fit(x, y)
    # Folds of equal size: their mean is the mean of all squared errors.
    curve = dict(zip(model.alphas_.tolist(), model.mse_path_.mean(1).tolist()))
    return {"data": name, "folds": of.tolist(), "lambdas": strengths, "mean": [curve[s] for s in strengths]}


factors = [0.5, 1, 2, 0.1, 3, 1, 1, 0.7, 1, 4, 1, 1.5]
three = [[0, 1, 2], [3], [4, 5, 6, 7], [8, 9, 10, 11]]
golden = {
    "versions": {name: importlib.metadata.version(name) for name in ("skglm", "scikit-learn", "numpy")},
    "groups": [
        grouped("tall", three, share, strength)
        for share in (0.0, 0.3, 0.9)
        for strength in (0.3, 0.05, 0.005)
    ],
    "ridge": [ridge(name, factors, penalty) for name in ("tall", "tall weighted") for penalty in (0.1, 10.0)],
    "folds": [folds("tall", [0.3, 0.1, 0.03, 0.01, 0.001]), folds("wide", [0.3, 0.1, 0.03])],
}
path = folder / "groups_and_folds.json"
path.write_text(json.dumps(golden, allow_nan=False) + "\n")
