"""Divergences of posteriors from priors, and means of activations, by PyTorch and by quadrature.

Writes divergences.json beside this file.
"""

import json
import math
import pathlib

import mpmath
import torch
from torch.distributions import Categorical, MixtureSameFamily, Normal, kl_divergence

K1, K2, K3 = 0.63576, 1.87320, 1.48695


def tensor(value):
    return torch.tensor(value, dtype=torch.float64, requires_grad=True)


def solved(value_of, *inputs):
    """The value of a function and its gradient."""
    inputs = [tensor(value) for value in inputs]
    value = value_of(*inputs)
    value.backward()
    return [value.item()] + [of.grad.item() for of in inputs]


def approximation(log_alpha):
    """Molchanov et al. 2017, equation 14."""
    log = torch.log1p(torch.exp(-log_alpha))
    return K1 - K1 * torch.sigmoid(K2 + K3 * log_alpha) + 0.5 * log


def exact(log_alpha):
    """KL of N(1, alpha) from the log-uniform prior, 0 in the limit of large alpha."""
    std = mpmath.exp(mpmath.mpf(log_alpha) / 2)
    zero = -1 / std
    density = lambda z: mpmath.log(abs(1 + std * z)) * mpmath.npdf(z)
    ends = sorted({-40, -8, -4, -2, -1, 0, 1, 2, 4, 8, 40, *([zero] if abs(zero) < 40 else [])})
    mean = mpmath.quad(density, ends)
    return float(mean - mpmath.mpf(log_alpha) / 2 + (mpmath.euler + mpmath.log(2)) / 2)


def gaussian(mean, rho, prior_std):
    kl = lambda mean, rho: kl_divergence(
        Normal(mean, torch.nn.functional.softplus(rho)), Normal(0.0, prior_std)
    )
    return [mean, rho, prior_std] + solved(kl, mean, rho)


def mixture(mean, std, normal, stds, share):
    """-ln p(mean + std normal) with its derivatives in mean and std."""
    prior = MixtureSameFamily(
        Categorical(tensor([share, 1 - share])), Normal(tensor([0.0, 0.0]), tensor(stds))
    )
    cross = lambda mean, std: -prior.log_prob(mean + std * normal)
    return [mean, std, normal, *stds, share] + solved(cross, mean, std)


ACTIVATIONS = {
    "relu": lambda z: max(z, mpmath.mpf(0)),
    "sigmoid": lambda z: 1 / (1 + mpmath.exp(-z)),
    "tanh": mpmath.tanh,
    "gelu": lambda z: z * mpmath.ncdf(z),
    "silu": lambda z: z / (1 + mpmath.exp(-z)),
}


def expected(name, mean, variance):
    std = mpmath.sqrt(variance)
    ends = sorted({-12, -6, -3, 0, 3, 6, 12, float(-mean / std)})
    density = lambda z: ACTIVATIONS[name](mean + std * z) * mpmath.npdf(z)
    return [name, mean, variance, float(mpmath.quad(density, ends))]


mpmath.mp.dps = 30
LOG_ALPHAS = [-7.5, -6.0, -4.0, -2.5, -1.0, -0.25, 0.0, 0.5, 1.0, 2.0, 3.0, 5.0, 7.5]
result = {
    "versions": {"torch": torch.__version__.split("+")[0]},
    # log alpha, the approximation, its derivative, the exact divergence
    "log_uniform": [[a, *solved(approximation, a), exact(a)] for a in LOG_ALPHAS],
    # mean, rho, std of the prior; divergence, its derivatives in mean and rho
    "gaussian": [
        gaussian(mean, math.log(math.expm1(std)), prior)
        for mean, std, prior in [
            (0.0, 0.5, 1.0), (0.3, 0.1, 1.0), (-0.8, 0.2, 0.5), (1.5, 2.0, 0.3), (0.0, 1e-4, 2.0),
        ]
    ],
    # mean, std, normal, stds of the parts, share of the first; cross-entropy, derivatives
    "mixture": [
        mixture(0.3, 0.1, 0.7, [1.0, 0.05], 0.5),
        mixture(0.0, 0.01, -1.2, [1.0, 0.05], 0.25),
        mixture(-1.4, 0.5, 0.1, [0.7, 0.0025], 0.75),
        mixture(0.02, 0.03, 2.0, [0.5, 0.02], 0.5),
    ],
    # name, mean, variance of the sum; mean of the activation
    "activations": [
        expected(name, mean, variance)
        for name in ACTIVATIONS
        for mean, variance in [(-1.75, 2.0625), (1.4, 0.775), (0.0, 4.0), (0.4, 0.01)]
    ],
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(result, indent=1) + "\n")
