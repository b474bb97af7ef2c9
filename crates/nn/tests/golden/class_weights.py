"""Weighted cross-entropies and their gradients by PyTorch, and widths of embeddings by fastai's rule.

Writes class_weights.json beside this file.
"""

import json
import pathlib

import torch
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy

LOGITS = [
    [2.0, -1.0, 0.5], [0.3, 0.1, -0.4], [-1.5, 0.2, 1.1], [0.0, 0.0, 0.0], [3.0, -2.0, 4.0],
]
LABELS = [0, 2, 1, 1, 0]
WEIGHTS = [0.5, 2.0, 3.25]
SHARES = [[1.0, 0.0, 0.0], [0.1, 0.2, 0.7], [0.0, 0.6, 0.4], [0.3, 0.4, 0.3], [0.9, 0.0, 0.1]]


def tensor(values):
    return torch.tensor(values, dtype=torch.float64)


def solved(loss_of):
    logits = tensor(LOGITS).requires_grad_()
    loss = loss_of(logits)
    loss.backward()
    return {"loss": loss.item(), "gradient": logits.grad.tolist()}


labels, weights, shares = torch.tensor(LABELS), tensor(WEIGHTS), tensor(SHARES)
total = weights[labels].sum()


def soft(logits):
    # PyTorch divides by the examples where targets are probabilities; wellfit by their weights.
    return cross_entropy(logits, shares, weight=weights, reduction="sum") / total


def sigmoid(logits):
    hot = torch.nn.functional.one_hot(labels, len(WEIGHTS)).double()
    of_example = binary_cross_entropy_with_logits(logits, hot, reduction="none").sum(1)
    return (weights[labels] * of_example).sum() / total


result = {
    "versions": {"torch": torch.__version__.split("+")[0]},
    "logits": LOGITS,
    "labels": LABELS,
    "weights": WEIGHTS,
    "shares": SHARES,
    "hard": solved(lambda z: cross_entropy(z, labels, weight=weights)),
    "smoothed": solved(lambda z: cross_entropy(z, labels, weight=weights, label_smoothing=0.1)),
    "soft": solved(soft),
    "sigmoid": solved(sigmoid),
    "embedding_widths": [
        [levels, min(600, round(1.6 * levels**0.56))]
        for levels in [1, 2, 3, 4, 5, 10, 11, 24, 100, 1000, 20_000, 50_000, 1_000_000]
    ],
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(result, indent=1) + "\n")
