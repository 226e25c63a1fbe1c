#!/usr/bin/env python3
"""Reads an imported snapshot with h5py and finds the CSV files in it, row by row.

Firms are stored along a curve: `input_row` says where each stood in the file. Ids, numbers,
dictionary codes and places must be those of the CSV; the links, as rows of suppliers, must be the
trade without self-trade and with repeats added. Written at 1 and at 3 ranks.

usage: snapshot_h5py.py PROGRAM
Exit 77 = skipped (no h5py).
"""
import pathlib
import subprocess
import sys
import tempfile

from support.program import run_well, table, write_table

try:
    import h5py
    import numpy as np
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)


def texts(offsets, data):
    raw, at = data[:].tobytes(), offsets[:]
    return [raw[first:last].decode() for first, last in zip(at[:-1], at[1:])]


def number(text):
    return float(text) if text else np.nan


def check_firms(file, header, rows):
    firms, count = file["firms"], len(rows)
    row = firms["input_row"][:]
    assert sorted(row) == list(range(count)), "input_row is no permutation"
    at = {name: [rows[i][header.index(name)] for i in row] for name in header}
    assert texts(firms["id_offsets"], firms["id_bytes"]) == at["id"]
    for name in ("lon", "lat", "employees"):
        values = [number(text) for text in at[name]]
        assert np.array_equal(firms[name][:], values, equal_nan=True), name
    assert np.array_equal(np.isnan(firms["x"][:]), np.isnan(firms["lon"][:]))
    for name in ("industry", "region"):
        dictionary = file[f"dictionaries/{name}"]
        words = texts(dictionary["offsets"], dictionary["bytes"])
        assert len(set(words)) == len(words)
        assert [words[code] if code >= 0 else "" for code in firms[name][:]] == at[name], name
    return at["id"]


def check_trade(file, ids, trade):
    expected = {}
    for supplier, buyer, amount, count in trade:
        if supplier != buyer:
            before = expected.get((supplier, buyer), (0.0, 0.0))
            expected[supplier, buyer] = (before[0] + float(amount), before[1] + float(count))
    links = file["trade"]
    pointers, columns = links["row_pointers"][:], links["columns"][:]
    assert pointers[0] == 0 and len(pointers) == len(ids) + 1 and pointers[-1] == len(columns)
    suppliers = np.repeat(np.arange(len(ids)), np.diff(pointers))
    found = {(ids[supplier], ids[buyer]): (amount, count) for supplier, buyer, amount, count in
             zip(suppliers, columns, links["amount"][:], links["count"][:])}
    assert len(found) == len(columns), "a link is there twice"
    assert found == expected, "links differ"
    assert file.attrs["links"] == len(expected) and file.attrs["year"] == 2020
    assert file["dropped"].attrs["self_trade"] == sum(row[0] == row[1] for row in trade)


def add_oddities(folder):
    """Korean and quoted texts, an empty code, self-trade, and repeated pairs in whole amounts."""
    header, rows = table(folder / "firms_2020.csv")
    rows[3][header.index("region")] = '서울, "중구"'
    rows[4][header.index("industry")] = ""
    rows[5][0] = "회사 \"다섯\""
    write_table(folder / "firms.csv", header, rows)
    links_header, links = table(folder / "trade_2020.csv")
    known = {row[0] for row in rows}
    links = [[end if end in known else rows[5][0] for end in link[:2]] + link[2:] for link in links]
    links += links[:40] + [[rows[9][0], rows[9][0], "5", "1"]]
    write_table(folder / "trade.csv", links_header, links)
    return header, rows, links


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    tool = pathlib.Path(__file__).resolve().parent / "support" / "small_network.py"
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        subprocess.run([sys.executable, tool, folder, "--firms", "800"], check=True)
        header, rows, links = add_oddities(folder)
        for ranks in (1, 3):
            run_well(program, "import", folder / "firms.csv", folder / "trade.csv", "--year", 2020,
                     "-o", folder / "n.h5", ranks=ranks)
            with h5py.File(folder / "n.h5", "r") as file:
                check_trade(file, check_firms(file, header, rows), links)
    print(f"{len(rows)} firms and {len(links)} rows of trade found in the snapshot")


if __name__ == "__main__":
    main()
