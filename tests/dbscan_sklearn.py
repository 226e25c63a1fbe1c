#!/usr/bin/env python3
"""Compares the DBSCAN kernel with scikit-learn (and R's dbscan, where installed) on points.

Cores, their partition into clusters, and noise must be identical; a border point must be in the
cluster of its nearest core (smallest row at equal distances), which the peers do not promise.

usage: dbscan_sklearn.py PROGRAM SHARED_DATA
Exit 77 = skipped (no scikit-learn).
"""
import csv
import pathlib
import shutil
import subprocess
import sys
import tempfile

try:
    import numpy as np
    from sklearn.cluster import DBSCAN
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)


def ours(program, points, eps, min_firms, folder):
    path = folder / "points.txt"
    np.savetxt(path, points, fmt="%.17g")
    out = subprocess.run([program, path, repr(eps), str(min_firms)], check=True,
                         capture_output=True, text=True).stdout.split()
    return np.array(out[0::2], dtype=int), np.array(out[1::2])


def squared_distances(points, i, others):
    d = points[others] - points[i]
    return d[:, 0] * d[:, 0] + d[:, 1] * d[:, 1]


def canonical(labels):
    """Labels renumbered by first appearance."""
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    return np.argsort(np.argsort(first))[inverse]


def compare(name, points, cluster, role, peer_labels, peer_core=None):
    core = role == "core"
    if peer_core is not None:
        assert np.array_equal(core, peer_core), f"{name}: cores differ"
    assert np.array_equal(cluster == -1, peer_labels == -1), f"{name}: noise differs"
    assert np.array_equal(cluster == -1, role == "noise"), f"{name}: roles differ"
    assert np.array_equal(canonical(cluster[core]), canonical(peer_labels[core])), \
        f"{name}: clusters of cores differ"
    cores = np.flatnonzero(core)
    for i in np.flatnonzero(role == "border"):
        nearest = cores[np.argmin(squared_distances(points, i, cores))]
        assert cluster[i] == cluster[nearest], f"{name}: border point {i}"


def with_r(points, eps, min_firms, folder):
    path = folder / "r_points.txt"
    np.savetxt(path, points, fmt="%.17g")
    script = (f"p <- as.matrix(read.table('{path}'));"
              f"d <- dbscan::dbscan(p, eps = {eps!r}, minPts = {min_firms});"
              "cat(d$cluster, sep = '\\n')")
    run = subprocess.run(["Rscript", "-e", script], capture_output=True, text=True)
    return np.array(run.stdout.split(), dtype=int) - 1 if run.returncode == 0 else None


def random_sets():
    rng = np.random.default_rng(7)
    yield "uniform", rng.uniform(0, 100, (3000, 2)), 3.0
    yield "lattice", rng.integers(0, 40, (3000, 2)).astype(float), 2.0
    blobs = rng.normal(0, 1, (4000, 2)) + rng.integers(0, 5, (4000, 1)) * 4
    yield "blobs", blobs, 0.25
    yield "duplicates", np.repeat(rng.uniform(0, 50, (500, 2)), 6, axis=0), 1.5
    yield "tower", np.vstack([np.full((3000, 2), 500.0), rng.uniform(0, 1000, (1000, 2))]), 40.0


def organisations(shared):
    """Research organisations of Europe, four a place on average, hubs of thousands in large cities."""
    with open(shared / "ror_orgs" / "nodes.csv", newline="", encoding="utf-8") as file:
        degrees = np.array([(float(row["lon"]), float(row["lat"])) for row in csv.DictReader(file)])
    inside = (-25 < degrees[:, 0]) & (degrees[:, 0] < 45) & (34 < degrees[:, 1])
    lon, lat = np.radians(degrees[inside]).T
    return 6371e3 * np.column_stack([lon * np.cos(np.radians(50)), lat])


def all_sets(shared):
    yield from random_sets()
    if (shared / "ror_orgs" / "nodes.csv").exists():
        yield "organisations", organisations(shared), 5000.0
    else:
        print("no organisations beside the project")
    paths = sorted((shared / "points").glob("chameleon_*.dat"))
    if not paths:
        print("no CHAMELEON sets beside the project: random sets only")
    for path in paths:
        points = np.loadtxt(path)
        for eps in (5.0, 8.0, 10.0, 15.0):
            yield path.name, points, eps


def main():
    program, shared = sys.argv[1], pathlib.Path(sys.argv[2])
    r_is_there = shutil.which("Rscript") is not None
    count = with_r_count = 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for label, points, eps in all_sets(shared):
            for min_firms in (4, 10, 20):
                what = f"{label} eps {eps} min_firms {min_firms}"
                cluster, role = ours(program, points, eps, min_firms, folder)
                peer = DBSCAN(eps=eps, min_samples=min_firms).fit(points)
                peer_core = np.zeros(len(points), bool)
                peer_core[peer.core_sample_indices_] = True
                compare(what, points, cluster, role, peer.labels_, peer_core)
                count += 1
            labels = with_r(points, eps, min_firms, folder) if r_is_there else None
            if labels is not None:
                compare(what + " (R)", points, cluster, role, labels)
                with_r_count += 1
    print(f"{count} clusterings equal scikit-learn's, {with_r_count} R's")


if __name__ == "__main__":
    main()
