#!/usr/bin/python3
"""What graph-tool and the GAP Benchmark Suite take for what bench_kernels measures.

  bench/peers_bench.py EDGES.csv -o peers.json [--gap FOLDER] [--threads N] [--repetitions N]
  bench/compare.py ours.json peers.json --variant graph_tool      (or gap)

EDGES.csv is the `source,target` file that bench_kernels works on (TRADEGRAPH_BENCH_EDGES). Writes what
a benchmark program writes, under the same names with "/graph_tool" or "/gap" after them. Graphs are in
memory before the clock starts, as ours are. graph-tool is Debian's python3-graph-tool and is left out
where it is absent; FOLDER has GAP's programs cc, pr and tc, compiled from their source
(https://github.com/sbeamer/gapbs), which is none of ours: they run as they are.
"""
import argparse, json, os, re, socket, subprocess, sys, tempfile, time

import numpy


def read_edges(path):
    return numpy.loadtxt(path, delimiter=",", skiprows=1, dtype=numpy.int64, usecols=(0, 1))


def either_way(edges):
    """Each pair once, whatever its direction, without loops."""
    pairs = numpy.sort(edges[edges[:, 0] != edges[:, 1]], axis=1)
    return numpy.unique(pairs, axis=0)


def timed(work, repetitions):
    seconds = []
    for _ in range(repetitions):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return seconds


def graph_tool_runs(edges, threads, repetitions):
    try:
        import graph_tool, graph_tool.centrality, graph_tool.clustering, graph_tool.correlations
        import graph_tool.topology
    except ImportError:
        return None, {}
    graph_tool.openmp_set_num_threads(threads)
    firms = int(edges.max()) + 1

    def graph(pairs, directed):
        result = graph_tool.Graph(directed=directed)
        result.add_vertex(firms)
        result.add_edge_list(pairs)
        return result

    a, u = graph(edges, True), graph(either_way(edges), False)
    pagerank = graph_tool.centrality.pagerank
    label = graph_tool.topology.label_components
    works = {
        "components": lambda: label(a, directed=False),
        "strong_components": lambda: label(a, directed=True),
        "core_number": lambda: graph_tool.topology.kcore_decomposition(u),
        "pagerank": lambda: pagerank(a, epsilon=1e-10),
        "pagerank/tolerance:1e-6": lambda: pagerank(a, epsilon=1e-6),
        "pagerank/undirected": lambda: pagerank(u, epsilon=1e-10),
        "pagerank/undirected/tolerance:1e-6": lambda: pagerank(u, epsilon=1e-6),
        "clustering": lambda: graph_tool.clustering.local_clustering(u),
        "assortativity": lambda: graph_tool.correlations.scalar_assortativity(u, "total"),
    }
    return ("graph-tool " + graph_tool.__version__.split()[0],
            {name + "/graph_tool": timed(work, repetitions) for name, work in works.items()})


def gap_runs(folder, edges, threads, repetitions):
    """Trial times that GAP's programs print; -s adds the reverse of each edge."""
    programs = {
        "components": ["cc"],
        "pagerank/tolerance:1e-6": ["pr", "-i", "1000", "-t", "1e-6"],
        "pagerank/undirected/tolerance:1e-6": ["pr", "-s", "-i", "1000", "-t", "1e-6"],
        "triangles": ["tc", "-s"],
    }
    environment = dict(os.environ, OMP_NUM_THREADS=str(threads))
    runs = {}
    with tempfile.TemporaryDirectory() as scratch:
        path = os.path.join(scratch, "edges.el")
        numpy.savetxt(path, edges, fmt="%d")
        for name, (program, *options) in programs.items():
            text = subprocess.run([os.path.join(folder, program), "-f", path, "-n", str(repetitions),
                                   *options], env=environment, check=True, capture_output=True,
                                  text=True).stdout
            runs[name + "/gap"] = [float(t) for t in re.findall(r"Trial Time:\s+([\d.]+)", text)]
    return "GAP", runs


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("edges")
    parser.add_argument("-o", "--output", required=True)
    parser.add_argument("--gap", metavar="FOLDER")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--repetitions", type=int, default=3)
    options = parser.parse_args()
    edges = read_edges(options.edges)
    peers, runs = [], {}
    found = [graph_tool_runs(edges, options.threads, options.repetitions)]
    if options.gap:
        found.append(gap_runs(options.gap, edges, options.threads, options.repetitions))
    for peer, times in found:
        if peer is None:
            print("graph-tool is not there; left out", file=sys.stderr)
            continue
        peers.append(peer)
        runs.update(times)
    context = {"date": time.strftime("%Y-%m-%dT%H:%M:%S%z"), "host_name": socket.gethostname(),
               "num_cpus": os.cpu_count(), "peer": ", ".join(peers), "network": options.edges,
               "threads": str(options.threads), "ranks": "1"}
    benchmarks = [{"name": name, "run_type": "iteration", "real_time": t, "time_unit": "s"}
                  for name, seconds in runs.items() for t in seconds]
    with open(options.output, "w") as file:
        json.dump({"context": context, "benchmarks": benchmarks}, file, indent=1)


main()
