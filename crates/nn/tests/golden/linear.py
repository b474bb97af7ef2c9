"""Lasso and elastic net on the small table of laws/exact.rs, by scikit-learn.

Writes linear.json beside this file. λ of the recipe is n times scikit-learn's alpha.
"""

import json
import pathlib

import numpy
import sklearn
from sklearn.linear_model import ElasticNet, Lasso

X = numpy.array([
    [0.13, -0.13, 0.64], [0.1, -0.54, 0.36], [1.3, 0.95, -0.7], [-1.27, -0.62, 0.04],
    [-2.33, -0.22, -1.25], [-0.73, -0.54, -0.32], [0.41, 1.04, -0.13], [1.37, -0.67, 0.35],
])
Y = numpy.array([1.2, 0.9, 0.1, 0.2, -2.4, -0.6, -0.7, 2.5])
N = len(Y)


def solved(model):
    model.fit(X, Y)
    return {"coef": model.coef_.tolist(), "intercept": float(model.intercept_)}


tight = {"tol": 1e-14, "max_iter": 10**6}
result = {
    "versions": {"numpy": numpy.__version__, "scikit-learn": sklearn.__version__},
    "lasso": solved(Lasso(alpha=4.0 / N, **tight)),
    "elastic_net": solved(ElasticNet(alpha=2.0 / N, l1_ratio=0.5, **tight)),
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(result, indent=1) + "\n")
