"""λ of ridge by the evidence, for tables that laws/evidence.rs trains on, by scikit-learn.

Writes evidence.json beside this file. λ of the recipe is lambda_ / alpha_ of BayesianRidge: the
precision of the weights over that of the noise. Columns and targets have mean zero,
but for their rounding.
"""

import json
import pathlib

import numpy
import sklearn
from sklearn.linear_model import BayesianRidge

FLAT = {"alpha_1": 0.0, "alpha_2": 0.0, "lambda_1": 0.0, "lambda_2": 0.0}


def table(seed, rows, columns, mixing, noise):
    """Normal columns that share a part, and a target of half of them."""
    draw = numpy.random.default_rng(seed)
    own, shared = draw.normal(size=(rows, columns)), draw.normal(size=(rows, 1))
    x = numpy.sqrt(1 - mixing) * own + numpy.sqrt(mixing) * shared
    x = numpy.round(x - x.mean(axis=0), 3)
    weights = draw.normal(size=columns) * (numpy.arange(columns) % 2)
    y = x @ weights + noise * draw.normal(size=rows)
    y = numpy.round(y - y.mean(), 3)
    model = BayesianRidge(tol=1e-13, max_iter=100_000, **FLAT).fit(x, y)
    ratio = model.lambda_ / model.alpha_
    centred = x - x.mean(axis=0)
    spectrum = numpy.linalg.eigvalsh(centred.T @ centred)
    return {
        "x": x.tolist(),
        "y": y.tolist(),
        "lambda": float(ratio),
        "effective_weights": float(numpy.sum(spectrum / (spectrum + ratio))),
    }


result = {
    "versions": {"numpy": numpy.__version__, "scikit-learn": sklearn.__version__},
    "tables": [
        table(1, 60, 6, 0.0, 1.0),
        table(2, 60, 6, 0.5, 1.5),
        table(3, 16, 10, 0.3, 0.7),
        table(4, 700, 4, 0.2, 4.0),
    ],
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(result) + "\n")
