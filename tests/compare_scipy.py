#!/usr/bin/env python3
"""Two years compared, beside the same worked out with sets and scipy's linear_sum_assignment.

`run` and `compare` (of one folder with both years, and of two folders of `diagnose`) must tell the
same; overlaps, Jaccards, matches, events, firms and links that stayed are worked out again from
members, places and trade.

usage: compare_scipy.py PROGRAM
"""
import collections
import csv
import math
import pathlib
import subprocess
import sys
import tempfile

from support.program import run, run_well

try:
    import h5py
    import numpy
    from scipy.optimize import linear_sum_assignment
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

EPS = 1500
STUDY = """[study]
years = [2010, 2020]
[input]
firms = "firms_{{year}}.csv"
trade = "trade_{{year}}.csv"
project = "{project}"
[identify]
eps = 1500
min_firms = {min_firms}
[select]
top = 6
min_nodes = 5
min_links = 3
"""


def rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


class Year:
    def __init__(self, source, snapshots, folder, year):
        with h5py.File(snapshots / f"{year}.h5") as file:
            at, raw = file["firms/id_offsets"][:], file["firms/id_bytes"][:].tobytes()
            ids = [raw[a:b].decode() for a, b in zip(at[:-1], at[1:])]
            place = dict(zip(ids, zip(file["firms/x"][:], file["firms/y"][:])))
        self.firms = collections.defaultdict(set)
        self.cells = collections.defaultdict(set)
        self.groups = collections.defaultdict(collections.Counter)
        label = {}
        for row in rows(folder / f"members_{year}.csv"):
            if row["label"] == "-1":
                continue
            own = label[row["id"]] = int(row["label"])
            x, y = place[row["id"]]
            self.firms[own].add(row["id"])
            self.groups[own][row["group"]] += 1
            if not math.isnan(x):
                self.cells[own].add((math.floor(x / EPS), math.floor(y / EPS)))
        self.links = collections.defaultdict(set)
        for row in rows(source / f"trade_{year}.csv"):
            ends = row["supplier"], row["buyer"]
            if ends[0] != ends[1] and label.get(ends[0], -1) == label.get(ends[1], -2):
                self.links[label[ends[0]]].add(ends)
        self.labels = range(len(self.firms))
        clusters = [row for row in rows(folder / "clusters.csv") if row["year"] == str(year)]
        self.facts = {int(row["label"]): row for row in clusters}
        self.screened = {name: row["screened"] == "1" for name, row in self.facts.items()}
        self.rank = {name: row["rank"] for name, row in self.facts.items()}


def jaccard(a, b):
    return len(a & b) / len(a | b)


def cosine(a, b):
    dot = sum(count * b[key] for key, count in a.items())
    return dot / math.sqrt(sum(n * n for n in a.values()) * sum(n * n for n in b.values()))


def history(before, now, by):
    """{(a, b): event}, and the matched pairs."""
    cost = numpy.ones((len(before.labels), len(now.labels)))
    of_a, of_b = numpy.zeros(cost.shape), numpy.zeros(cost.shape)
    for a in before.labels:
        for b in now.labels:
            things = ("firms", "cells")[by == "footprint"]
            left, right = getattr(before, things)[a], getattr(now, things)[b]
            alike = cosine(before.groups[a], now.groups[b]) if by == "footprint" else 1
            both = len(left & right)
            cost[a, b] = 1 - alike * jaccard(left, right)
            of_a[a, b], of_b[a, b] = alike * both / len(left), alike * both / len(right)
    a, b = linear_sum_assignment(numpy.minimum(cost, 0.8))
    matched = {(i, j) for i, j in zip(a.tolist(), b.tolist()) if cost[i, j] < 0.8 - 1e-12}
    gain = sum(0.8 - cost[pair] for pair in matched)
    splits, mergers = (of_a >= 0.25).sum(axis=1), (of_b >= 0.25).sum(axis=0)
    events = {}
    for a in before.labels:
        for b in now.labels:
            is_split = of_a[a, b] >= 0.25 and splits[a] > 1
            is_merger = of_b[a, b] >= 0.25 and mergers[b] > 1
            if (a, b) in matched and before.screened[a] != now.screened[b]:
                events[a, b] = "promoted" if now.screened[b] else "demoted"
            elif is_split or is_merger:
                events[a, b] = "split" if is_split else "merged"
            elif (a, b) in matched:
                events[a, b] = "continued"
    events |= {(a, None): "died" for a in before.labels if all(k[0] != a for k in events)}
    events |= {(None, b): "born" for b in now.labels if all(k[1] != b for k in events)}
    return events, matched, gain


def near(text, value):
    return abs(float(text) - value) <= 1e-12


def check(found, before, now, by):
    """What matches.csv says against what we find."""
    assert list(found[0])[:8] == ["label_a", "label_b", "overlap", "firm_jaccard", "event",
                                  "rank_a", "rank_b", "rank_change"]
    number = lambda text: int(text) if text else None
    lines = {(number(row["label_a"]), number(row["label_b"])): row for row in found}
    assert len(lines) == len(found)
    events, matched, gain = history(before, now, by)
    assert {key: row["event"] for key, row in lines.items()} == events
    ours = {key for key, row in lines.items() if row["matched"] == "1"}
    assert abs(sum(0.8 - float(lines[key]["cost"]) for key in ours) - gain) < 1e-9
    assert ours == matched, ours ^ matched
    for (a, b), row in lines.items():
        if a is None or b is None:
            assert not row["overlap"] and not row["rank_change"]
            continue
        assert near(row["overlap"], jaccard(before.cells[a], now.cells[b]))
        assert near(row["firm_jaccard"], jaccard(before.firms[a], now.firms[b]))
        assert near(row["similarity"], cosine(before.groups[a], now.groups[b]))
        for things, names in (("firms", ("firms_stayed", "firms_left", "firms_entered")),
                              ("links", ("links_kept", "links_lost", "links_new"))):
            left, right = getattr(before, things)[a], getattr(now, things)[b]
            sets = (left & right, left - right, right - left)
            assert [int(row[name]) for name in names] == [len(one) for one in sets]
        if before.rank[a] and now.rank[b]:
            assert int(row["rank_change"]) == int(before.rank[a]) - int(now.rank[b])
        change = row["change_inclusiveness"]
        assert near(change, float(now.facts[b]["inclusiveness"])
                    - float(before.facts[a]["inclusiveness"]))
    return collections.Counter(events.values())


def check_selection(before, now, matched):
    """The selection of 2020 is carried to 2010."""
    partner = dict(matched)
    for a in before.labels:
        b = partner.get(a)
        assert before.facts[a]["reference_label"] == ("" if b is None else str(b))
        chosen = "0" if b is None else now.facts[b]["selected"]
        assert before.facts[a]["selected"] == chosen
    assert all(row["selected"] == row["screened"] for row in now.facts.values())
    assert any(row["selected"] == "1" for row in now.facts.values())


def study(program, folder, seed, min_firms, project="EPSG:5179"):
    tool = pathlib.Path(__file__).parent / "support" / "small_network.py"
    source = folder / f"nation_{seed}"
    subprocess.run([sys.executable, tool, source, "--firms", "1500", "--seed", str(seed)],
                   check=True)
    (source / "study.toml").write_text(STUDY.format(project=project, min_firms=min_firms))
    result = folder / f"study_{seed}_{project[:4]}"
    run_well(program, "run", source / "study.toml", "-o", result, ranks=2)
    return source, result


def diagnose(program, study_folder, folder, year, members=None):
    run_well(program, "diagnose", study_folder / f"{year}.h5", "--members",
             members or study_folder / f"members_{year}.csv", "--eps", EPS, "--top", 6,
             "--min-nodes", 5, "--min-links", 3, "-o", folder)
    return folder


def check_fragments(program, source, result, folder, now):
    """Smaller clusters before: some merge, some die; the other way round: split, born."""
    small = folder / "small.csv"
    run_well(program, "identify", result / "2010.h5", "--eps", 450, "--min-firms", 5, "-o", small)
    fragments = diagnose(program, result, folder / "fragments", 2010, small)
    before = Year(source, result, fragments, 2010)
    run_well(program, "compare", fragments, result, "--year-b", 2020, "-o", folder / "merging")
    run_well(program, "compare", result, fragments, "--year-a", 2020, "-o", folder / "splitting",
             ranks=3)
    return (check(rows(folder / "merging" / "matches.csv"), before, now, "footprint")
            + check(rows(folder / "splitting" / "matches.csv"), now, before, "footprint"))


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    seen = collections.Counter()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for seed, min_firms in ((1, 6), (2, 12)):
            source, result = study(program, folder, seed, min_firms)
            before, now = (Year(source, result, result, year) for year in (2010, 2020))
            found = rows(result / "matches.csv")
            seen += check(found, before, now, "footprint")
            check_selection(before, now, history(before, now, "footprint")[1])
            for ranks in (1, 3):
                one = folder / f"one_{seed}_{ranks}"
                run_well(program, "compare", result, result, "--year-a", 2010, "--year-b", 2020,
                         "-o", one, ranks=ranks)
                assert (one / "matches.csv").read_bytes() == (result / "matches.csv").read_bytes()
            firms = folder / f"firms_{seed}"
            run_well(program, "compare", result, result, "--year-a", 2010, "--year-b", 2020,
                     "--match-by", "firms", "-o", firms)
            seen += check(rows(firms / "matches.csv"), before, now, "firms")
            two = [diagnose(program, result, folder / f"{year}_{seed}", year)
                   for year in (2010, 2020)]
            run_well(program, "compare", *two, "-o", folder / f"two_{seed}", ranks=2)
            again = rows(folder / f"two_{seed}" / "matches.csv")
            same = ["label_a", "label_b", "overlap", "firm_jaccard", "event", "cost", "links_kept"]
            assert [[row[k] for k in same] for row in again] == [[row[k] for k in same]
                                                                 for row in found]
        seen += check_fragments(program, source, result, folder, now)
        # Years in planes of their own are brought to one.
        _, own = study(program, folder, 1, 6, "auto")
        matched = [row for row in rows(own / "matches.csv") if row["matched"] == "1"]
        assert len(matched) >= 3, matched
        assert any(float(row["overlap"]) > 0.3 for row in matched)
        bad = run(program, "compare", result, result, "-o", folder / "bad")
        assert bad.returncode == 2 and "2010, 2020" in bad.stderr, bad.stderr
        bad = run(program, "compare", source, result, "-o", folder / "bad")
        assert bad.returncode == 2 and "provenance.json" in bad.stderr, bad.stderr
    assert len(seen) == 7, seen
    print(", ".join(f"{count} {event}" for event, count in seen.items()), "as scipy has them")


if __name__ == "__main__":
    main()
