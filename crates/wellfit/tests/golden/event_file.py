"""Writes event_file.json: an event file by TensorBoard's own writer, for src/event_file.rs.

Run: python3 event_file.py   (tensorboard, protobuf; the versions are written into the file)
"""

import importlib.metadata
import io
import json
import pathlib

from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.record_writer import RecordWriter

# Steps on both sides of where a varint grows, numbers of every kind, a tag that is no ASCII.
EVENTS = [
    (1.5, 0, []),
    (1700000000.25, 1, [("loss", "2.302585"), ("accuracy", "0.1")]),
    (1700000001.5, 127, [("loss", "nan"), ("accuracy", "0")]),
    (1700000002.75, 128, [("loss", "inf"), ("r2", "-1e30")]),
    (1700000003.0, 300, [("λ", "1e-45")]),
    (1700000004.0, 2**40, [("t" * 200, "-0")]),
]


class Unclosed(io.BytesIO):
    def close(self):
        pass


def main():
    file = Unclosed()
    writer = RecordWriter(file)
    wall_time = EVENTS[0][0]
    writer.write(Event(wall_time=wall_time, file_version="brain.Event:2").SerializeToString())
    for wall_time, step, scalars in EVENTS[1:]:
        values = [Summary.Value(tag=tag, simple_value=float(value)) for tag, value in scalars]
        event = Event(wall_time=wall_time, step=step, summary=Summary(value=values))
        writer.write(event.SerializeToString())
    golden = {
        "versions": {name: importlib.metadata.version(name) for name in ["tensorboard", "protobuf"]},
        "events": [
            {"wall_time": wall_time, "step": step, "scalars": scalars}
            for wall_time, step, scalars in EVENTS
        ],
        "file": file.getvalue().hex(),
    }
    path = pathlib.Path(__file__).with_name("event_file.json")
    path.write_text(json.dumps(golden, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
