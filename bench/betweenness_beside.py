#!/usr/bin/python3
"""Betweenness of all kinds beside igraph and graph-tool: medians of interleaved runs, verified.

  bench/betweenness_beside.py build/release/tradegraph PREFIX [SECTION ...]

PREFIX.edges.csv (source,target; numbers of firms) is a network, taken undirected. SECTIONs: exact
(the network from some sources; a mesh, a star, a path, a clique and many components from all),
weighted, edges, harmonic, approximate, scaling. Each run is a process of its own; ours counts what
it says it took "to compute", a peer its one call with the graph in memory. Both have all cores
(igraph uses one, in the program igraph_betweenness beside ours). Values must agree with igraph's
within 1e-9 (1 + |x|); where graph-tool's do not, it says "wrong". Counted work stands beside the
times.
"""
import argparse, csv, importlib.util, os, re, statistics, subprocess, sys, tempfile, time

ENVIRONMENT = dict(os.environ, OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1",
                   OMPI_MCA_mpi_yield_when_idle="1", OMP_WAIT_POLICY="passive")
PEERS = ("igraph", "graph-tool")


def peers_here(program):
    """Those that are installed."""
    if os.path.exists(f"{os.path.dirname(program)}/igraph_betweenness"):
        yield "igraph"
    if importlib.util.find_spec("graph_tool"):
        yield "graph-tool"


# Networks, as lists of pairs with the smaller number first.

def read_network(path):
    with open(path) as file:
        next(file)
        pairs = (tuple(map(int, line.split(",")[:2])) for line in file)
        return sorted({(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]})


def mesh(width):
    across = [(y * width + x, y * width + x + 1) for y in range(width) for x in range(width - 1)]
    return across + [(v, v + width) for v in range(width * (width - 1))]


SHAPES = {"mesh 100 x 100": lambda: mesh(100),
          "star of 20,000": lambda: [(0, leaf) for leaf in range(1, 20000)],
          "path of 5,000": lambda: [(v, v + 1) for v in range(4999)],
          "clique of 400": lambda: [(v, w) for w in range(400) for v in range(w)],
          "2,000 rings of 10": lambda: [tuple(sorted((10 * r + i, 10 * r + (i + 1) % 10)))
                                        for r in range(2000) for i in range(10)]}


def length_of(pair):
    """1 to 9, by a hash that all sides share: many ties."""
    return 1 + (pair[0] * 2654435761 + pair[1] * 40503) % 4294967296 // 97 % 9


def write_network(folder, name, pairs, weighted):
    path = f"{folder}/{re.sub('[^a-z0-9]', '', name)}{'_w' if weighted else ''}.csv"
    if not os.path.exists(path):
        with open(path, "w") as file:
            file.write("source,target,weight\n" if weighted else "source,target\n")
            for pair in pairs:
                weight = f",{length_of(pair)}" if weighted else ""
                file.write(f"{pair[0]},{pair[1]}{weight}\n")
    return path


# A peer in a process of its own.

def graph_tool_call(kind, pairs, sources):
    import graph_tool, graph_tool.centrality
    graph = graph_tool.Graph(directed=False)
    graph.add_edge_list(pairs)
    weights = None
    if kind == "weighted":
        weights = graph.new_edge_property("int64_t", vals=list(map(length_of, pairs)))
    start = time.perf_counter()
    of_firms, of_edges = graph_tool.centrality.betweenness(
        graph, pivots=sources, weight=weights, norm=False)
    seconds = time.perf_counter() - start
    return seconds, list(of_edges.a if kind == "edges" else of_firms.a)


def peer_worker(kind, network, source_file, output):
    with open(network) as file:
        next(file)
        pairs = [tuple(map(int, line.split(",")[:2])) for line in file]
    sources = list(map(int, open(source_file))) if source_file else None
    seconds, values = graph_tool_call(kind, pairs, sources)
    with open(output, "w") as file:
        file.writelines(f"{value!r}\n" for value in map(float, values))
    print(seconds)


def run_peer(program, peer, kind, network, source_file, output):
    command = [f"{os.path.dirname(program)}/igraph_betweenness"] if peer == "igraph" else \
        ["/usr/bin/python3", __file__, "--peer"]
    done = subprocess.run([*command, kind, network, source_file, output], stdout=subprocess.PIPE,
                          text=True, check=True, env=ENVIRONMENT)
    return float(done.stdout)


# Our side.

OPTIONS = {"exact": ["--kernel", "betweenness"],
           "weighted": ["--kernel", "betweenness", "--weight", "amount", "--weight-is", "length"],
           "edges": ["--kernel", "betweenness", "--edges"],
           "harmonic": ["--kernel", "harmonic"]}


def run_ours(program, network, output, options, ranks=1, threads=None):
    command = [program, "measure", network, "--undirected", "--quiet", "-o", output, *options]
    if threads:
        command += ["--threads", str(threads)]
    if ranks > 1:
        command = ["mpirun", "-n", str(ranks), "--oversubscribe", "--bind-to", "none", *command]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, env=ENVIRONMENT)
    return float(re.search(r"([\d.]+) s to compute", done.stdout)[1]), done.stdout


def work_of(text):
    found = re.search(r"(\d+) searches.*?(\d+) links scanned(?:, (\d+) row operations)?", text)
    if not found:
        return ""
    searches, scanned, rows = (int(number or 0) for number in found.groups())
    # A row operation touches a line of counts and 32 doubles; a scanned link its number and mask.
    gigabytes = (320 * rows + 8 * scanned) / 1e9
    return f"{searches:>9,}{scanned / 1e6:>11.2f}{rows / 1e6:>11.2f}{gigabytes:>9.2f}"


def by_id(path):
    with open(path, newline="") as file:
        return {int(row["id"]): float(row["value"]) for row in csv.DictReader(file)}


def by_link(path):
    with open(path, newline="") as file:
        return {tuple(sorted((int(row["source"]), int(row["target"])))): float(row["value"])
                for row in csv.DictReader(file)}


def agrees(kind, ours, theirs, pairs, sources):
    """Whether a peer's values are ours. graph-tool's sums from some sources are not halved."""
    peer = [float(line) for line in open(theirs)]
    if kind == "edges":
        mine = by_link(ours)
        both = [(mine[pair], value) for pair, value in zip(pairs, peer)]
    else:
        mine = by_id(ours)
        places = sources if kind == "harmonic" and sources else range(len(peer))
        both = [(mine.get(place, 0.0), value) for place, value in zip(places, peer)]
    here, there = max(both, key=lambda two: two[0], default=(0, 0))
    factor = 0.5 if here > 0 and abs(there / here - 2) < 1e-6 else 1.0
    return all(abs(a - factor * b) <= 1e-9 * (1 + abs(a)) for a, b in both)


class Table:
    def __init__(self, arguments, folder):
        self.arguments, self.folder, self.pairs = arguments, folder, {}

    def network(self, name):
        if name not in self.pairs:
            self.pairs[name] = SHAPES[name]() if name in SHAPES else read_network(name)
        return self.pairs[name]

    def side_by_side(self, kind, name, label, count=None):
        pairs = self.network(name)
        network = write_network(self.folder, label, pairs, kind == "weighted")
        sources, source_file = None, ""
        if count:
            firms = sorted({firm for pair in pairs for firm in pair})
            sources = firms[::max(1, len(firms) // count)]
            source_file = f"{self.folder}/sources.txt"
            open(source_file, "w").write("".join(f"{firm}\n" for firm in sources))
        # Harmonic closeness of some firms is asked of the peer only: ours comes for all at once.
        extra = ["--sources", source_file] if sources and kind != "harmonic" else []
        peers = [peer for peer in self.arguments.peers if kind != "harmonic" or peer == "igraph"]
        ours, theirs = f"{self.folder}/ours.csv", f"{self.folder}/theirs.txt"
        times = {side: [] for side in ("tradegraph", *peers)}
        wrong = set()
        for repeat in range(self.arguments.repeats):
            seconds, text = run_ours(self.arguments.program, network, ours, OPTIONS[kind] + extra)
            times["tradegraph"].append(seconds)
            for peer in peers:
                times[peer].append(run_peer(self.arguments.program, peer, kind, network,
                                            source_file, theirs))
                if repeat == 0 and not agrees(kind, ours, theirs, pairs, sources):
                    wrong.add(peer)
        median = {side: statistics.median(all_of_it) for side, all_of_it in times.items()}
        if kind == "harmonic" and sources:  # a source
            median["tradegraph"] *= len(sources) / len({firm for pair in pairs for firm in pair})
        if "igraph" in wrong:
            sys.exit(f"{label}, {kind}: other values than igraph's")
        fastest = min((median[peer] for peer in peers if peer not in wrong), default=float("nan"))
        cells = "".join(f"{'wrong' if peer in wrong else format(median[peer], '.3f'):>11}"
                        if peer in median else " " * 11 for peer in PEERS)
        print(f"{kind:10}{label:20}{median['tradegraph']:>11.3f}{cells}"
              f"{fastest / median['tradegraph']:>8.1f}{work_of(text)}", flush=True)

    def exact(self):
        self.side_by_side("exact", self.arguments.prefix, "network", self.arguments.sources)
        for name in SHAPES:
            self.side_by_side("exact", name, name)

    def weighted(self):
        self.side_by_side("weighted", self.arguments.prefix, "network", self.arguments.sources // 4)

    def edges(self):
        self.side_by_side("edges", self.arguments.prefix, "network", self.arguments.sources)

    def harmonic(self):
        self.side_by_side("harmonic", self.arguments.prefix, "network", self.arguments.sources // 4)

    def approximate(self):
        network = write_network(self.folder, "network", self.network(self.arguments.prefix), False)
        output = f"{self.folder}/ours.csv"
        for kernel, options in (("betweenness", ["--epsilon", "0.01"]),
                                ("betweenness", ["--epsilon", "0.001"]),
                                ("betweenness", ["--epsilon", "0.001", "--top", "10"]),
                                ("harmonic", ["--epsilon", "0.05"])):
            seconds = []
            for _ in range(self.arguments.repeats):
                one, text = run_ours(self.arguments.program, network, output,
                                     ["--kernel", kernel, "--approximate", *options])
                seconds.append(one)
            print(f"{kernel + ' ' + ' '.join(options):41}{statistics.median(seconds):>11.3f}  "
                  + text.splitlines()[-1], flush=True)

    def scaling(self):
        network = write_network(self.folder, "network", self.network(self.arguments.prefix), False)
        firms = sorted({firm for pair in self.network(self.arguments.prefix) for firm in pair})
        source_file = f"{self.folder}/sources.txt"
        step = max(1, len(firms) // (4 * self.arguments.sources))
        open(source_file, "w").write("".join(f"{firm}\n" for firm in firms[::step]))
        times = {}
        for _ in range(self.arguments.repeats):
            for ranks, threads in ((1, 1), (1, 2), (2, 1)):
                one, text = run_ours(self.arguments.program, network, f"{self.folder}/ours.csv",
                                     [*OPTIONS["exact"], "--sources", source_file], ranks, threads)
                times.setdefault((ranks, threads), []).append(one)
        alone = statistics.median(times[1, 1])
        for (ranks, threads), seconds in times.items():
            median = statistics.median(seconds)
            print(f"scaling   {f'{ranks} ranks x {threads} threads':20}{median:>11.3f}"
                  f"{alone / median:>30.2f}{work_of(text)}", flush=True)


def main():
    sections = [name for name in vars(Table) if name in
                ("exact", "weighted", "edges", "harmonic", "approximate", "scaling")]
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("prefix", help="PREFIX.edges.csv is the network")
    parser.add_argument("sections", nargs="*", default=sections, metavar="SECTION")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--sources", type=int, default=512,
                        help="of the network; weighted, harmonic: a quarter (default 512)")
    arguments = parser.parse_args()
    arguments.program = os.path.abspath(arguments.program)
    arguments.prefix += ".edges.csv"
    arguments.peers = list(peers_here(arguments.program))
    print(f"{'seconds, medians':30}{'tradegraph':>11}{'igraph':>11}{'graph-tool':>11}{'ratio':>8}"
          f"{'searches':>9}{'M scanned':>11}{'M rows':>11}{'GB':>9}")
    with tempfile.TemporaryDirectory() as folder:
        table = Table(arguments, folder)
        for section in arguments.sections:
            if section not in sections:
                sys.exit(f"no section '{section}': {', '.join(sections)}")
            getattr(table, section)()


if __name__ == "__main__":
    if "--peer" in sys.argv:
        peer_worker(*sys.argv[sys.argv.index("--peer") + 1:])
    else:
        main()
