#!/usr/bin/python3
"""The cost model of docs/betweenness.md beside measured times, and threads beside ranks.

  bench/betweenness_model.py build/release/tradegraph PREFIX [PREFIX ...] [--sources N]

PREFIX.edges.csv (source,target; numbers of firms) is a network, taken undirected; meshes, whole and
broken, and a long cycle stand beside them. Work is what `measure` counts; times are medians of
interleaved runs, of the searches from N firms less those from one (what is read, folded and put
in order is the same for both). The last column but one is predicted / measured. Then 1 rank x 1
thread, 1 x 2 and 2 x 1 on the first network, with their work.
"""
import argparse, collections, math, os, random, re, statistics, tempfile

from betweenness_beside import mesh, read_network, run_ours, write_network

# One thread, nanoseconds. A row operation takes a time of its own and one that grows with every
# doubling of the rows beyond what the caches next to the core hold. One by one, an arc is read once
# and, where a path goes on over it, once more on the way back; a visit of a firm costs its own, and
# what the processor mispredicts, which is as much as the firm's degree surprises.
ROW_NS, ROW_NS_A_DOUBLING, ROW_CACHE = 28.0, 6.5, 4e6
ARC_NS, VISIT_NS, SURPRISE_NS_A_BIT = 0.6, 12.3, 16.0


def predicted(degrees, scanned, rows, threads):
    core = sum(degrees.values())
    if rows:
        doublings = max(0.0, math.log2(320 * core / ROW_CACHE))
        return rows * (ROW_NS + ROW_NS_A_DOUBLING * doublings) / threads / 1e9
    visits = scanned / (sum(degree * firms for degree, firms in degrees.items()) / core)
    surprise = -sum(firms / core * math.log2(firms / core) for firms in degrees.values())
    return (scanned * ARC_NS + visits * (VISIT_NS + SURPRISE_NS_A_BIT * surprise)) / threads / 1e9


def counts(text):
    searches, scanned, rows = map(int, re.search(
        r"(\d+) searches.*?(\d+) links scanned, (\d+) row operations", text).groups())
    return searches, scanned, rows


def two_core(pairs):
    """How many firms have each degree, of those left when those of degree 1 leave, again and again."""
    partners = {}
    for v, w in pairs:
        partners.setdefault(v, set()).add(w)
        partners.setdefault(w, set()).add(v)
    leaves = [v for v in partners if len(partners[v]) == 1]
    for leaf in leaves:
        for v in partners.pop(leaf, ()):
            partners[v].discard(leaf)
            if len(partners[v]) == 1:
                leaves.append(v)
    return collections.Counter(len(rest) for rest in partners.values() if rest)


def broken_mesh(side, missing):
    """A mesh without some of its links: as irregular as roads are."""
    random.seed(1)
    return [pair for pair in mesh(side) if random.random() >= missing]


class Runs:
    def __init__(self, arguments, folder):
        self.arguments, self.folder = arguments, folder

    def time(self, network, sources=None, ranks=1, threads=1):
        options = ["--kernel", "betweenness"] + (["--sources", sources] if sources else [])
        return run_ours(self.arguments.program, network, f"{self.folder}/o.csv", options,
                        ranks, threads)

    def some(self, name, pairs, count):
        firms = sorted({firm for pair in pairs for firm in pair})
        path = f"{self.folder}/{name}.{count}"
        with open(path, "w") as file:
            file.writelines(f"{firm}\n" for firm in firms[::max(1, len(firms) // count)][:count])
        return path

    def compare(self, name, pairs, count=None):
        network = write_network(self.folder, name, pairs, False)
        many, one = count and self.some("many", pairs, count), self.some("one", pairs, 1)
        degrees = two_core(pairs)
        threads = os.cpu_count()
        times = {"many": [], "one": []}
        for _ in range(self.arguments.repeats):
            for side, sources in (("many", many), ("one", one)):
                seconds, text = self.time(network, sources, threads=threads)
                times[side].append(seconds)
                if side == "many":
                    searches, scanned, rows = counts(text)
        measured = statistics.median(times["many"]) - statistics.median(times["one"])
        model = predicted(degrees, scanned, rows, threads)
        print(f"{name:22}{sum(degrees.values()):>9,}{searches:>9,}{scanned / 1e6:>11.2f}{rows / 1e6:>11.2f}"
              f"{model:>11.3f}{measured:>11.3f}{model / measured:>8.2f}", flush=True)

    def threads_and_ranks(self, pairs, count):
        network = write_network(self.folder, "first", pairs, False)
        sources = self.some("many", pairs, count)
        times, work = {}, {}
        for _ in range(self.arguments.repeats):
            for ranks, threads in ((1, 1), (1, 2), (2, 1)):
                seconds, text = self.time(network, sources, ranks, threads)
                times.setdefault((ranks, threads), []).append(seconds)
                work[ranks, threads] = counts(text)
        alone = statistics.median(times[1, 1])
        print(f"\n{'ranks x threads':22}{'searches':>9}{'M scanned':>11}{'M rows':>11}{'s':>11}"
              f"{'times':>8}")
        for key, seconds in times.items():
            searches, scanned, rows = work[key]
            median = statistics.median(seconds)
            print(f"{f'{key[0]} x {key[1]}':22}{searches:>9,}{scanned / 1e6:>11.2f}"
                  f"{rows / 1e6:>11.2f}{median:>11.3f}{alone / median:>8.2f}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("prefixes", nargs="+", metavar="PREFIX")
    parser.add_argument("--sources", type=int, default=2048)
    parser.add_argument("--repeats", type=int, default=3)
    arguments = parser.parse_args()
    arguments.program = os.path.abspath(arguments.program)
    print(f"{'':22}{'core':>9}{'searches':>9}{'M scanned':>11}{'M rows':>11}{'predicted':>11}"
          f"{'measured':>11}{'ratio':>8}")
    with tempfile.TemporaryDirectory() as folder:
        runs = Runs(arguments, folder)
        first = None
        for prefix in arguments.prefixes:
            pairs = read_network(prefix + ".edges.csv")
            first = first or pairs
            runs.compare(os.path.basename(prefix), pairs, arguments.sources)
        runs.compare("mesh 100 x 100", mesh(100))
        runs.compare("cycle of 10,000", [(v, v + 1) for v in range(9999)] + [(0, 9999)])
        for missing in (0.1, 0.3):
            runs.compare(f"mesh, {missing:.0%} missing", broken_mesh(100, missing))
        runs.threads_and_ranks(first, arguments.sources)


if __name__ == "__main__":
    main()
