"""fastai: CSVLogger."""

import torch
from fastai.basics import DataLoader, DataLoaders, Learner, accuracy
from fastai.callback.progress import CSVLogger
from torch.nn.functional import cross_entropy
from torch.utils.data import TensorDataset

from .shared import digits, expect, fresh, points

LIBRARIES = ["fastai", "torch"]


def make():
    folder = fresh("fastai")
    torch.manual_seed(0)
    loaders = [
        DataLoader(TensorDataset(*map(torch.from_numpy, part)), 20) for part in digits()
    ]
    model = torch.nn.Sequential(torch.nn.Linear(64, 64), torch.nn.ReLU(), torch.nn.Linear(64, 10))
    learner = Learner(
        DataLoaders(*loaders), model, cross_entropy, metrics=accuracy, path=folder,
        cbs=CSVLogger(), train_bn=False,
    )
    with learner.no_bar(), learner.no_logging():
        learner.fit(6, 0.02)
    names = ["train.loss", "validation.loss", "validation.accuracy"]
    columns = list(zip(*learner.recorder.values))
    run = {name: points(values) for name, values in zip(names, columns)}
    expect("fastai", "fastai/history.csv", "fastai", [run], LIBRARIES)
