#!/usr/bin/env python3
"""Betweenness of links, of subsets of sources and targets, and between clusters, beside igraph and
networkx, at one to four ranks.

usage: betweenness_networkx.py PROGRAM
Exit 77 = skipped (no igraph or networkx).
"""
import pathlib
import random
import sys
import tempfile

try:
    import networkx
    from measure_igraph import close, random_edge_list, write_members
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

from support.program import run, run_well, table

CASES = ((1, 40, 60), (2, 90, 260), (3, 5, 6), (4, 120, 100))  # seed, nodes, draws


def named(case, graph):
    """A networkx graph whose nodes are the ids."""
    return networkx.relabel_nodes(graph.to_networkx(), dict(enumerate(case.ids)))


def links_of(case, graph, values):
    """Rows of --edges: by the places of the ends in the input; undirected: the earlier first."""
    place = {name: i for i, name in enumerate(case.ids)}
    rows = []
    for (source, target), value in values.items():
        a, b = place[source], place[target]
        if not graph.is_directed() and a > b:
            a, b = b, a
        rows.append((a, b, value))
    return [(case.ids[a], case.ids[b], value) for a, b, value in sorted(rows)]


def of_links_subset(graph, sources, targets):
    """networkx's own edge_betweenness_centrality_subset divides a dependency by the number of
    predecessors instead of by their paths. So every link gets a vertex in its middle."""
    halved = graph.__class__()
    halved.add_nodes_from(graph)
    for source, target in graph.edges:
        halved.add_edge(source, (source, target))
        halved.add_edge((source, target), target)
    values = networkx.betweenness_centrality_subset(halved, sources, targets)
    return {link: values[link] for link in graph.edges}


class Comparison:
    def __init__(self, program, folder):
        self.program, self.folder, self.count = program, folder, 0

    def measured(self, case, directed, ranks, options):
        output = self.folder / "out.csv"
        run_well(self.program, "measure", case.path, "--kernel", "betweenness", *options,
                 "--directed" if directed else "--undirected", "-o", output, ranks=ranks)
        self.count += 1
        return table(output)

    def firms(self, case, directed, ranks, options, peers):
        header, rows = self.measured(case, directed, ranks, options)
        assert header == ["id", "value"] and [row[0] for row in rows] == case.ids, options
        for name, value in rows:
            assert close(value, peers[name]), (case.path.name, options, name, value, peers[name])

    def links(self, case, directed, ranks, options, peers):
        header, rows = self.measured(case, directed, ranks, options)
        assert header == ["source", "target", "value"], header
        assert [tuple(row[:2]) for row in rows] == [row[:2] for row in peers], options
        for row, peer in zip(rows, peers):
            assert close(row[2], peer[2]), (case.path.name, options, row, peer)

    def file_of(self, name, ids):
        path = self.folder / name
        path.write_text("".join(f"{one}\n" for one in ids), encoding="utf-8")
        return path

    def edges(self, case, directed, ranks):
        graph = named(case, case.graphs[directed])
        ours = case.graphs[directed]
        plain = links_of(case, graph, networkx.edge_betweenness_centrality(graph, normalized=False))
        self.links(case, directed, ranks, ["--edges"], plain)
        igraph_values = {(case.ids[e.source], case.ids[e.target]): value
                         for e, value in zip(ours.es, ours.edge_betweenness(directed=directed))}
        self.links(case, directed, ranks, ["--edges"], links_of(case, graph, igraph_values))
        share = networkx.edge_betweenness_centrality(graph, normalized=True)
        self.links(case, directed, ranks, ["--edges", "--normalised"],
                   links_of(case, graph, share))

    def subsets(self, case, directed, ranks, rng):
        graph = named(case, case.graphs[directed])
        plain = [name for name in case.ids if "\n" not in name]  # one id a line
        sources = rng.sample(plain, len(plain) // 3 + 1)
        targets = rng.sample(plain, len(plain) // 3 + 1)
        to_targets = ["--targets", self.file_of("targets.txt", targets)]
        options = ["--sources", self.file_of("sources.txt", sources), *to_targets]
        subset = networkx.betweenness_centrality_subset
        self.firms(case, directed, ranks, options, subset(graph, sources, targets))
        self.firms(case, directed, ranks, to_targets, subset(graph, list(graph), targets))
        self.links(case, directed, ranks, ["--edges", *options],
                   links_of(case, graph, of_links_subset(graph, sources, targets)))

    def between_clusters(self, case, directed, ranks):
        graph = named(case, case.graphs[directed])
        members, labels = write_members(case, self.folder)
        firms = dict.fromkeys(graph, 0.0)
        links = {}
        for label in range(max(labels) + 1):
            own = [name for name, at in zip(case.ids, labels) if at == label]
            others = [name for name, at in zip(case.ids, labels) if at not in (label, -1)]
            for name, value in networkx.betweenness_centrality_subset(graph, own, others).items():
                firms[name] += value
            for link, value in of_links_subset(graph, own, others).items():
                links[link] = links.get(link, 0.0) + value
        self.firms(case, directed, ranks, ["--members", members], firms)
        self.links(case, directed, ranks, ["--members", members, "--edges"],
                   links_of(case, graph, links))


def main():
    program = sys.argv[1]
    rng = random.Random(8)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        comparison = Comparison(program, folder)
        for seed, nodes, draws in CASES:
            case = random_edge_list(folder / f"random_{seed}.csv", seed, nodes, draws)
            for directed in (True, False):
                for ranks in {1, seed}:
                    comparison.edges(case, directed, ranks)
                    comparison.subsets(case, directed, ranks, rng)
                    comparison.between_clusters(case, directed, ranks)
        nobody = comparison.file_of("nobody.txt", [])
        done = run(program, "measure", case.path, "--kernel", "betweenness", "--targets", nobody,
                   "-o", folder / "none.csv")
        assert done.returncode == 2 and "names no node" in done.stderr, done
    print(f"{comparison.count} comparisons with igraph and networkx agree")


if __name__ == "__main__":
    main()
