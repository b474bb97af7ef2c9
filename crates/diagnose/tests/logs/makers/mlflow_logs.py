"""MLflow: its file store and its SQLite store, with two runs each."""

import os
import sqlite3

# The file store is deprecated and still what most people have on their disks.
os.environ["MLFLOW_ALLOW_FILE_STORE"] = "true"

import mlflow

from .shared import expect, fresh, points


def write(uri, folder):
    """Logs two runs and returns what was logged."""
    mlflow.set_tracking_uri(uri)
    experiment = mlflow.create_experiment("digits", artifact_location=str(folder / "artifacts"))
    runs = []
    for number in (1, 2):
        train = [1 / (epoch + number) for epoch in range(6)]
        validation = [0.4 + 0.1 * abs(epoch - 2) for epoch in range(6)]
        validation[-1] = float("nan") if number == 2 else validation[-1]
        with mlflow.start_run(run_name=f"run-{number}", experiment_id=experiment):
            for epoch in range(6):
                mlflow.log_metric("train_loss", train[epoch], step=epoch)
                mlflow.log_metric("val_loss", validation[epoch], step=epoch)
        runs.append({"train.loss": points(train), "validation.loss": points(validation)})
    return runs


def make():
    folder = fresh("mlflow")
    runs = write(f"file:{folder / 'mlruns'}", folder)
    expect("mlflow_files", "mlflow/mlruns", "mlflow", runs, ["mlflow"])
    for path in (folder / "mlruns").rglob("*"):
        # Machine paths and users are nobody's business; the reader wants names and metrics only.
        if path.name == "meta.yaml":
            lines = path.read_text().splitlines(True)
            path.write_text("".join(l for l in lines if "uri" not in l and "location" not in l and "user" not in l))
        elif path.parent.name == "tags" and path.name != "mlflow.runName":
            path.unlink()

    database = folder / "mlflow.db"
    runs = write(f"sqlite:///{database}", folder)
    with sqlite3.connect(database) as connection:
        # Only what the reader needs, so that the file is small.
        connection.execute("PRAGMA foreign_keys = OFF")
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        for (table,) in tables.fetchall():
            if table not in {"metrics", "runs", "experiments"}:
                connection.execute(f'DROP TABLE "{table}"')
        connection.execute("UPDATE runs SET user_id = '', artifact_uri = '', source_name = ''")
        connection.execute("UPDATE experiments SET artifact_location = ''")
    connection.execute("VACUUM")
    connection.close()
    expect("mlflow_sqlite", "mlflow/mlflow.db", "mlflow_sqlite", runs, ["mlflow"])
