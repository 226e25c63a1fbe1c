#!/usr/bin/env python3
"""Every command gives the same result at any number of ranks, threads and shape of the grid.

A small made-up nation goes through all commands at 1, 2, 3 and 4 ranks, and through a few at every
other shape of the grid; networks that are hardly any (one firm, three firms, no trade, no places)
go through all stages at 1 and at 4 ranks. "Same" is what compare_results.py calls it; snapshots
must moreover hold the same datasets, value by value (where h5py is there).

usage: same_result.py PROGRAM
"""
import pathlib
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

from support import compare_results
from support.program import run_well, table, write_table

try:
    import h5py
except ImportError:
    h5py = None
    print("no h5py: snapshots are compared through what is computed from them")

# ranks, options
FULL = [(1, ["--threads", "1"]), (2, []), (3, ["--threads", "2"]), (4, ["--grid", "2,1,2"])]
SHAPES = [(1, ["--threads", "3"]), (2, ["--grid", "2,1,1"]), (2, ["--grid", "1,2,1"]),
          (3, ["--grid", "3,1,1"]), (3, ["--grid", "1,3,1"]), (4, ["--grid", "1,1,4"]),
          (4, ["--grid", "1,2,2"]), (4, ["--grid", "4,1,1"])]
ODD = [(1, []), (4, []), (4, ["--grid", "2,2,1"])]
OF_FIRMS = {"degree_in": ["degree", "--mode", "in"], "strength": ["strength", "--weight", "amount"],
            "components": ["components"], "strong": ["components", "--strong"],
            "core_number": ["core_number"], "out_core": ["core_number", "--mode", "out"],
            "pagerank": ["pagerank"],
            "weighted_pagerank": ["pagerank", "--weight", "count"],
            "betweenness": ["betweenness"], "harmonic": ["harmonic"],
            "harmonic_estimate": ["harmonic", "--approximate"], "triangles": ["triangles"],
            "clustering": ["clustering"],
            "undirected_betweenness": ["betweenness", "--undirected", "--normalised"]}
OF_CLUSTERS = ["assortativity", "clustering", "hierarchy", "reach"]
IDENTIFY = {"footprint": [], "admin": ["--absorb", "admin", "--groups", "section"],
            "none": ["--absorb", "none", "--stretch", "1", "--ungrouped"],
            "file": ["--groups", "groups.csv", "--absorb-radius", "3000"]}


class Setting:
    """One way to run the program, and the folder of what it gives."""

    def __init__(self, program, source, folder, ranks, options):
        self.program, self.source, self.folder = program, source, folder
        self.ranks, self.options = ranks, options
        self.name = f"{source.name}, {ranks} ranks {' '.join(options)}"
        folder.mkdir(parents=True)

    def call(self, *arguments):
        return run_well(self.program, *arguments, *self.options, ranks=self.ranks)

    def load(self):
        trade = [path for path in [self.source / "trade_2020.csv"] if path.exists()]
        self.call("import", self.source / "firms_2020.csv", *trade, "--year", 2020, "-o",
                  self.folder / "n.h5")

    def info(self):
        shown = self.call("info", self.folder / "n.h5").stdout
        # The file's name and size in bytes, and how links lie on ranks, are not part of the result.
        kept = [line for line in shown.splitlines()
                if not line.startswith("links a rank") and not line.endswith(" bytes")]
        assert len(kept) > 5, shown
        (self.folder / "info.txt").write_text("\n".join(kept).replace(str(self.folder), ""))

    def measure(self, names):
        for name in names:
            folder = self.folder / f"measure_{name}"
            folder.mkdir()
            self.call("measure", self.folder / "n.h5", "--kernel", *OF_FIRMS[name], "-o",
                      folder / "firms.csv")

    def measure_clusters(self, members):
        for kernel in OF_CLUSTERS:
            for name, extra in (("whole", []), ("clusters", ["--members", members])):
                self.call("measure", self.folder / "n.h5", "--kernel", kernel, *extra, "-o",
                          self.folder / f"{kernel}_{name}.csv")

    def identify(self, names):
        for name in names:
            extra = [str(self.source / text) if text.endswith(".csv") else text
                     for text in IDENTIFY[name]]
            self.call("identify", self.folder / "n.h5", "--eps", 1500, "--min-firms", 6, *extra,
                      "--verify", "--k-distance", self.folder / f"k_distance_{name}.csv",
                      "-o", self.folder / f"members_{name}.csv")

    def diagnose(self, name):
        self.call("diagnose", self.folder / "n.h5", "--members",
                  self.folder / f"members_{name}.csv", "--min-nodes", 5, "--min-links", 3,
                  "-o", self.folder / "diagnosis")

    def study(self):
        self.call("run", self.source / "study.toml", "-o", self.folder / "study")


def everything(setting):
    setting.load()
    setting.info()
    setting.measure(OF_FIRMS)
    setting.identify(IDENTIFY)
    setting.measure_clusters(setting.folder / "members_footprint.csv")
    setting.diagnose("footprint")
    setting.study()


def some(setting):
    setting.load()
    setting.measure(["pagerank", "betweenness"])
    setting.identify(["file"])
    setting.study()


def stages(setting):
    setting.load()
    setting.info()
    setting.measure(["components", "strong", "core_number", "pagerank", "betweenness"])
    setting.identify(["footprint"])
    setting.measure_clusters(setting.folder / "members_footprint.csv")
    setting.diagnose("footprint")


def same_snapshot(a, b):
    """Names of datasets that differ between two snapshots."""
    with h5py.File(a, "r") as left, h5py.File(b, "r") as right:
        names = [set(), set()]
        for found, file in zip(names, (left, right)):
            file.visititems(lambda name, item: found.add(name) if hasattr(item, "dtype") else None)
        differing = [name for name in names[0] & names[1]
                     if left[name][:].tobytes() != right[name][:].tobytes()]
        return sorted(names[0] ^ names[1]) + differing


def check(base, setting, partly):
    """How many files were compared; `partly`: the setting ran some of the commands only."""
    of_base, found = (compare_results.results_in(at.folder) for at in (base, setting))
    assert found <= of_base if partly else found == of_base, f"{setting.name}: {found ^ of_base}"
    count = 0
    for name in sorted(compare_results.results_in(setting.folder)):
        found = list(compare_results.differences(base.folder / name, setting.folder / name))
        assert not found, f"{setting.name}, {name}: {len(found)} differences, {found[:3]}"
        count += 1
    assert count, setting.name
    for name in [path.relative_to(base.folder) for path in base.folder.rglob("20*.h5")] + ["n.h5"]:
        found = same_snapshot(base.folder / name, setting.folder / name) if h5py else []
        assert not found, f"{setting.name}, {name}: datasets {found} differ"
    return count


def write_nation(folder):
    tool = pathlib.Path(__file__).parent / "support" / "small_network.py"
    subprocess.run([sys.executable, tool, folder, "--firms", "500"], check=True)
    (folder / "study.toml").write_text(
        '[study]\nyears = [2010, 2020]\n[input]\nfirms = "firms_{year}.csv"\n'
        'trade = "trade_{year}.csv"\n[group]\nleast_groups = 3\nmost_groups = 9\n'
        '[identify]\neps = 1500\nmin_firms = 6\ngroups = "related"\n'
        '[select]\nmin_nodes = 5\nmin_links = 3\n[diagnose]\nfirm_betweenness = "yes"\n'
        'population = "all"\n')
    codes = [f"{letter}{digits}" for letter, digits in
             [("C", 29), ("C", 25), ("C", 24), ("J", 62), ("M", 70), ("G", 46), ("C", 26),
              ("C", 31), ("C", 13), ("C", 14)]]
    write_table(folder / "groups.csv", ["industry", "group"],
                [[f"{code}{last}", "made" if code[0] == "C" else "served"]
                 for code in codes for last in (1, 2, 3)])


def write_odd(folder, firms, trade):
    folder.mkdir()
    write_table(folder / "firms_2020.csv", ["id", "lon", "lat", "industry", "region"], firms)
    if trade is not None:
        write_table(folder / "trade_2020.csv", ["supplier", "buyer", "amount"], trade)


def odd_networks(folder):
    near = [[f"f{i}", 127 + 0.001 * i, 37, "C29", "r"] for i in range(40)]
    write_odd(folder / "one", near[:1], [])
    write_odd(folder / "three", near[:3], [["f0", "f1", 2.5], ["f2", "f1", 1]])
    write_odd(folder / "without_trade", near, None)
    write_odd(folder / "without_places", [[row[0], "", "", *row[3:]] for row in near],
              [["f0", "f1", 1], ["f1", "f2", 2], ["f9", "f1", 0.5]])
    return [folder / name for name in ("one", "three", "without_trade", "without_places")]


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory() as name, ThreadPoolExecutor(2) as pool:
        folder, jobs = pathlib.Path(name), []

        def start(source, ways, work):
            made = []
            for ranks, options in ways:
                at = folder / "results" / str(len(jobs))
                made.append(Setting(program, source, at, ranks, options))
                jobs.append(pool.submit(work, made[-1]))
            return made

        write_nation(folder / "nation")
        full = start(folder / "nation", FULL, everything)
        groups = [(full, False), ([full[0]] + start(folder / "nation", SHAPES, some), True)]
        groups += [(start(source, ODD, stages), False) for source in odd_networks(folder)]
        failed = [str(job.exception()) for job in jobs if job.exception()]
        assert not failed, "\n".join(failed)
        header, clusters = table(full[0].folder / "study" / "clusters.csv")
        assert any(row[header.index("type")] for row in clusters), "no types: they are not tested"
        count = sum(check(ways[0], setting, partly) for ways, partly in groups
                    for setting in ways[1:])
    print(f"{count} files are the same in {len(jobs)} settings")


if __name__ == "__main__":
    main()
