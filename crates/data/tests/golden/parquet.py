"""Parquet files as pyarrow writes them (parquet/*.parquet), and their cells as Python reads them.

Run: python3 parquet.py > parquet.json
"""

import datetime
import decimal
import json
import os
import sys

import pyarrow
import pyarrow.parquet

EPOCH = datetime.datetime(1970, 1, 1)
DAY = datetime.date(1970, 1, 1)
D = decimal.Decimal
MOMENTS = [datetime.datetime(2024, 2, 29, 12, 30, 15), None, datetime.datetime(1969, 12, 31), EPOCH]
DAYS = [datetime.date(2022, 1, 8), None, datetime.date(1960, 5, 1), DAY]
TIMES = [datetime.time(23, 59, 59), None, datetime.time(0, 0, 1), datetime.time(12)]

INTEGERS = {f"{kind}{bits}": getattr(pyarrow, f"{kind}{bits}")()
            for kind in ["int", "uint"] for bits in [8, 16, 32, 64]}
COLUMNS = {
    **{name: pyarrow.array([1, None, 3, 2 ** (kind.bit_width - name.startswith("i")) - 1], kind)
       for name, kind in INTEGERS.items()},
    "negative": pyarrow.array([-1, None, -(2**63), 0], pyarrow.int64()),
    "float16": pyarrow.array([0.5, None, -2.0, 65504.0], pyarrow.float16()),
    "float32": pyarrow.array([0.25, 1.5, None, -2.0], pyarrow.float32()),
    "float64": pyarrow.array([0.5, None, float("nan"), 1e-3], pyarrow.float64()),
    "decimal32": pyarrow.array([D("1.25"), None, D("-3.50"), D("0.00")], pyarrow.decimal32(9, 2)),
    "decimal64": pyarrow.array([D("1.1"), None, D("-3.5"), D("0")], pyarrow.decimal64(18, 1)),
    "decimal128": pyarrow.array([D("1234567890123456789.01"), None, D("0.1"), D("-7")],
                                pyarrow.decimal128(38, 9)),
    "decimal256": pyarrow.array([D("1e30"), None, D("0.3"), D("-7")], pyarrow.decimal256(60, 5)),
    "flag": pyarrow.array([True, False, None, True]),
    "date32": pyarrow.array(DAYS, pyarrow.date32()),
    "date64": pyarrow.array(DAYS, pyarrow.date64()),
    **{f"time {unit}": pyarrow.array(TIMES, pyarrow.time32(unit)) for unit in ["s", "ms"]},
    **{f"time {unit}": pyarrow.array(TIMES, pyarrow.time64(unit)) for unit in ["us", "ns"]},
    **{f"moment {unit}": pyarrow.array(MOMENTS, pyarrow.timestamp(unit))
       for unit in ["s", "ms", "us", "ns"]},
    "moment utc": pyarrow.array(MOMENTS, pyarrow.timestamp("us", "UTC")),
    "word": pyarrow.array(["é", None, " b ", "  "]),
    "large word": pyarrow.array(["é", None, " b ", "  "], pyarrow.large_string()),
    "word view": pyarrow.array(["é", None, " b ", "longer than twelve bytes"], pyarrow.string_view()),
    "bytes": pyarrow.array([b"text", None, b"\xff\x00", b""], pyarrow.binary()),
    "large bytes": pyarrow.array([b"text", None, b"\xff\x00", b""], pyarrow.large_binary()),
    "four bytes": pyarrow.array([b"\xde\xad\xbe\xef", None, b"text", b"four"], pyarrow.binary(4)),
    "level": pyarrow.array(["x", "y", None, "x"]).dictionary_encode(),
    "number level": pyarrow.array([7, 5, None, 7]).dictionary_encode(),
    "void": pyarrow.array([None] * 4, pyarrow.null()),
    "no value": pyarrow.array([None] * 4, pyarrow.float64()),
    "target": pyarrow.array(["no", "yes", "no", "yes"]),
}


def cell(value):
    """What the cell is to mean: days, seconds, text; None for a missing one."""
    match value:
        case None:
            return None
        case bool():
            return str(value).lower()
        case float() | int():
            return None if value != value else float(value)
        case D():
            return float(value)
        case datetime.datetime():
            return (value.replace(tzinfo=None) - EPOCH).total_seconds()
        case datetime.date():
            return float((value - DAY).days)
        case datetime.time():
            return float(value.hour * 3600 + value.minute * 60 + value.second)
        case bytes():
            try:
                return value.decode().strip() or None
            except UnicodeDecodeError:
                return value.hex()
        case str():
            return value.strip() or None
    raise TypeError(type(value))


table = pyarrow.table(COLUMNS)
folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "parquet")
os.makedirs(folder, exist_ok=True)


def write(name, table, **options):
    pyarrow.parquet.write_table(table, os.path.join(folder, name + ".parquet"), **options)


# Two row groups of three and one rows.
for codec in ["snappy", "zstd", "gzip", "lz4", "brotli", "none"]:
    write(codec, table, compression=codec, row_group_size=3)
# As Spark and other old writers do.
old = table.select(["int32", "moment us", "word", "flag", "target"])
write("old", old, version="1.0", use_deprecated_int96_timestamps=True, store_schema=False,
      data_page_version="1.0", use_dictionary=False)
write("many-groups", pyarrow.table({"row": list(range(20_000)), "y": [0, 1] * 10_000}),
      row_group_size=1500, compression="zstd", use_dictionary=False,
      column_encoding={"row": "DELTA_BINARY_PACKED", "y": "DELTA_BINARY_PACKED"})
write("list", pyarrow.table({"list": [[1, 2], [3]], "target": [1, 2]}))
write("struct", pyarrow.table({"pair": [{"a": 1, "b": 2}] * 2, "target": [1, 2]}))
write("map", pyarrow.table({"map": pyarrow.array([[("a", 1)]] * 2, pyarrow.map_("string", "int8")),
                            "target": [1, 2]}))
write("no-rows", table.slice(0, 0))

json.dump(
    {
        "versions": {"pyarrow": pyarrow.__version__, "python": sys.version.split()[0]},
        "columns": {name: [cell(value) for value in table[name].to_pylist()] for name in COLUMNS},
    },
    sys.stdout,
)
print()
