"""PyTorch's side: the same perceptron, and steps with one technique each, as one writes them there.

    steps.py THREADS

A line `ID STEPS` asks for so many steps from fresh weights with that technique; the answer has the
milliseconds of each. The first line that it says names the techniques.
"""

import json
import platform
import sys
import time

import techniques
import timm
import torch
from torch import nn

WARM_UP = 3
BATCH, CLASSES = 128, 10


def main(threads: int) -> None:
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    name = (f"PyTorch {torch.__version__}, timm {timm.__version__}, "
            f"Python {platform.python_version()}")
    answer({"name": name, "techniques": sorted(techniques.ALL)})
    for line in sys.stdin:
        technique, steps = line.split()
        answer({"milliseconds": turn(technique, int(steps))})


def turn(technique: str, steps: int) -> list[float]:
    """Milliseconds of each step behind the warm-up. Every batch is drawn from the examples."""
    inputs = torch.rand((WARM_UP + steps) * BATCH, 784)
    labels = torch.randint(CLASSES, (len(inputs),))
    step = techniques.ALL[technique](perceptron(0.2 if technique == "dropout" else 0.0))
    order = torch.randperm(len(inputs)).split(BATCH)
    milliseconds = []
    last = time.perf_counter()
    for index in order:
        step(inputs[index], labels[index])
        now = time.perf_counter()
        milliseconds.append((now - last) * 1e3)
        last = now
    return milliseconds[WARM_UP:]


def perceptron(dropout: float) -> nn.Module:
    """784-512-512-10 with ReLU, with dropout behind both hidden layers or without."""
    layers: list[nn.Module] = []
    for inputs, units in [(784, 512), (512, 512)]:
        layers += [nn.Linear(inputs, units), nn.ReLU()]
        if dropout > 0:
            layers.append(nn.Dropout(dropout))
    return nn.Sequential(*layers, nn.Linear(512, CLASSES))


def answer(message: dict) -> None:
    print(json.dumps(message), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
