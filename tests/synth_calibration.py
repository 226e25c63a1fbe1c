#!/usr/bin/env python3
"""Target against generated, for every figure that the synthetic nation is calibrated to.

The range is what is accepted: where the generator falls short of a target, it goes as far as what
is reached, and docs/synth.md says so.

Prints the table of docs/synth.md, a column a nation, and fails where a figure leaves its range.

usage: synth_calibration.py PROGRAM [FIRMS ...] [--seed S]    (default: 100000 firms, seed 1)
       synth_calibration.py --folder DIR ...                  (what `synth` wrote before)
"""
import argparse
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import scipy.sparse as sp
import scipy.sparse.csgraph as graph

from support.program import ENVIRONMENT


def read(path, *names):
    """Columns as text."""
    with open(path, encoding="utf-8") as file:
        header = file.readline().rstrip("\n").split(",")
    cells = np.loadtxt(path, dtype=str, delimiter=",", quotechar='"', comments=None, skiprows=1,
                       usecols=[header.index(name) for name in names], encoding="utf-8", ndmin=2)
    return list(cells.T)


class Network:
    """One year: firms by row, distinct links."""

    def __init__(self, folder, year):
        names = ("id", "lon", "lat", "province")
        ids, lon, lat, province = read(folder / f"firms_{year}.csv", *names)
        self.n = len(ids)
        self.ids = ids
        supplier, buyer, amount = read(folder / f"trade_{year}.csv", "supplier", "buyer", "amount")
        order = np.argsort(ids)
        at = lambda names: order[np.searchsorted(ids[order], names)]
        self.amount = amount.astype(float)
        pairs = np.unique(at(supplier) * self.n + at(buyer))
        self.supplier, self.buyer = pairs // self.n, pairs % self.n
        ones = np.ones(len(pairs), bool)
        self.directed = sp.csr_matrix((ones, (self.supplier, self.buyer)), (self.n, self.n))
        self.undirected = (self.directed + self.directed.T).astype(bool).tocsr()
        self.degree = np.diff(self.undirected.indptr)
        self.in_degree = np.bincount(self.buyer, minlength=self.n)
        self.out_degree = np.bincount(self.supplier, minlength=self.n)
        placed = lon != ""
        self.lon, self.lat = (np.where(placed, c, "nan").astype(float) for c in (lon, lat))
        large = {"11": 0, "23": 0, "31": 0, "32": 1, "25": 2, "29": 2, "33": 2, "34": 2, "24": 3,
                 "35": 3, "36": 3, "22": 4, "37": 4, "21": 5, "26": 5, "38": 5, "39": 6}
        self.large_region = np.array([large[code] for code in province])


def tail_exponent(degree, low, least=30):
    """Slope of log P(K >= k) on log k over powers of 1.5 from `low`, while `least` firms are left."""
    ks, shares = [], []
    k = float(low)
    while (count := np.count_nonzero(degree >= k)) >= least:
        ks.append(np.log(np.ceil(k)))
        shares.append(np.log(count))
        k *= 1.5
    return -np.polyfit(ks, shares, 1)[0]


def neighbour_slope(net):
    """Slope of log mean neighbour degree on log degree, over degree classes of 1.5 times."""
    linked = net.degree > 0
    neighbours = (net.undirected @ net.degree)[linked] / net.degree[linked]
    bins = np.floor(np.log(net.degree[linked]) / np.log(1.5)).astype(int)
    x, y = [], []
    for b in range(2, bins.max() + 1):
        inside = bins == b
        if inside.sum() >= 20:
            x.append(np.log(net.degree[linked][inside]).mean())
            y.append(np.log(neighbours[inside].mean()))
    return np.polyfit(x, y, 1)[0]


def clustering(net, sample=20000):
    """Mean local clustering over a sample of firms with two partners or more."""
    rows = np.flatnonzero(net.degree >= 2)
    rows = np.random.default_rng(1).choice(rows, min(sample, len(rows)), replace=False)
    matrix = net.undirected.astype(np.int32)
    part = matrix[rows]
    closed = part.multiply(part @ matrix).sum(axis=1).A1
    k = net.degree[rows]
    return (closed / (k * (k - 1))).mean()


def squares(net, rng, block=20000):
    """Directed squares (two suppliers that share two buyers) against links rewired at random."""
    def count(suppliers, buyers):
        keep = (net.out_degree[suppliers] <= 100) & (net.in_degree[buyers] <= 100)
        part = sp.csr_matrix((np.ones(keep.sum(), np.int32), (suppliers[keep], buyers[keep])),
                             (net.n, net.n))
        part.data[:] = 1
        back = part.T.tocsr()
        ordered = 0  # pairs of a supplier with another one, by blocks, as all at once fill memory
        for first in range(0, net.n, block):
            shared = (part[first:first + block] @ back).data.astype(np.int64)
            ordered += (shared * (shared - 1) // 2).sum()
        degree = np.diff(part.indptr).astype(np.int64)
        return (ordered - (degree * (degree - 1) // 2).sum()) / 2
    return count(net.supplier, net.buyer) / max(1, count(net.supplier, rng.permutation(net.buyer)))


def distances(net):
    x = net.lon * np.cos(np.radians(36.5)) * 111
    y = net.lat * 111
    d = np.hypot(x[net.supplier] - x[net.buyer], y[net.supplier] - y[net.buyer])
    return d[np.isfinite(d)]


def links_kept(folder, before, after):
    columns = [read(folder / f"trade_{y}.csv", "supplier", "buyer") for y in (before, after)]
    ids, codes = np.unique(np.concatenate([c for pair in columns for c in pair]),
                           return_inverse=True)
    length = [len(pair[0]) for pair in columns]
    ends = np.split(codes.ravel(), np.cumsum([length[0], length[0], length[1]]))
    links = [np.unique(ends[k] * len(ids) + ends[k + 1]) for k in (0, 2)]
    return len(np.intersect1d(*links, assume_unique=True)) / len(links[0])


def network_figures(net):
    linked = net.degree > 0
    _, weak = graph.connected_components(net.directed, connection="weak")
    _, strong = graph.connected_components(net.directed, connection="strong")
    d = distances(net)
    log_amount = np.log(net.amount)
    deviation = log_amount - log_amount.mean()
    skew = (deviation ** 3).mean() / log_amount.std() ** 3
    same = net.large_region[net.supplier] == net.large_region[net.buyer]
    return [
        ("links a firm", 4.5, len(net.supplier) / net.n, 4.2, 4.8),
        ("firms without a link, %", 22.5, 100 * (~linked).mean(), 20, 25),
        ("firms with one link, %", 20, 100 * (net.degree == 1).mean(), 16, 24),
        ("degree tail, cumulative exponent", 1.3, tail_exponent(net.degree, 20), 1.1, 1.55),
        ("in-degree tail", 1.35, tail_exponent(net.in_degree, 15), 1.1, 1.6),
        ("out-degree tail", 1.26, tail_exponent(net.out_degree, 15), 1.0, 1.65),
        ("neighbours' degree, slope", -0.7, neighbour_slope(net), -0.9, -0.4),
        ("local clustering", 0.002, clustering(net), 0.0, 0.01),
        ("squares, times those of rewired links", 2, squares(net, np.random.default_rng(1)), 1.5, 1e4),
        ("giant component, % of linked firms", 99,
         100 * np.bincount(weak[linked]).max() / linked.sum(), 97, 100),
        ("largest strong component, % of linked firms", 50,
         100 * np.bincount(strong).max() / linked.sum(), 40, 60),
        ("links inside a large region, %", 50, 100 * same.mean(), 42, 58),
        ("partner distance, median, km", 30, np.median(d), 15, 60),
        ("partner distance, mean, km", 88, d.mean(), 60, 120),
        ("log amount, standard deviation", 2, log_amount.std(), 1.9, 2.1),
        ("log amount, skewness", 0, skew, -0.1, 0.1),
    ]


def cluster_figures(folder, firms):
    names = ("year", "published", "links", "inclusiveness", "firms", "group", "screened")
    year, published, links, inclusiveness, size, group, _ = read(folder / "truth_clusters.csv", *names)
    last = year == "2020"
    named = last & (published != "")
    return [
        ("agglomerations", 146, last.sum(), 146, 146),
        ("named clusters", 38, named.sum(), 38, 38),
        ("industry groups", 26, len(set(group[last])), 26, 26),
        ("firms of the named clusters, % of all", 12.2, 100 * size[named].astype(int).sum() / firms,
         11, 30 if firms < 100000 else 14),
        ("links inside the named, % of the firms", 3.7,
         100 * links[named].astype(int).sum() / firms, 3, 9 if firms < 100000 else 5),
        ("mean inclusiveness of the named", 0.533, inclusiveness[named].astype(float).mean(), 0.51, 0.55),
    ]


def figures(folder):
    """Firms; name, target, value and accepted range of each figure."""
    net = Network(folder, 2020)
    rows = network_figures(net)
    rows.append(("links kept over ten years, %", 25, 100 * links_kept(folder, 2010, 2020), 20, 30))
    return net.n, rows + cluster_figures(folder, net.n)


def report(nations):
    print("| figure | target | " + " | ".join(f"{n:,} firms" for n, _ in nations) + " | accepted |")
    print("|---|---|" + "---|" * (len(nations) + 1))
    failed = []
    for row in zip(*(rows for _, rows in nations)):
        name, target, _, low, high = row[-1]
        print(f"| {name} | {target:g} | " + " | ".join(f"{cell[2]:.4g}" for cell in row)
              + f" | {low:g} .. {high:g} |")
        failed += [f"{name}: {value:.4g} is not in {low:g} .. {high:g}"
                   for name, _, value, low, high in row if not low <= value <= high]
    return failed


def figures_of_new(program, firms, seed):
    with tempfile.TemporaryDirectory() as name:
        subprocess.run([program, "synth", "--firms", firms, "--years", "2010,2020", "--seed", seed,
                        "-o", name, "--quiet"], check=True, env=ENVIRONMENT,
                       stdout=subprocess.DEVNULL)
        return figures(pathlib.Path(name))


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", nargs="?")
    parser.add_argument("firms", nargs="*", default=["100000"])
    parser.add_argument("--seed", default="1")
    parser.add_argument("--folder", nargs="+", default=[], type=pathlib.Path)
    asked = parser.parse_args()
    nations = [figures(folder) for folder in asked.folder]
    if not nations:
        nations = [figures_of_new(asked.program, firms, asked.seed) for firms in asked.firms]
    sys.exit("\n".join(report(nations)) or 0)


if __name__ == "__main__":
    main()
