"""Images under torchvision's functions with fixed parameters, against which wellfit's are held.

Writes augmentation.json beside this file. All in 64 bits, so that the numbers are those of the
formulas; written to 9 digits.
"""

import json
import math
import pathlib

import timm
import torch
import torchvision
from timm.data import auto_augment
from torchvision.transforms import v2
from torchvision.transforms.v2 import functional as F

BILINEAR = v2.InterpolationMode.BILINEAR
HEIGHT, WIDTH = 6, 5


def numbers(channels, height, width):
    """Pixels between 0 and 1 that are whole bytes, as those of pictures."""
    count = channels * height * width
    values = [round(255 * (0.5 + 0.5 * math.sin(1.7 * i + 0.3))) / 255 for i in range(count)]
    return torch.tensor(values, dtype=torch.float64).reshape(channels, height, width)


def rounded(values):
    return [round(value, 9) for value in values.flatten().tolist()]


images = {
    "colour": numbers(3, HEIGHT, WIDTH),
    "grey": numbers(1, HEIGHT, WIDTH),
    "large": numbers(1, 20, 24),
}
cases = []


def case(op, image, result, **arguments):
    cases.append({"op": op, "image": image, **arguments, "values": rounded(result)})


colour, grey, large = images.values()
case("flip", "colour", F.vertical_flip(F.horizontal_flip(colour)), horizontal=True, vertical=True)
case("flip", "colour", F.horizontal_flip(colour), horizontal=True, vertical=False)
case("flip", "colour", F.vertical_flip(colour), horizontal=False, vertical=True)
for mode in ["constant", "edge", "reflect"]:
    padded = F.pad(colour, [2, 2, 2, 2], padding_mode=mode)
    for down, right in [(-2, 1), (2, 2)]:
        result = F.crop(padded, 2 + down, 2 + right, HEIGHT, WIDTH)
        case("crop", "colour", result, mode=mode, shift=[down, right])
for region in [[1, 0, 4, 3], [0, 2, 6, 3], [2, 1, 1, 4]]:
    result = F.resized_crop(colour, *region, [HEIGHT, WIDTH], BILINEAR, antialias=True)
    case("resized_crop", "colour", result, region=region)
for degrees in [17.0, -45.0, 90.0, 130.0]:
    case("rotate", "colour", F.rotate(colour, degrees, BILINEAR), degrees=degrees)
# Filled by the mean of each channel. torchvision's own `fill` counts the share of the image twice
# where a pixel lies partly outside; without it the outside is 0, so the mean is taken off before.
means = colour.mean((1, 2), keepdim=True)
result = F.rotate(colour - means, 30.0, BILINEAR) + means
case("rotate", "colour", result, degrees=30.0, fill="mean")
for motion in [
    dict(angle=20.0, translate=[1, -2], scale=1.2, shear=[10.0, 0.0]),
    dict(angle=-35.0, translate=[0, 1], scale=0.8, shear=[-8.0, 15.0]),
    dict(angle=0.0, translate=[0, 0], scale=1.5, shear=[0.0, 25.0]),
]:
    result = F.affine(colour, interpolation=BILINEAR, **motion)
    case("affine", "colour", result, **motion)
for sigma in [0.4, 0.6, 1.2]:
    size = 2 * math.ceil(3 * sigma) + 1
    case("blur", "colour", F.gaussian_blur(colour, [size, size], [sigma, sigma]), sigma=sigma)
for image in ["colour", "grey"]:
    pixels = images[image]
    for factor in [0.3, 1.6]:
        case("brightness", image, F.adjust_brightness(pixels, factor), factor=factor)
        case("contrast", image, F.adjust_contrast(pixels, factor), factor=factor)
        case("saturation", image, F.adjust_saturation(pixels, factor), factor=factor)
    for turn in [-0.4, 0.13]:
        case("hue", image, F.adjust_hue(pixels, turn), turn=turn)
case("grayscale", "colour", F.rgb_to_grayscale(colour, 3))
jittered = F.adjust_hue(colour, -0.1)
jittered = F.adjust_brightness(jittered, 1.2)
jittered = F.adjust_saturation(jittered, 0.7)
jittered = F.adjust_contrast(jittered, 1.3)
case("jitter", "colour", jittered, order=[3, 0, 2, 1], factors=[1.2, 1.3, 0.7], turn=-0.1)

randomly = v2.RandAugment(interpolation=BILINEAR)
for kind, strength in {
    "Identity": 0.0,
    "ShearX": 0.3,
    "ShearY": -0.2,
    "TranslateX": 1.9,
    "TranslateY": -2.2,
    "Rotate": 25.0,
    "Brightness": -0.4,
    "Color": 0.5,
    "Contrast": 0.6,
    "Sharpness": -0.7,
    "Posterize": 3.0,
    "Solarize": 0.6,
    "AutoContrast": 0.0,
}.items():
    result = randomly._apply_image_or_video_transform(colour, kind, strength, BILINEAR, {})
    case("operation", "colour", result, kind=kind, strength=strength)
result = randomly._apply_image_or_video_transform(large, "Equalize", 0.0, BILINEAR, {})
case("operation", "large", result, kind="Equalize", strength=0.0)


def strengths(technique, steps):
    """Every kind's strength at each step, for an image of 40 rows and 50 columns."""
    space = technique._AUGMENTATION_SPACE
    made = {kind: make(steps, 40, 50) for kind, (make, _) in space.items()}
    made = {kind: [0.0] * steps if all_ is None else all_.tolist() for kind, all_ in made.items()}
    return {kind: [round(value, 5) for value in values] for kind, values in made.items()}


def without_inc(steps):
    """What timm's levels come to without `inc`, in our units, at each step of the magnitude."""
    made = {}
    for kind, level_to_arg, unit in [
        ("Posterize", auto_augment._posterize_level_to_arg, lambda bits: float(bits)),
        ("Solarize", auto_augment._solarize_level_to_arg, lambda threshold: threshold / 256),
        ("Brightness", auto_augment._enhance_level_to_arg, lambda factor: factor - 1),
        ("Color", auto_augment._enhance_level_to_arg, lambda factor: factor - 1),
        ("Contrast", auto_augment._enhance_level_to_arg, lambda factor: factor - 1),
        ("Sharpness", auto_augment._enhance_level_to_arg, lambda factor: factor - 1),
    ]:
        levels = [10 * step / (steps - 1) for step in range(steps)]
        made[kind] = [round(unit(level_to_arg(level, {})[0]), 5) for level in levels]
    return made


result = {
    "versions": {
        "timm": timm.__version__,
        "torch": torch.__version__.split("+")[0],
        "torchvision": torchvision.__version__.split("+")[0],
    },
    "images": {
        name: {"shape": list(image.shape), "values": rounded(image)}
        for name, image in images.items()
    },
    "cases": cases,
    "strengths": {
        "rand_augment": strengths(v2.RandAugment, 31),
        "trivial_augment": strengths(v2.TrivialAugmentWide, 31),
        "aug_mix": strengths(v2.AugMix, 10),
        "without_inc": without_inc(31),
    },
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(result, separators=(",", ":")).replace('{"op"', '\n{"op"') + "\n")
