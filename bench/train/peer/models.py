"""The models of the cases in PyTorch, each with its layers by the names that wellfit gives them."""

from torch import Tensor, nn
from torch.nn import functional as F

ACTIVATIONS = {"relu": nn.ReLU, "sigmoid": nn.Sigmoid}


def build(case: dict) -> tuple[nn.Module, dict[str, nn.Module]]:
    """The model of a case, and its layers that have parameters."""
    ((kind, settings),) = case["model"].items()
    return {"mlp": mlp, "lenet": lenet, "resnet": resnet8}[kind](case, settings)


def mlp(case: dict, settings: dict) -> tuple[nn.Module, dict[str, nn.Module]]:
    width = 1
    for side in case["shape"]:
        width *= side
    layers: list[nn.Module] = []
    named = {}
    for index, units in enumerate(settings["widths"]):
        named[f"blocks.{index}.linear"] = nn.Linear(width, units)
        layers += [named[f"blocks.{index}.linear"], ACTIVATIONS[settings["activation"]]()]
        if case["dropout"] > 0:
            layers.append(nn.Dropout(case["dropout"]))
        width = units
    named["head"] = nn.Linear(width, case["classes"])
    return nn.Sequential(*layers, named["head"]), named


def lenet(case: dict, settings: dict) -> tuple[nn.Module, dict[str, nn.Module]]:
    named = {
        "convolutions.0.convolution": nn.Conv2d(1, 6, 5, padding=2),
        "convolutions.1.convolution": nn.Conv2d(6, 16, 5),
        "hidden.0.linear": nn.Linear(400, 120),
        "hidden.1.linear": nn.Linear(120, 84),
        "head": nn.Linear(84, case["classes"]),
    }
    first, second, *hidden, head = named.values()
    pooled = [layer for convolution in (first, second)
              for layer in (convolution, nn.ReLU(), nn.MaxPool2d(2))]
    units = [layer for linear in hidden for layer in (linear, nn.ReLU())]
    return nn.Sequential(*pooled, nn.Flatten(), *units, head), named


class Unit(nn.Module):
    """A convolution of 3x3 and its batch norm."""

    def __init__(self, inputs: int, outputs: int, stride: int):
        super().__init__()
        self.convolution = nn.Conv2d(inputs, outputs, 3, stride, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(outputs)

    def forward(self, x: Tensor) -> Tensor:
        return self.norm(self.convolution(x))


class Block(nn.Module):
    """Two units beside a shortcut."""

    def __init__(self, inputs: int, outputs: int, stride: int):
        super().__init__()
        self.first = Unit(inputs, outputs, stride)
        self.second = Unit(outputs, outputs, 1)
        self.shortcut = None
        if stride != 1 or inputs != outputs:
            self.shortcut = nn.Conv2d(inputs, outputs, 1, stride, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        shortcut = x if self.shortcut is None else self.shortcut(x)
        return F.relu(self.second(F.relu(self.first(x))) + shortcut)


class ResNet8(nn.Module):
    """A stem and three blocks of 16, 32 and 64 channels. (He et al. 2016, section 4.2.)"""

    def __init__(self, classes: int):
        super().__init__()
        self.stem = Unit(3, 16, 1)
        self.blocks = nn.Sequential(Block(16, 16, 1), Block(16, 32, 2), Block(32, 64, 2))
        self.head = nn.Linear(64, classes)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.blocks(F.relu(self.stem(x))).mean(dim=(2, 3)))


def resnet8(case: dict, settings: dict) -> tuple[nn.Module, dict[str, nn.Module]]:
    if settings["depth"] != 8:
        raise ValueError(f"expected a residual network of depth 8, found {settings['depth']}")
    model = ResNet8(case["classes"])
    layers = (nn.Linear, nn.Conv2d, nn.BatchNorm2d)
    return model, {name: layer for name, layer in model.named_modules() if isinstance(layer, layers)}
