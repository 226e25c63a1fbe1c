#!/usr/bin/env python3
"""The synthetic nation: the same bytes at any number of ranks and threads, its counts, its truth.

usage: synth_program.py PROGRAM
"""
import collections
import pathlib
import sys
import tempfile

from support.program import run, run_well, table

FIRMS, YEARS = 12000, (2010, 2020)
SETTINGS = [(1, ["--threads", "1"]), (1, ["--threads", "3"]), (2, []), (3, ["--threads", "2"])]


def make(program, folder, ranks=1, options=(), seed=1, years="2010,2020"):
    run_well(program, "synth", "--firms", FIRMS, "--years", years, "--seed", seed, "-o", folder,
             *options, ranks=ranks)
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def check_same_bytes(program, folder):
    first = None
    for ranks, options in SETTINGS:
        files = make(program, folder / f"{ranks}{'_'.join(options)}", ranks, options)
        first = first or files
        assert files.keys() == first.keys(), files.keys()
        for name, content in files.items():
            assert content == first[name], f"{name} differs at {ranks} ranks {options}"
    other = make(program, folder / "seed", seed=2)
    assert other["firms_2020.csv"] != first["firms_2020.csv"], "the seed has no influence"
    alone = make(program, folder / "alone", years="2020")
    assert alone["trade_2020.csv"] == first["trade_2020.csv"], "a year depends on the others"


def columns(path):
    header, rows = table(path)
    return {name: [row[i] for row in rows] for i, name in enumerate(header)}


def check_year(folder, year):
    firms = columns(folder / f"firms_{year}.csv")
    trade = columns(folder / f"trade_{year}.csv")
    truth = columns(folder / f"truth_firms_{year}.csv")
    ids = set(firms["id"])
    assert len(firms["id"]) == FIRMS == len(ids), (len(firms["id"]), len(ids))
    assert truth["id"] == firms["id"]
    assert set(trade["supplier"]) <= ids and set(trade["buyer"]) <= ids
    assert all(a != b for a, b in zip(trade["supplier"], trade["buyer"]))
    links = len(trade["supplier"])
    assert 4.0 * FIRMS < links < 5.0 * FIRMS, links
    pairs = set(zip(trade["supplier"], trade["buyer"]))
    assert len(pairs) > 0.97 * links, (len(pairs), links)  # two firms may choose each other
    group_of = dict(zip(*columns(folder / "groups.csv").values()))
    assert [group_of[code] for code in firms["industry"]] == truth["group"]
    return firms, pairs, dict(zip(truth["id"], truth["agglomeration"]))


def check_clusters(folder, year, pairs, home):
    """Members, links and inclusiveness of truth_clusters.csv against the firms and links."""
    header, rows = table(folder / "truth_clusters.csv")
    rows = [dict(zip(header, row)) for row in rows]
    rows = [row for row in rows if row["year"] == str(year)]
    whole = {firm: str(int(number) % 1000) for firm, number in home.items() if number != "-1"}
    sizes = collections.Counter(whole.values())
    inside = [pair for pair in pairs if pair[0] in whole and whole[pair[0]] == whole.get(pair[1])]
    links = collections.Counter(whole[pair[0]] for pair in inside)
    linked = collections.Counter(whole[firm] for firm in {firm for pair in inside for firm in pair})
    nodes = collections.Counter(whole[firm] for firm in {firm for pair in pairs for firm in pair}
                                if firm in whole)
    for row in rows:
        number = str(int(row["agglomeration"]) % 1000)
        assert int(row["firms"]) == sizes[number], row
        assert int(row["links"]) == links[number], (row, links[number])
        assert int(row["participants"]) == linked[number], (row, linked[number])
        assert 0.9 * int(row["nodes"]) - 3 <= nodes[number] <= int(row["nodes"]), \
            (row, nodes[number])
    assert {str(int(row["agglomeration"]) % 1000) for row in rows} == set(sizes)
    assert sum(row["selected"] == "1" for row in rows) == 38
    return rows


def check_truth(folder):
    found = {year: check_year(folder, year) for year in YEARS}
    rows = {year: check_clusters(folder, year, *found[year][1:]) for year in YEARS}
    assert len(rows[2020]) == 146, len(rows[2020])
    events = collections.Counter(row["event"] for row in rows[2010])
    assert events["promoted"] == 4 and events["died"] == 10 and events["merged"] == 6, events
    born = {row["agglomeration"] for row in rows[2020]} - {row["agglomeration"] for row in rows[2010]}
    assert len(born) == 14, born
    kept = len(found[2010][1] & found[2020][1]) / len(found[2010][1])
    assert 0.2 < kept < 0.3, f"{kept} of the links are there after ten years"


def check_use(program, folder):
    """What is written runs: a snapshot, and wrong uses."""
    run_well(program, "synth", "--firms", 10000, "--years", 2015, "--snapshot", "-o", folder,
             ranks=2)
    text = run_well(program, "info", folder / "2015.h5").stdout
    assert "10000" in text, text
    for wrong in (["--firms", 9999], ["--years", "2010,2010"], ["--years", "1900"]):
        done = run(program, "synth", *wrong, "-o", folder / "wrong")
        assert done.returncode == 2, (wrong, done.returncode, done.stderr)


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        check_same_bytes(sys.argv[1], folder)
        check_truth(folder / "2")
        check_use(sys.argv[1], folder / "use")
    print("the synthetic nation is the same everywhere, and what its truth says")


if __name__ == "__main__":
    main()
