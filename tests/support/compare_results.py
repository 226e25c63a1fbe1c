#!/usr/bin/env python3
"""Says whether two results are the same result.

Usage: compare_results.py A B       two files, or two folders that must hold the same files
       compare_results.py --self-test

firms.csv must have the same rows in the same order, in which numbers that are not whole may differ
by 1e-9 * (1 + |x|) and an empty value equals an empty value only. All other files must be equal byte
for byte, except for those whose times and hosts differ by nature: JSON (provenance), HDF5, HTML and
logs, which are left out, as is everything under a name that starts with a dot.
Exit 0 when the same, 1 with the first differences otherwise.
"""

import csv
import sys
import tempfile
from pathlib import Path

LEFT_OUT = {".json", ".h5", ".html", ".log"}
NUMERIC = {"firms.csv"}
TOLERANCE = 1e-9
SHOWN = 10


def same_value(a, b):
    if a == b:
        return True
    try:
        x, y = float(a), float(b)
    except ValueError:
        return False
    counts = a.lstrip("-").isdigit() and b.lstrip("-").isdigit()
    return not counts and abs(x - y) <= TOLERANCE * (1 + abs(x))


def rows_of(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def numeric_differences(a, b):
    rows_a, rows_b = rows_of(a), rows_of(b)
    if len(rows_a) != len(rows_b):
        yield f"{len(rows_a)} rows against {len(rows_b)}"
    for line, (row_a, row_b) in enumerate(zip(rows_a, rows_b), 1):
        # The header, and the columns that name things, are text: equal as it stands.
        if len(row_a) != len(row_b) or (line == 1 and row_a != row_b):
            yield f"row {line}: {row_a} against {row_b}"
            continue
        for column, value_a, value_b in zip(rows_a[0], row_a, row_b):
            same = value_a == value_b if column in ("id", "label") else same_value(value_a, value_b)
            if not same:
                yield f"row {line}, {column}: {value_a!r} against {value_b!r}"


def differences(a, b):
    if a.name in NUMERIC:
        yield from numeric_differences(a, b)
    elif a.read_bytes() != b.read_bytes():
        lines_a, lines_b = (path.read_text("utf-8").splitlines() for path in (a, b))
        if len(lines_a) != len(lines_b):
            yield f"{len(lines_a)} lines against {len(lines_b)}"
        for line, (text_a, text_b) in enumerate(zip(lines_a, lines_b), 1):
            if text_a != text_b:
                yield f"line {line}: {text_a} against {text_b}"
        if lines_a == lines_b:
            yield "line ends differ"


def results_in(folder):
    return {path.relative_to(folder) for path in folder.rglob("*")
            if path.is_file() and path.suffix not in LEFT_OUT
            and not any(part.startswith(".") for part in path.relative_to(folder).parts)}


def compare(a, b):
    """Differences as lines of text, and how many files were looked at."""
    if a.is_file() and b.is_file():
        return [f"{a.name}: {text}" for text in differences(a, b)], 1
    in_a, in_b = results_in(a), results_in(b)
    found = [f"{name}: only in {a}" for name in sorted(in_a - in_b)]
    found += [f"{name}: only in {b}" for name in sorted(in_b - in_a)]
    for name in sorted(in_a & in_b):
        found += [f"{name}: {text}" for text in differences(a / name, b / name)]
    if not in_a and not in_b:
        found.append("no result file on either side")
    return found, len(in_a & in_b)


def self_test():
    cases = [  # file, left, right, same?
        ("clusters.csv", "label,x\n0,0.1\n", "label,x\n0,0.1\n", True),
        ("clusters.csv", "label,x\n0,0.1\n", "label,x\n0,0.10000000000000001\n", False),
        ("clusters.csv", "label\n0\n", "label\r\n0\r\n", False),
        ("firms.csv", "id,x\n007,1.0\n", "id,x\n007,1.0000000009\n", True),
        ("firms.csv", "id,x\n007,1.0\n", "id,x\n007,1.00000001\n", False),
        ("firms.csv", "id,x\n007,1\n", "id,x\n7,1\n", False),
        ("firms.csv", "id,x\n1,9000000000\n", "id,x\n1,9000000001\n", False),
        ("firms.csv", "id,x\n007,\n", "id,x\n007,0\n", False),
        ("firms.csv", "id,x\n1,1\n2,1\n", "id,x\n1,1\n", False),
        ("provenance.json", "{}", "[]", None),
    ]
    for name, left, right, same in cases:
        with tempfile.TemporaryDirectory() as folder:
            sides = [Path(folder) / side for side in "ab"]
            for side, text in zip(sides, (left, right)):
                side.mkdir()
                (side / name).write_bytes(text.encode())
            found, files = compare(*sides)
        if same is None and files != 0 or same is not None and same != (not found):
            sys.exit(f"self-test failed: {name} {left!r} {right!r}: {found}")


def main():
    if sys.argv[1:] == ["--self-test"]:
        self_test()
        return
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    a, b = map(Path, sys.argv[1:])
    missing = [str(path) for path in (a, b) if not path.exists()]
    if missing:
        sys.exit(f"compare_results: not there: {', '.join(missing)}")
    found, files = compare(a, b)
    for text in found[:SHOWN]:
        print(text)
    if len(found) > SHOWN:
        print(f"… and {len(found) - SHOWN} more differences")
    if not found:
        print(f"same result: {files} file(s)")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
