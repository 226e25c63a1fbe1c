#!/usr/bin/env python3
"""Runs the study on a synthetic nation and says how much of its truth comes back.

Prints agreement of the industry groups and of the agglomerations with the truth, which named
clusters are found and selected, wrong ones, promotions, and the rank correlation of indicators with
their planted order; with --demand, fails where a figure is worse than is asked for.

usage: recovery.py PROGRAM [--firms N] [--seed S] [--ranks P] [--keep DIR] [--demand]
       recovery.py --judge DIR [--demand]        (what an earlier run with --keep left)
"""
import argparse
import collections
import pathlib
import tempfile

from scipy.stats import spearmanr
from sklearn.metrics import adjusted_rand_score

from support.program import run_well, table

YEARS = (2010, 2020)
INDICATORS = ("inclusiveness", "hierarchy", "external_reach", "specialisation", "related_variety",
              "internal_reach", "disassortativity")


def rows_of(path, **wanted):
    header, rows = table(path)
    rows = [dict(zip(header, row)) for row in rows]
    return [row for row in rows if all(row[name] == value for name, value in wanted.items())]


def homes(nation, results, year):
    """For each firm: agglomeration in the truth, label found."""
    truth = {row["id"]: row["agglomeration"] for row in rows_of(nation / f"truth_firms_{year}.csv")}
    found = {row["id"]: row["label"] for row in rows_of(results / f"members_{year}.csv")}
    return [(truth[firm], found[firm]) for firm in truth]


def agreement(pairs):
    members = [pair for pair in pairs if pair[0] != "-1"]
    return adjusted_rand_score(*zip(*members))


def industry_groups(nation, results):
    """Agreement with the planted groups, and how many are found."""
    planted, found = ({row["industry"]: row["group"] for row in rows_of(folder / "groups.csv")}
                      for folder in (nation, results / "grouping"))
    return (adjusted_rand_score(*zip(*((planted[code], found[code]) for code in found))),
            len(set(found.values())))


def matched(pairs):
    """Agglomeration to label: those that hold more than half of each other."""
    both = collections.Counter(pair for pair in pairs if "-1" not in pair)
    size = [collections.Counter(pair[i] for pair in pairs) for i in (0, 1)]
    return {a: label for (a, label), n in both.items()
            if 2 * n > size[0][a] and 2 * n > size[1][label]}


class Year:
    def __init__(self, nation, results, year):
        self.pairs = homes(nation, results, year)
        self.label_of = matched(self.pairs)
        self.truth = {row["agglomeration"]: row
                      for row in rows_of(nation / "truth_clusters.csv", year=str(year))}
        self.found = {row["label"]: row for row in rows_of(results / "clusters.csv", year=str(year))}

    def named(self):
        return {a: row for a, row in self.truth.items() if row["published"]}

    def correlation(self, indicator):
        pairs = [(float(row[indicator]), float(self.found[self.label_of[a]][indicator]))
                 for a, row in self.named().items()
                 if a in self.label_of and row[indicator]
                 and self.found[self.label_of[a]][indicator]]
        return spearmanr(*zip(*pairs)).statistic


def promotions(nation, results, years):
    labels = {(row["label_a"], row["label_b"]) for row in rows_of(results / "matches.csv")
              if row["event"] == "promoted"}
    wanted = [a for a, row in years[2010].truth.items() if row["event"] == "promoted"]
    return [a for a in wanted
            if (years[2010].label_of.get(a), years[2020].label_of.get(a)) in labels], wanted


def judge(nation, results):
    years = {year: Year(nation, results, year) for year in YEARS}
    last = years[2020]
    lines, failed = [], []

    def line(name, value, holds):
        lines.append(f"{name:45} {value}{'' if holds else '   <-'}")
        if not holds:
            failed.append(name)

    value, count = industry_groups(nation, results)
    line("industry groups, 26 planted, agreement (ARI)", f"{value:.4f}, {count} found", value >= 0.9)
    for year in YEARS:
        value = agreement(years[year].pairs)
        line(f"{year}: agreement on clustered firms (ARI)", f"{value:.4f}", value >= 0.9)
        line(f"{year}: agglomerations, planted / found",
             f"{len(years[year].truth)} / {len(years[year].found)}", True)
    selected = {label for label, row in last.found.items() if row["selected"] == "1"}
    named = {a: last.label_of[a] for a in last.named() if a in last.label_of}
    kept = [a for a in named if named[a] in selected]
    line("named clusters found, of 38", len(named), len(named) >= 36)
    line("named clusters selected, of 38", len(kept), len(kept) >= 36)
    wrong = selected - set(named.values())
    line("wrong ones selected", len(wrong), len(wrong) <= 4)
    seen, wanted = promotions(nation, results, years)
    line("promotions seen", f"{len(seen)} of {len(wanted)}", len(seen) == len(wanted))
    for indicator in INDICATORS:
        value = last.correlation(indicator)
        line(f"rank correlation, {indicator}", f"{value:.3f}", value >= 0.8)
    for a, row in last.named().items():
        if a not in kept:
            lines.append(f"  missed: {row['name']} ({row['firms']} firms, {row['links']} links)")
    print("\n".join(lines))
    return failed


def make(asked, nation):
    results = nation / "results"
    run_well(asked.program, "synth", "--firms", asked.firms, "--seed", asked.seed, "-o", nation,
             ranks=asked.ranks, timeout=600)
    run_well(asked.program, "run", nation / "study.toml", "-o", results, ranks=asked.ranks,
             timeout=1800)
    (results / "grouping").mkdir(exist_ok=True)
    run_well(asked.program, "group", results / "2020.h5", "--digits", 5, "-o",
             results / "grouping" / "groups.csv", ranks=asked.ranks, timeout=600)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", nargs="?")
    parser.add_argument("--firms", default="100000")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--ranks", type=int, default=1)
    parser.add_argument("--keep", help="folder to leave the files in")
    parser.add_argument("--judge", help="folder that was kept", metavar="DIR")
    parser.add_argument("--demand", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        nation = pathlib.Path(asked.judge or asked.keep or name)
        if not asked.judge:
            make(asked, nation)
        failed = judge(nation, nation / "results")
    if asked.demand and failed:
        raise SystemExit("missed: " + ", ".join(failed))


if __name__ == "__main__":
    main()
