#!/usr/bin/env python3
"""Europe's research organisations and their ties as FIRMS and TRADE CSV.

Usage: ror.py FOLDER DIR YEAR

FOLDER holds nodes.csv (id, lon, lat, type, country, city, established, name) and links.csv (source,
target, rel) of the Research Organization Registry. Writes firms_YEAR.csv and trade_YEAR.csv into DIR:
the industry is the type as one letter, the region the country, a link goes from an organisation to
its parent or to one it is related to ("child" says the same as "parent" from the other side).
"""

import sys
from pathlib import Path

from tables import rows_of, write

EUROPE = {"lon": (-25.0, 45.0), "lat": (34.0, 72.0)}
TYPES = {"archive": "A", "company": "C", "education": "E", "facility": "F", "funder": "U",
         "government": "G", "healthcare": "H", "nonprofit": "N", "other": "O"}


def inside(row):
    return all(low <= float(row[axis]) <= high for axis, (low, high) in EUROPE.items())


def convert(organisations, ties):
    firms = [[row["id"], row["lon"], row["lat"], TYPES[row["type"]], row["country"], row["name"]]
             for row in organisations if inside(row)]
    kept = {firm[0] for firm in firms}
    trade = [[row["source"], row["target"]] for row in ties
             if row["rel"] != "child" and row["source"] in kept and row["target"] in kept]
    return firms, trade


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    folder, out, year = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    firms, trade = convert(rows_of(folder / "nodes.csv"), rows_of(folder / "links.csv"))
    header = ["id", "lon", "lat", "industry", "region", "name"]
    write(out / f"firms_{year}.csv", header, firms)
    write(out / f"trade_{year}.csv", ["supplier", "buyer"], trade)
    letters = ", ".join(f"{letter} {name}" for name, letter in TYPES.items())
    print(f"ror: {len(firms)} organisations in Europe, {len(trade)} ties; groups: {letters}")


if __name__ == "__main__":
    main()
