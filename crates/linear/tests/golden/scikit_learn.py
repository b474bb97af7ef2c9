"""Writes scikit_learn.json: scikit-learn's solutions of problems.json, for tests/exact.rs.

Run: python3 scikit_learn.py   (scikit-learn and numpy; the versions are written into the file)

Where scikit-learn has no such setting it is given transformed features: divided by their weighted
standard deviation. Penalty factors, boxes and what else it lacks is left to glmnet.
"""

import json
import pathlib
import warnings

import numpy as np
import sklearn
from scipy import sparse
from sklearn.linear_model import (
    ElasticNet,
    LogisticRegression,
    MultiTaskElasticNet,
    PoissonRegressor,
    Ridge,
    RidgeCV,
)

warnings.filterwarnings("ignore")
folder = pathlib.Path(__file__).parent
problems = json.loads((folder / "problems.json").read_text())


def supported(case):
    if case["factors"] is not None:
        return False
    if case["bounds"] is not None:
        return case["family"] == "gaussian" and all(b == [0, 1e30] for b in case["bounds"])
    return case["family"] != "poisson" or case["ratio"] == 0


def fitted(case, x, y, weights, strength):
    n, ratio, intercept = len(x), case["ratio"], case["intercept"]
    tight = {"tol": 1e-15, "max_iter": 10**6, "fit_intercept": intercept}
    given = sparse.csc_array(x) if "sparse" in case["data"] else x
    if case["family"] == "gaussian":
        positive = case["bounds"] is not None
        model = ElasticNet(alpha=strength, l1_ratio=ratio, positive=positive, **tight)
    elif case["family"] == "multitask":
        model = MultiTaskElasticNet(alpha=strength, l1_ratio=ratio, **tight)
        return model.fit(x, y)
    elif case["family"] == "poisson":
        # Weights add up to n, the loss is a mean.
        model = PoissonRegressor(
            alpha=strength, solver="newton-cholesky", fit_intercept=intercept, tol=1e-13, max_iter=1000
        )
    else:
        # Its penalty stands beside C times the sum of the losses.
        model = LogisticRegression(
            C=1 / (n * strength),
            l1_ratio=ratio,
            solver="saga",
            fit_intercept=intercept,
            tol=1e-15,
            max_iter=200_000,
            random_state=0,
        )
    return model.fit(given, y, sample_weight=weights * n / weights.sum())


def solution(case):
    data = problems["data"][case["data"]]
    x, y = np.array(data["x"]), np.array(data["y"])
    weights = np.array(data.get("weights", np.ones(len(x))))
    mean = np.average(x, axis=0, weights=weights)
    spread = np.sqrt(np.average((x - mean) ** 2, axis=0, weights=weights))
    scale = spread if case["standardize"] else np.ones(x.shape[1])
    fits = []
    for strength in case["lambdas"]:
        model = fitted(case, x / scale, y, weights, strength)
        coefficients = np.atleast_2d(model.coef_) / scale
        intercepts = np.atleast_1d(model.intercept_) * np.ones(len(coefficients))
        fits.append({"intercepts": intercepts.tolist(), "coefficients": coefficients.tolist()})
    return fits


def ridge(name, penalties=(0.01, 1.0, 100.0)):
    """Ridge at λ_ridge with weights, and leave-one-out errors without."""
    data = problems["data"][name]
    x, y = np.array(data["x"]), np.array(data["y"])
    weights = np.array(data.get("weights", np.ones(len(x))))
    fits = []
    for penalty in penalties:
        model = Ridge(alpha=penalty, solver="svd").fit(x, y, sample_weight=weights)
        fits.append({"intercept": model.intercept_, "coefficients": model.coef_.tolist()})
    search = RidgeCV(alphas=penalties, store_cv_results=True).fit(x, y)
    errors = search.cv_results_.mean(axis=0).tolist()
    return {"lambda_ridge": penalties, "fits": fits, "leave_one_out": errors}


golden = {
    "versions": {"scikit-learn": sklearn.__version__, "numpy": np.__version__},
    "fits": {case["name"]: solution(case) for case in problems["cases"] if supported(case)},
    "ridge": {name: ridge(name) for name in ("tall", "tall weighted", "wide")},
}
path = folder / "scikit_learn.json"
path.write_text(json.dumps(golden, allow_nan=False) + "\n")
