"""Writes rise.json: curves and their rise by a second implementation, for tests/rise.rs.

Run: python3 rise.py   (numpy; the version is written into the file)
"""

import json
import pathlib

import numpy as np

rng = np.random.default_rng(5)


def sigma_by(y, order):
    d = np.diff(y, n=order)
    if order == 1:
        d = d - np.median(d)
    spread = 1.4826 * np.median(np.abs(d))
    if spread == 0:
        spread = 1.2533 * np.abs(d).mean()
    return spread / np.sqrt({1: 2, 2: 6, 3: 20}[order])


def rise(y):
    n = len(y)
    if n <= 10:
        window, smooth = 1, y
        sigma = min(sigma_by(y, k) for k in (1, 2, 3)) if n >= 5 else sigma_by(y, 2)
        end = min(y[-2], y[-1]) if n >= 5 else y[-1]
    else:
        window = max(3, int(np.floor(n / 10 + 0.5)))
        padded = np.array([np.median(y[max(0, min(i - 1, n - 3)) :][:3]) for i in range(n)])
        smooth = np.convolve(padded, np.ones(window) / window, mode="valid")
        sigma = sigma_by(y, 2 if n <= 20 else 1)
        end = smooth[-1]
    error = sigma / np.sqrt(window)
    low = smooth.min()
    rivals = max(1.0, np.count_nonzero(smooth <= low + 3 * error) / window)
    amount = max(0.0, end - low - error * np.sqrt(2 * np.log(rivals)))
    return {
        "minimum_index": int(smooth.argmin()) + window // 2,
        "minimum": low,
        "end": end,
        "rise": amount,
        "relative": amount / abs(low),
        "z": amount / (error * np.sqrt(2)),
        "sigma": sigma,
        "window": window,
    }


def curve(n, noise, bottom):
    x = np.linspace(0, 1, n)
    return 0.5 + (x - bottom) ** 2 + noise * rng.normal(size=n)


def rounded(n):
    """Few distinct values: more than half of the differences are zero."""
    return np.round(curve(n, 0.001, 0.3), 1) + 0.0


curves = [curve(n, noise, 0.4) for n in (3, 4, 5, 8, 10, 11, 20, 21, 60, 1000) for noise in (0.01, 0.1)]
curves += [curve(200, 0.05, 1.5), rounded(50)]
cases = [{"values": y.tolist(), **{k: float(v) for k, v in rise(y).items()}} for y in curves]
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps({"versions": {"numpy": np.__version__}, "cases": cases}, allow_nan=False) + "\n")
