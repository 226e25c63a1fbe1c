#!/usr/bin/env python3
"""Draws a demonstration's clusters and the largest flows between them as a map.

Usage: draw_clusters.py DIR PICTURE [--flows N] [--labels N] [--window WEST,SOUTH,EAST,NORTH]

DIR holds firms_YEAR.csv and results/, as ./dev demo leaves them in demo-output/NAME. Places are light
grey, the clusters of clusters.geojson coloured hulls with their core, border and absorbed members, named after the
member with most links; lines are the N largest flows of intercluster.csv, both directions added up,
as wide as they carry. PICTURE is .png or .svg. Needs Debian's python3-matplotlib.
"""

import argparse
import csv
import json
from collections import Counter
from pathlib import Path

import matplotlib
import numpy as np

matplotlib.use("Agg")
import matplotlib.patheffects as effects  # noqa: E402  (after the choice of the drawing library)
import matplotlib.pyplot as plt  # noqa: E402
from matplotlib.patches import FancyArrowPatch, Polygon  # noqa: E402

GREY, INK, FLOW = "#c9cdd2", "#22303c", "#37474f"
HALO = [effects.withStroke(linewidth=2.4, foreground="white")]
WIDE_HULL_SHARE = 0.004  # of the map's width: smaller hulls are drawn as a dot as well


def rows_of(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


class EqualArea:
    """Lambert's azimuthal equal-area projection of a sphere, in km around the middle of the points."""

    def __init__(self, lon, lat):
        self.lon, self.lat = np.radians((min(lon) + max(lon)) / 2), np.radians((min(lat) + max(lat)) / 2)

    def __call__(self, lon, lat):
        lon, lat = np.radians(np.asarray(lon, float)) - self.lon, np.radians(np.asarray(lat, float))
        cosine = np.sin(self.lat) * np.sin(lat) + np.cos(self.lat) * np.cos(lat) * np.cos(lon)
        scale = 6371 * np.sqrt(2 / (1 + cosine))
        return (scale * np.cos(lat) * np.sin(lon),
                scale * (np.cos(self.lat) * np.sin(lat) - np.sin(self.lat) * np.cos(lat) * np.cos(lon)))


def largest_flows(rows, count):
    """Pairs of different clusters, both directions together: ((a, b), amount or links)."""
    flows = Counter()
    for row in rows:
        pair = tuple(sorted((int(row["from"]), int(row["to"]))))
        if pair[0] >= 0 and pair[0] != pair[1]:
            flows[pair] += float(row["amount"] or row["links"])
    return flows.most_common(count)


def hull_corners(geometry):
    if geometry is None:
        return []
    at = geometry["coordinates"]
    return {"Polygon": lambda: at[0], "LineString": lambda: at, "Point": lambda: [at]}[geometry["type"]]()


def place_labels(figure, axes, labels):
    """Writes (x, y, text) one after the other, each at the first spot around its point that is free."""
    renderer, taken, inside = figure.canvas.get_renderer(), [], axes.get_window_extent()
    spots = [(r * np.cos(a), r * np.sin(a)) for r in (8, 15, 24) for a in np.radians([0, 180, 90, 270, 40, 140, 220, 320])]
    for x, y, text in labels:
        written = axes.annotate(text, (x, y), xytext=(0, 0), textcoords="offset points", fontsize=8.5,
                                color=INK, path_effects=HALO, zorder=6)
        for dx, dy in spots:
            written.set_position((dx, dy))
            written.set_ha("left" if dx > 2 else "right" if dx < -2 else "center")
            written.set_va("center" if abs(dy) < 2 else "bottom" if dy > 0 else "top")
            box = written.get_window_extent(renderer).expanded(1.03, 1.1)
            if inside.x0 < box.x0 and box.x1 < inside.x1 and not any(box.overlaps(o) for o in taken):
                taken.append(box)
                break
        else:
            written.remove()


def draw(folder, picture, flow_count, label_count, window):
    results = folder / "results"
    features = json.loads((results / "clusters.geojson").read_text(encoding="utf-8"))["features"]
    year = max(feature["properties"]["year"] for feature in features)
    clusters = {f["properties"]["label"]: f for f in features if f["properties"]["year"] == year}
    firms = {row["id"]: row for row in rows_of(folder / f"firms_{year}.csv") if row["lon"]}
    if window:
        west, south, east, north = window
        firms = {i: f for i, f in firms.items()
                 if west <= float(f["lon"]) <= east and south <= float(f["lat"]) <= north}
    lon, lat = ([float(firm[axis]) for firm in firms.values()] for axis in ("lon", "lat"))
    project = EqualArea(lon, lat)
    measured = [row for row in rows_of(results / "firms.csv") if row["year"] == str(year)]

    figure, axes = plt.subplots(figsize=(9, 6.2), dpi=110)
    x, y = project(lon, lat)
    axes.scatter(x, y, s=4 if len(x) > 2000 else 9, color=GREY, linewidths=0, zorder=1)
    axes.set_aspect("equal")
    axes.axis("off")
    axes.margins(0.05)

    colours, best, middle = {}, {}, {}
    for label, feature in clusters.items():
        members = [row for row in measured if row["label"] == str(label) and row["id"] in firms]
        if not members:
            continue
        colours[label] = colour = plt.cm.tab20(label % 20 // 2 + label % 2 * 0 if label < 10 else label % 20)
        best[label] = max(members, key=lambda row: int(row["degree"]))["id"]
        mx, my = project([float(firms[m["id"]]["lon"]) for m in members],
                         [float(firms[m["id"]]["lat"]) for m in members])
        middle[label] = (mx.mean(), my.mean())
        corners = hull_corners(feature["geometry"])
        hx, hy = project(*zip(*corners))
        axes.add_patch(Polygon(np.column_stack([hx, hy]), closed=True, facecolor=(*colour[:3], 0.3),
                               edgecolor=colour, linewidth=1.6, joinstyle="round", zorder=3))
        axes.scatter(mx, my, s=10, color=[colour], linewidths=0, zorder=4)

    flows = [f for f in largest_flows([r for r in rows_of(results / "intercluster.csv")
                                       if r["year"] == str(year)], 10 ** 6)
             if f[0][0] in middle and f[0][1] in middle][:flow_count]
    for (a, b), amount in flows:
        axes.add_patch(FancyArrowPatch(middle[a], middle[b], arrowstyle="-", connectionstyle="arc3,rad=0.16",
                                       linewidth=0.6 + 4.4 * amount / flows[0][1], color=FLOW, alpha=0.45,
                                       shrinkA=0, shrinkB=0, zorder=2))
    figure.tight_layout(pad=0.3)
    figure.canvas.draw()
    named = sorted(middle, key=lambda label: -sum(v for pair, v in flows if label in pair))[:label_count]
    place_labels(figure, axes, [(*middle[l], firms[best[l]].get("name") or best[l]) for l in named])
    figure.savefig(picture)
    print(f"{picture}: {len(x)} places, {len(middle)} clusters, {len(flows)} flows")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("picture")
    parser.add_argument("--flows", type=int, default=25)
    parser.add_argument("--labels", type=int, default=20)
    parser.add_argument("--window", type=lambda text: [float(v) for v in text.split(",")])
    arguments = parser.parse_args()
    draw(arguments.folder, arguments.picture, arguments.flows, arguments.labels, arguments.window)


if __name__ == "__main__":
    main()
