#!/usr/bin/env python3
"""Draws what `identify` finds in the Chameleon point sets, one panel a set.

Usage: draw_points.py PROGRAM FOLDER PICTURE

FOLDER holds chameleon_t4.8k.dat, t5.8k, t7.10k and t8.8k (x and y a line), which Karypis, Han & Kumar
published with their paper of 1999. Cores and border points are
coloured by cluster, noise is light grey. Needs Debian's python3-matplotlib. The picture here is made by

  docs/pictures/draw_points.py build/release/tradegraph FOLDER docs/pictures/points.png
"""

import csv
import subprocess
import sys
import tempfile
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402  (after the choice of the drawing library)

from draw_clusters import COLOURS, GREY  # noqa: E402

SETTINGS = {"t4.8k": (10, 20), "t5.8k": (8, 12), "t7.10k": (12, 16), "t8.8k": (12, 16)}  # eps, min_firms


def run(program, *arguments):
    subprocess.run([program, *map(str, arguments), "--quiet"], check=True, stdout=subprocess.DEVNULL)


def labels_of(program, points, eps, min_firms, folder):
    firms, trade, members = folder / "firms.csv", folder / "trade.csv", folder / "members.csv"
    firms.write_text("id,x,y\n" + "".join(f"{i},{x},{y}\n" for i, (x, y) in enumerate(points)))
    trade.write_text("supplier,buyer\n")
    run(program, "import", firms, trade, "--year", 2000, "--crs", "EPSG:5179",
        "-o", folder / "points.h5")
    run(program, "identify", folder / "points.h5", "--ungrouped", "--eps", eps, "--min-firms", min_firms,
        "--absorb", "none", "-o", members)
    with open(members, newline="", encoding="utf-8") as file:
        return [int(row["label"]) for row in csv.DictReader(file)]


def draw_panel(axes, name, points, labels):
    eps, min_firms = SETTINGS[name]
    colours = [GREY if label < 0 else COLOURS[label % len(COLOURS)] for label in labels]
    axes.scatter(*zip(*points), s=2, color=colours, linewidths=0)
    axes.set_aspect("equal")
    axes.axis("off")
    noise = sum(label < 0 for label in labels)
    axes.set_title(f"{name}: eps {eps}, min_firms {min_firms}; {max(labels) + 1} clusters, {noise} noise", fontsize=9)


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    program, source, picture = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
    figure, panels = plt.subplots(2, 2, figsize=(9, 6.3), dpi=100)
    for axes, name in zip(panels.flat, SETTINGS):
        lines = (source / f"chameleon_{name}.dat").read_text().splitlines()
        points = [tuple(map(float, line.split())) for line in lines if line.strip()]
        with tempfile.TemporaryDirectory() as folder:
            labels = labels_of(program, points, *SETTINGS[name], Path(folder))
        draw_panel(axes, name, points, labels)
    figure.tight_layout(pad=0.6)
    figure.savefig(picture)


if __name__ == "__main__":
    main()
