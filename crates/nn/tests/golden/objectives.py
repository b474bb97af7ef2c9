"""R-Drop, distillation and the confidence penalty by PyTorch, with their gradients.

Writes objectives.json beside this file.
"""

import json
import pathlib

import torch
from torch.nn.functional import (
    binary_cross_entropy_with_logits, cross_entropy, kl_div, log_softmax, softmax,
)

FIRST = [
    [2.0, -1.0, 0.5], [0.3, 0.1, -0.4], [-1.5, 0.2, 1.1], [0.0, 0.0, 0.0], [3.0, -2.0, 4.0],
]
SECOND = [
    [1.0, -0.5, 0.8], [-0.3, 0.9, 0.4], [-2.5, 1.2, 1.0], [0.5, -0.5, 0.1], [2.0, -1.0, 1.0],
]
LABELS = [0, 2, 1, 1, 0]
ALPHA, BETA, TEMPERATURE, WEIGHT = 0.7, 0.3, 4.0, 0.6


def tensor(values):
    return torch.tensor(values, dtype=torch.float64)


labels = torch.tensor(LABELS)
hot = torch.nn.functional.one_hot(labels, 3).double()


def solved(loss_of, *starts):
    logits = [tensor(start).requires_grad_() for start in starts]
    loss = loss_of(*logits)
    loss.backward()
    return {"loss": loss.item(), "gradients": [z.grad.tolist() for z in logits]}


def kl(p, q):
    """KL(p | q) of softmax probabilities, a mean over the batch."""
    return kl_div(log_softmax(q, 1), log_softmax(p, 1), reduction="batchmean", log_target=True)


def kl_sigmoid(p, q):
    """The same of independent Bernoulli probabilities."""
    of = torch.distributions.Bernoulli
    kl_each = torch.distributions.kl_divergence(of(logits=p), of(logits=q))
    return kl_each.sum(1).mean()


def sigmoid_loss(z):
    return binary_cross_entropy_with_logits(z, hot, reduction="none").sum(1).mean()


def r_drop(first, second):
    data = cross_entropy(first, labels) + cross_entropy(second, labels)
    return data + ALPHA * 0.5 * (kl(first, second) + kl(second, first))


def r_drop_sigmoid(first, second):
    data = sigmoid_loss(first) + sigmoid_loss(second)
    return data + ALPHA * 0.5 * (kl_sigmoid(first, second) + kl_sigmoid(second, first))


def distillation(student):
    teacher = softmax(tensor(SECOND) / TEMPERATURE, 1)
    taught = kl_div(log_softmax(student / TEMPERATURE, 1), teacher, reduction="batchmean")
    return (1 - WEIGHT) * cross_entropy(student, labels) + WEIGHT * TEMPERATURE**2 * taught


def distillation_sigmoid(student):
    taught = kl_sigmoid(tensor(SECOND) / TEMPERATURE, student / TEMPERATURE)
    return (1 - WEIGHT) * sigmoid_loss(student) + WEIGHT * TEMPERATURE**2 * taught


def confidence_penalty(z):
    entropy = torch.distributions.Categorical(logits=z).entropy()
    return cross_entropy(z, labels) - BETA * entropy.mean()


def confidence_penalty_sigmoid(z):
    entropy = torch.distributions.Bernoulli(logits=z).entropy()
    return sigmoid_loss(z) - BETA * entropy.sum(1).mean()


result = {
    "versions": {"torch": torch.__version__.split("+")[0]},
    "first": FIRST,
    "second": SECOND,
    "labels": LABELS,
    "alpha": ALPHA,
    "beta": BETA,
    "temperature": TEMPERATURE,
    "weight": WEIGHT,
    "r_drop": solved(r_drop, FIRST, SECOND),
    "r_drop_sigmoid": solved(r_drop_sigmoid, FIRST, SECOND),
    "distillation": solved(distillation, FIRST),
    "distillation_sigmoid": solved(distillation_sigmoid, FIRST),
    "confidence_penalty": solved(confidence_penalty, FIRST),
    "confidence_penalty_sigmoid": solved(confidence_penalty_sigmoid, FIRST),
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(result, indent=1) + "\n")
