#!/usr/bin/env python3
"""Who is in the clusters, and what flows most between them: names, for a reader's eye.

Usage: show.py DIR [ROWS]     DIR holds study.toml's input tables and results/
"""

import sys
from pathlib import Path

from tables import rows_of

SHOWN_MEMBERS = 6


def names_of(folder, year):
    """What a firm is called: its name where the input has one, else its id."""
    rows = rows_of(folder / f"firms_{year}.csv")
    return {row["id"]: row.get("name") or row["id"] for row in rows}


def members_of(results, year):
    """Label to ids, those with the most links first."""
    members = {}
    for row in rows_of(results / "firms.csv"):
        if row["year"] == year and row["label"] not in ("", "-1"):
            members.setdefault(row["label"], []).append((-int(row["degree"]), row["id"]))
    return {label: [firm for _, firm in sorted(found)] for label, found in members.items()}


def shown(text, width):
    return text if len(text) <= width else text[:width - 1] + "…"


def print_members(clusters, members, names, rows):
    print(f"\n{'label':>5}  {'firms':>6}  members with the most links")
    for cluster in clusters[:rows]:
        ids = members.get(cluster["label"], [])[:SHOWN_MEMBERS]
        print(f"{cluster['label']:>5}  {cluster['firms']:>6}  "
              + ", ".join(shown(names[firm], 28) for firm in ids))
    if len(clusters) > rows:
        print(f"       and {len(clusters) - rows} more in results/clusters.csv")


def flows_between(flows):
    """Between different clusters, in the order of the program's own table: by amount where there is
    one, then by links, then by labels. Says also whether there is one."""
    between = [row for row in flows
               if row["from"] != row["to"] and "-1" not in (row["from"], row["to"])]
    by_amount = all(row["amount"] for row in flows)

    def key(row):
        return (-float(row["amount"]) if by_amount else 0, -int(row["links"]),
                int(row["from"]), int(row["to"]))
    return sorted(between, key=key), by_amount


def print_flows(flows, members, names, rows):
    """The largest; a cluster goes by its best linked member."""
    between, by_amount = flows_between(flows)
    print(f"\nlargest flows, by {'amount' if by_amount else 'links'} "
          "(each cluster by its best linked member)")
    print(f"{'amount':>10}  {'links':>6}  from -> to")
    for row in between[:rows]:
        ends = [f"{row[end]} {shown(names[members[row[end]][0]], 30)}" for end in ("from", "to")]
        amount = f"{float(row['amount']):.0f}" if row["amount"] else "."
        print(f"{amount:>10}  {row['links']:>6}  {ends[0]} -> {ends[1]}")


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    folder, rows = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) == 3 else 12
    results = folder / "results"
    clusters = rows_of(results / "clusters.csv")
    for year in sorted({row["year"] for row in clusters})[-1:]:
        names, members = names_of(folder, year), members_of(results, year)
        print(f"\n{year}, by name")
        print_members([row for row in clusters if row["year"] == year], members, names, rows)
        print_flows([row for row in rows_of(results / "intercluster.csv") if row["year"] == year],
                    members, names, rows)


if __name__ == "__main__":
    main()
