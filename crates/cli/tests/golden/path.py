"""Writes path.json: a small table, and scikit-learn's fits of it, for tests/program/path.rs.

Run: python3 path.py   (scikit-learn and numpy; the versions are written into the file)

`wellfit path` penalizes features divided by their population standard deviation; scikit-learn is
given them so, and its coefficients are brought back. Ridge's alpha is n times our lambda, logistic
regression's C one over it.
"""

import json
import pathlib

import numpy as np
import sklearn
from sklearn.linear_model import ElasticNet, LogisticRegression, PoissonRegressor, Ridge

random = np.random.default_rng(6)
N = 48
LEVELS = ["a", "b", "c"]

age = np.round(random.normal(50, 12, N), 1)
dose = np.round(random.gamma(2.0, 1.5, N), 3)
noise = np.round(random.normal(0, 1e-3, N), 6)
level = random.integers(0, 3, N)
gap = [5, 17]
effect = 0.3 * age + 2.0 * dose - 3.0 * (level == 1)
value = np.round(effect + random.normal(0, 2, N), 3)
count = random.poisson(np.exp(0.02 * age + 0.2 * dose - 1.0))
ill = np.where(effect + random.normal(0, 4, N) > effect.mean(), "yes", "no")
stage = np.array(["i", "ii", "iii"])[np.digitize(effect + random.normal(0, 4, N), [16, 21])]



def table(name, target):
    lines = [f"age,dose,noise,ward,{name}"]
    for i in range(N):
        shown = "" if i in gap else f"{age[i]}"
        lines.append(f"{shown},{dose[i]},{noise[i]},{LEVELS[level[i]]},{target[i]}")
    return "\n".join(lines) + "\n"


present = [i for i in range(N) if i not in gap]
filled = np.where([i in gap for i in range(N)], np.median(age[present]), age)
columns = [filled, dose, noise] + [(level == k).astype(float) for k in range(3)]
x = np.stack(columns, axis=1)
features = ["age", "dose", "noise"] + [f"ward={name}" for name in LEVELS]
scale = x.std(axis=0)
z = x / scale


def solved(model, y):
    model.fit(z, y)
    coefficients = np.atleast_2d(model.coef_) / scale
    return coefficients.tolist(), np.atleast_1d(model.intercept_).tolist()


tight = {"tol": 1e-14, "max_iter": 10**6}
newton = {"solver": "newton-cg", "tol": 1e-13, "max_iter": 10**5}
cases = []
for family, target, penalty, ratio, strength, y, model in [
    ("gaussian", "value", "lasso", 1.0, 0.5, value, ElasticNet(alpha=0.5, l1_ratio=1.0, **tight)),
    ("gaussian", "value", "elastic-net", 0.3, 0.2, value, ElasticNet(alpha=0.2, l1_ratio=0.3, **tight)),
    ("gaussian", "value", "ridge", 0.0, 0.25, value, Ridge(alpha=0.25 * N, solver="svd")),
    ("poisson", "count", "ridge", 0.0, 0.1, count, PoissonRegressor(alpha=0.1, solver="newton-cholesky", tol=1e-13, max_iter=1000)),
    ("logistic", "ill", "ridge", 0.0, 0.05, ill, LogisticRegression(C=1 / (0.05 * N), **newton)),
    ("multinomial", "stage", "ridge", 0.0, 0.05, stage, LogisticRegression(C=1 / (0.05 * N), **newton)),
]:
    coefficients, intercepts = solved(model, y)
    if family == "multinomial":
        # Without a penalty on them, intercepts are known up to a shift.
        shift = np.mean(intercepts)
        intercepts = [b - shift for b in intercepts]
    cases.append(
        {
            "family": family,
            "target": target,
            "table": table(target, y),
            "penalty": penalty,
            "mix": ratio,
            "lambda": strength,
            "coefficients": coefficients,
            "intercepts": intercepts,
        }
    )

path = pathlib.Path(__file__).with_name("path.json")
versions = {"scikit-learn": sklearn.__version__, "numpy": np.__version__}
content = {"versions": versions, "features": features, "cases": cases}
path.write_text(json.dumps(content, indent=1) + "\n")
