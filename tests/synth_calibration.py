#!/usr/bin/env python3
"""Target against generated, for every figure that the synthetic nation is calibrated to.

The range is what is accepted: where the generator falls short of a target, it goes as far as what
is reached, and docs/synth.md says so.

Prints the table of docs/synth.md and fails where a figure leaves its range.

usage: synth_calibration.py PROGRAM [FIRMS [SEED]]        (default: 30000 firms, seed 1)
       synth_calibration.py --folder DIR                  (what `synth` wrote before)
"""
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import scipy.sparse as sp
import scipy.sparse.csgraph as graph

from support.program import ENVIRONMENT, table


def read(path, *names):
    header, rows = table(path)
    return [np.array([row[header.index(name)] for row in rows]) for name in names]


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


def squares(net, rng):
    """Directed squares (two suppliers that share two buyers) against links rewired at random."""
    def count(suppliers, buyers):
        keep = (net.out_degree[suppliers] <= 100) & (net.in_degree[buyers] <= 100)
        part = sp.csr_matrix((np.ones(keep.sum(), np.int64), (suppliers[keep], buyers[keep])),
                             (net.n, net.n))
        part.data[:] = 1
        shared = sp.triu(part @ part.T, 1)
        return (shared.data * (shared.data - 1) // 2).sum()
    return count(net.supplier, net.buyer) / max(1, count(net.supplier, rng.permutation(net.buyer)))


def distances(net):
    x = net.lon * np.cos(np.radians(36.5)) * 111
    y = net.lat * 111
    d = np.hypot(x[net.supplier] - x[net.buyer], y[net.supplier] - y[net.buyer])
    return d[np.isfinite(d)]


def links_kept(folder, before, after):
    links = [set(zip(*read(folder / f"trade_{y}.csv", "supplier", "buyer"))) for y in (before, after)]
    return len(links[0] & links[1]) / len(links[0])


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
        ("neighbours' degree, slope", -0.7, neighbour_slope(net), -0.9, -0.35),
        ("local clustering", 0.002, clustering(net), 0.0, 0.1),
        ("squares, times those of rewired links", 2, squares(net, np.random.default_rng(1)), 1.5, 1e4),
        ("giant component, % of linked firms", 99,
         100 * np.bincount(weak[linked]).max() / linked.sum(), 97, 100),
        ("largest strong component, % of linked firms", 50,
         100 * np.bincount(strong).max() / linked.sum(), 40, 60),
        ("links inside a large region, %", 50, 100 * same.mean(), 42, 58),
        ("partner distance, median, km", 30, np.median(d), 8, 80),
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


def report(folder):
    net = Network(folder, 2020)
    rows = network_figures(net)
    rows.append(("links kept over ten years, %", 25, 100 * links_kept(folder, 2010, 2020), 20, 30))
    rows += cluster_figures(folder, net.n)
    print(f"| figure | target | generated at {net.n:,} firms | accepted |\n|---|---|---|---|")
    failed = []
    for name, target, value, low, high in rows:
        print(f"| {name} | {target:g} | {value:.4g} | {low:g} .. {high:g} |")
        if not low <= value <= high:
            failed.append(f"{name}: {value:.4g} is not in {low:g} .. {high:g}")
    return failed


def main():
    if sys.argv[1] == "--folder":
        failed = report(pathlib.Path(sys.argv[2]))
    else:
        firms = sys.argv[2] if len(sys.argv) > 2 else "30000"
        seed = sys.argv[3] if len(sys.argv) > 3 else "1"
        with tempfile.TemporaryDirectory() as name:
            subprocess.run([sys.argv[1], "synth", "--firms", firms, "--years", "2010,2020", "--seed",
                            seed, "-o", name, "--quiet"], check=True, env=ENVIRONMENT,
                           stdout=subprocess.DEVNULL)
            failed = report(pathlib.Path(name))
    sys.exit("\n".join(failed) if failed else 0)


if __name__ == "__main__":
    main()
