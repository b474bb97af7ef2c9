"""XGBoost, LightGBM, CatBoost, scikit-learn: what they return, write and print."""

import contextlib
import io
import json
import os

import catboost
import lightgbm
import pandas
import xgboost
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.neural_network import MLPClassifier

from .shared import digits, expect, fresh, points

ROUNDS = 12


def binary():
    (x, y), (vx, vy) = digits()
    return (x, y % 2), (vx, vy % 2)


def printed(path, call):
    """Runs `call` and saves what it prints."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        result = call()
    path.write_text(out.getvalue(), newline="")
    return result


def make_xgboost():
    folder, libraries = fresh("xgboost"), ["xgboost-cpu"]
    train, validation = binary()
    model = xgboost.XGBClassifier(
        n_estimators=ROUNDS, eval_metric=["logloss", "error"], n_jobs=1, random_state=0
    )
    model.fit(*train, eval_set=[train, validation], verbose=False)
    found = model.evals_result()
    (folder / "evals_result.json").write_text(json.dumps(found))
    parts = {"validation_0": "train", "validation_1": "validation"}
    run = {f"{p}.{m}": points(v) for s, p in parts.items() for m, v in found[s].items()}
    expect("xgboost", "xgboost/evals_result.json", "xgboost", [run], libraries)

    sets = [xgboost.DMatrix(*train), xgboost.DMatrix(*validation)]
    found, parameters = {}, {"objective": "binary:logistic", "nthread": 1, "seed": 0}
    watched = list(zip(sets, ["train", "eval"]))
    printed(
        folder / "printed.txt",
        lambda: xgboost.train(parameters, sets[0], ROUNDS, watched, evals_result=found),
    )
    parts = {"train": "train", "eval": "validation"}
    five = lambda values: [float(f"{v:.5f}") for v in values]
    run = {f"{p}.{m}": points(five(v)) for s, p in parts.items() for m, v in found[s].items()}
    expect("xgboost_printed", "xgboost/printed.txt", "xgboost", [run], libraries)

    folds = xgboost.cv(parameters, sets[0], ROUNDS, nfold=3, seed=0)
    folds.to_csv(folder / "cv.csv")
    parts = {"train": "train", "test": "validation"}
    run = {f"{p}.logloss": points(folds[f"{s}-logloss-mean"]) for s, p in parts.items()}
    expect("xgboost_cv", "xgboost/cv.csv", "csv", [run], libraries)


def make_lightgbm():
    folder, libraries = fresh("lightgbm"), ["lightgbm"]
    train, validation = binary()
    data = lightgbm.Dataset(*train)
    found = {}
    parameters = {"objective": "binary", "num_threads": 1, "seed": 0, "verbose": -1, "deterministic": True, "metric": ["binary_logloss", "auc"]}
    callbacks = [lightgbm.record_evaluation(found)]
    lightgbm.register_logger(Printer())
    callbacks.append(lightgbm.log_evaluation(1))
    printed(
        folder / "printed.txt",
        lambda: lightgbm.train(
            parameters, data, ROUNDS, [data, data.create_valid(*validation)], callbacks=callbacks
        ),
    )
    found = {name: dict(metrics) for name, metrics in found.items()}
    (folder / "record.json").write_text(json.dumps(found))
    parts = {"training": "train", "valid_1": "validation"}
    run = {f"{p}.{m}": points(v, 1) for s, p in parts.items() for m, v in found[s].items()}
    expect("lightgbm", "lightgbm/record.json", "lightgbm", [run], libraries)
    short = {k: [[x, float(f"{v:g}")] for x, v in values] for k, values in run.items()}
    expect("lightgbm_printed", "lightgbm/printed.txt", "lightgbm", [short], libraries)


class Printer:
    """Sends LightGBM's lines to standard output, where its default writes them too."""

    def info(self, line):
        print(line)

    warning = info


def make_catboost():
    folder, libraries = fresh("catboost"), ["catboost"]
    train, validation = binary()
    settings = dict(
        iterations=ROUNDS, thread_count=1, random_seed=0, eval_metric="Accuracy",
        custom_metric=["Logloss"], allow_writing_files=True,
    )
    at = os.getcwd()
    os.chdir(folder)
    model = catboost.CatBoostClassifier(**settings, verbose=1)
    printed(folder / "printed.txt", lambda: model.fit(*train, eval_set=validation, log_cout=Live()))
    found = model.get_evals_result()
    parameters = {"iterations": ROUNDS, "loss_function": "Logloss", "thread_count": 1, "random_seed": 0}
    catboost.cv(catboost.Pool(*train), parameters, fold_count=2, logging_level="Silent")
    os.chdir(at)
    names = {"Logloss": "logloss", "Accuracy": "accuracy"}
    parts = {"learn": "train", "validation": "validation"}
    run = {
        f"{p}.{names[m]}": points(v) for s, p in parts.items() for m, v in found[s].items()
    }
    expect("catboost", "catboost/catboost_info/learn_error.tsv", "catboost", [run], libraries)
    seven = lambda values: [[x, float(f"{v:.7f}")] for x, v in values]
    shown = {f"{p}.score": seven(run[f"{p}.accuracy"]) for p in ["train", "validation"]}
    expect("catboost_printed", "catboost/printed.txt", "text", [shown], libraries)


class Live:
    """CatBoost writes to the stream that it is given, not to a redirected one."""

    def write(self, text):
        print(text, end="")

    def flush(self):
        pass


def make_sklearn():
    folder, libraries = fresh("sklearn"), ["scikit-learn"]
    (x, y), _ = digits()
    model = MLPClassifier(
        (32,), learning_rate_init=0.02, max_iter=15, early_stopping=True, random_state=0,
        n_iter_no_change=20, verbose=True,
    )
    printed(folder / "printed.txt", lambda: model.fit(x, y))
    kept = {key: getattr(model, key) for key in ["loss_curve_", "validation_scores_"]}
    (folder / "mlp.json").write_text(json.dumps(kept))
    run = {
        "train.loss": points(kept["loss_curve_"], 1),
        "validation.score": points(kept["validation_scores_"], 1),
    }
    expect("sklearn_mlp", "sklearn/mlp.json", "sklearn", [run], libraries)
    digits_of = {"train.loss": ".8f", "validation.score": ".6f"}
    short = {k: [[a, float(format(b, digits_of[k]))] for a, b in v] for k, v in run.items()}
    expect("sklearn_printed", "sklearn/printed.txt", "text", [short], libraries)

    model = HistGradientBoostingClassifier(max_iter=8, early_stopping=True, random_state=0, min_samples_leaf=5)
    model.fit(x, y)
    kept = {key: getattr(model, key).tolist() for key in ["train_score_", "validation_score_"]}
    pandas.Series(kept).to_json(folder / "boosting.json")
    run = {
        "train.score": points(kept["train_score_"], 1),
        "validation.score": points(kept["validation_score_"], 1),
    }
    expect("sklearn_boosting", "sklearn/boosting.json", "sklearn", [run], libraries)


def make():
    make_xgboost()
    make_lightgbm()
    make_catboost()
    make_sklearn()
