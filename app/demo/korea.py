#!/usr/bin/env python3
"""Korea's cities and the trips between them as FIRMS and TRADE CSV.

Usage: korea.py FOLDER DIR YEAR

FOLDER holds nodes.csv (SiGun_CD, SiGun_NM, …, lon, lat) and links.csv (source, target, trips). Writes
firms_YEAR.csv and trade_YEAR.csv into DIR: a firm is a city or county, its region the province (the
first two digits of its code), the amount of a link the trips. All links are kept: nearly every
two cities exchange passengers, so that links say how much, and not whether.
"""

import sys
from pathlib import Path

from tables import rows_of, write


def convert(places, flows):
    firms = [[row["SiGun_CD"], row["lon"], row["lat"], row["SiGun_CD"][:2], row["SiGun_NM"]]
             for row in places]
    trade = [[row["source"], row["target"], row["trips"]] for row in flows]
    return firms, trade


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    folder, out, year = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    firms, trade = convert(rows_of(folder / "nodes.csv"), rows_of(folder / "links.csv"))
    write(out / f"firms_{year}.csv", ["id", "lon", "lat", "region", "name"], firms)
    write(out / f"trade_{year}.csv", ["supplier", "buyer", "amount"], trade)
    print(f"korea: {len(firms)} cities and counties, {len(trade)} flows of passengers")


if __name__ == "__main__":
    main()
