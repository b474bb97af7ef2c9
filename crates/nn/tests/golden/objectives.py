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
THIRD = [
    [1.5, -2.0, 0.1], [0.9, 0.2, -0.8], [9.0, -30.0, 1.2], [0.1, 0.2, 0.3], [-1.0, 1.0, 2.5],
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


def jensen_shannon(*logits):
    """Of three predictions, as AugMix's program computes it."""
    probabilities = [softmax(z, 1) for z in logits]
    mixture = torch.clamp(sum(probabilities) / len(logits), 1e-7, 1).log()
    divergences = [kl_div(mixture, p, reduction="batchmean") for p in probabilities]
    return sum(divergences) / len(logits)


def jensen_shannon_sigmoid(*logits):
    """The same of independent Bernoulli probabilities."""
    of = torch.distributions.Bernoulli
    mean = of(probs=sum(torch.sigmoid(z) for z in logits) / len(logits))
    kl_each = [torch.distributions.kl_divergence(of(logits=z), mean) for z in logits]
    return sum(kl.sum(1).mean() for kl in kl_each) / len(logits)


result = {
    "versions": {"torch": torch.__version__.split("+")[0]},
    "first": FIRST,
    "second": SECOND,
    "third": THIRD,
    "labels": LABELS,
    "alpha": ALPHA,
    "beta": BETA,
    "temperature": TEMPERATURE,
    "weight": WEIGHT,
    "jensen_shannon": solved(jensen_shannon, FIRST, SECOND, THIRD),
    "jensen_shannon_sigmoid": solved(jensen_shannon_sigmoid, FIRST, SECOND, THIRD),
    "r_drop": solved(r_drop, FIRST, SECOND),
    "r_drop_sigmoid": solved(r_drop_sigmoid, FIRST, SECOND),
    "distillation": solved(distillation, FIRST),
    "distillation_sigmoid": solved(distillation_sigmoid, FIRST),
    "confidence_penalty": solved(confidence_penalty, FIRST),
    "confidence_penalty_sigmoid": solved(confidence_penalty_sigmoid, FIRST),
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(result, indent=1) + "\n")
