"""Writes journal.json: what Optuna reads in optuna.log and wellfit.log, for tests/journal.rs.

Run: python3 journal.py   (optuna; its version is written into the file)

Optuna wrote optuna.log, by this script too: it is made anew where it is missing, with other times
and names of workers. tests/journal.rs holds that wellfit.log is what wellfit writes. Optuna also
continues a copy of it.
"""

import json
import math
import os
import pathlib
import tempfile
import warnings

import optuna
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend

optuna.logging.set_verbosity(optuna.logging.ERROR)
warnings.simplefilter("ignore")
HERE = pathlib.Path(__file__).parent


def storage(path):
    return JournalStorage(JournalFileBackend(str(path)))


def objective(trial):
    if trial.suggest_categorical("dropout", [False, True]):
        trial.suggest_float("dropout.rate", 0.05, 0.7)
    trial.suggest_float("l2.lambda", 1e-3, 1e2, log=True)
    trial.suggest_int("early_stopping.patience", 5, 50, log=True)
    trial.suggest_int("depth", 1, 9, step=2)
    trial.suggest_categorical("norm", ["batch", None, 3, 0.5])
    trial.set_user_attr("note", 'NaN and "quotes" \\ ä')
    trial.report(1.5, 1)
    if trial.number == 1:
        trial.report(math.nan, 3)
        raise optuna.TrialPruned
    if trial.number == 2:
        raise ValueError
    trial.report(math.inf, 3)
    return -math.inf if trial.number == 3 else 0.25 + trial.number


def written_by_optuna(path):
    both = storage(path)
    optuna.create_study(storage=both, study_name="gone", direction="maximize")
    optuna.delete_study(storage=both, study_name="gone")
    study = optuna.create_study(
        storage=both, study_name="made by Optuna", sampler=optuna.samplers.RandomSampler(seed=1)
    )
    study.set_user_attr("recipe", {"seed": 1, "list": [1, 2]})
    study.enqueue_trial({"dropout": True, "dropout.rate": 0.5})
    study.optimize(objective, n_trials=4, catch=(ValueError,))
    study.add_trial(
        optuna.trial.create_trial(
            value=0.125,
            params={"depth": 3},
            distributions={"depth": optuna.distributions.IntDistribution(1, 9, step=2)},
            intermediate_values={1: 0.5, 9: 0.125},
        )
    )
    study.enqueue_trial({"dropout": False})
    study.ask()
    study.ask()
    other = optuna.create_study(storage=both, study_name="two values", directions=["minimize", "maximize"])
    other.optimize(lambda trial: (trial.suggest_float("x", 0, 1), 2.0), n_trials=1)


def number(value):
    return value if value is None or math.isfinite(value) else repr(value)


def trial(frozen):
    return {
        "number": frozen.number,
        "id": frozen._trial_id,
        "state": int(frozen.state),
        "values": None if frozen.values is None else [number(v) for v in frozen.values],
        "params": {
            name: frozen.distributions[name].to_internal_repr(value)
            for name, value in frozen.params.items()
        },
        "intermediate": {str(k): number(v) for k, v in frozen.intermediate_values.items()},
        "user_attrs": frozen.user_attrs,
        "has_started": frozen.datetime_start is not None,
        "has_ended": frozen.datetime_complete is not None,
    }


def seen(path):
    return [
        {
            "name": study.study_name,
            "directions": [int(direction) for direction in study.directions],
            "user_attrs": study.user_attrs,
            "trials": [trial(t) for t in storage(path).get_all_trials(study._study_id)],
        }
        for study in storage(path).get_all_studies()
    ]


def continued(path):
    """Optuna's sampler goes on where wellfit stopped, in the same file."""
    with tempfile.TemporaryDirectory() as folder:
        copy = pathlib.Path(folder, "copy.log")
        copy.write_bytes(path.read_bytes())
        sampler = optuna.samplers.TPESampler(n_startup_trials=1, multivariate=False)
        study = optuna.load_study(storage=storage(copy), study_name="made by wellfit", sampler=sampler)
        before = len(study.trials)

        def objective(trial):
            if trial.suggest_categorical("dropout", [False, True]):
                trial.suggest_float("dropout.rate", 0.05, 0.7)
            return trial.suggest_float("l2.lambda", 1e-3, 1e2, log=True)

        study.optimize(objective, n_trials=3)
        complete = [t.state == optuna.trial.TrialState.COMPLETE for t in study.trials[before:]]
        return {"before": before, "complete_after": sum(complete)}


if not (HERE / "optuna.log").exists():
    written_by_optuna(HERE / "optuna.log")
golden = {
    "versions": {"optuna": optuna.__version__},
    "optuna.log": seen(HERE / "optuna.log"),
    "wellfit.log": seen(HERE / "wellfit.log"),
    "continued": continued(HERE / "wellfit.log"),
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(golden, allow_nan=False) + "\n")
