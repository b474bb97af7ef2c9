"""Does `wellfit tune` cure a network on real tables? Plain against chosen, on test rows.

    pip install -r bench/tables/requirements.txt
    python bench/tables/cure.py --wellfit target/release/wellfit --data DIR [--splits 10]

Every table is cut by each seed into 80% and 20%, stratified. wellfit tunes a net of three layers of
128 units on the 80% (a quarter of them validation) by balanced accuracy, and opens the 20% once.
Plain is the same net without any technique, with its best epoch restored. Prints a Markdown table:
balanced accuracy in points, mean over the splits, the gain with its standard error and the p-value of
Wilcoxon's signed-rank test; all finalists together; beside them scikit-learn's gradient boosting and
logistic regression on the same 80%, with their defaults. Every split is kept in --out as it comes, and
one that is there is not run again.
"""

import argparse
import json
import pathlib
import subprocess
import tempfile
import warnings

import numpy
import pandas
import scipy.stats
import sklearn
from sklearn.compose import make_column_selector, make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

TABLES = ["credit-g", "vehicle", "car", "segment", "phoneme", "kc1", "optdigits", "sonar"]
TARGET = "target"
RECIPE = """
seed = {seed}
[data]
table = {{ path = "train.csv", test_file = "test.csv", target = "target", task = "classification" }}
validation = 0.25
[model]
mlp = {{ widths = [128, 128, 128] }}
[train]
epochs = {epochs}
batch_size = 32
learning_rate = 0.001
optimizer = "adam"
class_weights = "balanced"
[tune]
metric = "validation.recall"
trials = {trials}
finalists = {finalists}
seeds = {pairs}
"""


def tune(args, train, test, seed):
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        train.to_csv(folder / "train.csv", index=False)
        test.to_csv(folder / "test.csv", index=False)
        (folder / "recipe.toml").write_text(RECIPE.format(
            seed=seed, epochs=args.epochs, trials=args.trials, finalists=args.finalists,
            pairs=args.pairs))
        command = [args.wellfit, "tune", "recipe.toml", "--out", "out", "--json", "--quiet"]
        done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
        return json.loads(done.stdout.splitlines()[-1])


def scikit_learn(train, test):
    x, y = train.drop(columns=TARGET), train[TARGET]
    words = make_column_selector(dtype_exclude="number")
    numbers = make_column_selector(dtype_include="number")
    trees = make_pipeline(
        make_column_transformer(
            (OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1), words),
            remainder="passthrough"),
        HistGradientBoostingClassifier(random_state=0))
    linear = make_pipeline(
        make_column_transformer(
            (make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), numbers),
            (make_pipeline(SimpleImputer(strategy="most_frequent"),
                           OneHotEncoder(handle_unknown="ignore")), words)),
        LogisticRegression(max_iter=1000))
    scores = []
    for model in (trees, linear):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model.fit(x, y)
        predicted = model.predict(test.drop(columns=TARGET))
        scores.append(balanced_accuracy_score(test[TARGET], predicted))
    return scores


def split(args, name, table, seed):
    kept = args.out / f"{name}-{seed}.json"
    if kept.exists():
        return json.loads(kept.read_text())
    train, test = train_test_split(table, test_size=0.2, random_state=seed,
                                   stratify=table[TARGET])
    found = tune(args, train, test, seed)
    trees, linear = scikit_learn(train, test)
    row = {**found["test"], "trees": trees, "linear": linear, "seconds": found["seconds"],
           "accepted": found["accepted"], "name": found["chosen"]["name"],
           "difference": found["difference"]}
    kept.write_text(json.dumps(row))
    return row


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--wellfit", required=True, type=pathlib.Path)
    parser.add_argument("--data", required=True, type=pathlib.Path)
    parser.add_argument("--out", default="cure", type=pathlib.Path)
    parser.add_argument("--splits", type=int, default=10)
    parser.add_argument("--trials", type=int, default=100)
    parser.add_argument("--finalists", type=int, default=8)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--epochs", type=int, default=60)
    parser.add_argument("--tables", nargs="*", default=TABLES)
    args = parser.parse_args()
    args.wellfit = args.wellfit.resolve()
    args.out.mkdir(parents=True, exist_ok=True)
    print(f"scikit-learn {sklearn.__version__}, {args.splits} splits, {args.trials} trials, "
          f"{args.epochs} epochs\n")
    print("| table | plain | chosen | gain | p | finalists together | gradient boosting "
          "| logistic regression | proven better | seconds |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|")
    gains = []
    for name in args.tables:
        table = pandas.read_csv(args.data / f"{name}.csv.gz")
        rows = [split(args, name, table, seed) for seed in range(1, args.splits + 1)]
        column = lambda key: 100 * numpy.array([row[key] for row in rows], dtype=float)
        gain = column("chosen") - column("baseline")
        gains.append(gain.mean())
        p = scipy.stats.wilcoxon(gain).pvalue if gain.any() else 1.0
        error = gain.std(ddof=1) / len(gain) ** 0.5 if len(gain) > 1 else float("nan")
        means = [f"{column(key).mean():.2f}" for key in ("ensemble", "trees", "linear")]
        proven = f"{sum(row['accepted'] for row in rows)} of {len(rows)}"
        seconds = f"{numpy.mean([row['seconds'] for row in rows]):.0f}"
        cells = [name, f"{column('baseline').mean():.2f}", f"{column('chosen').mean():.2f}",
                 f"{gain.mean():+.2f} ± {error:.2f}", f"{p:.3f}", *means, proven, seconds]
        print("| " + " | ".join(cells) + " |", flush=True)
    print(f"\nmean gain {numpy.mean(gains):+.2f}, median {numpy.median(gains):+.2f}")


if __name__ == "__main__":
    main()
