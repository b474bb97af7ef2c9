"""Logs in shapes that people's programs really produce, all of the same run.

The numbers are those of wild_documents.py; `../../read/wild.json` says what must be read from each.
"""

import json
import pathlib

from .wild_blocks import AROUND, BLOCKS, FORMATS
from .wild_documents import ACCURACY, DOCUMENTS, TRAIN, TRAIN_ACCURACY, VALIDATION
from .wild_lines import LINES
from .wild_more import MORE_DOCUMENTS, MORE_FORMATS, MORE_LINES
from .wild_tools import TOOL_DOCUMENTS, TOOL_LINES

HERE = pathlib.Path(__file__).parent.parent
VALUES = {
    "t": TRAIN, "v": VALIDATION, "a": TRAIN_ACCURACY, "b": ACCURACY,
    "A": [100 * a for a in TRAIN_ACCURACY], "B": [100 * b for b in ACCURACY],
    "-t": [-t for t in TRAIN], "-v": [-v for v in VALIDATION],
    "-a": [-a for a in TRAIN_ACCURACY], "-b": [-b for b in ACCURACY],
    "ea": [round(1 - a, 2) for a in TRAIN_ACCURACY], "eb": [round(1 - b, 2) for b in ACCURACY],
}
NAMES = {
    "t": "train.loss", "v": "validation.loss", "a": "train.accuracy", "b": "validation.accuracy",
    "A": "train.accuracy", "B": "validation.accuracy",
}


def expected(series, first, counts):
    """The series of `tv validation.f1=b` over epochs from `first`, or over hundreds of steps."""
    xs = [(first + i) * (100 if counts == "s" else 1) for i in range(5)]
    named = {}
    for word in series.split():
        name, _, letter = word.partition("=")
        letters = {name: letter} if letter else {NAMES[one]: one for one in word}
        named |= {name: list(map(list, zip(xs, VALUES[letter]))) for name, letter in letters.items()}
    return named


def epoch(template, first, at):
    values = {key: VALUES[key][at] for key in ("t", "v", "a", "b", "A", "B", "ea", "eb")}
    return template.format(
        e=first + at, s=100 * (first + at), n=5, T=round(values["t"] + 0.05, 2), V=round(values["v"] + 0.05, 2),
        a1000=1000 * values["a"], b1000=1000 * values["b"], **values)


def make():
    folder = HERE / "wild"
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    goldens = {}
    for name, (series, first, counts, template) in sorted({**LINES, **BLOCKS, **MORE_LINES, **TOOL_LINES}.items()):
        before, behind = AROUND.get(name, ("", ""))
        text = before + "".join(epoch(template, first, at) for at in range(5)) + behind
        (folder / f"{name}.txt").write_text(text)
        goldens[f"{name}.txt"] = ({**FORMATS, **MORE_FORMATS}.get(name, "text"), expected(series, first, counts))
    for name, (form, series, counts, text) in {**DOCUMENTS, **MORE_DOCUMENTS, **TOOL_DOCUMENTS}.items():
        (folder / name).write_text(text)
        goldens[name] = (form, expected(series, 1, counts))
    rows = [f'"{name}": {json.dumps({"format": form, "series": series})}' for name, (form, series) in sorted(goldens.items())]
    (HERE.parent / "read/wild.json").write_text("{\n" + ",\n".join(rows) + "\n}\n")
