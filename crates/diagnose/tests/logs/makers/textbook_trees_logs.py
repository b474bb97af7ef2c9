"""The textbook's rows by XGBoost, LightGBM, CatBoost, and a loop over scikit-learn's MLP."""

import json
import os
import shutil
import tempfile
import warnings

import catboost
import lightgbm
import xgboost
from sklearn.neural_network import MLPClassifier, MLPRegressor

from .textbook import ERRORS, FOLDER, SCORES, cases, examples, label


def folder(library):
    (FOLDER / library).mkdir(parents=True, exist_ok=True)
    return FOLDER / library


def make_xgboost(task, overfit, name):
    train, validation = examples(task, overfit)
    settings = dict(n_jobs=1, random_state=0, n_estimators=80)
    settings |= dict(max_depth=7, learning_rate=0.4) if overfit else dict(max_depth=2, learning_rate=0.1, subsample=0.8)
    made, metrics = (
        (xgboost.XGBClassifier, ["logloss", "error"]) if task == "classification" else (xgboost.XGBRegressor, ["rmse", "mae"])
    )
    model = made(eval_metric=metrics, **settings)
    model.fit(*train, eval_set=[train, validation], verbose=False)
    found = model.evals_result()
    (folder("xgboost") / f"{name}.json").write_text(json.dumps(found))
    label(f"xgboost_{name}", f"xgboost/{name}.json", "xgboost", overfit, found["validation_0"], found["validation_1"])


def make_lightgbm(task, overfit, name):
    train, validation = examples(task, overfit)
    classifies = task == "classification"
    settings = {
        "objective": "binary" if classifies else "l2", "num_threads": 1, "seed": 0, "verbose": -1, "deterministic": True,
        "metric": ["binary_logloss", "binary_error"] if classifies else ["l2", "l1"],
    } | ({"num_leaves": 63, "min_data_in_leaf": 3, "learning_rate": 0.3} if overfit else {"num_leaves": 4})
    data, found = lightgbm.Dataset(*train), {}
    lightgbm.train(settings, data, 80, [data, data.create_valid(*validation)], ["train", "valid"], callbacks=[lightgbm.record_evaluation(found)])
    found = {part: dict(metrics) for part, metrics in found.items()}
    (folder("lightgbm") / f"{name}.json").write_text(json.dumps(found))
    short = {"binary_logloss": "logloss", "binary_error": "error", "l2": "l2", "l1": "l1"}
    of = lambda part: {short[metric]: values for metric, values in found[part].items()}
    label(f"lightgbm_{name}", f"lightgbm/{name}.json", "history", overfit, of("train"), of("valid"))


def make_catboost(task, overfit, name):
    train, validation = examples(task, overfit)
    classifies = task == "classification"
    settings = dict(iterations=80, thread_count=1, random_seed=0, verbose=False)
    settings |= dict(depth=8, learning_rate=0.4, l2_leaf_reg=0.1) if overfit else dict(depth=3, learning_rate=0.2, l2_leaf_reg=5)
    made, metrics = (
        (catboost.CatBoostClassifier, ["Accuracy", "F1", "Precision", "Recall"]) if classifies else (catboost.CatBoostRegressor, ["MAE", "R2"])
    )
    at, to = os.getcwd(), folder("catboost") / name
    with tempfile.TemporaryDirectory() as work:
        os.chdir(work)
        # CatBoost skips the scores of training unless told otherwise.
        model = made(custom_metric=[f"{metric}:hints=skip_train~false" for metric in metrics], **settings)
        model.fit(*train, eval_set=validation)
        os.chdir(at)
        shutil.rmtree(to, ignore_errors=True)
        (to / "catboost_info").mkdir(parents=True)
        for error in ["learn_error.tsv", "test_error.tsv"]:
            shutil.copy(f"{work}/catboost_info/{error}", to / "catboost_info" / error)
    found = model.get_evals_result()
    of = lambda part: {metric.split(":")[0].lower(): values for metric, values in found[part].items()}
    log = f"catboost/{name}/catboost_info"
    label(f"catboost_{name}", log, "catboost", overfit, of("learn"), of("validation"))


def make_sklearn(task, overfit, name):
    """A loop as people write it, which keeps a list for each metric."""
    train, validation = examples(task, overfit)
    classifies = task == "classification"
    settings = dict(random_state=1, learning_rate_init=0.003, batch_size=32)
    settings |= dict(hidden_layer_sizes=(128, 128), alpha=0.0) if overfit else dict(hidden_layer_sizes=(12,), alpha=0.01)
    model = MLPClassifier(**settings) if classifies else MLPRegressor(**settings)
    metrics = SCORES if classifies else ERRORS
    history = {f"{part}_{metric}": [] for part in ["train", "val"] for metric in metrics}
    for _ in range(60 if overfit else 25):
        model.partial_fit(*train, **({"classes": [0, 1]} if classifies else {}))
        for part, (x, y) in [("train", train), ("val", validation)]:
            said = model.predict(x)
            for metric, measure in metrics.items():
                history[f"{part}_{metric}"].append(float(measure(y, said)))
    (folder("sklearn") / f"{name}.json").write_text(json.dumps(history))
    of = lambda part: {metric: history[f"{part}_{metric}"] for metric in metrics}
    label(f"sklearn_{name}", f"sklearn/{name}.json", "history", overfit, of("train"), of("val"))


def make():
    warnings.filterwarnings("ignore")
    for case in cases():
        make_xgboost(*case)
        make_lightgbm(*case)
        make_catboost(*case)
        make_sklearn(*case)
