"""PyTorch's side of a case: trains as many steps as each line asks for, and answers with their times.

    steps.py THREADS FILE
"""

import json
import platform
import sys
import time

import handed_over
import torch
import training


def main(threads: int, path: str) -> None:
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    case, model, inputs, targets = handed_over.read(path)
    model.train()
    step = training.Step(case, model)
    batches = training.endless(inputs, targets, case["batch"])
    name = f"PyTorch {torch.__version__}, Python {platform.python_version()}"
    answer({"name": name, "threads": torch.get_num_threads()})
    for line in sys.stdin:
        answer(turn(int(line), step, batches))


def turn(steps: int, step: training.Step, batches) -> dict:
    milliseconds, losses = [], []
    last = time.perf_counter()
    for _ in range(steps):
        losses.append(step(*next(batches)))
        now = time.perf_counter()
        milliseconds.append((now - last) * 1e3)
        last = now
    return {"milliseconds": milliseconds, "losses": losses}


def answer(message: dict) -> None:
    print(json.dumps(message), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
