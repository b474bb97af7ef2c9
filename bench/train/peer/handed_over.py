"""Reads the file in which wellfit hands over a case: its settings, initial weights and data."""

import json

import models
import torch
import training
from safetensors import safe_open
from torch import Tensor, nn

# Names of wellfit's tensors in one layer, as PyTorch calls them.
NORM = {"gamma": "weight", "beta": "bias", "running_mean": "running_mean",
        "running_var": "running_var"}


def read(path: str) -> tuple[dict, nn.Module, Tensor, Tensor]:
    """Case, model with its initial weights, inputs and targets."""
    with safe_open(path, framework="pt") as file:
        case = json.loads(file.metadata()["case"])
        tensors = {name: file.get_tensor(name) for name in file.keys()}
    inputs = tensors.pop("data.inputs")
    labels = tensors.pop("data.labels").long()
    model, layers = models.build(case)
    load(layers, tensors)
    if "mlp" not in case["model"]:
        inputs = inputs.reshape(-1, *case["shape"])
    return case, model, inputs, training.targets_of(case, labels)


@torch.no_grad()
def load(layers: dict[str, nn.Module], tensors: dict[str, Tensor]) -> None:
    """Puts every tensor where it belongs; none may be left over, and none missing."""
    missing = {(path, name) for path, layer in layers.items() for name in state(layer)}
    for name, tensor in tensors.items():
        path, own = place(name)
        # Burn keeps the weights of a linear layer as [inputs, outputs].
        turned = isinstance(layers[path], nn.Linear) and own == "weight"
        state(layers[path])[own].copy_(tensor.T if turned else tensor)
        missing.remove((path, own))
    if missing:
        raise ValueError(f"no values for {sorted(missing)}")


def place(name: str) -> tuple[str, str]:
    """Layer and tensor of a name as `Mlp.head.weight`: first stands the kind of the model.

    A norm is named as in `ResNet.stem.norm.0.BatchNorm.gamma`.
    """
    layer, _, own = name.partition(".")[2].rpartition(".")
    if own in NORM:
        return layer.partition(".norm.")[0] + ".norm", NORM[own]
    return layer, own


def state(layer: nn.Module) -> dict[str, Tensor]:
    values = {**dict(layer.named_parameters()), **dict(layer.named_buffers())}
    values.pop("num_batches_tracked", None)
    return values
