#!/usr/bin/env python3
"""Sizes of sealed segments beside Parquet with zstd(3) of the same rows, written by pyarrow in the same run.

    Tools/Benchmarks/sizes.py ESKER WORK TABLE...

ESKER is the built command, WORK an empty directory, each TABLE a Parquet file, or CSV (may end in .gz) with a header.
Prints a line for each table: rows, bytes as Parquet, bytes of the segments in the standard and the compact tier and
their ratios. Needs pyarrow.
"""
import gzip
import json
import os
import subprocess
import sys

import pyarrow
import pyarrow.csv
import pyarrow.parquet

TYPES = {"int64": "bigint", "int32": "integer", "int16": "smallint", "string": "text", "large_string": "text",
         "double": "double precision", "float": "real", "bool": "boolean", "date32[day]": "date",
         "time32[s]": "time"}


def sql_type(kind):
    if pyarrow.types.is_timestamp(kind):
        return "timestamptz" if kind.tz else "timestamp"
    return TYPES[str(kind)]


def read(path):
    if path.endswith(".parquet"):
        return pyarrow.parquet.read_table(path)
    options = pyarrow.csv.ConvertOptions(null_values=["", "NA"], strings_can_be_null=True)
    return pyarrow.csv.read_csv(gzip.open(path) if path.endswith(".gz") else path, convert_options=options)


def run(*command):
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(f"{' '.join(command)}: {result.stderr}")
    return result.stdout


def measure(esker, work, path):
    name = os.path.basename(path).split(".")[0]
    table = read(path)
    parquet, rows, store = (os.path.join(work, name + end) for end in (".parquet", ".csv", ""))
    pyarrow.parquet.write_table(table, parquet, compression="zstd", compression_level=3)
    pyarrow.csv.write_csv(table, rows)
    columns = ", ".join(f'"{field.name}" {sql_type(field.type)}' for field in table.schema)
    run(esker, "sql", "--data", store, "-c", f"CREATE TABLE t ({columns}) WITH (compression = 'zstd')")
    run(esker, "ingest", "--data", store, "--stream", "t", rows)
    sizes = [os.path.getsize(parquet)]
    for tier in ("standard", "compact"):
        summary = json.loads(run(esker, "compact", "--data", store, "--tier", tier, "--json"))
        if summary["after"]["rows"] != table.num_rows:
            sys.exit(f"{name}: {summary['after']['rows']} rows, not {table.num_rows}")
        sizes.append(summary["after"]["bytes"])
    run(esker, "verify", store)
    tell(name, table.num_rows, sizes)
    os.remove(rows)
    return sizes


def tell(name, rows, sizes):
    parquet, standard, compact = sizes
    print(f"{name:28} {rows:>10} rows  Parquet {parquet:>11}  standard {standard:>11} {standard / parquet:6.3f}"
          f"  compact {compact:>11} {compact / parquet:6.3f}", flush=True)


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    total = [0, 0, 0]
    for path in sys.argv[3:]:
        total = [a + b for a, b in zip(total, measure(sys.argv[1], sys.argv[2], path))]
    tell("together", 0, total)
