"""Alpha dropout by PyTorch, DropBlock and rates of stochastic depth by timm.

Writes drops.json beside this file.
"""

import json
import pathlib

import timm
import torch
from timm.layers import calculate_drop_path_rates, drop_block_2d

PLANE = (9, 11)
PLANES = 2


def alpha_dropout(rate):
    """What becomes of 0 and of 1 where they are kept, and of 0 where it is dropped."""
    torch.manual_seed(1)
    zeros = torch.zeros(1000, dtype=torch.float64)
    values = [torch.nn.functional.alpha_dropout(zeros + x, rate, training=True) for x in (0, 1)]
    dropped = set(values[0].tolist()) & set(values[1].tolist())
    (lowest,) = dropped
    (zero,), (one,) = [set(value.tolist()) - dropped for value in values]
    return [zero, one, lowest]


def drop_block(block):
    """A mask for squares that begin where chance says, and where they begin."""
    generator = torch.Generator().manual_seed(block)
    starts = [side + 1 - min(side, block) for side in PLANE]
    chance = 2 / (starts[0] * starts[1])
    begins = (torch.rand(PLANES, *starts, generator=generator) < chance).double()
    # timm marks squares by their centres.
    centres = torch.zeros(PLANES, 1, *PLANE, dtype=torch.float64)
    half = [min(side, block) // 2 for side in PLANE]
    centres[:, 0, half[0]:half[0] + starts[0], half[1]:half[1] + starts[1]] = begins
    drawn = torch.Tensor.bernoulli_
    torch.Tensor.bernoulli_ = lambda mask, _: mask.copy_(centres)
    try:
        mask = drop_block_2d(torch.ones_like(centres), drop_prob=0.1, block_size=block)
    finally:
        torch.Tensor.bernoulli_ = drawn
    return begins, mask


def numbers(tensor):
    return [round(value, 8) for value in tensor.flatten().tolist()]


result = {
    "versions": {"torch": torch.__version__.split("+")[0], "timm": timm.__version__},
    "alpha_dropout": [number for rate in (0.2, 0.5, 0.8) for number in alpha_dropout(rate)],
    "drop_path_rates": calculate_drop_path_rates(0.2, 9),
}
for block in (2, 3, 4, 7):
    begins, mask = drop_block(block)
    result[f"begins_{block}"] = numbers(begins)
    result[f"drop_block_{block}"] = numbers(mask)
lines = ",\n".join(f" {json.dumps(key)}: {json.dumps(value)}" for key, value in result.items())
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text("{\n" + lines + "\n}\n")
