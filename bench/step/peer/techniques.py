"""A training step with each technique: torch's or timm's own where they have it, else by hand.

The values are those of wellfit's cards. Every step ends with its loss as a number, since training
logs it.
"""

import timm.data
import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

CLASSES = 10


class Plain:
    """Batch, forward, backward, SGD with momentum."""

    def __init__(self, model: nn.Module):
        self.model = model.train()
        self.optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)

    def __call__(self, inputs: Tensor, targets: Tensor) -> float:
        self.optimizer.zero_grad(set_to_none=True)
        loss = self.gradients(inputs, targets)
        self.optimizer.step()
        return loss.item()

    def gradients(self, inputs: Tensor, targets: Tensor) -> Tensor:
        loss = self.loss(self.model(inputs), targets)
        loss.backward()
        return loss

    def loss(self, outputs: Tensor, targets: Tensor) -> Tensor:
        return F.cross_entropy(outputs, targets)

    def weights(self) -> list[nn.Parameter]:
        return [p for p in self.model.parameters() if p.ndim > 1]


class LabelSmoothing(Plain):
    def loss(self, outputs: Tensor, targets: Tensor) -> Tensor:
        return F.cross_entropy(outputs, targets, label_smoothing=0.1)


class Mixed(Plain):
    """timm's Mixup on batches of images; its targets are probabilities."""

    def __init__(self, model: nn.Module, **alphas: float):
        super().__init__(model)
        self.mix = timm.data.Mixup(label_smoothing=0.0, num_classes=CLASSES, **alphas)

    def gradients(self, inputs: Tensor, targets: Tensor) -> Tensor:
        images, targets = self.mix(inputs.view(-1, 1, 28, 28), targets)
        return super().gradients(images.flatten(1), targets)


class InputNoise(Plain):
    def gradients(self, inputs: Tensor, targets: Tensor) -> Tensor:
        return super().gradients(inputs + 0.1 * torch.randn_like(inputs), targets)


class ClipGlobalNorm(Plain):
    def gradients(self, inputs: Tensor, targets: Tensor) -> Tensor:
        loss = super().gradients(inputs, targets)
        nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        return loss


class ClipValue(Plain):
    def gradients(self, inputs: Tensor, targets: Tensor) -> Tensor:
        loss = super().gradients(inputs, targets)
        nn.utils.clip_grad_value_(self.model.parameters(), 1.0)
        return loss


class Sam(Plain):
    """A first pass, up along its gradient by 0.05, a second one, and back."""

    def gradients(self, inputs: Tensor, targets: Tensor) -> Tensor:
        loss = super().gradients(inputs, targets)
        with torch.no_grad():
            trained = list(self.model.parameters())
            gradients = [p.grad for p in trained]
            norm = torch.linalg.vector_norm(torch.stack(torch._foreach_norm(gradients)))
            up = torch._foreach_mul(gradients, 0.05 / (norm.item() + 1e-12))
            torch._foreach_add_(trained, up)
        self.optimizer.zero_grad(set_to_none=True)
        super().gradients(inputs, targets)
        with torch.no_grad():
            torch._foreach_sub_(trained, up)
        return loss


class WeightNoise(Plain):
    """Noise of a tenth of each tensor's standard deviation for one pass."""

    def gradients(self, inputs: Tensor, targets: Tensor) -> Tensor:
        with torch.no_grad():
            clean = [w.clone() for w in self.weights()]
            for w in self.weights():
                w.add_(torch.randn_like(w), alpha=0.1 * w.std(correction=0).item())
        loss = super().gradients(inputs, targets)
        with torch.no_grad():
            for w, before in zip(self.weights(), clean, strict=True):
                w.copy_(before)
        return loss


class Ema(Plain):
    def __init__(self, model: nn.Module):
        super().__init__(model)
        decay = 0.5 ** (1 / 10)
        self.average = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(decay))

    def __call__(self, inputs: Tensor, targets: Tensor) -> float:
        loss = super().__call__(inputs, targets)
        self.average.update_parameters(self.model)
        return loss


class L2(Plain):
    def __init__(self, model: nn.Module):
        super().__init__(model)
        others = [p for p in model.parameters() if p.ndim == 1]
        groups = [{"params": self.weights(), "weight_decay": 1e-4}, {"params": others}]
        self.optimizer = torch.optim.SGD(groups, lr=0.01, momentum=0.9)


ALL = {
    "plain": Plain,
    "dropout": Plain,
    "mixup": lambda model: Mixed(model, mixup_alpha=0.2, cutmix_alpha=0.0),
    "cutmix": lambda model: Mixed(model, mixup_alpha=0.0, cutmix_alpha=1.0),
    "label_smoothing": LabelSmoothing,
    "input_noise": InputNoise,
    "clip_global_norm": ClipGlobalNorm,
    "clip_value": ClipValue,
    "sam": Sam,
    "weight_noise": WeightNoise,
    "ema": Ema,
    "l2": L2,
}
