"""Writes parzen.json: densities of Optuna's Parzen estimator, and choices of its univariate TPE, for
src/sampler/parzen_tests.rs and src/sampler/tpe_tests.rs.

Run: python3 parzen.py   (optuna and numpy; the versions are written into the file)
"""

import json
import math
import pathlib

import numpy as np
import optuna
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.samplers._tpe.parzen_estimator import _ParzenEstimator, _ParzenEstimatorParameters
from optuna.samplers._tpe.sampler import TPESampler, _split_trials, default_gamma, default_weights

optuna.logging.set_verbosity(optuna.logging.ERROR)
rng = np.random.default_rng(7)
PARAMETERS = _ParzenEstimatorParameters(1.0, True, False, default_weights, False)


def described(dist):
    if isinstance(dist, CategoricalDistribution):
        return {"kind": "category", "choices": len(dist.choices)}
    kind = "float" if isinstance(dist, FloatDistribution) else "int"
    return {"kind": kind, "low": dist.low, "high": dist.high, "log": dist.log}


def drawn(dist, n):
    if isinstance(dist, CategoricalDistribution):
        return rng.integers(0, len(dist.choices), n).astype(float)
    if dist.log:
        values = np.exp(rng.uniform(math.log(dist.low), math.log(dist.high), n))
    else:
        values = rng.uniform(dist.low, dist.high, n)
    return np.round(values) if isinstance(dist, IntDistribution) else values


def density(dist, n):
    # Of equal values Optuna's sort does not say which is first, which matters when old ones weigh less.
    while True:
        observations = drawn(dist, n)
        category = isinstance(dist, CategoricalDistribution)
        if n < 25 or category or len(set(observations)) == n:
            break
    estimator = _ParzenEstimator({"x": observations}, {"x": dist}, PARAMETERS)
    at = drawn(dist, 12)
    return {
        **described(dist),
        "observations": observations.tolist(),
        "at": at.tolist(),
        "log_pdf": estimator.log_pdf({"x": at}).tolist(),
    }


def split(n, pruned):
    """Numbers of the trials that Optuna takes for the good ones."""
    study = optuna.create_study(direction="minimize")
    dist = FloatDistribution(0.0, 1.0)
    trials = []
    for number in range(n):
        value = round(float(rng.uniform()), 1 if number % 3 else 6)
        given_up = int(rng.integers(1, 4)) if rng.uniform() < pruned else None
        state = optuna.trial.TrialState.PRUNED if given_up else optuna.trial.TrialState.COMPLETE
        steps = {step: value for step in range(1, given_up + 1)} if given_up else {}
        study.add_trial(
            optuna.trial.create_trial(
                state=state,
                value=value,
                params={"x": 0.5},
                distributions={"x": dist},
                intermediate_values=steps,
            )
        )
        trials.append({"value": value, "given_up": given_up})
    below, _ = _split_trials(study, study.get_trials(), default_gamma(n))
    return {"trials": trials, "below": [trial.number for trial in below]}


def choice(dist, n_below, n_above):
    """Which of some candidates Optuna takes."""
    below, above = drawn(dist, n_below), drawn(dist, n_above)
    good = _ParzenEstimator({"x": below}, {"x": dist}, PARAMETERS)
    bad = _ParzenEstimator({"x": above}, {"x": dist}, PARAMETERS)
    candidates = {"x": drawn(dist, 24)}
    score = good.log_pdf(candidates) - bad.log_pdf(candidates)
    taken = TPESampler._compare(candidates, score)["x"]
    return {
        **described(dist),
        "below": below.tolist(),
        "above": above.tolist(),
        "candidates": candidates["x"].tolist(),
        "taken": float(taken),
    }


DISTS = [
    FloatDistribution(0.05, 0.7),
    FloatDistribution(1e-3, 1e2, log=True),
    IntDistribution(1, 12),
    IntDistribution(5, 5000, log=True),
    CategoricalDistribution(("a", "b", "c")),
]
# Above 100 observations, the narrowest kernel no longer follows their number.
SIZES = [0, 1, 2, 3, 10, 24, 26, 60, 150]
golden = {
    "versions": {"optuna": optuna.__version__, "numpy": np.__version__},
    # Whole numbers are too few for so many different ones.
    "densities": [
        density(dist, n)
        for dist in DISTS
        for n in SIZES
        if n < 25 or not isinstance(dist, IntDistribution)
    ],
    "splits": [split(n, pruned) for n in (1, 10, 11, 57, 300) for pruned in (0.0, 0.6, 1.0)],
    "choices": [choice(dist, n, m) for dist in DISTS[:4] for n, m in ((1, 9), (5, 20), (24, 20))],
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(golden, allow_nan=False) + "\n")
