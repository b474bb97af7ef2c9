"""Lightning: CSVLogger and TensorBoardLogger, steps and epochs, a learning-rate monitor, a test."""

import logging
import shutil
import warnings

import lightning
import torch
from lightning.pytorch.callbacks import Callback, LearningRateMonitor
from lightning.pytorch.loggers import CSVLogger, TensorBoardLogger
from torch.nn.functional import cross_entropy
from torch.utils.data import DataLoader, TensorDataset

from .shared import digits, expect, fresh, plain_names

LIBRARIES = ["lightning", "torch"]
EPOCHS = 6


class Model(lightning.LightningModule):
    def __init__(self):
        super().__init__()
        self.net = torch.nn.Sequential(
            torch.nn.Linear(64, 64), torch.nn.ReLU(), torch.nn.Linear(64, 10)
        )

    def step(self, batch, part, **how):
        x, y = batch
        out = self.net(x)
        loss = cross_entropy(out, y)
        self.log(f"{part}_loss", loss, **how)
        self.log(f"{part}_acc", (out.argmax(1) == y).float().mean(), on_step=False, on_epoch=True)
        return loss

    def training_step(self, batch):
        return self.step(batch, "train", on_step=True, on_epoch=True)

    def validation_step(self, batch):
        return self.step(batch, "val")

    def test_step(self, batch):
        return self.step(batch, "test")

    def configure_optimizers(self):
        optimizer = torch.optim.Adam(self.parameters(), 0.02)
        return [optimizer], [torch.optim.lr_scheduler.StepLR(optimizer, 3)]


class Recorder(Callback):
    """What the trainer knew at the end of each epoch."""

    def __init__(self):
        self.run = {}

    def on_train_epoch_end(self, trainer, module):
        names = {
            "train_loss_epoch": "train.loss", "train_acc": "train.accuracy",
            "val_loss": "validation.loss", "val_acc": "validation.accuracy",
        }
        for raw, name in names.items():
            value = trainer.callback_metrics[raw].item()
            self.run.setdefault(name, []).append([trainer.current_epoch, value])


def make():
    logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)
    warnings.filterwarnings("ignore")
    folder = fresh("lightning")
    lightning.seed_everything(0)
    train, validation = [
        DataLoader(TensorDataset(*map(torch.from_numpy, part)), 20) for part in digits()
    ]
    recorder = Recorder()
    trainer = lightning.Trainer(
        max_epochs=EPOCHS, log_every_n_steps=2, accelerator="cpu", enable_progress_bar=False,
        logger=[CSVLogger(folder, "csv", ""), TensorBoardLogger(folder, "board", "")],
        callbacks=[recorder, LearningRateMonitor("step")], enable_checkpointing=False,
        enable_model_summary=False,
    )
    model = Model()
    trainer.fit(model, train, validation)
    trainer.test(model, validation, verbose=False)
    for leftover in folder.rglob("hparams.yaml"):
        leftover.unlink()
    expect("lightning_csv", "lightning/csv/metrics.csv", "lightning", [recorder.run], LIBRARIES)
    plain_names(folder)
