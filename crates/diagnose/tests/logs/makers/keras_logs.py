"""Keras: CSVLogger (also appended), History, TensorBoard callback, progress bars."""

import contextlib
import io
import json
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import pandas
import tensorflow  # noqa: F401, the backend, which writes event files

from .shared import digits, expect, fresh, points, plain_names

LIBRARIES = ["keras", "tensorflow-cpu"]
PARTS = {"": "train", "val_": "validation"}


def model():
    keras.utils.set_random_seed(1)
    layers = [keras.layers.Dense(64, "relu"), keras.layers.Dense(10, "softmax")]
    made = keras.Sequential([keras.Input((64,)), *layers])
    made.compile(keras.optimizers.Adam(0.02), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return made


def fit(epochs, callbacks=(), verbose=0):
    train, validation = digits()
    history = model().fit(
        *train, 32, epochs, verbose, list(callbacks), validation_data=validation
    )
    return {key: [float(v) for v in values] for key, values in history.history.items()}


def series(history, first=0):
    """What a history means."""
    named = {
        f"{part}.{metric}": points(history[prefix + metric], first)
        for prefix, part in PARTS.items()
        for metric in ["loss", "accuracy"]
    }
    if "learning_rate" in history:
        named["online.learning_rate"] = points(history["learning_rate"], first)
    return named


def make():
    folder = fresh("keras")
    slower = keras.callbacks.ReduceLROnPlateau(patience=2)
    csv = keras.callbacks.CSVLogger(folder / "training.csv")
    history = fit(12, [slower, csv])
    expect("keras_csv", "keras/training.csv", "keras", [series(history)], LIBRARIES)

    glued = [
        fit(epochs, [keras.callbacks.CSVLogger(folder / "appended.csv", ";", append=True)])
        for epochs in (5, 3)
    ]
    expect("keras_appended", "keras/appended.csv", "keras", map(series, glued), LIBRARIES)

    history = fit(8)
    (folder / "history.json").write_text(json.dumps(history))
    pandas.DataFrame(history).to_csv(folder / "history_pandas.csv")
    expect("keras_history", "keras/history.json", "history", [series(history)], LIBRARIES)
    expect("keras_pandas", "keras/history_pandas.csv", "keras", [series(history)], LIBRARIES)

    board = keras.callbacks.TensorBoard(folder / "board", write_graph=False, update_freq="epoch")
    history = fit(6, [board])
    expect("keras_board", "keras/board", "tensorboard", [series(history)], LIBRARIES)

    for name, verbose in {"bars": 1, "lines": 2}.items():
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            history = fit(5, verbose=verbose)
        (folder / f"{name}.txt").write_text(printed.getvalue(), newline="")
        # What is printed is rounded to four figures, and counts from 1.
        rounded = {k: [float(f"{v:.4f}") for v in values] for k, values in history.items()}
        runs = [series(rounded, first=1)]
        expect(f"keras_{name}", f"keras/{name}.txt", "text", runs, LIBRARIES)
    plain_names(folder)
