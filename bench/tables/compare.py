"""wellfit on bare tables beside scikit-learn's MLP with the same widths.

    pip install -r bench/tables/requirements.txt
    python bench/tables/compare.py --wellfit target/release/wellfit --data DIR [--seeds 5]

Every table is cut by each seed into 75% and 25% (stratified where the target is a class). Both sides
get the same two files: wellfit by `train TRAIN.csv --target target` and `evaluate`, with nothing else
told; scikit-learn by the pipeline that its documentation shows for mixed columns, and MLPClassifier
or MLPRegressor with its defaults but the widths. Prints a Markdown table: mean score on the 25%
(accuracy or R²), its difference with a standard error over the seeds, and the seconds of each side.
"""

import argparse
import json
import pathlib
import subprocess
import tempfile
import time
import warnings

import numpy
import pandas
import sklearn
from sklearn.compose import make_column_selector, make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.metrics import balanced_accuracy_score
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

TABLES = ["credit-g", "car", "titanic", "kc1", "abalone", "california-housing"]
WIDTHS = (128, 128)
TARGET = "target"


def is_classification(table):
    column = table[TARGET]
    if not pandas.api.types.is_numeric_dtype(column):
        return True
    return column.nunique() <= 20 and bool((column % 1 == 0).all())


def pipeline(classify, seed):
    numbers = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
    words = make_pipeline(
        SimpleImputer(strategy="most_frequent"), OneHotEncoder(handle_unknown="ignore")
    )
    columns = make_column_transformer(
        (numbers, make_column_selector(dtype_include="number")),
        (words, make_column_selector(dtype_exclude="number")),
    )
    kind = MLPClassifier if classify else MLPRegressor
    return make_pipeline(columns, kind(hidden_layer_sizes=WIDTHS, random_state=seed))


def scikit_learn(train, test, classify, seed):
    model = pipeline(classify, seed)
    x, y = train.drop(columns=TARGET), train[TARGET]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit(x, y)
    predicted = model.predict(test.drop(columns=TARGET))
    score = model.score(test.drop(columns=TARGET), test[TARGET])
    balanced = balanced_accuracy_score(test[TARGET], predicted) if classify else None
    return score, balanced


def wellfit(program, train, test, classify, seed):
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        train.to_csv(folder / "train.csv", index=False)
        test.to_csv(folder / "test.csv", index=False)

        def run(*args):
            done = subprocess.run(
                [program, *args, "--json", "--quiet"], cwd=folder, check=True, capture_output=True
            )
            return json.loads(done.stdout.splitlines()[-1])

        run("train", "train.csv", "--target", TARGET, "--seed", str(seed), "--out", "run")
        found = run("evaluate", "run", "test.csv")
    metrics = found["metrics"]
    balanced = numpy.mean([c["recall"] for c in found["per_class"]]) if classify else None
    return metrics["accuracy" if classify else "r2"], balanced


def timed(call):
    began = time.perf_counter()
    return call(), time.perf_counter() - began


def compare(name, args):
    table = pandas.read_csv(pathlib.Path(args.data) / f"{name}.csv.gz")
    classify = is_classification(table)
    rows = []
    for seed in range(1, args.seeds + 1):
        strata = table[TARGET] if classify else None
        train, test = train_test_split(table, test_size=0.25, random_state=seed, stratify=strata)
        ours, ours_s = timed(lambda: wellfit(args.wellfit, train, test, classify, seed))
        theirs, theirs_s = timed(lambda: scikit_learn(train, test, classify, seed))
        rows.append((ours, theirs, ours_s, theirs_s))
    ours, theirs = (numpy.array([row[side][0] for row in rows]) for side in (0, 1))
    difference = ours - theirs
    error = difference.std(ddof=1) / len(rows) ** 0.5
    seconds = [numpy.mean([row[side] for row in rows]) for side in (2, 3)]
    cells = [
        name,
        "accuracy" if classify else "R²",
        f"{ours.mean():.4f}",
        f"{theirs.mean():.4f}",
        f"{difference.mean():+.4f} ± {error:.4f}",
    ]
    if classify:
        cells += [f"{numpy.mean([row[side][1] for row in rows]):.3f}" for side in (0, 1)]
    else:
        cells += ["", ""]
    print("| " + " | ".join(cells + [f"{s:.1f}" for s in seconds]) + " |", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--wellfit", required=True, type=pathlib.Path)
    parser.add_argument("--data", required=True)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--tables", nargs="*", default=TABLES)
    args = parser.parse_args()
    args.wellfit = args.wellfit.resolve()
    print(f"scikit-learn {sklearn.__version__}, widths {WIDTHS}, {args.seeds} seeds\n")
    print("| table | score | wellfit | scikit-learn | difference | balanced accuracy: wellfit "
          "| scikit-learn | seconds: wellfit | scikit-learn |")
    print("|---|---|--:|--:|--:|--:|--:|--:|--:|")
    for name in args.tables:
        compare(name, args)


if __name__ == "__main__":
    main()
