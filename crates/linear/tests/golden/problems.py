"""Writes problems.json: the problems that scikit_learn.py, glmnet.R and tests/exact.rs solve.

Run: python3 problems.py   (numpy; its version is written into the file)

Targets of least squares have a (weighted) standard deviation of 1, because glmnet's ridge term is
λ / sd(y) (its λ is ours only then).
"""

import json
import pathlib

import numpy as np

rng = np.random.default_rng(20)


def features(n, p, correlation=0.5):
    """Gaussian features whose neighbours correlate (AR(1)), with offsets and scales of their own."""
    z = rng.normal(size=(n, p))
    for j in range(1, p):
        z[:, j] = correlation * z[:, j - 1] + np.sqrt(1 - correlation**2) * z[:, j]
    return np.round(z * rng.uniform(0.5, 2, size=p) + rng.uniform(-2, 2, size=p), 6)


def sparse(n, p, density=0.2):
    return np.round(rng.normal(size=(n, p)) * (rng.random((n, p)) < density), 6)


def signal(x, used):
    w = np.zeros(x.shape[1])
    w[:used] = np.linspace(2, -1, used)
    return (x - x.mean(0)) @ w


def unit(y, weights=None):
    mean = np.average(y, weights=weights)
    return (y - mean) / np.sqrt(np.average((y - mean) ** 2, weights=weights)) + 0.7


data = {}


def add(name, x, y, weights=None):
    data[name] = {"x": x.tolist(), "y": np.asarray(y).tolist()}
    if weights is not None:
        data[name]["weights"] = weights.tolist()


x = features(60, 12)
noise = rng.normal(size=60)
w = np.round(rng.uniform(0.1, 3, size=60), 3)
add("tall", x, unit(signal(x, 5) + noise))
add("tall weighted", x, unit(signal(x, 5) + noise, w), w)
add("classes", x, (signal(x, 4) + noise > 0.3).astype(float))
add("classes weighted", x, (signal(x, 4) + noise > 0.3).astype(float), w)
add("counts", x, rng.poisson(np.exp(0.3 * signal(x, 4) / signal(x, 4).std() + 0.5)).astype(float))
add("three classes", x, np.digitize(signal(x, 4) + noise, [-1.5, 1.5]).astype(float))
x = features(30, 70)
add("wide", x, unit(signal(x, 6) + rng.normal(size=30)))
x = sparse(80, 25)
add("sparse", x, unit(signal(x, 6) + rng.normal(size=80)))
add("sparse classes", x, (signal(x, 4) + 0.5 * rng.normal(size=80) > 0).astype(float))
add("sparse counts", x, rng.poisson(np.exp(0.4 * signal(x, 3))).astype(float))
outputs = np.column_stack([unit(signal(x, 5) + rng.normal(size=80)) for _ in range(3)])
add("outputs", x, outputs)

cases = []


def case(name, on, family="gaussian", ratio=1.0, parts=(0.5, 0.1, 0.01), **more):
    options = {"intercept": True, "standardize": True, "factors": None, "bounds": None} | more
    x, y = np.array(data[on]["x"]), np.array(data[on]["y"])
    weights = np.array(data[on].get("weights", np.ones(len(x))))
    # Near λ_max of the plain problem: cases only need strengths between none and all zeros.
    if family == "multinomial":
        y = (y[:, None] == np.unique(y)).astype(float)
    centred = (x - x.mean(0)) * (weights / weights.sum())[:, None]
    if options["standardize"]:
        centred = centred / x.std(0)
    top = np.abs(centred.T @ (y - y.mean(0))).max() / max(ratio, 0.1)
    lambdas = [float(f"{top * part:.6g}") for part in parts]
    cases.append({"name": name, "data": on, "family": family, "ratio": ratio, "lambdas": lambdas})
    cases[-1] |= options


free, p = 1e30, 12
case("lasso", "tall")
case("lasso as it is", "tall", standardize=False)
case("lasso without intercept", "tall", intercept=False, standardize=False)
case("elastic net", "tall", ratio=0.5)
case("elastic net, weights", "tall weighted", ratio=0.3)
case("lasso, more features than samples", "wide", parts=(0.5, 0.1, 0.02))
case("elastic net, more features than samples", "wide", ratio=0.7)
case("lasso, factors", "tall", factors=[0, 0.5, 1, 2, 1, 1, 0, 1, 3, 1, 1, 1.5])
case("lasso, positive", "tall", standardize=False, bounds=[[0, free]] * p)
case("elastic net, box", "tall", ratio=0.5, bounds=[[-0.05, 0.3]] * p)
case("sparse lasso", "sparse")
case("sparse elastic net", "sparse", ratio=0.5, standardize=False)
case("logistic lasso", "classes", "logistic")
case("logistic elastic net, weights", "classes weighted", "logistic", ratio=0.5)
case("logistic lasso as it is, sparse", "sparse classes", "logistic", standardize=False)
case("logistic lasso, factors", "classes", "logistic", factors=[0, 0.5, 1, 2] + [1] * 8)
case("poisson lasso", "counts", "poisson")
case("poisson elastic net, box", "counts", "poisson", ratio=0.5, bounds=[[-0.1, 0.15]] * p)
case("poisson ridge, sparse", "sparse counts", "poisson", ratio=0.0, standardize=False)
case("multinomial lasso", "three classes", "multinomial")
case("multinomial elastic net", "three classes", "multinomial", ratio=0.5, standardize=False)
case("several outputs, rows together", "outputs", "multitask", standardize=False)

problems = {"versions": {"numpy": np.__version__}, "data": data, "cases": cases}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(problems, allow_nan=False) + "\n")
