#!/usr/bin/env python3
"""The typology that `run` writes, beside scikit-learn's PCA, KMeans and silhouette.

usage: typology_sklearn.py PROGRAM
"""
import itertools
import json
import math
import pathlib
import subprocess
import sys
import tempfile

from support.program import run_well
from support.study import SIX, TYPES, number, rows, study_text

try:
    import numpy
    from sklearn.cluster import KMeans
    from sklearn.decomposition import PCA
    from sklearn.metrics import silhouette_score
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

IDEALS = numpy.array([[1, -1], [1, 1], [-1, 1], [-1, -1]])
STUDY = study_text("[identify]", "eps = 1500", "min_firms = 5", "[select]", "min_nodes = 5",
                   "min_links = 3", "[diagnose]", 'population = "all"', 'pooled = "POOLED"')


def standardised(column):
    return (column - column.mean()) / column.std(ddof=1)


def check(clusters, figures, name):
    """Rows typed together; how many have a type."""
    z = numpy.array([[number(row[f"z_{k}"]) for k in SIX] for row in clusters])
    complete = ~numpy.isnan(z).any(axis=1)
    for row, whole, own in zip(clusters, complete, z):
        lacking = " ".join(k for k, value in zip(SIX, own) if math.isnan(value))
        assert row["missing_indicators"] == lacking and bool(row["type"]) == bool(whole), row
    typed = [row for row, whole in zip(clusters, complete) if whole]
    assert len(typed) >= 8 and figures[f"{name}complete clusters"] == len(typed)
    plane = numpy.array([[float(row["centripetal"]), float(row["centrifugal"])] for row in typed])
    for force, part in enumerate((SIX[:3], SIX[3:])):
        own = z[complete][:, 3 * force:3 * force + 3]
        pca = PCA().fit((own - own.mean(axis=0)) / own.std(axis=0, ddof=1))
        loadings = pca.components_[0] * numpy.sign(
            pca.components_[0][numpy.argmax(abs(pca.components_[0]))])
        ours = [figures[f"{name}loading of {k}"] for k in part]
        assert numpy.allclose(ours, loadings, atol=1e-9), (ours, loadings)
        side = ("centripetal", "centrifugal")[force]
        explained = figures[f"{name}explained by {side}"]
        assert math.isclose(explained, pca.explained_variance_ratio_[0], abs_tol=1e-9)
        scores = standardised((own - own.mean(axis=0)) / own.std(axis=0, ddof=1) @ loadings)
        assert numpy.allclose(plane[:, force], scores, atol=1e-9)
    types = numpy.array([TYPES.index(row["type"]) for row in typed])
    centroids = numpy.array([plane[types == t].mean(axis=0) for t in range(4)])
    inertia = ((plane - centroids[types]) ** 2).sum()
    theirs = KMeans(4, n_init=200, random_state=1, tol=0).fit(plane)
    assert inertia <= theirs.inertia_ * (1 + 1e-9), (inertia, theirs.inertia_)
    named = min(itertools.permutations(range(4)),
                key=lambda order: ((centroids - IDEALS[list(order)]) ** 2).sum())
    assert named == (0, 1, 2, 3), named
    assert math.isclose(figures[f"{name}silhouette"], silhouette_score(plane, types),
                        abs_tol=1e-9)
    for t, kind in enumerate(TYPES):
        column = f"distance_{kind.replace('-', '_')}"
        far = numpy.linalg.norm(plane - centroids[t], axis=1)
        assert numpy.allclose([float(row[column]) for row in typed], far, atol=1e-9)
    return len(typed)


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    tool = pathlib.Path(__file__).parent / "support" / "small_network.py"
    count = 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        subprocess.run([sys.executable, tool, folder, "--firms", "3000"], check=True)
        for pooled in ("years", "year"):
            (folder / "study.toml").write_text(STUDY.replace("POOLED", pooled))
            shown = run_well(program, "run", folder / "study.toml", "-o", folder / pooled,
                             ranks=2).stdout
            assert "silhouette" in shown, shown
            figures = json.loads((folder / pooled / "provenance.json").read_text())["figures"]
            clusters = rows(folder / pooled / "clusters.csv")
            if pooled == "years":
                count += check(clusters, figures, "typology: ")
            for year in ("2010", "2020") if pooled == "year" else ():
                own = [row for row in clusters if row["year"] == year]
                count += check(own, figures, f"typology {year}: ")
    print(f"{count} types as scikit-learn has them")


if __name__ == "__main__":
    main()
