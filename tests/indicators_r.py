#!/usr/bin/env python3
"""Indicators of clusters and relatedness of industries beside R's own functions (support/indicators.R):
quotients and entropies by tapply and prop.table, slopes and R squared by lm, correlations by cor,
Ellison and Glaeser's coagglomeration by tcrossprod.

usage: indicators_r.py PROGRAM
Exit 77 = skipped (no Rscript).
"""
import math
import pathlib
import shutil
import subprocess
import sys
import tempfile

from support.program import run_well, table, write_table
from support.study import rows

TOLERANCE = 1e-9


def compare(ours, theirs, what):
    """Cells of the columns that R gives, row by row; how many."""
    assert len(ours) == len(theirs) > 0, (what, len(ours), len(theirs))
    count = 0
    for name in theirs[0]:
        for a, b in zip(ours, theirs):
            if name.startswith(("industry_", "label")):
                assert a[name] == b[name], (what, name, a[name], b[name])
                continue
            assert bool(a[name]) == bool(b[name]), (what, name, a[name], b[name])
            if a[name]:
                x, y = float(a[name]), float(b[name])
                assert math.isclose(x, y, rel_tol=TOLERANCE, abs_tol=TOLERANCE), (what, name, x, y)
                count += 1
    return count


def write_inputs(folder, clusters):
    """What R reads: firms with label and group, each trading pair once."""
    members = {row["id"]: row for row in rows(folder / "members.csv")}
    write_table(folder / "firms.csv", ["id", "industry", "region", "employees", "label", "group"],
                [[row["id"], row["industry"], row["region"], row["employees"],
                  members[row["id"]]["label"], members[row["id"]]["group"]]
                 for row in rows(folder / "firms_2020.csv")])
    pairs = {(row["supplier"], row["buyer"]) for row in rows(folder / "trade_2020.csv")}
    write_table(folder / "links.csv", ["supplier", "buyer"], sorted(p for p in pairs if p[0] != p[1]))
    write_table(folder / "main.csv", ["label", "group"],
                [[row["label"], row["group"]] for row in clusters])


def main():
    if not shutil.which("Rscript"):
        print("skipped: no Rscript")
        sys.exit(77)
    program = str(pathlib.Path(sys.argv[1]).resolve())
    support = pathlib.Path(__file__).parent / "support"
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        subprocess.run([sys.executable, support / "small_network.py", folder, "--firms", "1500"],
                       check=True)
        run_well(program, "import", folder / "firms_2020.csv", folder / "trade_2020.csv", "--year",
                 2020, "-o", folder / "n.h5")
        run_well(program, "identify", folder / "n.h5", "--eps", 1500, "--min-firms", 5, "-o",
                 folder / "members.csv")
        run_well(program, "diagnose", folder / "n.h5", "--members", folder / "members.csv",
                 "--disassortativity", "slope", "-o", folder / "out", ranks=2)
        run_well(program, "group", folder / "n.h5", "--least-groups", 4, "--most-groups", 9, "-o",
                 folder / "groups.csv", ranks=2)
        clusters = rows(folder / "out" / "clusters.csv")
        write_inputs(folder, clusters)
        subprocess.run(["Rscript", "--vanilla", support / "indicators.R", folder], check=True)
        count = compare(clusters, rows(folder / "clusters_r.csv"), "clusters")
        header, _ = table(folder / "groups_relatedness.csv")
        assert header == ["industry_a", "industry_b", "LC-Emp", "LC-Est", "COI", "IO", "LC", "LC-IO",
                          "LC-COI-IO"], header
        pair = lambda row: (row["industry_a"], row["industry_b"])
        count += compare(sorted(rows(folder / "groups_relatedness.csv"), key=pair),
                         sorted(rows(folder / "relatedness_r.csv"), key=pair), "relatedness")
    print(f"{count} figures of {len(clusters)} clusters and of pairs of industries as R has them")


if __name__ == "__main__":
    main()
