"""Does a search on a Ray cluster that loses a worker come to the answer of a local one?

    pip install "ray[default]"
    python bench/tune/ray.py --wellfit target/release/wellfit [--recipe examples/digits.toml]

Starts a cluster of two nodes on this machine, searches locally and on the cluster, kills the second
node with all that runs on it in the middle, and compares the answers and all trials.
"""

import argparse
import json
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import os

HEAD, PORT = "http://127.0.0.1:8265", "6399"
SET = ["train.epochs=30", "tune.trials=41", "tune.seeds=3", "tune.finalists=2"]


def ray(*args):
    program = pathlib.Path(sys.executable).parent / "ray"
    subprocess.run([program, *args], check=True, capture_output=True)


def raylets():
    found = subprocess.run(["pgrep", "-f", "raylet/raylet"], capture_output=True, text=True).stdout
    return {int(line) for line in found.split()}


def begin(args, out, *more):
    sets = [word for pair in SET for word in ("--set", pair)]
    command = [args.wellfit, "tune", args.recipe, "--out", out, "--json", "--quiet", *sets, *more]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def answer(process):
    found = json.loads(process.communicate()[0].splitlines()[-1])
    return {key: found[key] for key in found if key not in ("seconds", "study")}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--wellfit", required=True, type=pathlib.Path)
    parser.add_argument("--recipe", default="examples/digits.toml", type=pathlib.Path)
    parser.add_argument("--after", default=20.0, type=float, help="seconds until the kill")
    args = parser.parse_args()
    args.wellfit, args.recipe = args.wellfit.resolve(), args.recipe.resolve()
    quiet = "--disable-usage-stats"
    try:
        ray("start", "--head", f"--port={PORT}", "--num-cpus=1", quiet)
        head = raylets()
        time.sleep(5)
        ray("start", f"--address=127.0.0.1:{PORT}", "--num-cpus=2",
            "--dashboard-agent-listen-port=52399", quiet)
        time.sleep(5)
        with tempfile.TemporaryDirectory() as folder:
            local, cluster = (str(pathlib.Path(folder) / name) for name in ("local", "cluster"))
            expected = answer(begin(args, local))
            began = time.perf_counter()
            search = begin(args, cluster, "--on", f"ray={HEAD}")
            time.sleep(args.after)
            assert search.poll() is None, "it ended before the kill: take a smaller --after"
            for worker in raylets() - head:
                os.kill(worker, signal.SIGKILL)
            found = answer(search)
            seconds = time.perf_counter() - began
            trials = [subprocess.run([args.wellfit, "study", "export", out], check=True,
                                     capture_output=True).stdout for out in (local, cluster)]
        print(f"{found['trials']} trials in {seconds:.0f} s, a worker killed after {args.after:.0f} s: "
              f"same answer {found == expected}, same trials {trials[0] == trials[1]}")
    finally:
        ray("stop", "--force")


if __name__ == "__main__":
    main()
