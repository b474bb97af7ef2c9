"""The training step of a case, as one writes it in PyTorch."""

from collections.abc import Callable, Iterator

import torch
from torch import Tensor, nn
from torch.nn import functional as F


def weights_and_others(model: nn.Module) -> tuple[list[nn.Parameter], list[nn.Parameter]]:
    """Decay acts on weights alone: no bias, and no scale of a norm."""
    parameters = list(model.parameters())
    return [p for p in parameters if p.ndim > 1], [p for p in parameters if p.ndim == 1]


def optimizer_of(case: dict, model: nn.Module) -> torch.optim.Optimizer:
    settings = {"lr": case["learning_rate"], "momentum": case["momentum"]}
    if case["decay"] == 0:
        return torch.optim.SGD(model.parameters(), **settings)
    weights, others = weights_and_others(model)
    groups = [{"params": weights, "weight_decay": case["decay"]}, {"params": others}]
    return torch.optim.SGD(groups, **settings)


def targets_of(case: dict, labels: Tensor) -> Tensor:
    """Classes as cross-entropy takes them; for sigmoids one-hot rows."""
    if case["loss"] == "cross_entropy":
        return labels
    return F.one_hot(labels, case["classes"]).float()


def loss_of(case: dict) -> Callable[[Tensor, Tensor], Tensor]:
    """Mean over the examples; sigmoid cross-entropy is summed over the outputs."""
    if case["loss"] == "cross_entropy":
        return F.cross_entropy
    return lambda outputs, targets: (
        F.binary_cross_entropy_with_logits(outputs, targets, reduction="sum") / len(outputs)
    )


def epoch(inputs: Tensor, targets: Tensor, batch: int) -> Iterator[tuple[Tensor, Tensor]]:
    """All examples once, in a fresh order."""
    for index in torch.randperm(len(inputs)).split(batch):
        yield inputs[index], targets[index]


def endless(inputs: Tensor, targets: Tensor, batch: int) -> Iterator[tuple[Tensor, Tensor]]:
    while True:
        yield from epoch(inputs, targets, batch)


class Step:
    """One step on one batch; gives its loss as a number, since training logs it."""

    def __init__(self, case: dict, model: nn.Module):
        self.model = model
        self.loss = loss_of(case)
        self.optimizer = optimizer_of(case, model)

    def __call__(self, inputs: Tensor, targets: Tensor) -> float:
        self.optimizer.zero_grad(set_to_none=True)
        loss = self.loss(self.model(inputs), targets)
        loss.backward()
        self.optimizer.step()
        return loss.item()
