#!/usr/bin/env python3
"""Which of the clusters that a synthetic nation was planted with were found again, by name.

Usage: truth.py DIR     DIR holds what `tradegraph synth` wrote, and results/
"""

import collections
import sys
from pathlib import Path

from tables import rows_of


def found_as(folder, year):
    """Agglomeration planted to label found: those that hold more than half of each other's firms."""
    planted = {row["id"]: row["agglomeration"] for row in rows_of(folder / f"truth_firms_{year}.csv")}
    found = {row["id"]: row["label"] for row in rows_of(folder / "results" / f"members_{year}.csv")}
    pairs = [(home, found[firm]) for firm, home in planted.items()]
    sizes = [collections.Counter(pair[i] for pair in pairs) for i in (0, 1)]
    both = collections.Counter(pair for pair in pairs if "-1" not in pair)
    return {home: label for (home, label), firms in both.items()
            if 2 * firms > sizes[0][home] and 2 * firms > sizes[1][label]}


def of_year(path, year):
    return [row for row in rows_of(path) if row["year"] == year]


def print_year(folder, year):
    label_of = found_as(folder, year)
    clusters = {row["label"]: row for row in of_year(folder / "results" / "clusters.csv", year)}
    named = [row for row in of_year(folder / "truth_clusters.csv", year) if row["published"]]
    print(f"\n{year}: the named clusters as they were planted and as they were found")
    print(f"{'planted':32} {'firms':>6} {'links':>6} {'inclusive':>9}   "
          f"{'label':>5} {'firms':>6} {'links':>6} {'inclusive':>9}  selected")
    for row in sorted(named, key=lambda row: -float(row["inclusiveness"])):
        cluster = clusters.get(label_of.get(row["agglomeration"], ""))
        found = "not found" if cluster is None else (
            f"{cluster['label']:>5} {cluster['firms']:>6} {cluster['links']:>6} "
            f"{float(cluster['inclusiveness'] or 'nan'):>9.2f}  "
            f"{'yes' if cluster['selected'] == '1' else 'no'}")
        print(f"{row['name'][:32]:32} {row['firms']:>6} {row['links']:>6} "
              f"{float(row['inclusiveness']):>9.2f}   {found}")
    selected = sum(cluster["selected"] == "1" for cluster in clusters.values())
    print(f"{sum(row['agglomeration'] in label_of for row in named)} of {len(named)} found; "
          f"{selected} clusters selected in all")


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = Path(sys.argv[1])
    years = sorted({row["year"] for row in rows_of(folder / "truth_clusters.csv")})
    print_year(folder, years[-1])


if __name__ == "__main__":
    main()
