"""Hugging Face Trainer: trainer_state.json, and the dictionaries that it prints."""

import contextlib
import io
import json
import logging
import shutil

import torch
from transformers import PrinterCallback, Trainer, TrainingArguments
from torch.nn.functional import cross_entropy

from .shared import digits, expect, fresh

LIBRARIES = ["transformers", "torch"]


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.net = torch.nn.Sequential(
            torch.nn.Linear(64, 64), torch.nn.ReLU(), torch.nn.Linear(64, 10)
        )

    def forward(self, x, labels):
        logits = self.net(x)
        return {"loss": cross_entropy(logits, labels), "logits": logits}


def rows(part):
    return [{"x": torch.tensor(x), "labels": torch.tensor(y)} for x, y in zip(*part)]


def train(folder, evals):
    arguments = TrainingArguments(
        folder / "out", num_train_epochs=5, per_device_train_batch_size=20, learning_rate=0.02,
        eval_strategy="epoch", logging_strategy="epoch", save_strategy="epoch", report_to=[],
        eval_on_start=True, use_cpu=True, disable_tqdm=True, save_total_limit=2,
    )
    accuracy = lambda p: {"accuracy": float((p.predictions.argmax(1) == p.label_ids).mean())}
    trainer = Trainer(Model(), arguments, compute_metrics=accuracy, train_dataset=rows(digits()[0]), eval_dataset=evals)
    trainer.train()
    return trainer


def series(history, prefix="eval_"):
    run = {}
    for entry in history:
        names = {"loss": "train.loss", f"{prefix}loss": "validation.loss",
                 f"{prefix}accuracy": "validation.accuracy", "learning_rate": "online.learning_rate"}
        for raw, name in names.items():
            if raw in entry:
                run.setdefault(name, []).append([entry["epoch"], entry[raw]])
    return run


def make():
    logging.disable(logging.WARNING)
    folder = fresh("transformers")
    validation = rows(digits()[1])
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        trainer = train(folder, validation)
    (folder / "printed.txt").write_text(out.getvalue())
    run = series(trainer.state.log_history)
    for step in (24, 30):
        kept = folder / f"checkpoint-{step}"
        kept.mkdir()
        shutil.copy(folder / "out" / kept.name / "trainer_state.json", kept)
    expect("transformers", "transformers/checkpoint-30/trainer_state.json", "hugging_face", [run], LIBRARIES)
    shutil.rmtree(folder / "out")

    sets = {"first": validation[:60], "second": validation[60:]}
    history = train(folder, sets).state.log_history
    shutil.rmtree(folder / "out")
    (folder / "two_sets.json").write_text(json.dumps(history, indent=1))
    runs = [series(history, f"eval_{name}_") for name in sets]
    expect("transformers_two_sets", "transformers/two_sets.json", "hugging_face", runs, LIBRARIES)
