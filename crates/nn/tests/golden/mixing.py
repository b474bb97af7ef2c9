"""Mixup and CutMix by timm, and cross-entropies on mixed targets with class weights by PyTorch.

Writes mixing.json beside this file.
"""

import json
import pathlib

import numpy
import timm
import torch
from timm.data import mixup as timm_mixup
from torch.nn.functional import cross_entropy, one_hot

CLASSES, LABELS, SHAPE = 4, [0, 3, 1, 2, 1, 3], [2, 5, 4]
COUNT = len(LABELS)
# λ of each draw, and whether it is CutMix's. timm reads as many as a mode has draws.
LAMBDAS = [0.3, 0.85, 1.0, 0.02, 0.5, 0.64]


def images():
    numbers = torch.arange(COUNT * SHAPE[0] * SHAPE[1] * SHAPE[2], dtype=torch.float64)
    return (torch.sin(numbers * 1.7) * 100).round().reshape(COUNT, *SHAPE) / 100


def mixed(mode, cut, smoothing):
    """timm's own class with λ and boxes written down instead of drawn unseen."""
    numpy.random.seed(5)
    boxes = []

    def box_and_lambda(*args, **kwargs):
        box, lam = original(*args, **kwargs)
        boxes.append([int(side) for side in box])
        return box, lam

    original, timm_mixup.cutmix_bbox_and_lam = timm_mixup.cutmix_bbox_and_lam, box_and_lambda
    mixer = timm_mixup.Mixup(
        mixup_alpha=1.0, mode=mode, label_smoothing=smoothing, num_classes=CLASSES
    )
    mixer._params_per_batch = lambda: (LAMBDAS[0], cut)
    mixer._params_per_elem = lambda n: (
        numpy.array(LAMBDAS[:n], dtype=numpy.float32), numpy.array([cut] * n)
    )
    # timm leaves λ = 1 alone and draws no box for it.
    draws = {"batch": 1, "pair": COUNT // 2, "elem": COUNT}[mode]
    x, target = images(), torch.tensor(LABELS)
    x, target = mixer(x, target)
    timm_mixup.cutmix_bbox_and_lam = original
    drawn = iter(boxes)
    return {
        "mode": {"elem": "element"}.get(mode, mode),
        "smoothing": smoothing,
        "lambdas": LAMBDAS[:draws],
        "boxes": [next(drawn) if lam < 1 else None for lam in LAMBDAS[:draws]] if cut else None,
        "images": x.flatten().tolist(),
        "targets": target.tolist(),
    }


def solved(logits, targets, weights):
    logits = logits.clone().requires_grad_()
    # PyTorch divides by the examples; wellfit by their weights, before they were mixed.
    total = (one_hot(torch.tensor(LABELS), CLASSES).double() @ weights).sum()
    loss = cross_entropy(logits, targets, weight=weights, reduction="sum") / total
    loss.backward()
    return {"loss": loss.item(), "gradient": logits.grad.tolist()}


logits = torch.cos(torch.arange(COUNT * CLASSES, dtype=torch.float64)).reshape(COUNT, CLASSES)
weights = torch.tensor([0.5, 2.0, 3.25, 1.0], dtype=torch.float64)
cases = [
    mixed(mode, cut, smoothing)
    for mode in ["batch", "pair", "elem"] for cut in [False, True] for smoothing in [0.0, 0.1]
]
for case in cases:
    targets = torch.tensor(case["targets"], dtype=torch.float64)
    case["loss"] = cross_entropy(logits, targets).item()
    case["weighted"] = solved(logits, targets, weights)
result = {
    "versions": {"timm": timm.__version__, "torch": torch.__version__.split("+")[0]},
    "labels": LABELS,
    "shape": SHAPE,
    "before": images().flatten().tolist(),
    "logits": logits.tolist(),
    "weights": weights.tolist(),
    "cases": cases,
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(result) + "\n")
