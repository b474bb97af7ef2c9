"""The textbook's rows by Keras: CSVLogger with its metrics."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np

from .textbook import FOLDER, cases, examples, label

NAMES = {"loss": "loss", "accuracy": "accuracy", "precision": "precision", "recall": "recall",
         "f1_score": "f1", "mse": "mse", "mae": "mae", "r2_score": "r2"}


def model(task, overfit):
    keras.utils.set_random_seed(1)
    held = None if overfit else keras.regularizers.L2(1e-3)
    width = 128 if overfit else 12
    layers = [keras.layers.Dense(width, "relu", kernel_regularizer=held) for _ in range(2)]
    classifies = task == "classification"
    layers.append(keras.layers.Dense(1, "sigmoid" if classifies else None))
    made = keras.Sequential([keras.Input((12,)), *layers])
    metrics = [keras.metrics.BinaryAccuracy("accuracy"), keras.metrics.Precision(name="precision"),
               keras.metrics.Recall(name="recall"), keras.metrics.F1Score(threshold=0.5, name="f1_score")]
    errors = ["mse", "mae", keras.metrics.R2Score(name="r2_score")]
    made.compile(keras.optimizers.Adam(0.003), "binary_crossentropy" if classifies else "mse",
                 metrics=metrics if classifies else errors)
    return made


def make():
    (FOLDER / "keras").mkdir(parents=True, exist_ok=True)
    for task, overfit, name in cases():
        train, validation = [(x, y.reshape(-1, 1)) for x, y in examples(task, overfit)]
        log = FOLDER / "keras" / f"{name}.csv"
        found = model(task, overfit).fit(
            *train, batch_size=32, epochs=60, verbose=0, validation_data=validation,
            callbacks=[keras.callbacks.CSVLogger(log)],
        ).history
        # F1Score gives a list of one number for each epoch.
        plain = lambda values: [float(np.squeeze(value)) for value in values]
        of = lambda prefix: {
            metric: plain(found[prefix + key]) for key, metric in NAMES.items() if prefix + key in found
        }
        label(f"keras_{name}", f"keras/{name}.csv", "keras", overfit, of(""), of("val_"))
