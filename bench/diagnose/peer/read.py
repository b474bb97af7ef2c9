"""A reader of event files as a process: reads when it is asked to, and sleeps meanwhile.

    python read.py event_accumulator|tbparse FOLDER

Says its name first. For each line of its input it reads the folder anew and answers with the seconds
that took. A line that is a path has it write what it read there: a line of JSON with the tags and
the number of their points, then steps and values as 64-bit floats, tag by tag in alphabetic order.
"""

import json
import sys
import time
from importlib.metadata import version

import numpy as np


def event_accumulator(folder):
    from tensorboard.backend.event_processing.event_accumulator import SCALARS, EventAccumulator

    accumulator = EventAccumulator(folder, size_guidance={SCALARS: 0})
    accumulator.Reload()
    return {tag: accumulator.Scalars(tag) for tag in accumulator.Tags()["scalars"]}


def tbparse(folder):
    from tbparse import SummaryReader

    return SummaryReader(folder).scalars


def points(read):
    if isinstance(read, dict):
        return {tag: [(event.step, event.value) for event in events] for tag, events in read.items()}
    return {tag: rows[["step", "value"]].to_numpy() for tag, rows in read.groupby("tag")}


def dump(read, path):
    curves = {tag: np.asarray(values, dtype="<f8") for tag, values in sorted(points(read).items())}
    with open(path, "wb") as file:
        file.write(json.dumps({tag: len(values) for tag, values in curves.items()}).encode() + b"\n")
        for values in curves.values():
            file.write(values.tobytes())


kind, folder = sys.argv[1:]
read = {"event_accumulator": event_accumulator, "tbparse": tbparse}[kind]
names = {"event_accumulator": f"EventAccumulator, tensorboard {version('tensorboard')}", "tbparse": f"tbparse {version('tbparse')}"}
print(json.dumps(names[kind]), flush=True)
for line in sys.stdin:
    begin = time.perf_counter()
    found = read(folder)
    seconds = time.perf_counter() - begin
    if line.strip():
        dump(found, line.strip())
    print(json.dumps(seconds), flush=True)
