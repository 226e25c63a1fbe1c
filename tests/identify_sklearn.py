#!/usr/bin/env python3
"""Compares `import` and `identify` of the program with scikit-learn's DBSCAN, from CSV to CSV.

With stretch 1, no groups and no absorption, cores, their partition into clusters, and noise must
be identical; a border firm must be in the cluster of its nearest core (smallest row at equal
distances), which scikit-learn does not promise. Labels must be numbered by size, then by smallest
row. A twentieth of the firms has no place: noise, whatever is around.

usage: identify_sklearn.py PROGRAM SHARED_DATA
Exit 77 = skipped (no scikit-learn).
"""
import pathlib
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

from support.program import run_well, table, write_table

try:
    import numpy as np
    from sklearn.cluster import DBSCAN
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

RANK_COUNTS = (1, 3)


def random_sets():
    rng = np.random.default_rng(11)
    yield "uniform", rng.uniform(0, 100, (3000, 2)), [(3.0, 5), (3.0, 12)]
    yield "lattice", rng.integers(0, 40, (3000, 2)).astype(float), [(1.0, 8), (2.0, 20)]
    yield "duplicates", np.repeat(rng.uniform(0, 50, (500, 2)), 6, axis=0), [(1.5, 7), (1.5, 20)]
    tower = np.vstack([np.full((3000, 2), 500.0), rng.uniform(0, 1000, (1000, 2))])
    yield "tower", rng.permutation(tower), [(40.0, 4), (40.0, 3000), (40.0, 4001)]
    yield "one firm", np.array([[3.0, 4.0]]), [(1.0, 1), (1.0, 2)]


def all_sets(shared):
    yield from random_sets()
    paths = sorted((shared / "points").glob("chameleon_*.dat"))
    if not paths:
        print("no CHAMELEON sets beside the project: random sets only")
    for path in paths:
        yield path.stem, np.loadtxt(path), [(8.0, 10), (10.0, 20)]


def write_firms(path, points, placeless):
    rows = [[f"{row:06d}", "", ""] if placeless[row] else [f"{row:06d}", repr(x), repr(y)]
            for row, (x, y) in enumerate(points.tolist())]
    write_table(path, ["id", "x", "y"], rows)


def check_border(what, points, label, role):
    cores = np.flatnonzero(role == "core")
    for row in np.flatnonzero(role == "border"):
        d = points[cores] - points[row]
        nearest = cores[np.argmin(d[:, 0] * d[:, 0] + d[:, 1] * d[:, 1])]
        assert label[row] == label[nearest], f"{what}: border firm {row}"


def check_numbering(what, label):
    """0, 1, ... by size descending, then by smallest row."""
    found, first, sizes = np.unique(label[label >= 0], return_index=True, return_counts=True)
    order = sorted(range(len(found)), key=lambda at: (-sizes[at], first[at]))
    assert list(found) == list(range(len(found))) == order, f"{what}: labels {found}, {sizes}"


def first_appearance(labels):
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    return np.argsort(np.argsort(first))[inverse]


def check(what, points, placed, members, eps, min_firms):
    header, rows = table(members)
    assert header[:3] == ["id", "label", "role"], f"{what}: {header}"
    assert [row[0] for row in rows] == [f"{row:06d}" for row in range(len(points))], f"{what}: ids"
    label = np.array([int(row[1]) for row in rows])
    role = np.array([row[2] for row in rows])
    assert np.array_equal(label == -1, role == "noise"), f"{what}: roles"
    assert set(role) <= {"core", "border", "noise"}, f"{what}: {set(role)}"
    assert (role[~placed] == "noise").all(), f"{what}: a firm without a place is in a cluster"
    check_numbering(what, label)
    check_border(what, points, label, role)
    if not placed.any():
        return
    peer = DBSCAN(eps=eps, min_samples=min_firms).fit(points[placed])
    core = np.zeros(placed.sum(), bool)
    core[peer.core_sample_indices_] = True
    assert np.array_equal(role[placed] == "core", core), f"{what}: cores differ"
    assert np.array_equal(label[placed] == -1, peer.labels_ == -1), f"{what}: noise differs"
    assert np.array_equal(first_appearance(label[placed][core]),
                          first_appearance(peer.labels_[core])), f"{what}: clusters differ"


def identify(program, folder, points, placeless, settings, ranks):
    """The members file of each setting, from CSV."""
    firms, snapshot = folder / "firms.csv", folder / f"firms_{ranks}.h5"
    if not firms.exists():
        write_firms(firms, points, placeless)
    # Planar already: any projected system in metres, its places taken as they are.
    run_well(program, "import", firms, "--year", 2020, "--crs", "EPSG:5179", "--project",
             "EPSG:5179", "-o", snapshot, ranks=ranks)
    for eps, min_firms in settings:
        members = folder / f"members_{eps}_{min_firms}_{ranks}.csv"
        run_well(program, "identify", snapshot, "--eps", eps, "--min-firms", min_firms,
                 "--stretch", 1, "--ungrouped", "--absorb", "none", "--verify", "-o", members,
                 ranks=ranks)
        yield members, eps, min_firms


def check_set(program, folder, name, points, settings):
    rng = np.random.default_rng(3)
    placeless = rng.random(len(points)) < (0.05 if len(points) > 1 else 0)
    folder.mkdir()
    checked = {}
    for ranks in RANK_COUNTS:
        found = identify(program, folder, points, placeless, settings, ranks)
        for members, eps, min_firms in found:
            what = f"{name}, eps {eps}, min_firms {min_firms}, {ranks} ranks"
            before = checked.setdefault((eps, min_firms), members)
            if before == members:
                check(what, points, ~placeless, members, eps, min_firms)
            else:
                assert before.read_bytes() == members.read_bytes(), f"{what}: not as at 1 rank"
    return len(checked)


def main():
    program, shared = sys.argv[1], pathlib.Path(sys.argv[2])
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(2) as pool:
        jobs = [pool.submit(check_set, program, pathlib.Path(folder) / str(at), *one)
                for at, one in enumerate(all_sets(shared))]
        count = sum(job.result() for job in jobs)
    print(f"{count} clusterings equal scikit-learn's at {RANK_COUNTS} ranks")


if __name__ == "__main__":
    main()
