#!/usr/bin/env python3
"""Does an Arrow export load in pyarrow, polars and DuckDB, with the sums of the CSV export of the same rows?

    Tools/Benchmarks/check-arrow.py FILE.arrows FILE.csv     compares; ends with 1 when something differs
    Tools/Benchmarks/check-arrow.py --show FILE.arrows       prints types and first rows as each of them sees them

Needs pyarrow, polars and duckdb (pip install pyarrow polars duckdb). Of each column: how many rows have a value; of
numbers the sum, of text the bytes. DuckDB reads the stream through pyarrow's reader.
"""
import csv
import math
import sys
import time

import duckdb
import polars
import pyarrow
import pyarrow.compute as compute

csv.field_size_limit(1 << 30)


def open_stream(path):
    return pyarrow.ipc.open_stream(pyarrow.memory_map(path))


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


def kind(kind_of_arrow):
    types = pyarrow.types
    if types.is_integer(kind_of_arrow):
        return "integer"
    if types.is_floating(kind_of_arrow) or types.is_decimal(kind_of_arrow):
        return "number"
    if types.is_string(kind_of_arrow) or types.is_dictionary(kind_of_arrow):
        return "text"
    return "other"


def of_pyarrow(path, kinds):
    table = open_stream(path).read_all()
    table.validate(full=True)
    for name in table.column_names:
        column = table[name]
        if kinds[name] == "integer":  # as decimals: sums of int64 wrap round
            figure = compute.sum(column.cast("int64").cast(pyarrow.decimal128(38, 0))).as_py()
        elif kinds[name] == "number":
            figure = compute.sum(column).as_py()
        elif kinds[name] == "text":
            figure = compute.sum(compute.binary_length(column.cast("string"))).as_py()
        else:
            figure = None
        yield name, len(column) - column.null_count, figure


def of_polars(path, kinds):
    frame = polars.read_ipc_stream(path)
    for name in frame.columns:
        column = frame[name]
        if kinds[name] == "integer":
            figure = column.cast(polars.Int128).sum()
        elif kinds[name] == "number":
            figure = column.sum()
        elif kinds[name] == "text":
            figure = column.cast(polars.String).str.len_bytes().sum()
        else:
            figure = None
        yield name, len(column) - column.null_count(), figure


def of_duckdb(path, kinds):
    stream = open_stream(path)
    names = stream.schema.names
    figures = {"integer": "sum({0})", "number": "sum({0})", "text": "sum(strlen({0}))", "other": "NULL"}
    chosen = [f"count({quoted(n)}), {figures[kinds[n]].format(quoted(n))}" for n in names]
    row = duckdb.sql(f"SELECT {', '.join(chosen)} FROM stream").fetchall()[0]
    for index, name in enumerate(names):
        yield name, row[2 * index], row[2 * index + 1]


def of_csv(path, kinds):
    """By DuckDB's own reader: an empty field is no value, an empty field in quotes is an empty text."""
    with open(path, newline="") as file:
        names = next(csv.reader(file))
    figures = {
        "integer": "sum({0}::HUGEINT)", "number": "sum({0}::DOUBLE)", "text": "sum(strlen({0}))", "other": "NULL",
    }
    chosen = []
    for name in names:
        chosen.append(f"count({quoted(name)}), {figures[kinds[name]].format(quoted(name))}")
    text = path.replace("'", "''")
    source = f"read_csv('{text}', header = true, all_varchar = true, quote = '\"', escape = '\"', nullstr = '', " \
        "allow_quoted_nulls = false)"
    row = duckdb.sql(f"SELECT {', '.join(chosen)} FROM {source}").fetchall()[0]
    for index, name in enumerate(names):
        yield name, row[2 * index], row[2 * index + 1]


def same(one, other):
    if one is None or other is None:
        return (one or 0) == (other or 0)
    if isinstance(one, int) and isinstance(other, int):
        return one == other
    # Sums of doubles depend on the order they are taken in.
    return math.isclose(float(one), float(other), rel_tol=1e-9, abs_tol=1e-9)


def show(path):
    print(open_stream(path).read_all().slice(0, 10))
    print(polars.read_ipc_stream(path).head(10).to_dict(as_series=False))
    stream = open_stream(path)
    print(duckdb.sql("SELECT * FROM stream LIMIT 10").fetchall())


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    if sys.argv[1] == "--show":
        return show(sys.argv[2])
    arrow, text = sys.argv[1:]
    kinds = {field.name: kind(field.type) for field in open_stream(arrow).schema}
    found = {}
    for who, read, path in [
        ("csv", of_csv, text), ("pyarrow", of_pyarrow, arrow), ("polars", of_polars, arrow),
        ("duckdb", of_duckdb, arrow),
    ]:
        start = time.perf_counter()
        found[who] = {name: (count, figure) for name, count, figure in read(path, kinds)}
        print(f"{who:8} {time.perf_counter() - start:8.3f} s")
    failures = 0
    for name in kinds:
        count, figure = found["csv"][name]
        for who in ["pyarrow", "polars", "duckdb"]:
            if found[who][name][0] != count or not same(found[who][name][1], figure):
                failures += 1
                print(f"{name}: {who} has {found[who][name]}, the csv {(count, figure)}")
    print("differences" if failures else "equal", len(kinds), "columns")
    sys.exit(1 if failures else 0)


main()
