"""Normalizations of activations by PyTorch, in double precision.

Writes norms.json beside this file.
"""

import json
import pathlib

import torch
from torch import nn

SHAPE = (4, 6, 2, 3)
EPSILON = 1e-5


def numbers(tensor):
    return [round(value, 10) for value in tensor.detach().flatten().tolist()]


generator = torch.Generator().manual_seed(1)
scale = torch.arange(1, 7, dtype=torch.float64).reshape(1, 6, 1, 1)
drawn = torch.randn(SHAPE, generator=generator, dtype=torch.float64) * scale + scale / 2
x = torch.tensor([round(value, 4) for value in drawn.flatten().tolist()], dtype=torch.float64)
x = x.reshape(SHAPE)
flat = x.flatten(1)

batch_norm = nn.BatchNorm2d(6, eps=EPSILON, dtype=torch.float64)
batch_input = x.clone().requires_grad_()
batch_output = batch_norm(batch_input)
(batch_output * torch.arange(x.numel()).reshape(SHAPE)).sum().backward()
running = [batch_norm.running_mean.clone(), batch_norm.running_var.clone()]

functional = nn.functional
result = {
    "versions": {"torch": torch.__version__.split("+")[0]},
    "input": numbers(x),
    "batch_norm": numbers(batch_output),
    "batch_norm_gradient": numbers(batch_input.grad),
    "running_mean": numbers(running[0]),
    "running_var": numbers(running[1]),
    "batch_norm_evaluated": numbers(batch_norm.eval()(x)),
    "group_norm": numbers(functional.group_norm(x, 3, eps=EPSILON)),
    "group_norm_flat": numbers(functional.group_norm(flat, 4, eps=EPSILON)),
    "layer_norm": numbers(functional.layer_norm(flat, [36], eps=EPSILON)),
    "layer_norm_of_images": numbers(functional.layer_norm(x, [6, 2, 3], eps=EPSILON)),
    "instance_norm": numbers(functional.instance_norm(x, eps=EPSILON)),
    "rms_norm": numbers(functional.rms_norm(flat, [36], eps=EPSILON)),
    "rms_norm_of_images": numbers(functional.rms_norm(x, [6, 2, 3], eps=EPSILON)),
}
lines = ",\n".join(f" {json.dumps(key)}: {json.dumps(value)}" for key, value in result.items())
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text("{\n" + lines + "\n}\n")
