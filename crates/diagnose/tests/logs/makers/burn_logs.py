"""Burn's own learner: `examples/burn_learner` trains, and writes what its event store knew."""

import shutil
import subprocess

from .shared import LOGS, fresh


def make():
    folder = fresh("burn")
    crate = LOGS.parents[3] / "examples" / "burn_learner"
    subprocess.run(["cargo", "run", "--release", "--bin", "logs", "--", folder], cwd=crate, check=True)
    shutil.move(folder / "expected.json", LOGS / "expected" / "burn.json")
    # Its lines carry the time and say nothing of the fit.
    (folder / "run" / "experiment.log").unlink()
