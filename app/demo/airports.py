#!/usr/bin/env python3
"""US airports and the flights between them as FIRMS and TRADE CSV.

Usage: airports.py AIRPORTS.csv FLIGHTS.csv DIR YEAR

Reads the tables of the package vega-datasets: airports (iata, name, city, state, country, latitude,
longitude) and flights of a year (origin, destination, count). Writes firms_YEAR.csv and
trade_YEAR.csv into DIR: a firm is an airport with flights, its region the state, a link a served
connection; its flights are the link's count and its amount, so that either can be the weight.
Airports have no industry, so the column is left out.

Kept are the contiguous states: Alaska, Hawaii and the islands are so far off that no projection of
all of them keeps distances within 10 %.
"""

import sys
from pathlib import Path

from tables import rows_of, write

CONTIGUOUS = {"lon": (-125.0, -66.5), "lat": (24.0, 50.0)}


def inside(lon, lat):
    return (CONTIGUOUS["lon"][0] <= float(lon) <= CONTIGUOUS["lon"][1]
            and CONTIGUOUS["lat"][0] <= float(lat) <= CONTIGUOUS["lat"][1])


def convert(airports, flights):
    """Rows of the two tables to firms and trade."""
    served = {flight[end] for flight in flights for end in ("origin", "destination")}
    firms = [[row["iata"], row["longitude"], row["latitude"],
              "" if row["state"] == "NA" else row["state"], row["name"].strip()]
             for row in airports
             if row["iata"] in served and inside(row["longitude"], row["latitude"])]
    kept = {firm[0] for firm in firms}
    trade = [[flight["origin"], flight["destination"], flight["count"], flight["count"]]
             for flight in flights
             if flight["origin"] in kept and flight["destination"] in kept]
    return firms, trade, len(served) - len(kept), len(flights) - len(trade)


def main():
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    airports, flights, folder, year = sys.argv[1:]
    firms, trade, far_airports, far_flights = convert(rows_of(airports), rows_of(flights))
    write(Path(folder) / f"firms_{year}.csv", ["id", "lon", "lat", "region", "name"], firms)
    write(Path(folder) / f"trade_{year}.csv", ["supplier", "buyer", "count", "amount"], trade)
    print(f"airports: {len(firms)} with flights, {len(trade)} connections, contiguous states only\n"
          f"          left out as too far away for one map: {far_airports} airports, "
          f"{far_flights} connections")


if __name__ == "__main__":
    main()
