"""Prints what TensorBoard reads below a folder, as JSON: run -> tag -> list of [step, value].

Values are text, since JSON has no NaN.
"""

import json
import sys

from tensorboard.backend.event_processing.event_multiplexer import EventMultiplexer

multiplexer = EventMultiplexer().AddRunsFromDirectory(sys.argv[1])
multiplexer.Reload()
found = {}
for run, tags in multiplexer.Runs().items():
    scalars = {}
    for tag in tags["scalars"]:
        events = multiplexer.Scalars(run, tag)
        scalars[tag] = [[event.step, repr(event.value)] for event in events]
    found[run] = scalars
print(json.dumps(found))
