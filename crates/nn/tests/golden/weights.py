"""Weights under weight norm and spectral norm by PyTorch, under weight standardization by timm, and a
largest singular value by NumPy, in double precision.

Writes weights.json beside this file.
"""

import json
import pathlib

import numpy
import timm
import torch
from timm.layers import StdConv2d
from torch.nn.utils.parametrizations import spectral_norm, weight_norm

EPSILON = 1e-5
generator = torch.Generator().manual_seed(2)


def drawn(*shape):
    values = torch.randn(shape, generator=generator, dtype=torch.float64)
    return torch.round(values * 1e4) / 1e4


def numbers(tensor):
    return [round(value, 10) for value in tensor.detach().flatten().tolist()]


def convolution(filters):
    layer = torch.nn.Conv2d(3, 4, 2, bias=False, dtype=torch.float64)
    layer.weight.data = filters.clone()
    return layer


filters, matrix, images, g, u = drawn(4, 3, 2, 2), drawn(5, 4), drawn(2, 3, 4, 4), drawn(4), drawn(4)
places = torch.arange(48).reshape(4, 3, 2, 2)

normed = weight_norm(convolution(filters), dim=0)
normed.parametrizations.weight.original0.data = g.reshape(4, 1, 1, 1)
(normed.weight * places).sum().backward()
turned = torch.nn.Linear(5, 4, bias=False, dtype=torch.float64)
turned.weight.data = matrix.T.clone()
turned = weight_norm(turned, dim=0)
turned.parametrizations.weight.original0.data = g.reshape(4, 1)

# PyTorch moves its u first, the paper v: so it is given the transposed matrix.
flat = filters.reshape(4, 12)
spectral = torch.nn.Linear(12, 4, bias=False, dtype=torch.float64)
spectral.weight.data = flat.clone()
spectral = spectral_norm(spectral, n_power_iterations=1, dim=1)
spectral.parametrizations.weight[0]._v = torch.nn.functional.normalize(u, dim=0)
spectral.train()
for _ in range(2):
    spectral.weight
spectral_weight = spectral.weight
(spectral_weight * places.reshape(4, 12)).sum().backward()

standard = StdConv2d(3, 4, 2, padding=1, bias=False, eps=EPSILON, dtype=torch.float64)
standard.weight.data = filters.clone()
standard_output = standard(images)
standard_output.square().sum().backward()

result = {
    "versions": {
        "torch": torch.__version__.split("+")[0],
        "timm": timm.__version__,
        "numpy": numpy.__version__,
    },
    "filters": numbers(filters),
    "matrix": numbers(matrix),
    "images": numbers(images),
    "g": numbers(g),
    "u": numbers(u),
    "weight_norm": numbers(normed.weight),
    "weight_norm_gradient_v": numbers(normed.parametrizations.weight.original1.grad),
    "weight_norm_gradient_g": numbers(normed.parametrizations.weight.original0.grad),
    "weight_norm_of_matrix": numbers(turned.weight.T),
    "sigma": [float(numpy.linalg.svd(numpy.array(flat.tolist()), compute_uv=False)[0])],
    "spectral_norm": numbers(spectral_weight),
    "spectral_norm_gradient": numbers(spectral.parametrizations.weight.original.grad),
    "weight_standardization": numbers(standard_output),
    "weight_standardization_gradient": numbers(standard.weight.grad),
}
lines = ",\n".join(f" {json.dumps(key)}: {json.dumps(value)}" for key, value in result.items())
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text("{\n" + lines + "\n}\n")
