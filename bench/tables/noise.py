"""How often does `wellfit tune` call a cure proven where there is nothing to learn?

    python bench/tables/noise.py --wellfit target/release/wellfit [--repeats 100] [--metric accuracy]

Each repeat is a table of 300 rows whose two classes are coin tosses, and a small study: 21 trials of a
net of 32 units, 3 finalists, 10 pairs. Prints how often each verdict was given.
"""

import argparse
import collections
import json
import pathlib
import subprocess
import tempfile

import numpy

RECIPE = """
seed = {seed}
[data]
table = {{ path = "t.csv", target = "target", task = "classification" }}
validation = 0.25
test = 0.2
[model]
mlp = {{ widths = [32] }}
[train]
epochs = 20
batch_size = 32
learning_rate = 0.005
optimizer = "adam"
monitor = "validation.{metric}"
[tune]
trials = 21
seeds = 10
finalists = 3
"""


def verdict(args, seed):
    draw = numpy.random.default_rng(seed)
    inputs, labels = draw.normal(size=(300, 8)), draw.integers(0, 2, 300)
    names = ",".join([f"x{i}" for i in range(8)] + ["target"])
    rows = [",".join([f"{x:.5f}" for x in row] + [str(y)]) for row, y in zip(inputs, labels)]
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "t.csv").write_text("\n".join([names, *rows]) + "\n")
        (folder / "recipe.toml").write_text(RECIPE.format(seed=seed, metric=args.metric))
        command = [args.wellfit, "tune", "recipe.toml", "--out", "out", "--json", "--quiet"]
        done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])["difference"]["verdict"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--wellfit", required=True, type=pathlib.Path)
    parser.add_argument("--repeats", type=int, default=100)
    parser.add_argument("--metric", default="accuracy")
    args = parser.parse_args()
    args.wellfit = args.wellfit.resolve()
    print(dict(collections.Counter(verdict(args, seed) for seed in range(1, args.repeats + 1))))


if __name__ == "__main__":
    main()
