#!/usr/bin/env python3
"""`sweep` beside `identify`, `diagnose` and scikit-learn, on a small made-up nation.

Every line of sweep.csv must be what `identify` finds at its setting, with scikit-learn's adjusted
Rand index and adjusted mutual information; stability.csv what sets of firms say; the indicators
those of `diagnose`. Any number of ranks, shards merged, and a run that was stopped and resumed give
the same bytes.

usage: sweep_program.py PROGRAM
Exit 77 = skipped (no scikit-learn).
"""
import math
import pathlib
import shutil
import subprocess
import sys
import tempfile
from collections import Counter

from support.program import run, run_well, table

try:
    from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

SUPPORT = pathlib.Path(__file__).parent / "support"
EPS, MIN_FIRMS, STRETCH = (400, 700, 1000, 1900), (4, 9), (1, 2)
BASELINE = (700, 6, 2)
TYPES = set()
TABLES = ("sweep.csv", "stability.csv", "persistence.csv")
SWEEP = ["--eps", "400:1000:300,1900", "--min-firms", "9,4", "--stretch", "2,1", "--baseline",
         "700,6,2", "--ami", "--indicators"]
# So low that small clusters are typed, too.
SCREEN = ["--top", 40, "--min-nodes", 3, "--min-links", 1]
SWEEP += SCREEN
VARIANTS = {"grouped": [], "ungrouped": ["--ungrouped"],
            "admin": ["--absorb", "admin", "--groups", "section"],
            "far": ["--absorb-radius", "4000"], "none": ["--absorb", "none"]}


def records(path):
    header, rows = table(path)
    return [dict(zip(header, row)) for row in rows]


def identify(program, folder, setting, options):
    """Labels and ids of the firms with a place, and all labels; members.csv stays in `folder`."""
    eps, min_firms, stretch = setting
    path = folder / "members.csv"
    run_well(program, "identify", folder / "n.h5", "--eps", eps, "--min-firms", min_firms,
             "--stretch", stretch, *options, "-o", path)
    placed = {row["id"] for row in records(folder / "nation" / "firms_2020.csv") if row["lon"]}
    return [int(row["label"]) for row in records(path) if row["id"] in placed]


def same(text, expected, what):
    if expected is None:
        assert text == "", f"{what}: {text} instead of nothing"
    else:
        assert math.isclose(float(text), expected, rel_tol=1e-9, abs_tol=1e-9), \
            f"{what}: {text} instead of {expected}"


def check_stability(what, rows, baseline, labels):
    size, base_size = Counter(labels), Counter(baseline)
    both = Counter(zip(baseline, labels))
    best = {}
    for b in range(len(base_size) - (-1 in base_size)):
        found = [(n / (base_size[b] + size[c] - n), -c) for (a, c), n in both.items()
                 if a == b and c >= 0]
        best[b] = max(found, default=(0.0, None))
    times = Counter(c for _, c in best.values() if c is not None)
    for row, (b, (jaccard, c)) in zip(rows, best.items(), strict=True):
        parts = sum(4 * n >= base_size[b] for (a, d), n in both.items() if a == b and d >= 0)
        same(row["label"], b, what)
        same(row["firms"], base_size[b], what)
        same(row["best"], None if c is None else -c, what)
        same(row["best_firms"], None if c is None else size[-c], what)
        same(row["shared"], 0 if c is None else both[b, -c], what)
        same(row["jaccard"], jaccard, what)
        same(row["survives"], jaccard >= 0.5, what)
        same(row["parts"], parts, what)
        same(row["splits"], parts >= 2, what)
        same(row["merges"], c is not None and times[c] >= 2, what)
        same(row["noise"], both[b, -1], what)


def check_indicators(program, folder, what, rows):
    """Against `diagnose` of the members that `identify` has just left."""
    run_well(program, "diagnose", folder / "n.h5", "--members", folder / "members.csv", "-o",
             folder / "diagnosis", "--quiet", *SCREEN)
    clusters = {row["label"]: row for row in records(folder / "diagnosis" / "clusters.csv")}
    names = {"nodes": "nodes", "links": "links", "inclusiveness": "inclusiveness",
             "specialisation": "lq_main_firms", "related_variety": "related_variety_firms",
             "internal_reach": "share_in", "hierarchy": "hierarchy",
             "disassortativity": "disassortativity", "type": "type_share_share"}
    for row in rows:
        for name, other in names.items():
            expected = clusters[row["best"]][other] if row["best"] else ""
            assert row[name] == expected, f"{what} {name}: {row[name]} instead of {expected}"
        TYPES.update(row["type"] for row in rows)
        if row["internal_reach"]:
            same(row["external_reach"], 100 * (1 - float(row["internal_reach"])), what)


def check_persistence(rows, stability, settings):
    for row in rows:
        mine = [s for s in stability if s["label"] == row["label"]]
        assert len(mine) == settings == int(row["settings"])
        same(row["survived"], sum(int(s["survives"]) for s in mine), "survived")
        same(row["survival"], sum(int(s["survives"]) for s in mine) / settings, "survival")
        same(row["jaccard"], sum(float(s["jaccard"]) for s in mine) / settings, "jaccard")
        same(row["split"], sum(int(s["splits"]) for s in mine) / settings, "split")
        same(row["merged"], sum(int(s["merges"]) for s in mine) / settings, "merged")
        # The baseline's min_firms, 6, is not among the settings; its eps and stretch are.
        assert row["eps_low"] == row["eps_high"] == ""
        lives = {s["min_firms"]: s["survives"] == "1" for s in mine
                 if (s["eps"], s["stretch"]) == ("700", "2")}
        same(row["min_firms_low"], 4 if lives["4"] else 6, "min_firms_low")
        same(row["min_firms_high"], 9 if lives["9"] else 6, "min_firms_high")
        types = {s["type"] for s in mine if s["survives"] == "1"} - {""}
        assert row["types"] == " ".join(sorted(types)), row["types"]
        for name in ("inclusiveness", "internal_reach", "external_reach", "hierarchy",
                     "disassortativity"):
            values = [float(s[name]) for s in mine if s["survives"] == "1" and s[name]]
            same(row[name + "_low"], min(values, default=None), name)
            same(row[name + "_high"], max(values, default=None), name)


def check_variant(program, folder, name, options):
    out = folder / name
    run_well(program, "sweep", folder / "n.h5", *SWEEP, *options, "-o", out)
    settings = [(e, k, s) for s in STRETCH for k in MIN_FIRMS for e in EPS]
    lines = records(out / "sweep.csv")
    stability = records(out / "stability.csv")
    assert len(lines) == len(settings)
    baseline = identify(program, folder, BASELINE, options)
    clusters = max(baseline) + 1
    assert clusters > 1 and len(stability) == clusters * len(settings)
    for at, (setting, line) in enumerate(zip(settings, lines)):
        what = f"{name} {setting}"
        rows = stability[at * clusters:(at + 1) * clusters]
        assert tuple(float(line[key]) for key in ("eps", "min_firms", "stretch")) == setting
        labels = identify(program, folder, setting, options)
        same(line["clusters"], max(labels) + 1, what)
        same(line["largest"], labels.count(0), what)
        same(line["noise_share"], labels.count(-1) / len(labels), what)
        same(line["ari"], adjusted_rand_score(baseline, labels), what)
        same(line["ami"], adjusted_mutual_info_score(baseline, labels), what)
        check_stability(what, rows, baseline, labels)
        if at % 5 == 2:
            check_indicators(program, folder, what, rows)
    check_persistence(records(out / "persistence.csv"), stability, len(settings))
    return out


def check_same(expected, found, what):
    for name in TABLES:
        assert (expected / name).read_bytes() == (found / name).read_bytes(), f"{what}: {name}"


def check_ranks_and_shards(program, folder, expected):
    snapshot = folder / "n.h5"
    for ranks in (2, 3, 4):
        run_well(program, "sweep", snapshot, *SWEEP, "-o", folder / f"r{ranks}", "--threads", 1,
                 ranks=ranks)
        check_same(expected, folder / f"r{ranks}", f"{ranks} ranks")
    for count in (3, 25):  # more shards than settings, too
        out = folder / f"shards{count}"
        for shard in range(1, count + 1):
            if shard == count:
                done = run(program, "sweep", "--merge", "-o", out)
                assert done.returncode == 2 and "missing" in done.stderr, done.stderr
            run_well(program, "sweep", snapshot, *SWEEP, "--shard", f"{shard}/{count}", "-o", out,
                     ranks=2 if shard == 2 else 1)
        run_well(program, "sweep", "--merge", "-o", out, ranks=2)
        check_same(expected, out, f"{count} shards")
    done = run(program, "sweep", snapshot, *SWEEP, "--ungrouped", "--shard", "1/3", "-o", out)
    assert done.returncode == 2 and "another sweep" in done.stderr, done.stderr


def check_resume(program, folder, expected):
    out = folder / "resumed"
    shutil.copytree(expected, out)
    parts = sorted((out / "parts").glob("*.part"))
    assert len(parts) == len(STRETCH) * len(MIN_FIRMS)
    kept = parts[0].stat().st_mtime_ns
    for path in [*parts[1:3], *(out / name for name in TABLES)]:
        path.unlink()
    run_well(program, "sweep", folder / "n.h5", *SWEEP, "--resume", "-o", out, ranks=2)
    check_same(expected, out, "resumed")
    assert parts[0].stat().st_mtime_ns == kept, "a finished part was computed again"
    done = run(program, "sweep", folder / "n.h5", *SWEEP, "--ungrouped", "--resume", "-o", out)
    assert done.returncode == 2 and "another sweep" in done.stderr, done.stderr


def main(program):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        nation = folder / "nation"
        subprocess.run([sys.executable, SUPPORT / "small_network.py", nation, "--firms", "900",
                        "--years", "2020"], check=True, stdout=subprocess.DEVNULL)
        run_well(program, "import", nation / "firms_2020.csv", nation / "trade_2020.csv", "--year",
                 2020, "-o", folder / "n.h5")
        outs = {variant: check_variant(program, folder, variant, options)
                for variant, options in VARIANTS.items()}
        assert len(TYPES - {""}) == 4, f"only {TYPES}: the typology is not tested"
        check_ranks_and_shards(program, folder, outs["grouped"])
        check_resume(program, folder, outs["grouped"])
    print("sweep agrees with identify, diagnose and scikit-learn")


if __name__ == "__main__":
    main(sys.argv[1])
