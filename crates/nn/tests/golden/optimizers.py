"""Traces of PyTorch's optimizers on one weight, against which wellfit's are held.

Writes optimizers.json beside this file. The gradient of step t is cos(t) + 0.3.
"""

import json
import math
import pathlib

import torch

STEPS = 6


def trace(make):
    weight = torch.tensor([1.0], dtype=torch.float64, requires_grad=True)
    optimizer = make([weight])
    values = []
    for step in range(STEPS):
        weight.grad = torch.tensor([math.cos(step) + 0.3], dtype=torch.float64)
        optimizer.step()
        values.append(weight.item())
    return values


result = {
    "versions": {"torch": torch.__version__.split("+")[0]},
    "gradients": [math.cos(step) + 0.3 for step in range(STEPS)],
    "sgd": trace(lambda w: torch.optim.SGD(w, lr=0.1)),
    "momentum": trace(lambda w: torch.optim.SGD(w, lr=0.1, momentum=0.9)),
    "nesterov": trace(lambda w: torch.optim.SGD(w, lr=0.1, momentum=0.9, nesterov=True)),
    "adam": trace(lambda w: torch.optim.Adam(w, lr=0.05)),
    "adamw": trace(lambda w: torch.optim.AdamW(w, lr=0.05, weight_decay=0.1)),
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(result, indent=1) + "\n")
