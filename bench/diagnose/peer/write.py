"""Writes an event file with TensorBoard's own writer, the one that PyTorch's SummaryWriter uses.

    python write.py FOLDER SCALARS

Scalars stand under ten tags in turn, five metrics on two parts of the data, step by step.
"""

import sys

from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.event_file_writer import EventFileWriter

TAGS = [f"{metric}/{part}" for metric in ("Loss", "Accuracy", "F1", "Precision", "Recall") for part in ("train", "val")]

folder, scalars = sys.argv[1], int(sys.argv[2])
writer = EventFileWriter(folder)
for at in range(scalars):
    step, tag = divmod(at, len(TAGS))
    # Any numbers will do; these differ from step to step and from tag to tag.
    value = (at * 2654435761 % 2**32) / 2**32
    summary = Summary(value=[Summary.Value(tag=TAGS[tag], simple_value=value)])
    writer.add_event(Event(wall_time=1.7e9 + 0.01 * at, step=step, summary=summary))
writer.close()
