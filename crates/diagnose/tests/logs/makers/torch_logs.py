"""PyTorch's SummaryWriter, and the lines that its own examples print."""

import contextlib
import io

import torch
from torch.nn.functional import cross_entropy
from torch.utils.tensorboard import SummaryWriter

from .shared import digits, expect, fresh, points, plain_names

LIBRARIES = ["torch", "tensorboard"]
EPOCHS = 8


class Training:
    """A plain training loop; every epoch gives the four usual numbers."""

    def __init__(self):
        torch.manual_seed(0)
        self.train, self.validation = [
            tuple(map(torch.from_numpy, part)) for part in digits()
        ]
        self.model = torch.nn.Sequential(
            torch.nn.Linear(64, 64), torch.nn.ReLU(), torch.nn.Linear(64, 10)
        )
        self.optimizer = torch.optim.Adam(self.model.parameters(), 0.02)

    def batches(self):
        """One epoch: losses of its batches."""
        x, y = self.train
        for at in range(0, len(x), 30):
            loss = cross_entropy(self.model(x[at : at + 30]), y[at : at + 30])
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()
            yield loss.item()

    def score(self, part):
        x, y = part
        with torch.no_grad():
            out = self.model(x)
            return cross_entropy(out, y).item(), (out.argmax(1) == y).sum().item()


def make_events(folder):
    training, seen = Training(), []
    one, many = SummaryWriter(folder / "tags"), SummaryWriter(folder / "scalars")
    for epoch in range(EPOCHS):
        list(training.batches())
        train, validation = training.score(training.train), training.score(training.validation)
        seen.append((train[0], validation[0], train[1] / 120, validation[1] / 120))
        for tag, value in zip(["Loss/train", "Loss/val", "Accuracy/train", "Accuracy/val"], seen[-1]):
            one.add_scalar(tag, value, epoch)
        many.add_scalars("Loss", {"train": train[0], "valid": validation[0]}, epoch)
        if epoch == 0:
            one.add_histogram("bias", training.model[2].bias, epoch)
    one.close()
    many.close()
    names = ["train.loss", "validation.loss", "train.accuracy", "validation.accuracy"]
    run = {name: points(values) for name, values in zip(names, zip(*seen))}
    expect("torch_tags", "torch/tags", "tensorboard", [run], LIBRARIES)
    losses = {name: run[name] for name in names[:2]}
    expect("torch_scalars", "torch/scalars", "tensorboard", [losses], LIBRARIES)


def make_restarted(folder):
    """A run that stopped at step 6 and went on from a checkpoint of step 4."""
    for name, steps in {"a": range(0, 7), "b": range(4, 9)}.items():
        writer = SummaryWriter(folder / "restarted", purge_step=steps[0] or None, filename_suffix=f".{name}")
        for step in steps:
            writer.add_scalar("loss/train", 1 / (step + 1) + (name == "b"), step)
        writer.close()
    values = [1 / (step + 1) + (step >= 4) for step in range(9)]
    expect("torch_restarted", "torch/restarted", "tensorboard", [{"train.loss": points(values)}], LIBRARIES)


def mnist_example(training):
    """The lines of pytorch/examples, mnist."""
    run = {"train.loss": [], "validation.loss": [], "validation.accuracy": []}
    for epoch in range(1, EPOCHS + 1):
        losses = []
        for number, loss in enumerate(training.batches()):
            share = 100.0 * number / 4
            print(f"Train Epoch: {epoch} [{number * 30}/120 ({share:.0f}%)]\tLoss: {loss:.6f}")
            losses.append(float(f"{loss:.6f}"))
        loss, right = training.score(training.validation)
        print(f"\nTest set: Average loss: {loss:.4f}, Accuracy: {right}/120 ({right / 1.2:.0f}%)\n")
        run["train.loss"].append([epoch, sum(losses) / len(losses)])
        run["validation.loss"].append([epoch, float(f"{loss:.4f}")])
        run["validation.accuracy"].append([epoch, right / 120])
    return run


def tutorial(training):
    """The lines of PyTorch's tutorial on transfer learning."""
    run = {f"{p}.{m}": [] for p in ["train", "validation"] for m in ["loss", "accuracy"]}
    for epoch in range(EPOCHS):
        print(f"Epoch {epoch}/{EPOCHS - 1}\n----------")
        list(training.batches())
        for part, name in {"train": "train", "val": "validation"}.items():
            loss, right = training.score(getattr(training, name))
            print(f"{part} Loss: {loss:.4f} Acc: {right / 120:.4f}")
            run[f"{name}.loss"].append([epoch, float(f"{loss:.4f}")])
            run[f"{name}.accuracy"].append([epoch, float(f"{right / 120:.4f}")])
        print()
    print("Training complete in 0m 1s\nBest val Acc: 0.900000")
    return run


def make():
    folder = fresh("torch")
    make_events(folder)
    make_restarted(folder)
    for name, loop in {"mnist_example": mnist_example, "tutorial": tutorial}.items():
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            run = loop(Training())
        (folder / f"{name}.txt").write_text(out.getvalue())
        expect(f"torch_{name}", f"torch/{name}.txt", "text", [run], ["torch"])
    plain_names(folder)
