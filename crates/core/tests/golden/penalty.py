"""Writes penalty.json: scikit-learn's linear models at their optimum, for tests/penalty.rs.

Run: python3 penalty.py   (scikit-learn and numpy; the versions are written into the file)

The loss is 1/(2n) ||y - Xw||², its gradient -X'(y - Xw)/n.
"""

import json
import pathlib

import numpy as np
import sklearn
from sklearn.linear_model import ElasticNet, Ridge, enet_path

rng = np.random.default_rng(11)
n, p = 40, 6
X = rng.normal(size=(n, p))
X[:, 1] += 0.8 * X[:, 0]
y = X @ np.array([1.5, -2.0, 0.0, 0.0, 0.7, 0.0]) + 0.5 * rng.normal(size=n)


def gradient(w):
    return (-X.T @ (y - X @ w) / n).tolist()


def optimum(strength, ratio):
    if ratio == 0.0:
        model = Ridge(alpha=n * strength, fit_intercept=False, solver="cholesky")
    else:
        model = ElasticNet(
            alpha=strength, l1_ratio=ratio, fit_intercept=False, tol=1e-15, max_iter=10**6
        )
    w = model.fit(X, y).coef_
    return {"strength": strength, "ratio": ratio, "weights": w.tolist(), "gradient": gradient(w)}


golden = {
    "versions": {"scikit-learn": sklearn.__version__, "numpy": np.__version__},
    "gradient_at_zero": gradient(np.zeros(p)),
    "lambda_max": [
        {"ratio": ratio, "value": enet_path(X, y, l1_ratio=ratio, alphas=2)[0][0]}
        for ratio in (1.0, 0.7, 0.3, 0.05)
    ],
    "optima": [optimum(s, r) for s in (0.01, 0.2, 1.0) for r in (0.0, 0.3, 0.9, 1.0)],
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(golden, allow_nan=False) + "\n")
