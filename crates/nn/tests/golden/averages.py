"""Averages of weights by PyTorch's swa_utils, and traces of SAM and ASAM on a quadratic.

Writes averages.json beside this file.
"""

import json
import math
import pathlib

import torch
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

STEPS, DECAY = 12, 0.9
WEIGHTS = [[math.cos(step), math.sin(2 * step), 0.1 * step] for step in range(STEPS + 1)]
DIAGONAL, START, RHO, RATE = [4.0, 1.0], [2.0, -1.0], 0.05, 0.1


class Weights(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.w = torch.nn.Parameter(torch.tensor(WEIGHTS[0], dtype=torch.float64))


def averaged(average_of):
    """The average after every step; the first update copies WEIGHTS[0]."""
    model = Weights()
    average = AveragedModel(model, multi_avg_fn=average_of)
    trace = []
    for step, weights in enumerate(WEIGHTS):
        model.w.data = torch.tensor(weights, dtype=torch.float64)
        average.update_parameters(model)
        if step > 0:
            trace.append(average.module.w.tolist())
    return trace


def sharpness_aware(adaptive):
    """Steps of SGD on ½ Σ a w² along the gradient that autograd finds at w + e."""
    a = torch.tensor(DIAGONAL, dtype=torch.float64)
    w = torch.tensor(START, dtype=torch.float64)

    def gradient(at):
        at = at.clone().requires_grad_()
        (0.5 * (a * at * at).sum()).backward()
        return at.grad

    trace = []
    for _ in range(5):
        g = gradient(w)
        t = w.abs() if adaptive else torch.ones_like(w)
        e = RHO * t**2 * g / torch.linalg.vector_norm(t * g)
        w = w - RATE * gradient(w + e)
        trace.append(w.tolist())
    return trace


result = {
    "versions": {"torch": torch.__version__.split("+")[0]},
    "decay": DECAY,
    "weights": WEIGHTS,
    "ema": averaged(get_ema_multi_avg_fn(DECAY)),
    "swa": averaged(None),
    "sam": sharpness_aware(False),
    "asam": sharpness_aware(True),
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(result, indent=1) + "\n")
