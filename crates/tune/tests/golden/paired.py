"""Writes paired.json: paired tests, intervals and rank correlations of SciPy, for
src/statistics/tests.rs.

Run: python3 paired.py   (scipy and numpy; the versions are written into the file)
"""

import json
import pathlib

import numpy as np
import scipy
from scipy import optimize, stats

rng = np.random.default_rng(3)


def detectable(d, level=0.05, power=0.8):
    """The true mean that a two-sided t-test finds with this power, by the noncentral law."""
    n = len(d)
    t = stats.t.ppf(1 - level / 2, n - 1)
    shift = optimize.brentq(lambda nc: stats.nct.sf(t, n - 1, nc) - power, 0.01, 60)
    return float(shift * np.std(d, ddof=1) / np.sqrt(n))


def sample(d):
    d = np.asarray(d, float)
    t = stats.ttest_1samp(d, 0)
    # All signs are tried, so that ties and zeros are exact too.
    exact = stats.PermutationMethod(n_resamples=np.inf) if len(d) <= 14 else "exact"
    w = stats.wilcoxon(d, zero_method="pratt", method=exact)
    bca = stats.bootstrap(
        (d,), np.mean, n_resamples=200_000, batch=10_000, method="BCa", rng=np.random.default_rng(1)
    ).confidence_interval
    return {
        "differences": d.tolist(),
        "t": {"statistic": float(t.statistic), "p": float(t.pvalue)},
        "wilcoxon": {"p": float(w.pvalue)},
        "bca": [float(bca.low), float(bca.high)],
        "detectable": detectable(d),
    }


def ranking(a, b):
    return {
        "a": list(map(float, a)),
        "b": list(map(float, b)),
        "spearman": float(stats.spearmanr(a, b).statistic),
        "kendall": float(stats.kendalltau(a, b).statistic),
    }


def holm(p):
    p = np.asarray(p)
    corrected = [max(q * np.sum(p >= q) for q in p[p <= own]) for own in p]
    return {"p": p.tolist(), "corrected": np.minimum(corrected, 1).tolist()}


golden = {
    "versions": {"scipy": scipy.__version__, "numpy": np.__version__},
    "samples": [
        sample(rng.normal(0.3, 1, 5)),
        sample(rng.normal(0.5, 1, 10)),
        sample(rng.exponential(1, 12) - 0.4),
        sample(np.round(rng.normal(0.5, 1, 12))),
        sample([0, 0, 1, 1, -1, 2, 2, 3, 0.5]),
        sample(rng.normal(0.2, 1, 40)),
    ],
    "student": [
        {"t": t, "freedom": df, "p": float(2 * stats.t.sf(t, df))}
        for t in (0.01, 0.5, 2.0, 4.5, 30.0)
        for df in (1.0, 4.0, 9.0, 200.0)
    ],
    "rankings": [
        ranking(rng.normal(size=8), rng.normal(size=8)),
        ranking(np.arange(20), np.arange(20) + rng.normal(0, 6, 20)),
        ranking(rng.integers(0, 4, 15), rng.integers(0, 4, 15)),
    ],
    "holm": [holm([0.01, 0.04, 0.03, 0.005]), holm([0.5]), holm([0.3, 0.9, 0.001, 0.02, 0.6])],
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(golden, allow_nan=False) + "\n")
