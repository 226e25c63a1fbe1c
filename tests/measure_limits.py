#!/usr/bin/env python3
"""What `measure` does at the limits: no links, too few firms, a damping close to 1.

usage: measure_limits.py PROGRAM
"""
import pathlib
import re
import sys
import tempfile
from contextlib import chdir

from support.program import run_well, table, write_table


def check_no_links(program):
    """Kernels by weight take a network in which nobody trades."""
    pathlib.Path("none.csv").write_text("supplier,buyer,amount\n")
    write_table("firms.csv", ["id", "lon", "lat", "industry"],
                [[f"f{k}", 127 + k / 100, 37, "C26"] for k in range(5)])
    run_well(program, "import", "firms.csv", "none.csv", "--year", 2020, "-o", "none.h5")
    pathlib.Path("edges.csv").write_text("source,target,weight\n")
    for network in ("none.h5", "edges.csv"):
        for kernel in ("strength", "pagerank", "betweenness"):
            run_well(program, "measure", network, "--kernel", kernel, "--weight", "amount",
                     "-o", "none_out.csv")


def check_slow_damping(program):
    """PageRank takes any damping below 1, however many iterations that asks for."""
    write_table("turns.csv", ["source", "target"], [["a", "b"], ["b", "a"], ["c", "a"]])
    done = run_well(program, "measure", "turns.csv", "--kernel", "pagerank", "--damping", 0.999,
                    "-o", "r.csv")
    ranks = {key: float(value) for key, value in table("r.csv")[1]}
    rest, d = 0.001 / 3, 0.999
    a = (rest + d * rest + d * rest) / (1 - d * d)  # a = rest + d (b + c), b = rest + d a, c = rest
    expected = {"a": a, "b": rest + d * a, "c": rest}
    assert all(abs(ranks[key] - expected[key]) < 1e-6 for key in expected), (ranks, expected)
    assert int(re.search(r"iterations (\d+)", done.stdout)[1]) > 10000, done.stdout


def check_top_without_scores(program):
    """Two firms have no normalised betweenness, so none is among the largest."""
    write_table("two.csv", ["source", "target"], [["a", "b"]])
    run_well(program, "measure", "two.csv", "--kernel", "betweenness", "--normalised", "--top", 1,
             "-o", "top.csv")
    assert table("top.csv")[1] == [], table("top.csv")


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        check_no_links(program)
        check_slow_damping(program)
        check_top_without_scores(program)
    print("networks without links, of two firms, and a damping of 0.999 are measured")


if __name__ == "__main__":
    main()
