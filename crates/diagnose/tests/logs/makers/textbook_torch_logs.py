"""The textbook's rows by Lightning: CSVLogger with torchmetrics."""

import logging
import shutil
import warnings

import lightning
import torch
import torchmetrics
from lightning.pytorch.callbacks import Callback
from lightning.pytorch.loggers import CSVLogger
from torch.utils.data import DataLoader, TensorDataset

from .textbook import FOLDER, cases, examples, label

METRICS = {
    "classification": {
        "accuracy": torchmetrics.classification.BinaryAccuracy,
        "f1": torchmetrics.classification.BinaryF1Score,
        "precision": torchmetrics.classification.BinaryPrecision,
        "recall": torchmetrics.classification.BinaryRecall,
    },
    "regression": {
        "mse": torchmetrics.MeanSquaredError,
        "mae": torchmetrics.MeanAbsoluteError,
        "r2": torchmetrics.R2Score,
    },
}


class Model(lightning.LightningModule):
    def __init__(self, task, overfit):
        super().__init__()
        width = 128 if overfit else 12
        self.net = torch.nn.Sequential(
            torch.nn.Linear(12, width), torch.nn.ReLU(), torch.nn.Linear(width, width),
            torch.nn.ReLU(), torch.nn.Linear(width, 1),
        )
        classifies = task == "classification"
        self.loss = torch.nn.BCEWithLogitsLoss() if classifies else torch.nn.MSELoss()
        self.decay = 0.0 if overfit else 1e-2
        self.metrics = torch.nn.ModuleDict({
            part: torch.nn.ModuleDict({name: made() for name, made in METRICS[task].items()})
            for part in ["fit", "val"]
        })

    def step(self, batch, part, metrics):
        x, y = batch
        out = self.net(x).squeeze(1)
        loss = self.loss(out, y.float())
        self.log(f"{part}_loss", loss, on_step=False, on_epoch=True)
        for name, metric in metrics.items():
            metric(out, y)
            self.log(f"{part}_{name}", metric, on_step=False, on_epoch=True)
        return loss

    def training_step(self, batch):
        return self.step(batch, "train", self.metrics["fit"])

    def validation_step(self, batch):
        self.step(batch, "val", self.metrics["val"])

    def configure_optimizers(self):
        return torch.optim.AdamW(self.parameters(), 0.003, weight_decay=self.decay)


class Recorder(Callback):
    """What the trainer knew at the end of each epoch."""

    def __init__(self):
        self.train, self.validation = {}, {}

    def on_train_epoch_end(self, trainer, module):
        for name, value in trainer.callback_metrics.items():
            part, metric = name.split("_", 1)
            of = self.train if part == "train" else self.validation
            of.setdefault(metric, []).append(value.item())


def make():
    logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)
    warnings.filterwarnings("ignore")
    torch.set_num_threads(1)
    for task, overfit, name in cases():
        lightning.seed_everything(1)
        train, validation = [
            DataLoader(TensorDataset(*map(torch.from_numpy, part)), size, shuffle=shuffle)
            for part, size, shuffle in zip(examples(task, overfit), [50, 500], [True, False])
        ]
        folder, recorder = FOLDER / "lightning" / name, Recorder()
        shutil.rmtree(folder, ignore_errors=True)
        trainer = lightning.Trainer(
            max_epochs=60 if overfit else 25, log_every_n_steps=1000, accelerator="cpu",
            logger=CSVLogger(folder.parent, name, ""), callbacks=[recorder], enable_checkpointing=False,
            enable_progress_bar=False, enable_model_summary=False, num_sanity_val_steps=0,
        )
        trainer.fit(Model(task, overfit), train, validation)
        (folder / "hparams.yaml").unlink(missing_ok=True)
        log = f"lightning/{name}/metrics.csv"
        label(f"lightning_{name}", log, "lightning", overfit, recorder.train, recorder.validation)
