#!/usr/bin/env python3
"""Compares `tradegraph measure` with igraph on every real graph and on random edge lists.

Every figure must be within 1e-9 * (1 + |x|) of igraph's. PageRank must moreover be within 1e-9 of
igraph's in L1: the program stops at a change of 1e-10, which leaves an error of at most
d / (1 - d) * 1e-10 = 5.7e-10; what igraph's PRPACK leaves is below that. Ids and their order are
those of the file. Betweenness of the largest graph is checked from some sources only (igraph's
cutoff of all sources costs no time, but the program's plain form does).

usage: measure_igraph.py PROGRAM SHARED_DATA
Exit 77 = skipped (no igraph or networkx).
"""
import math
import pathlib
import random
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

from support.program import run_well, table, write_table

try:
    import igraph
    import networkx
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

SMALL = 500  # nodes up to which every kernel runs at every rank count
FULL_BETWEENNESS = 2000  # nodes up to which betweenness runs from all sources
SOURCES = 30
KINDS = [("degree", "--mode", "all"), ("degree", "--mode", "in"), ("degree", "--mode", "out"),
         ("components",), ("components", "--strong"), ("core_number",),
         ("core_number", "--mode", "in"), ("core_number", "--mode", "out"), ("pagerank",),
         ("betweenness",), ("betweenness", "--normalised"), ("assortativity",), ("triangles",),
         ("clustering",)]
CLUSTERED = [("clustering", "--members"), ("triangles", "--members")]
LABELS = 5
WEIGHTED = [("strength", "--weight", "amount", "--mode", mode) for mode in ("all", "in", "out")] + [
    ("pagerank", "--weight", "amount")]


class Case:
    """A network file, its ids in the order promised, and its links in both readings."""

    def __init__(self, path, ids, links, directed_by_file):
        self.path, self.ids, self.directed_by_file = path, ids, directed_by_file
        arcs = {}
        for source, target, weight in links:
            if source != target:
                arcs.setdefault((source, target), []).append(weight)
        edges = {}
        for (source, target), weights in arcs.items():
            edges.setdefault((min(source, target), max(source, target)), []).extend(weights)
        self.graphs = {True: self.graph(arcs, True), False: self.graph(edges, False)}

    def graph(self, links, directed):
        graph = igraph.Graph(len(self.ids), list(links), directed=directed)
        graph.es["weight"] = [math.fsum(weights) for weights in links.values()]
        return graph


def matrix_market(path):
    with open(path, encoding="utf-8") as file:
        banner = file.readline().split()
        lines = [line.split() for line in file if not line.startswith("%")]
    nodes = int(lines[0][0])
    links = [(int(line[0]) - 1, int(line[1]) - 1, float(line[2]) if len(line) > 2 else 1.0)
             for line in lines[1:]]
    directed = banner[4] == "general"
    if not directed:
        links += [(target, source, weight) for source, target, weight in links if source != target]
    return Case(path, [str(node + 1) for node in range(nodes)], links, directed)


def random_edge_list(path, seed, nodes, draws):
    """Self-loops, repeats, weights, and ids with quotes, commas, blanks and Korean."""
    rng = random.Random(seed)
    shapes = ["{}", "00{}", "회사-{}", 'the "{}"', "a,{}", "두\n줄 {}", "{}é"]
    names = [rng.choice(shapes).format(node) for node in range(nodes)]
    rows = []
    for _ in range(draws):
        source = rng.randrange(nodes)
        target = source if rng.random() < 0.05 else int(nodes * rng.random() ** 2)
        weight = rng.choice([1.0, 2.5, rng.lognormvariate(0, 3)])
        rows.append([names[source], names[target], repr(weight)])
    rows += rng.sample(rows, draws // 5)
    rng.shuffle(rows)
    write_table(path, ["source", "target", "weight"], rows)
    order = {}
    links = [(order.setdefault(row[0], len(order)), order.setdefault(row[1], len(order)),
              float(row[2])) for row in rows]
    return Case(path, list(order), links, True)


def write_members(case, folder):
    """A members.csv with labels by chance, a fifth of the nodes without; and the labels."""
    rng = random.Random(7)
    drawn = [rng.randrange(LABELS) if rng.random() < 0.8 else -1 for _ in case.ids]
    numbers = {label: number for number, label in enumerate(sorted({*drawn} - {-1}))}  # no gaps
    labels = [numbers.get(label, -1) for label in drawn]
    path = folder / f"members_{case.path.stem}.csv"
    roles = {True: "noise", False: "core"}
    write_table(path, ["id", "label", "role", "group"],
                [[name, label, roles[label < 0], ""] for name, label in zip(case.ids, labels)])
    return path, labels


def peer_components(graph, mode):
    """Weak or strong components, numbered by their first node."""
    label = {}
    parts = graph.connected_components(mode).membership
    return [label.setdefault(part, len(label)) for part in parts]


def possible_pairs(graph):
    nodes = graph.vcount()
    return (nodes - 1) * (nodes - 2) / (1 if graph.is_directed() else 2)


def peer_betweenness(graph, sources):
    if sources is None:
        return graph.betweenness(directed=graph.is_directed())
    other = graph.to_networkx()
    share = networkx.betweenness_centrality_subset(other, sources, list(other))
    return [share[node] for node in range(len(share))]


def peer_triangles(graph):
    count = [0] * graph.vcount()
    for triangle in graph.list_triangles():
        for corner in triangle:
            count[corner] += 1
    return count


def expected(graph, kind, sources):
    kernel, mode = kind[0], kind[-1]
    if kernel == "degree":
        return graph.degree(mode=mode)
    if kernel == "strength":
        return graph.strength(mode=mode, weights="weight")
    if kernel == "clustering":
        return graph.as_undirected().transitivity_local_undirected(mode="nan")
    if kernel == "triangles":
        return peer_triangles(graph.as_undirected())
    if kernel == "components":
        return peer_components(graph, "strong" if "--strong" in kind else "weak")
    if kernel == "core_number":
        return graph.coreness(mode=mode if mode in ("in", "out") else "all")
    if kernel == "pagerank":
        return graph.pagerank(damping=0.85, weights="weight" if "amount" in kind else None)
    scale = possible_pairs(graph) if "--normalised" in kind else 1.0
    return [value / scale for value in peer_betweenness(graph, sources)]


def peer_assortativity(case, directed):
    pairs = {"newman": case.graphs[False].assortativity_degree(directed=False)}
    if directed:
        pairs["newman_directed"] = case.graphs[True].assortativity_degree(directed=True)
    return pairs


def peer_clustering(case, labels):
    """label, clustering, transitivity, triangles of each label: subgraphs one by one."""
    rows = []
    for label in range(max(labels, default=-1) + 1):
        inside = [node for node, own in enumerate(labels) if own == label]
        graph = case.graphs[False].induced_subgraph(inside)
        local = [c for c in graph.transitivity_local_undirected(mode="nan") if not math.isnan(c)]
        rows.append([label, sum(local) / len(local) if local else math.nan,
                     graph.transitivity_undirected(mode="nan"), len(graph.list_triangles())])
    return rows


def close(value, peer):
    if value == "":
        return math.isnan(peer)
    return abs(float(value) - peer) <= 1e-9 * (1 + abs(peer))


def check_assortativity(what, rows, peers):
    values = dict(rows)
    assert set(values) == {"slope", "pearson", "newman"} | set(peers), f"{what}: {rows}"
    for name, peer in peers.items():
        assert close(values[name], peer), f"{what}: {name} {values[name]} against {peer}"


def check_clusters(what, header, rows, peers):
    assert header == ["label", "clustering", "transitivity", "triangles"], f"{what}: {header}"
    assert len(rows) == len(peers), f"{what}: {len(rows)} labels"
    for row, peer in zip(rows, peers):
        assert all(close(a, b) for a, b in zip(row, peer)), f"{what}: {row} against {peer}"


def check_nodes(what, case, header, rows, peers):
    assert header == ["id", "value"], f"{what}: {header}"
    assert [row[0] for row in rows] == case.ids, f"{what}: ids or their order"
    wrong = [(row, peer) for row, peer in zip(rows, peers) if not close(row[1], peer)]
    assert not wrong, f"{what}: {len(wrong)} of {len(rows)} differ, first {wrong[0]}"
    if "pagerank" in what:
        apart = math.fsum(abs(float(row[1]) - peer) for row, peer in zip(rows, peers))
        assert apart <= 1e-9, f"{what}: {apart} apart in L1"


class Comparison:
    """Runs the program on two threads (most of a short run is MPI's start), checks on one."""

    def __init__(self, program, folder):
        self.program, self.folder, self.jobs = program, folder, []
        self.pool = ThreadPoolExecutor(2)

    def start(self, case, kind, directed, rank_counts, peers, extra):
        side = [] if directed == case.directed_by_file else \
            ["--directed" if directed else "--undirected"]
        for ranks in rank_counts:
            reading = "directed" if directed else "undirected"
            what = f"{case.path.name} {' '.join(kind)} {reading}, {ranks} ranks"
            output = self.folder / f"out_{len(self.jobs)}.csv"
            self.jobs.append((what, case, kind, peers, output, self.pool.submit(
                run_well, self.program, "measure", case.path, "--kernel", *kind, *side, *extra,
                "-o", output, ranks=ranks)))

    def finish(self):
        for what, case, kind, peers, output, job in self.jobs:
            job.result()
            header, rows = table(output)
            if kind[0] == "assortativity":
                check_assortativity(what, rows, peers)
            elif "--members" in kind:
                check_clusters(what, header, rows, peers)
            else:
                check_nodes(what, case, header, rows, peers)

    def sources_of(self, case):
        if len(case.ids) <= FULL_BETWEENNESS:
            return None, []
        sources = sorted(random.Random(5).sample(range(len(case.ids)), SOURCES))
        path = self.folder / f"sources_{case.path.stem}.txt"
        path.write_text("".join(f"{case.ids[node]}\n" for node in sources), encoding="utf-8")
        return sources, ["--sources", path]

    def clusters(self, case, rank_counts):
        members, labels = write_members(case, self.folder)
        peers = peer_clustering(case, labels)
        for kind in CLUSTERED:
            self.start(case, kind, case.directed_by_file, rank_counts, peers, [members])

    def all_kinds(self, case, kinds, rank_counts, readings=(True, False)):
        for kind in kinds:
            between = kind[0] == "betweenness"
            sources, extra = self.sources_of(case) if between else (None, [])
            for directed in readings:
                if kind[:2] == ("core_number", "--mode") and not directed:
                    continue  # there is but one core number where links have no direction
                # Without a mode, core numbers are those of the union of both directions.
                graph = case.graphs[directed and kind != ("core_number",)]
                peers = peer_assortativity(case, directed) if kind[0] == "assortativity" else \
                    expected(graph, kind, sources)
                self.start(case, kind, directed, rank_counts, peers, extra)


def against_stored(case, folder):
    """Betweenness that igraph 0.10.2 gave when the graphs were collected (7 to 10 digits)."""
    path = folder / f"betweenness_{case.path.stem}.txt"
    if not path.exists() or len(case.ids) > FULL_BETWEENNESS:
        return
    stored = [float(line) for line in path.read_text().split()]
    values = expected(case.graphs[False], ("betweenness",), None)
    assert len(stored) == len(values)
    assert all(abs(a - b) <= 1e-6 * (1 + abs(a)) for a, b in zip(values, stored)), case.path.name


def real_graphs(comparison, shared):
    paths = sorted((shared / "graphs").glob("*.mtx"))
    if not paths:
        print("no real graphs beside the project: random ones only")
    for path in paths:
        case = matrix_market(path)
        small = len(case.ids) <= SMALL
        comparison.all_kinds(case, KINDS, [1], (True, False) if case.directed_by_file else (False,))
        comparison.clusters(case, [1])
        if path.stem == "jazz":  # an undirected file read as directed has each link both ways
            comparison.all_kinds(case, KINDS, [1], (True,))
        if small and path.stem in ("karate", "west0067"):
            comparison.all_kinds(case, KINDS, [2, 3, 4], [case.directed_by_file])
        against_stored(case, shared / "graphs")


def random_graphs(comparison, folder):
    for seed, nodes, draws in ((1, 40, 90), (2, 300, 1200), (3, 5, 6), (4, 600, 500)):
        case = random_edge_list(folder / f"random_{seed}.csv", seed, nodes, draws)
        comparison.all_kinds(case, KINDS + WEIGHTED, [1])
        comparison.clusters(case, [1, 3])
        if seed <= 2:
            comparison.all_kinds(case, KINDS[3:] + WEIGHTED, [seed + 2], [True])


def main():
    program, shared = sys.argv[1], pathlib.Path(sys.argv[2])
    with tempfile.TemporaryDirectory() as name:
        comparison = Comparison(program, pathlib.Path(name))
        random_graphs(comparison, pathlib.Path(name))
        real_graphs(comparison, shared)
        comparison.finish()
    print(f"{len(comparison.jobs)} comparisons with igraph agree")


if __name__ == "__main__":
    main()
