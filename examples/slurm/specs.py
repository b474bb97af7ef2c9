"""Writes one specification a line for `wellfit trial`: a recipe under several strengths and pairs.

    python examples/slurm/specs.py examples/digits.toml > specs.jsonl
"""

import json
import pathlib
import sys

STRENGTHS = [0.001, 0.01, 0.1, 1.0]
PAIRS = range(1, 6)

recipe = pathlib.Path(sys.argv[1]).resolve()
for strength in STRENGTHS:
    text = recipe.read_text() + f"\n[[regularize]]\nweight_decay = {{ lambda = {strength} }}\n"
    for pair in PAIRS:
        spec = {"schema": 1, "recipe": text, "folder": str(recipe.parent), "pair": pair}
        print(json.dumps(spec))
