"""Logs of programs that cannot run here, written in the format that their sources show.

Burn: burn-train 0.22, `logger/metric.rs` and `metric/base.rs`. Detectron2: `JSONWriter`. nanoGPT:
`train.py`. Weights & Biases: the CSV that the page of a chart exports. wellfit: `metrics.jsonl`.
"""

import json

from .shared import expect, fresh, points

TRAIN = [0.9, 0.6, 0.45, 0.3]
VALIDATION = [0.95, 0.7, 0.65, 0.8]


def make_burn(folder):
    for epoch, (train, validation) in enumerate(zip(TRAIN, VALIDATION), 1):
        for part, loss in {"train": train, "valid": validation}.items():
            below = folder / "burn" / part / f"epoch-{epoch}"
            below.mkdir(parents=True)
            # Two batches of 30 and one of 15 items, whose mean over items is the loss.
            (below / "Loss.log").write_text(f"{loss + 0.1},30\n{loss},30\n{loss - 0.2},15\n")
            (below / "Accuracy.log").write_text(f"50,30\n60,30\n{100 - 100 * loss},final\n")
            (below / "CudaMetric.log").write_text("Gpu #0 - Usage 3 %\n")
        (folder / "burn" / "train" / f"epoch-{epoch}" / "Learning_Rate.log").write_text("0.01\n0.01\n")
    (folder / "burn" / "experiment.log").write_text("INFO burn_train: started\n")
    accuracy = lambda losses: [100 - 100 * loss for loss in losses]
    run = {
        "train.loss": points(TRAIN, 1), "validation.loss": points(VALIDATION, 1),
        "train.accuracy": points(accuracy(TRAIN), 1), "validation.accuracy": points(accuracy(VALIDATION), 1),
        "online.learning_rate": points([0.01] * 4, 1),
    }
    expect("by_hand_burn", "by_hand/burn", "burn", [run], [])


def make_detectron2(folder):
    lines = []
    for at, (train, validation) in enumerate(zip(TRAIN, VALIDATION), 1):
        lines.append({"data_time": 0.1, "eta_seconds": 9.0, "iteration": 20 * at - 1, "loss_cls": train / 2,
                      "lr": 0.01, "total_loss": train})
        lines.append({"bbox/AP": 10.0 * at, "iteration": 20 * at - 1, "validation_loss": validation})
    (folder / "detectron2.json").write_text("".join(json.dumps(line) + "\n" for line in lines))
    run = {
        "train.loss": points(TRAIN, 19, 20), "validation.loss": points(VALIDATION, 19, 20),
        "validation.bbox_ap": points([10.0, 20.0, 30.0, 40.0], 19, 20),
    }
    expect("by_hand_detectron2", "by_hand/detectron2.json", "detectron2", [run], [])


def make_nanogpt(folder):
    lines = ["number of parameters: 10.65M\n"]
    for at, (train, validation) in enumerate(zip(TRAIN, VALIDATION)):
        lines.append(f"step {250 * at}: train loss {train:.4f}, val loss {validation:.4f}\n")
        lines.append(f"iter {250 * at}: loss {train + 0.03:.4f}, time 50.12ms, mfu 3.10%\n")
        lines.append("saving checkpoint to out\n")
    (folder / "nanogpt.txt").write_text("".join(lines))
    run = {"train.loss": points(TRAIN, 0, 250), "validation.loss": points(VALIDATION, 0, 250)}
    expect("by_hand_nanogpt", "by_hand/nanogpt.txt", "nanogpt", [run], [])


def make_wandb(folder):
    names = ["Step"]
    for run in ("brisk-sun-1", "dark-sea-2"):
        for metric in ("train_loss", "val_loss"):
            names += [f"{run} - {metric}{end}" for end in ("", "__MIN", "__MAX")]
    rows = [names]
    for at, (train, validation) in enumerate(zip(TRAIN, VALIDATION)):
        first = [train] * 3 + [validation] * 3
        second = [train / 2] * 3 + [validation / 2] * 3 if at < 3 else [""] * 6
        rows.append([at, *first, *second])
    (folder / "wandb.csv").write_text("".join(",".join(f'"{cell}"' for cell in row) + "\n" for row in rows))
    half = lambda values: [value / 2 for value in values[:3]]
    runs = [{"train.loss": points(a), "validation.loss": points(b)}
            for a, b in [(TRAIN, VALIDATION), (half(TRAIN), half(VALIDATION))]]
    expect("by_hand_wandb", "by_hand/wandb.csv", "wandb", runs, [])


def make_wellfit(folder):
    lines = []
    for epoch, (train, validation) in enumerate(zip(TRAIN, VALIDATION), 1):
        lines.append({"epoch": epoch, "online": {"loss": train + 0.1, "learning_rate": 0.01},
                      "train": {"loss": train}, "validation": {"loss": validation if epoch < 4 else "inf"},
                      "seconds": 0.5})
    (folder / "metrics.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    run = {
        "online.loss": points([loss + 0.1 for loss in TRAIN], 1), "train.loss": points(TRAIN, 1),
        "validation.loss": points(VALIDATION[:3] + [float("inf")], 1),
        "online.learning_rate": points([0.01] * 4, 1),
    }
    expect("by_hand_wellfit", "by_hand/metrics.jsonl", "wellfit", [run], [])


def make():
    folder = fresh("by_hand")
    make_burn(folder)
    make_detectron2(folder)
    make_nanogpt(folder)
    make_wandb(folder)
    make_wellfit(folder)
