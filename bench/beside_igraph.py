#!/usr/bin/python3
"""tradegraph and python-igraph on one network, in turn, in one run: seconds and peak memory.

  bench/beside_igraph.py PROGRAM PREFIX [LABELS]

PREFIX.firms.csv, PREFIX.trade.csv and PREFIX.edges.csv (numbers of firms) are one network. Firms get
LABELS (146) labels by strips of longitude, for the indicators of clusters, which igraph computes by a
loop over subgraphs. igraph starts each measure with the graph in memory, as do ours ("compute"); what
reading costs has a line of its own. Peak memory is that of the whole process.
"""
import csv, os, re, subprocess, sys, tempfile, time

PROGRAM, PREFIX = sys.argv[1], sys.argv[2]
LABELS = int(sys.argv[3]) if len(sys.argv) > 3 else 146
ENVIRONMENT = dict(os.environ, OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1")


def run(*arguments):
    """Seconds, peak MiB and stdout of a program."""
    before = time.perf_counter()
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, env=ENVIRONMENT)
    text = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"failed: {' '.join(arguments)}")
    return time.perf_counter() - before, usage.ru_maxrss / 1024, text


def write_members(path):
    with open(PREFIX + ".firms.csv") as file:
        firms = [(row["id"], float(row["lon"])) for row in csv.DictReader(file)]
    order = sorted(range(len(firms)), key=lambda i: firms[i][1])
    label = [0] * len(firms)
    for rank, i in enumerate(order):
        label[i] = rank * LABELS // len(firms)
    with open(path, "w") as file:
        file.write("id,label,role,group\n")
        file.writelines(f"{name},{label[i]},core,\n" for i, (name, _) in enumerate(firms))
    return label


def ours(folder):
    snapshot, members = folder + "/y.h5", folder + "/members.csv"
    seconds, memory, _ = run(PROGRAM, "import", PREFIX + ".firms.csv", PREFIX + ".trade.csv",
                             "--year", "2020", "-o", snapshot)
    yield "read", seconds, memory
    for name, options in (("degree", []), ("components", []), ("pagerank", []),
                          ("assortativity", []), ("hierarchy of labels", ["--members", members]),
                          ("assortativity of labels", ["--members", members]),
                          ("reach of labels", ["--members", members])):
        _, memory, text = run(PROGRAM, "measure", snapshot, "--kernel", name.split()[0], *options,
                              "-o", folder + "/out.csv")
        yield name, float(re.search(r"([\d.]+) s to compute", text)[1]), memory


def igraph_worker(name, members):
    """One measure in a process of its own; prints seconds."""
    import igraph
    start = time.perf_counter()
    with open(PREFIX + ".edges.csv") as file:
        next(file)
        edges = [tuple(map(int, line.split(","))) for line in file]
    with open(members) as file:
        labels = [int(row["label"]) for row in csv.DictReader(file)]
    graph = igraph.Graph(n=len(labels), edges=edges, directed=True)
    if name != "read":
        undirected = graph.as_undirected()
        inside = [[] for _ in range(LABELS)]
        for firm, label in enumerate(labels):
            inside[label].append(firm)
        start = time.perf_counter()
    if name == "degree":
        graph.degree()
    elif name == "components":
        graph.connected_components("weak")
    elif name == "pagerank":
        graph.pagerank(damping=0.85)
    elif name == "assortativity":
        undirected.assortativity_degree(directed=False)
    elif name == "assortativity of labels":
        for firms in inside:
            undirected.induced_subgraph(firms).assortativity_degree(directed=False)
    elif name == "hierarchy of labels":
        import numpy
        for firms in inside:
            k = numpy.sort([d for d in undirected.induced_subgraph(firms).degree() if d > 0])[::-1]
            if len(k) > 1:
                numpy.polyfit(numpy.log(numpy.arange(1, len(k) + 1)), numpy.log(k), 1)
    elif name == "reach of labels":
        total = undirected.degree()
        for firms in inside:
            own = undirected.induced_subgraph(firms).degree()
            shares = [a / total[i] for a, i in zip(own, firms) if total[i] > 0]
            sum(shares) / len(shares)
    print(time.perf_counter() - start)


def main():
    with tempfile.TemporaryDirectory() as folder:
        write_members(folder + "/members.csv")
        print(f"{'':26}{'tradegraph':>22}{'igraph':>22}{'ratio':>9}")
        print(f"{'':26}{'s':>11}{'MiB':>11}{'s':>11}{'MiB':>11}")
        for name, seconds, memory in ours(folder):
            _, peer_memory, text = run("/usr/bin/python3", __file__, PROGRAM, PREFIX, str(LABELS),
                                       "--igraph", name, folder + "/members.csv")
            peer = float(text)
            print(f"{name:26}{seconds:11.3f}{memory:11.0f}{peer:11.3f}{peer_memory:11.0f}"
                  f"{peer / seconds:9.2f}", flush=True)


if "--igraph" in sys.argv:
    igraph_worker(*sys.argv[sys.argv.index("--igraph") + 1:])
else:
    main()
