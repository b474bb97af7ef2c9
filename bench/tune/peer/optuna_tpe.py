"""Optuna's univariate TPE on the surrogate of src/surrogate.rs, one request a line.

A request is JSON: {"study": SEED, "trials": N} runs a study and answers with its values and the
seconds of each trial; {"grow": [PARAMETERS, ..]} begins a study with these trials, and {"more": N}
runs N more of it and answers with their seconds. The study lives in memory, which is the cheapest that Optuna has.
"""

import json
import math
import sys
import time
import warnings

import optuna

optuna.logging.set_verbosity(optuna.logging.ERROR)
warnings.simplefilter("ignore")


def propose(trial):
    """The 19 parameters, in the order and with the ranges of the Rust side."""
    number, switch = trial.suggest_float, lambda name: trial.suggest_categorical(name, [False, True])
    p = {"learning_rate": number("learning_rate", 1e-4, 1e-1, log=True)}
    p["depth"] = trial.suggest_int("depth", 1, 6)
    p["patience"] = trial.suggest_int("patience", 5, 50, log=True)
    p["norm"] = trial.suggest_categorical("norm", ["none", "batch", "layer"])
    if switch("dropout"):
        p["dropout.rate"] = number("dropout.rate", 0.05, 0.7)
        p["dropout.input_rate"] = number("dropout.input_rate", 0.0, 0.3)
    if switch("weight_decay"):
        p["weight_decay.lambda"] = number("weight_decay.lambda", 1e-5, 1.0, log=True)
    if switch("l1"):
        p["l1.lambda"] = number("l1.lambda", 1e-3, 10.0, log=True)
    if switch("label_smoothing"):
        p["label_smoothing.epsilon"] = number("label_smoothing.epsilon", 0.0, 0.3)
    if switch("swa"):
        p["swa.start"] = number("swa.start", 0.5, 0.9)
    p["mixing"] = trial.suggest_categorical("mixing", ["none", "mixup", "cutmix", "cutout"])
    if p["mixing"] == "mixup":
        p["mixup.alpha"] = number("mixup.alpha", 0.05, 2.0, log=True)
    if p["mixing"] == "cutmix":
        p["cutmix.alpha"] = number("cutmix.alpha", 0.05, 2.0, log=True)
    if p["mixing"] == "cutout":
        p["cutout.size"] = number("cutout.size", 0.05, 0.5)
    return p


def loss(p):
    """Squared distances from the best values; what is off costs a constant."""

    def log10(name, best):
        return math.log10(p[name] / best) ** 2

    def term(name, off, scale, best):
        return off if name not in p else ((p[name] - best) / scale) ** 2

    value = 0.04 * log10("learning_rate", 3e-3) + 0.004 * (p["depth"] - 3) ** 2
    value += 0.02 * log10("patience", 20.0)
    value += {"none": 0.03, "batch": 0.01, "layer": 0.0}[p["norm"]]
    value += min(0.2, 0.05 * term("dropout.rate", 0.8, 0.2, 0.35))
    value += min(0.1, 0.02 * term("dropout.input_rate", 0.0, 0.1, 0.1))
    value += 0.02 * log10("weight_decay.lambda", 1e-2) if "weight_decay.lambda" in p else 0.03
    value += 0.01 + 0.01 * log10("l1.lambda", 1e-2) if "l1.lambda" in p else 0.0
    value += 0.01 * term("label_smoothing.epsilon", 1.0, 0.05, 0.1)
    value += 0.01 * term("swa.start", 1.0, 0.1, 0.75)
    if p["mixing"] == "mixup":
        value += 0.02 * log10("mixup.alpha", 0.3)
    elif p["mixing"] == "cutmix":
        value += 0.02 + 0.02 * log10("cutmix.alpha", 1.0)
    elif p["mixing"] == "cutout":
        value += 0.015 + 0.2 * (p["cutout.size"] - 0.2) ** 2
    else:
        value += 0.04
    return value


def run(study, trials):
    values, seconds = [], []
    for _ in range(trials):
        begun = time.perf_counter()
        trial = study.ask()
        value = loss(propose(trial))
        study.tell(trial, value)
        seconds.append(time.perf_counter() - begun)
        values.append(value)
    return {"values": values, "seconds": seconds}


def study(sampler):
    return optuna.create_study(sampler=sampler)


def tpe(seed):
    return optuna.samplers.TPESampler(seed=seed, multivariate=False)


print(json.dumps(f"Optuna {optuna.__version__}"), flush=True)
grown = None
for line in sys.stdin:
    request = json.loads(line)
    if "study" in request:
        answer = run(study(tpe(request["study"])), request["trials"])
    elif "grow" in request:
        grown = study(optuna.samplers.RandomSampler(seed=1))
        for parameters in request["grow"]:
            grown.enqueue_trial(parameters)
        answer = run(grown, len(request["grow"]))["values"]
        grown.sampler = tpe(1)
    else:
        answer = run(grown, request["more"])
    print(json.dumps(answer), flush=True)
