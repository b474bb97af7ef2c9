"""Makes SQLite files of many shapes with Python's sqlite3, and what it reads from them.

    python make.py

`NAME.db.gz` is a file, `NAME.db-wal.gz` the log of changes beside it, `expected.json.gz` the
rows of its table `t` by name of the file, as sqlite3 reads them.
"""

import gzip
import json
import pathlib
import random
import sqlite3
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
COLUMNS = "id INTEGER PRIMARY KEY, whole BIGINT, real FLOAT, text VARCHAR(250), other"
WHOLE = [0, 1, -1, 127, -128, 128, 32767, -32768, 32768, 8388607, -8388608, 2**31, -(2**31), 2**47,
         -(2**47), 2**47 + 1, 2**63 - 1, -(2**63), None]
REAL = [0.0, 0.5, -1.5, 3.0, 1e300, -1e-300, 5e-324, float("inf"), 1 / 3, None]
TEXT = ["", "a", "val_loss", "Größe", "損失", "🙂 loss", "it's \"quoted\"", "x" * 130, None]


def rows(count, longest=0):
    """Rows of all kinds of values; some texts have up to `longest` characters."""
    chance = random.Random(1)
    for number in range(count):
        text = TEXT[number % len(TEXT)]
        if longest and number % 3 == 0:
            text = "".join(chance.choices("abc é", k=chance.randrange(longest)))
        yield WHOLE[number % len(WHOLE)], REAL[number % len(REAL)], text, [None, 1, "z"][number % 3]


def fill(connection, count, longest=0):
    connection.execute(f"CREATE TABLE t ({COLUMNS})")
    connection.execute("CREATE INDEX by_text ON t (text)")
    insert = "INSERT INTO t (whole, real, text, other) VALUES (?, ?, ?, ?)"
    connection.executemany(insert, rows(count, longest))
    connection.commit()


def pages(size):
    def make(connection):
        connection.execute(f"PRAGMA page_size = {size}")
        fill(connection, 300 if size < 4096 else 60)
    return make


def utf16(order):
    def make(connection):
        connection.execute(f"PRAGMA encoding = 'UTF-16{order}'")
        fill(connection, 100, 3000)
    return make


def overflow(connection):
    connection.execute("PRAGMA page_size = 512")
    fill(connection, 40, 6000)


def deleted(connection):
    fill(connection, 2000)
    connection.execute("DELETE FROM t WHERE id % 7 > 1 OR id BETWEEN 300 AND 900")
    connection.execute("INSERT INTO t (id, text) VALUES (-5, 'early'), (4611686018427387904, 'late')")
    connection.commit()


def added(connection):
    """Columns that are younger than some rows."""
    connection.execute("CREATE TABLE t (id INTEGER, whole BIGINT)")
    connection.execute("INSERT INTO t VALUES (1, 2), (3, 4)")
    connection.execute("ALTER TABLE t ADD COLUMN real FLOAT DEFAULT 2.5")
    connection.execute("ALTER TABLE t ADD COLUMN text TEXT DEFAULT 'none' NOT NULL")
    connection.execute("INSERT INTO t VALUES (5, 6, 7.5, 'some')")
    connection.execute("ALTER TABLE t ADD COLUMN other")
    connection.commit()


def logged(connection):
    """Changes that stand in the log alone, after a restart of it."""
    connection.execute("PRAGMA page_size = 1024")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA wal_autocheckpoint = 0")
    fill(connection, 30)
    connection.execute("PRAGMA wal_checkpoint(RESTART)")
    connection.execute("UPDATE t SET text = 'changed' WHERE id % 5 = 0")
    connection.execute("INSERT INTO t (whole, text) SELECT whole, 'more' FROM t")
    connection.commit()


STORES = {f"pages_{size}": pages(size) for size in (512, 1024, 4096, 32768, 65536)} | {
    "utf16le": utf16("le"), "utf16be": utf16("be"), "overflow": overflow, "deleted": deleted,
    "added": added, "logged": logged,
}


def packed(path, data):
    path.write_bytes(gzip.compress(data, mtime=0))


if __name__ == "__main__":
    expected = {"made_by": {"sqlite": sqlite3.sqlite_version}}
    with tempfile.TemporaryDirectory() as folder:
        for name, make in STORES.items():
            path = pathlib.Path(folder) / f"{name}.db"
            connection = sqlite3.connect(path)
            make(connection)
            log = path.with_name(path.name + "-wal")
            # The log is gone when the last connection closes.
            packed(HERE / f"{name}.db.gz", path.read_bytes())
            if log.exists():
                packed(HERE / f"{log.name}.gz", log.read_bytes())
            found = connection.execute("SELECT id, whole, real, text, other FROM t ORDER BY rowid")
            text = lambda value: str(value) if value == float("inf") else value
            expected[name] = [[text(value) for value in row] for row in found]
            connection.close()
    packed(HERE / "expected.json.gz", json.dumps(expected, ensure_ascii=False).encode())
