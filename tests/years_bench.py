#!/usr/bin/env python3
"""bench/years.py on a small nation: results beside the same worked out from the CSV files in plain
Python, the same at two ranks from snapshots, and what a later run says of an older one.

usage: years_bench.py PROGRAM YEARS
"""
import collections
import json
import math
import pathlib
import subprocess
import sys
import tempfile

from support.program import ENVIRONMENT, run_well
from support.study import rows

YEARS = ("2010", "2020")


def bench(script, *arguments, code=0):
    done = subprocess.run([sys.executable, script, *map(str, arguments)], capture_output=True,
                          text=True, timeout=200, env=ENVIRONMENT)
    assert done.returncode == code, f"exit {done.returncode}\n{done.stdout}{done.stderr}"
    return done.stdout + done.stderr


def plain(folder, year):
    """Links, partners and degree of each firm."""
    partners = {row["id"]: set() for row in rows(folder / f"firms_{year}.csv")}
    links = {(row["supplier"], row["buyer"]) for row in rows(folder / f"trade_{year}.csv")}
    degree = collections.Counter({firm: 0 for firm in partners})
    for supplier, buyer in links:
        partners[supplier].add(buyer)
        partners[buyer].add(supplier)
        degree.update((supplier, buyer))
    return links, partners, degree


def component_sizes(partners):
    sizes, seen = [], set()
    for firm in partners:
        found, front = {firm} - seen, {firm} - seen
        while front:
            front = {other for one in front for other in partners[one]} - found
            found |= front
        if found:
            sizes.append(len(found))
        seen |= found
    return sizes


def triangles(partners):
    return sum(len(partners[a] & partners[b]) for a in partners for b in partners[a]) / 2


def check_results(folder, run):
    found = {one["name"]: one for one in run["benchmarks"]}
    known = {year: plain(folder, year) for year in YEARS}
    for year, (links, partners, degree) in known.items():
        of = {kernel: found[f"{year}/{kernel}"] for kernel in
              ("degree", "components", "triangles", "pagerank", "core_number", "clustering")}
        assert of["degree"]["work"] == of["components"]["work"] == {"links": len(links)}
        assert of["degree"]["result"] == {"defined": len(degree), "sum": 2 * len(links),
                                          "largest": max(degree.values()),
                                          "mean": 2 * len(links) / len(degree)}, of["degree"]
        sizes = component_sizes(partners)
        assert of["components"]["result"] == {"components": len(sizes), "largest": max(sizes)}
        assert of["triangles"]["result"]["sum"] == triangles(partners) > 0
        assert math.isclose(of["pagerank"]["result"]["sum"], 1, abs_tol=1e-9)
        work = of["pagerank"]["work"]
        assert work["links"] == work["iterations"] * len(links) > 0, work
        assert of["clustering"]["result"]["defined"] == sum(len(p) > 1 for p in partners.values())
        assert of["core_number"]["work"] == {"links": sum(map(len, partners.values()))}
    before, after = (known[year][2] for year in YEARS)
    both = [firm for firm in before if firm in after]
    change = run["changes"]["2010-2020/degree"]
    assert change["firms_in_both"] == len(both) > 0, change
    assert change["same_value"] == sum(before[firm] == after[firm] for firm in both)
    assert change["result_change"]["sum"] == sum(after.values()) - sum(before.values())
    assert math.isclose(change["work_ratio"]["links"], len(known["2020"][0]) / len(known["2010"][0]))
    assert all(one["real_time"] > 0 and one["memory_mib"] > 1 for one in found.values())
    return len(found)


def check_beside(script, program, folder, count):
    """From snapshots, at two ranks: the same; a changed result, another machine: told."""
    for year in YEARS:
        run_well(program, "import", folder / f"firms_{year}.csv", folder / f"trade_{year}.csv",
                 "--year", year, "-o", folder / "snapshots" / f"{year}.h5", ranks=2)
    common = ["--program", program, "--repetitions", 1, folder / "snapshots", "--ranks", 2]
    said = bench(script, *common, "-o", folder / "b.json", "--beside", folder / "a.json")
    assert "DIFFERS" not in said and said.count("1/1") == count, said
    run = json.loads((folder / "a.json").read_text())
    one = next(one for one in run["benchmarks"] if one["name"] == "2020/degree")
    one["result"]["sum"] += 1
    (folder / "c.json").write_text(json.dumps(run))
    few = [*common, "-o", folder / "d.json", "--kernels", "^degree$"]
    said = bench(script, *few, "--beside", folder / "c.json", code=1)
    assert "RESULT DIFFERS: 2020/degree: sum" in said and said.count("DIFFERS") == 1, said
    run["context"]["host_name"] = "elsewhere"
    (folder / "c.json").write_text(json.dumps(run))
    assert "host_name" in bench(script, *few, "--beside", folder / "c.json", code=2)


def check_refusals(script, program, folder):
    common = ["--program", program, "-o", folder / "no.json"]
    for arguments, text in (([folder / "gone"], "is not there"), (["--kernels", "nothing"], "degree"),
                            (["--kernels", "("], "--kernels"), ([folder / "snapshots", folder / "snapshots"], "twice"),
                            (["--repetitions", "0"], "at least 1"),
                            (["--beside", folder / "no.json"], "would go"),
                            (["--program", folder], "is no program"),
                            ([folder / "firms_2010.csv"], "source")):
        said = bench(script, *common, *arguments, code=2)
        assert text in said, (arguments, said)
        assert not (folder / "no.json").exists()


def main():
    program, script = (str(pathlib.Path(path).resolve()) for path in sys.argv[1:3])
    tool = pathlib.Path(__file__).parent / "support" / "small_network.py"
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        subprocess.run([sys.executable, tool, folder, "--firms", "400"], check=True)
        (folder / "snapshots").mkdir()
        bench(script, "--program", program, "--repetitions", 1, folder, "-o", folder / "a.json")
        count = check_results(folder, json.loads((folder / "a.json").read_text()))
        check_beside(script, program, folder, count)
        check_refusals(script, program, folder)
    print(f"{count} results of kernels and years")


if __name__ == "__main__":
    main()
