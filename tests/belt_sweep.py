#!/usr/bin/env python3
"""The belt of Busan, Ulsan and Gyeongnam under smaller eps, on the synthetic nation of 100,000 firms.

`sweep` must say that it holds together at eps = 1000 m and not at 500 m; `identify` at 500 m must
find it in about five pieces, its cores.

usage: belt_sweep.py PROGRAM [SEED]
"""
import collections
import pathlib
import sys
import tempfile

from support.program import run_well, table

BELT = "busan-ulsan-gyeongnam-shipbuilding-automotive"
MIN_FIRMS = 8  # those of the nation's own study.toml
WIDE, NARROW = 1000, 500


def records(path):
    header, rows = table(path)
    return [dict(zip(header, row)) for row in rows]


def labels_of(folder, members, firms):
    label = {row["id"]: row["label"] for row in records(folder / members)}
    return collections.Counter(label[firm] for firm in firms)


def identify(program, folder, eps):
    run_well(program, "identify", folder / "2020.h5", "--groups", folder / "groups.csv", "--eps", eps,
             "--min-firms", MIN_FIRMS, "-o", folder / f"members_{eps}.csv")


def main():
    program, seed = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "1"
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        run_well(program, "synth", "--firms", 100000, "--years", 2020, "--seed", seed, "--snapshot",
                 "-o", folder)
        run_well(program, "sweep", folder / "2020.h5", "--groups", folder / "groups.csv", "--eps",
                 f"{NARROW},{WIDE}", "--min-firms", MIN_FIRMS, "--baseline", f"{WIDE},{MIN_FIRMS},2",
                 "-o", folder / "sweep", timeout=600)
        for eps in (WIDE, NARROW):
            identify(program, folder, eps)
        number = next(row["agglomeration"] for row in records(folder / "truth_clusters.csv")
                      if row["published"] == BELT)
        belt = [row["id"] for row in records(folder / "truth_firms_2020.csv")
                if row["agglomeration"] == number]
        wide, narrow = (labels_of(folder, f"members_{eps}.csv", belt) for eps in (WIDE, NARROW))
        label, inside = wide.most_common(1)[0]
        assert inside == len(belt), f"at {WIDE} m {inside} of {len(belt)} firms are in one cluster"
        swept = {row["eps"]: row for row in records(folder / "sweep" / "stability.csv")
                 if row["label"] == label}
    assert swept[str(WIDE)]["survives"] == "1", swept
    assert swept[str(NARROW)]["survives"] == "0", swept
    del narrow["-1"]
    pieces = [firms for _, firms in narrow.most_common() if firms >= len(belt) / 20]
    assert 4 <= len(pieces) <= 6, f"{len(pieces)} pieces at {NARROW} m: {narrow}"
    print(f"{len(belt)} firms, one cluster at {WIDE} m; at {NARROW} m {len(pieces)} pieces of a "
          f"twentieth or more: {pieces}, {len(narrow)} in all; "
          f"{swept[str(NARROW)]['noise']} firms in none")


if __name__ == "__main__":
    main()
