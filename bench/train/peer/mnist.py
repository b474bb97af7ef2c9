"""PyTorch's side of the whole run: reads MNIST, trains, keeps the best epoch, tests it.

    mnist.py THREADS FOLDER SETTINGS
"""

import copy
import gzip
import json
import sys
import time
from pathlib import Path

import models
import torch
import training
from torch import Tensor, nn
from torch.nn import functional as F

# As wellfit evaluates: so many rows at once, and after an epoch no more training images than these.
ROWS = 1024
CLEAN = 10_000


def main(threads: int, folder: Path, settings: dict) -> None:
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    case = settings["case"]
    inputs, labels = part(folder, "train")
    order = torch.randperm(len(inputs))
    validation, train = order.split([settings["validation"], len(order) - settings["validation"]])
    validation = inputs[validation], labels[validation]
    inputs, labels = inputs[train], labels[train]
    model, _ = models.build(case)
    model.apply(initialize)
    began = time.perf_counter()
    fit(case, model, inputs, labels, validation, settings["epochs"])
    seconds = time.perf_counter() - began
    _, accuracy = evaluate(model, *part(folder, "t10k"))
    told = {"training_seconds": seconds, "peak_mib": peak_mib(), "test_accuracy": accuracy}
    print(json.dumps(told))


def part(folder: Path, name: str) -> tuple[Tensor, Tensor]:
    """Flat images in [0, 1] and their labels; the headers are 16 and 8 bytes long."""
    images = idx(folder / f"{name}-images-idx3-ubyte", 16).reshape(-1, 784)
    return images.float().div_(255), idx(folder / f"{name}-labels-idx1-ubyte", 8).long()


def idx(path: Path, header: int) -> Tensor:
    packed = path.with_name(path.name + ".gz")
    data = gzip.decompress(packed.read_bytes()) if packed.exists() else path.read_bytes()
    return torch.frombuffer(bytearray(data), dtype=torch.uint8, offset=header)


def initialize(layer: nn.Module) -> None:
    """The initial weights of wellfit's perceptron: He's normal ones, biases 0."""
    if isinstance(layer, nn.Linear):
        nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
        nn.init.zeros_(layer.bias)


def fit(case: dict, model: nn.Module, inputs: Tensor, labels: Tensor,
        validation: tuple[Tensor, Tensor], epochs: int) -> None:
    """Trains, evaluates after every epoch, and ends with the weights of the best one."""
    step = training.Step(case, model)
    clean = torch.randperm(len(inputs))[:CLEAN]
    clean = inputs[clean], labels[clean]
    lowest, best = float("inf"), None
    for _ in range(epochs):
        model.train()
        for batch in training.epoch(inputs, labels, case["batch"]):
            step(*batch)
        evaluate(model, *clean)
        loss, _ = evaluate(model, *validation)
        if loss < lowest:
            lowest, best = loss, copy.deepcopy(model.state_dict())
    model.load_state_dict(best)


@torch.no_grad()
def evaluate(model: nn.Module, inputs: Tensor, labels: Tensor) -> tuple[float, float]:
    """Mean loss and accuracy."""
    model.eval()
    loss, right = 0.0, 0
    for rows, wanted in zip(inputs.split(ROWS), labels.split(ROWS), strict=True):
        outputs = model(rows)
        loss += F.cross_entropy(outputs, wanted, reduction="sum").item()
        right += (outputs.argmax(1) == wanted).sum().item()
    return loss / len(inputs), right / len(inputs)


def peak_mib() -> float | None:
    """Highest resident memory of this process, read as on wellfit's side."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    found = [int(line.split()[1]) for line in lines if line.startswith("VmHWM:")]
    return found[0] / 1024 if found else None


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), json.loads(sys.argv[3]))
