"""Ultralytics YOLO: results.csv of a tiny detector on drawn squares."""

import shutil
import tempfile
import pathlib

import numpy as np
from PIL import Image
from ultralytics import YOLO

from .shared import expect, fresh, points

LIBRARIES = ["ultralytics"]
LOSSES = ["box_loss", "cls_loss", "dfl_loss"]


def draw(folder, count):
    """Pictures with one white square each, with its label."""
    chance = np.random.default_rng(0)
    for kind in ("images", "labels"):
        (folder / kind).mkdir(parents=True)
    for number in range(count):
        x, y = chance.integers(8, 40, 2)
        pixels = chance.integers(0, 60, (64, 64, 3)).astype("uint8")
        pixels[y : y + 16, x : x + 16] = 255
        Image.fromarray(pixels).save(folder / "images" / f"{number}.png")
        label = f"0 {(x + 8) / 64} {(y + 8) / 64} .25 .25\n"
        (folder / "labels" / f"{number}.txt").write_text(label)


def make():
    folder = fresh("ultralytics")
    seen = {}

    def record(trainer):
        train = trainer.label_loss_items(trainer.tloss, prefix="train")
        for raw, value in {**train, **trainer.metrics}.items():
            seen.setdefault(raw, []).append(float(f"{float(value):.6g}"))

    with tempfile.TemporaryDirectory() as scratch:
        data = pathlib.Path(scratch)
        draw(data / "train", 16)
        draw(data / "val", 8)
        (data / "data.yaml").write_text(f"path: {data}\ntrain: train/images\nval: val/images\nnames: [square]\n")
        model = YOLO("yolov8n.yaml")
        model.add_callback("on_fit_epoch_end", record)
        model.train(
            data=data / "data.yaml", epochs=5, imgsz=64, batch=8, device="cpu", workers=0,
            project=str(data / "runs"), plots=False, save=False, verbose=False, pretrained=False, seed=0,
        )
        shutil.copy(next((data / "runs").rglob("results.csv")), folder / "results.csv")
    part = {"train": "train", "val": "validation"}
    run = {
        f"{name}.{loss}": points(seen[f"{raw}/{loss}"][:5], 1)
        for raw, name in part.items() for loss in LOSSES
    }
    run["validation.map50_95"] = points(seen["metrics/mAP50-95(B)"][:5], 1)
    expect("ultralytics", "ultralytics/results.csv", "yolo", [run], LIBRARIES)
