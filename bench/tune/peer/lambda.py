"""lambda = "auto", from validation and from the evidence, beside a grid of ten: accuracy and loss on MNIST's test images, and processor time.

    python3 bench/tune/peer/lambda.py target/release/wellfit --seeds 5

Drives the program on examples/mnist-auto.toml. Every way ends with a training on all 1,000 images:
the grid chooses lambda by the validation loss of ten runs, and trains once more; the evidence needs one
training alone. The time to read
the images, which every command pays, is measured and taken off. Standard library alone.
"""

import argparse
import json
import pathlib
import resource
import statistics
import subprocess
import tempfile
import time

RECIPE = pathlib.Path(__file__).parents[3] / "examples" / "mnist-auto.toml"
# No rows held back: all 1,000 train.
EVIDENCE = ['train.lambda_from="evidence"', "data.validation=0", "data.first=1000"]
GRID = [10 ** (-2 + 4 * i / 9) for i in range(10)]


WALL = False


def now():
    """Processor seconds of the commands so far, which other work on the machine hardly changes; or
    the clock."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.perf_counter() if WALL else used.ru_utime + used.ru_stime


def train(program, seed, *assignments):
    """The summary of one run, and its seconds."""
    with tempfile.TemporaryDirectory() as folder:
        command = [program, "train", str(RECIPE), "--seed", str(seed), "--json"]
        command += ["--out", f"{folder}/run"]
        for assignment in assignments:
            command += ["--set", assignment]
        began = now()
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        return json.loads(done.stdout.splitlines()[-1]), now() - began


def reading(program):
    """Seconds until the data are there."""
    began = now()
    command = [program, "train", str(RECIPE), "--show-recipe"]
    subprocess.run(command, check=True, capture_output=True)
    return now() - began


def fixed(strength):
    return f"regularize.l2.lambda={strength:.6g}"


def ways(program, seed):
    """Accuracy, loss and seconds of each way for one seed."""
    read = reading(program)
    _, plain = train(program, seed, fixed(0), "train.refit=none")
    unit = plain - read
    none, none_seconds = train(program, seed, fixed(0), "train.refit=with_validation")
    auto, auto_seconds = train(program, seed)
    tried = [train(program, seed, fixed(s), "train.refit=none") for s in GRID]
    best = min(range(10), key=lambda i: tried[i][0]["validation"]["loss"])
    last, last_seconds = train(program, seed, fixed(GRID[best]), "train.refit=with_validation")
    # The chosen run is not made twice by a user: its last training alone counts.
    grid_seconds = sum(t[1] - read for t in tried) + (last_seconds - tried[best][1])

    def row(summary, seconds):
        test = summary.get("refit", summary)["test"]
        return test["accuracy"], test["loss"], seconds, unit

    evidence, evidence_seconds = train(program, seed, *EVIDENCE)
    strengths = {entry["path"]: round(entry["lambda"], 3) for entry in auto["lambda"]}
    by_evidence = {entry["path"]: round(entry["lambda"], 3) for entry in evidence["lambda"]}
    print(f"seed {seed}: plain run {unit:.2f} s, reading {read:.2f} s; "
          f"grid chose {GRID[best]:.3g}, auto {strengths}, evidence {by_evidence}", flush=True)
    return {
        "none": row(none, none_seconds - read),
        "grid of 10": row(last, grid_seconds),
        "auto": row(auto, auto_seconds - read),
        "auto, evidence": row(evidence, evidence_seconds - read),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--wall", action="store_true", help="the clock, on a quiet machine")
    arguments = parser.parse_args()
    global WALL
    WALL = arguments.wall
    # The first run of all reads the files and the program into memory.
    reading(arguments.program)
    runs = [ways(arguments.program, seed) for seed in range(1, arguments.seeds + 1)]
    print("| λ | accuracy, % | loss | time of plain runs |\n|---|---|---|---|")
    for way in runs[0]:
        accuracy, loss, seconds, unit = zip(*(run[way] for run in runs))
        spread = [statistics.stdev(values) if len(values) > 1 else 0.0 for values in (accuracy, loss)]
        print(f"| {way} | {100 * statistics.mean(accuracy):.2f} ± {100 * spread[0]:.2f} "
              f"| {statistics.mean(loss):.4f} ± {spread[1]:.4f} | {sum(seconds) / sum(unit):.2f} |")


main()
