#!/usr/bin/env python3
"""Draws a demonstration's clusters and the largest flows between them as a map.

Usage: draw_clusters.py DIR PICTURE [--flows N] [--labels N] [--ids]

DIR holds firms_YEAR.csv and results/, as ./dev demo leaves them in demo-output/NAME. Places are light
grey, the clusters of clusters.geojson coloured hulls around their members, named after the member with
most links (with --ids by its id); lines are the N largest flows of intercluster.csv, both directions
added up, as wide as they carry. With --labels only the N clusters with the largest flows are named;
labels that find no free spot are left out. PICTURE is .png or .svg.
Needs Debian's python3-matplotlib. The pictures here are made by

  docs/pictures/draw_clusters.py demo-output/airports docs/pictures/airports.png --ids
  docs/pictures/draw_clusters.py demo-output/korea docs/pictures/korea.png
  docs/pictures/draw_clusters.py demo-output/ror docs/pictures/ror.png --flows 40 --labels 8
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
COLOURS = ["#1f77b4", "#e8710a", "#2a9d3a", "#c8334a", "#7b4fb5", "#8c5a3c", "#c2408f", "#0f9aa8",
           "#8a8a12", "#3f51b5"]  # of labels 0, 1, ..., then again


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


def place_labels(figure, labels, obstacles):
    """Writes (x, y, text) one after the other, each at the first spot around its point that is free."""
    axes, renderer = figure.axes[0], figure.canvas.get_renderer()
    inside, taken = figure.bbox, []
    blocked = axes.transData.transform(obstacles)
    for x, y, text in labels:
        written = axes.annotate(text, (x, y), xytext=(0, 0), textcoords="offset points", fontsize=10,
                                color=INK, weight="bold", path_effects=HALO, zorder=6)
        tries = []
        for distance in (9, 14, 20, 28, 38):
            for angle in range(0, 360, 30):
                dx, dy = distance * np.cos(np.radians(angle)), distance * np.sin(np.radians(angle))
                written.set_position((dx, dy))
                written.set_ha("left" if dx > 2 else "right" if dx < -2 else "center")
                written.set_va("center" if abs(dy) < 2 else "bottom" if dy > 0 else "top")
                box = written.get_window_extent(renderer)
                if (box.x0 < inside.x0 or box.x1 > inside.x1 or box.y0 < inside.y0
                        or box.y1 > inside.y1 or any(box.overlaps(other) for other in taken)):
                    continue
                tries.append((box.count_contains(blocked) + distance / 30, dx, dy))
        if not tries:
            written.remove()
            continue
        _, dx, dy = min(tries)
        written.set_position((dx, dy))
        written.set_ha("left" if dx > 2 else "right" if dx < -2 else "center")
        written.set_va("center" if abs(dy) < 2 else "bottom" if dy > 0 else "top")
        taken.append(written.get_window_extent(renderer).expanded(1.08, 1.15))


def draw_cluster(axes, project, feature, members):
    """Hull and members; returns the middle of the members and the points that labels should avoid."""
    colour = COLOURS[feature["properties"]["label"] % len(COLOURS)]
    x, y = project([float(firm["lon"]) for firm in members], [float(firm["lat"]) for firm in members])
    corners = hull_corners(feature["geometry"])
    if corners:
        hull = np.column_stack(project(*zip(*corners)))
        axes.add_patch(Polygon(hull, closed=True, facecolor=colour + "40", edgecolor=colour,
                               linewidth=1.8, joinstyle="round", zorder=3))
    axes.scatter(x, y, s=13, color=colour, linewidths=0, zorder=4)
    return (x.mean(), y.mean()), list(zip(x, y))


def draw(folder, picture, flow_count, label_count, by_id):
    results = folder / "results"
    features = json.loads((results / "clusters.geojson").read_text(encoding="utf-8"))["features"]
    year = str(max(feature["properties"]["year"] for feature in features))
    firms = {row["id"]: row for row in rows_of(folder / f"firms_{year}.csv") if row["lon"]}
    degree, members = {}, {}
    for row in rows_of(results / "firms.csv"):
        if row["year"] == year and row["id"] in firms:
            degree[row["id"]] = int(row["degree"])
            members.setdefault(int(row["label"]), []).append(row["id"])
    lon, lat = ([float(firm[axis]) for firm in firms.values()] for axis in ("lon", "lat"))
    project = EqualArea(lon, lat)
    x, y = project(lon, lat)

    ratio = np.clip((y.max() - y.min()) / (x.max() - x.min()), 0.5, 1.3)
    width = 9 if ratio < 1 else 7
    figure, axes = plt.subplots(figsize=(width, width * ratio), dpi=110)
    axes.scatter(x, y, s=5 if len(x) > 2000 else 10, color=GREY, linewidths=0, zorder=1)
    axes.set_aspect("equal")
    axes.axis("off")
    middle, best, obstacles = {}, {}, []
    for feature in features:
        label = feature["properties"]["label"]
        if str(feature["properties"]["year"]) != year or label not in members:
            continue
        middle[label], points = draw_cluster(axes, project, feature, [firms[i] for i in members[label]])
        best[label] = max(members[label], key=lambda firm: degree[firm])
        obstacles += points

    flows = largest_flows([row for row in rows_of(results / "intercluster.csv") if row["year"] == year],
                          flow_count)
    for (a, b), amount in flows:
        axes.add_patch(FancyArrowPatch(middle[a], middle[b], arrowstyle="-", color=FLOW, alpha=0.4,
                                       connectionstyle="arc3,rad=0.14", shrinkA=0, shrinkB=0, zorder=2,
                                       linewidth=0.7 + 5 * amount / flows[0][1]))
    figure.tight_layout(pad=0.6)
    figure.canvas.draw()
    carried = Counter()
    for (a, b), amount in flows:
        carried[a] += amount
        carried[b] += amount
    named = sorted(middle, key=lambda label: (-carried[label], label))[:label_count]
    place_labels(figure, [(*middle[label], best[label] if by_id else firms[best[label]].get("name") or best[label])
                          for label in named], obstacles)
    figure.savefig(picture)
    print(f"{picture}: {len(x)} places, {len(middle)} clusters, {len(flows)} flows")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("picture", metavar="PICTURE")
    parser.add_argument("--flows", type=int, default=25, metavar="N")
    parser.add_argument("--labels", type=int, metavar="N")
    parser.add_argument("--ids", action="store_true")
    arguments = parser.parse_args()
    draw(arguments.folder, arguments.picture, arguments.flows, arguments.labels, arguments.ids)


if __name__ == "__main__":
    main()
