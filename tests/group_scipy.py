#!/usr/bin/env python3
"""`group` beside numpy and scipy: relatedness from the CSV files, Ward by scipy, scores as defined.

usage: group_scipy.py PROGRAM
"""
import collections
import math
import pathlib
import subprocess
import sys
import tempfile

from support.program import run, run_well, write_table
from support.study import rows

try:
    import numpy
    from scipy.cluster.hierarchy import fcluster, linkage
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

SHARES = ["cluster_mean", "cluster_high", "industry_mean", "industry_high"]


def tables(folder, years):
    firms = {year: rows(folder / f"firms_{year}.csv") for year in years}
    every = [row for year in years for row in firms[year]]
    names = sorted({row["industry"] for row in every})
    regions = sorted({row["region"] for row in every})
    establishments = numpy.zeros((len(names), len(regions)))
    employees, flows = establishments.copy(), numpy.zeros((len(names), len(names)))
    for row in every:
        at = names.index(row["industry"]), regions.index(row["region"])
        establishments[at] += 1
        employees[at] += float(row["employees"])
    for year in years:
        own = {row["id"]: names.index(row["industry"]) for row in firms[year]}
        pairs = {(row["supplier"], row["buyer"]) for row in rows(folder / f"trade_{year}.csv")}
        for supplier, buyer in pairs:
            flows[own[supplier], own[buyer]] += 1
    return names, establishments, employees, flows


def standardised(matrix):
    pairs = matrix[numpy.triu_indices(len(matrix), 1)]
    return (matrix - pairs.mean()) / pairs.std(ddof=1)


def relatedness(establishments, employees, flows):
    shares = employees / employees.sum(axis=1, keepdims=True)
    mean = shares.mean(axis=0)
    away = shares - mean
    sales, purchases = flows.sum(axis=1, keepdims=True), flows.sum(axis=0, keepdims=True)
    out, into = flows / sales, flows / purchases
    found = {"LC-Emp": numpy.corrcoef(employees), "LC-Est": numpy.corrcoef(establishments),
             "COI": away @ away.T / (1 - (mean ** 2).sum()),
             "IO": numpy.maximum.reduce([out, out.T, into, into.T])}
    found["LC"] = (standardised(found["LC-Emp"]) + standardised(found["LC-Est"])) / 2
    found["LC-IO"] = (standardised(found["LC"]) + standardised(found["IO"])) / 2
    found["LC-COI-IO"] = sum(standardised(found[k]) for k in ("LC", "COI", "IO")) / 3
    for matrix in found.values():
        numpy.fill_diagonal(matrix, 0)
    return found


def shares_of(matrix, group):
    """The four validation shares."""
    members = [numpy.flatnonzero(group == g) for g in sorted(set(group))]

    def contrast(own, label):
        block = [j for j in members[label]]
        pairs = [matrix[i, j] for i in own for j in block if i != j]
        between = sorted(matrix[numpy.ix_(own, other)].mean()
                         for g, other in enumerate(members) if g != label)
        if not pairs:
            return 0, 0
        high = between[math.ceil(0.95 * len(between) - 1e-9) - 1]
        return numpy.mean(pairs) > numpy.mean(between), numpy.mean(pairs) > high
    of_groups = [contrast(own, label) for label, own in enumerate(members)]
    label = {i: g for g, own in enumerate(members) for i in own}
    of_industries = [contrast([i], label[i]) for i in range(len(group))]
    return [*numpy.mean(of_groups, axis=0), *numpy.mean(of_industries, axis=0)]


def cut(matrix, standardise, k):
    data, n = matrix.copy(), len(matrix)
    numpy.fill_diagonal(data, data.sum(axis=1) / (n - 1))
    if standardise:
        data = (data - data.mean(axis=1, keepdims=True)) / data.std(axis=1, ddof=1, keepdims=True)
    return fcluster(linkage(data, "ward"), k, "maxclust")


def moved(matrix, group):
    """Industries that are more related to another group go there, all at once."""
    result = list(group)
    for i in range(len(group)):
        best = [matrix[i, j] for j in range(len(group)) if group[j] == group[i] and j != i]
        best = numpy.mean(best) if best else -math.inf
        for g in sorted(set(group), key=lambda g: list(group).index(g)):
            there = numpy.mean([matrix[i, j] for j in range(len(group)) if group[j] == g and j != i]
                               or [-math.inf])
            if g != group[i] and there > best:
                best, result[i] = there, g
    return result


def same_partition(a, b):
    return len(set(zip(a, b))) == len(set(a)) == len(set(b))


def check(folder, names, matrices):
    candidates = rows(folder / "groups_candidates.csv")
    assert {row["relatedness"] for row in candidates} == set(matrices)
    pairs = rows(folder / "groups_relatedness.csv")
    assert len(pairs) == len(names) * (len(names) - 1) / 2
    for row in pairs:
        at = names.index(row["industry_a"]), names.index(row["industry_b"])
        for name, matrix in matrices.items():
            assert math.isclose(float(row[name]), matrix[at], rel_tol=1e-9, abs_tol=1e-9), (name, row)
    best = max(float(row["score"]) for row in candidates)
    chosen = [row for row in candidates if row["chosen"] == "1"]
    assert len(chosen) == 1 and float(chosen[0]["score"]) == best
    count = 0
    for row in candidates:
        mean = numpy.mean([float(row[f"{m}_{s}"]) for m in matrices for s in SHARES])
        assert abs(mean - float(row["score"])) < 1e-12
        if row["function"] != "ward":
            continue
        group = cut(matrices[row["relatedness"]], row["standardised"] == "1", int(row["groups"]))
        for name, matrix in matrices.items():
            ours = [float(row[f"{name}_{share}"]) for share in SHARES]
            assert numpy.allclose(ours, shares_of(matrix, group), atol=1e-9), (row, name)
        count += 1
        if row is chosen[0]:
            final = {r["industry"]: r["group"] for r in rows(folder / "groups.csv")}
            again = moved(matrices[row["relatedness"]], group)
            assert same_partition([final[name] for name in names], again)
    found = rows(folder / "groups.csv")
    assert [row["industry"] for row in found] == names
    assert list(found[0]) == ["industry", "group"] and found[0]["group"] == "G01"
    return count


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    tool = pathlib.Path(__file__).parent / "support" / "small_network.py"
    years = (2010, 2020)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        subprocess.run([sys.executable, tool, folder, "--firms", "1200"], check=True)
        for year in years:
            run_well(program, "import", folder / f"firms_{year}.csv", folder / f"trade_{year}.csv",
                     "--year", year, "-o", folder / f"{year}.h5")
        snapshots = [folder / f"{year}.h5" for year in years]
        range_of = ["--least-groups", 4, "--most-groups", 9]
        for ranks in (1, 3):
            at = folder / str(ranks)
            at.mkdir()
            run_well(program, "group", *snapshots, *range_of, "-o", at / "groups.csv", ranks=ranks)
        for file in ("groups.csv", "groups_candidates.csv"):
            assert (folder / "1" / file).read_bytes() == (folder / "3" / file).read_bytes(), file
        names, establishments, employees, flows = tables(folder, years)
        count = check(folder / "1", names, relatedness(establishments, employees, flows))
        # A table of trade of one's own, and what identify makes of the groups.
        numbers = numpy.random.default_rng(1).random(flows.shape)
        write_table(folder / "io.csv", ["supplier", "buyer", "amount"],
                    [[a, b, repr(float(numbers[i, j]))] for i, a in enumerate(names)
                     for j, b in enumerate(names)])
        run_well(program, "group", *snapshots, *range_of, "--flows", folder / "io.csv", "-o",
                 folder / "groups.csv", ranks=2)
        count += check(folder, names, relatedness(establishments, employees, numbers))
        run_well(program, "identify", snapshots[1], "--eps", 1500, "--min-firms", 6, "--groups",
                 folder / "groups.csv", "-o", folder / "members.csv")
        used = collections.Counter(row["group"] for row in rows(folder / "members.csv"))
        assert set(used) <= {row["group"] for row in rows(folder / "groups.csv")}, used
        # A study makes the same groups by itself.
        (folder / "study.toml").write_text(
            '[study]\nyears = [2010, 2020]\n[input]\nfirms = "firms_{year}.csv"\n'
            'trade = "trade_{year}.csv"\n[group]\nleast_groups = 4\nmost_groups = 9\n'
            '[identify]\neps = 1500\nmin_firms = 6\ngroups = "related"\n')
        run_well(program, "run", folder / "study.toml", "-o", folder / "study", ranks=2)
        assert (folder / "study" / "groups.csv").read_bytes() == \
            (folder / "1" / "groups.csv").read_bytes()
        write_table(folder / "bad.csv", ["supplier", "buyer", "amount"], [["C291", "C292", "much"]])
        bad = run(program, "group", snapshots[0], "--flows", folder / "bad.csv", "-o",
                  folder / "no.csv", ranks=2)
        assert bad.returncode == 2 and "much" in bad.stderr and not (folder / "no.csv").exists()
    print(f"{count} candidates of Ward's as scipy has them")


if __name__ == "__main__":
    main()
