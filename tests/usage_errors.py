#!/usr/bin/env python3
"""What the program says and leaves behind when it is used wrongly.

Each case must end with exit code 2 within seconds, name what is wrong on stderr (once, also at 3
ranks), print no result, and leave the folder as it was: no output under its final name, none under
a temporary one, and an older output untouched. `bad_input.py` asks the same of input tables,
`bad_files.py` of all other files.

usage: usage_errors.py PROGRAM
"""
import os
import pathlib
import subprocess

from support.program import ENVIRONMENT, run_well
from support.refusals import DIAGNOSE, IDENTIFY, IMPORT, MEASURE, check, judge

COMMANDS = ("import", "synth", "info", "measure", "group", "identify", "diagnose", "sweep",
            "compare", "run", "report")
SWEEP = ["sweep", "n.h5", "--eps", "9", "--min-firms", "5", "-o", "out"]
KERNELS = {"assortativity", "betweenness", "clustering", "components", "core_number", "degree",
           "harmonic", "hierarchy", "pagerank", "reach", "strength", "triangles"}
PER_CLUSTER = {"assortativity", "clustering", "hierarchy", "reach", "triangles"}
# Options of measure that do not go with every kernel, and those that they go with.
TAKEN_BY = {"--mode all": {"core_number", "degree", "strength"},
            "--weight amount": {"betweenness", "strength", "pagerank"},
            "--damping 0.5": {"pagerank"},
            "--sources ids.txt": {"betweenness"},
            "--targets ids.txt": {"betweenness"},
            "--edges": {"betweenness"},
            "--top 3": {"betweenness"},
            "--approximate": {"betweenness", "harmonic"},
            "--strong": {"components"},
            "--normalised": {"betweenness", "harmonic"},
            "--members members.csv": PER_CLUSTER | {"betweenness"},
            "--distances inside": {"reach"}}
PER_GROUP = [("good", "group,eps\nC92,3\n", ["'C92'", "no firm"]),
             ("mistyped", "group,epz\nC29,3\n", ["mistyped.csv", "'epz'", "did you mean 'eps'"]),
             ("negative", "group,eps\nC29,3\nC31,-3\n", ["negative.csv:3", "'eps'", "-3"]),
             ("double", "group,eps\nC29,3\nC29,4\n", ["double.csv:3", "'C29'", "twice"])]


def usage(program):
    """Arguments, and texts that stderr must hold."""
    yield [], ["subcommand"]
    yield ["frobnicate"], ["frobnicate", "--help"]
    yield ["measur", "n.h5"], ["did you mean 'measure'"]
    yield ["--frob"], ["'--frob'"]
    yield ["-x"], ["'-x'"]
    yield ["--quiet", "measure", "n.h5"], ["'--quiet'", "command comes first"]
    yield ["--hlep"], ["did you mean '--help'"]
    yield ["measure", "-k", "degree"], ["'-k'"]
    yield ["measure", "--outpt=x"], ["'--outpt'", "did you mean '--output'"]
    for command in COMMANDS:
        yield [command, "--quite"], ["'--quite'", "did you mean '--quiet'"]
    yield ["measure", "n.h5", "--kernl", "degree"], ["did you mean '--kernel'"]
    yield MEASURE[:-1], ["--kernel"]
    yield [*MEASURE, "degre"], ["'degre'", "betweenness", "did you mean 'degree'"]
    yield [*MEASURE, "degree", "--bogus"], ["--bogus"]
    yield [*MEASURE, "degree", "extra"], ["extra"]
    yield [*MEASURE, "degree", "--directed", "--undirected"], ["--directed", "--undirected"]
    yield [*MEASURE, "degree", "--mode", "sideways"], ["sideways"]
    yield [*MEASURE, "degree", "--weight", "gold"], ["gold"]
    for option, kernels in TAKEN_BY.items():
        for kernel in sorted(KERNELS - kernels):
            yield [*MEASURE, kernel, *option.split()], [option.split()[0], kernel, *kernels]
    for damping in ("1", "-0.1", "nan"):
        yield [*MEASURE, "pagerank", "--damping", damping], ["--damping", damping]


def outputs(program):
    """An output that would replace an input or another output, however they are spelled."""
    firms = ["import", "firms_2020.csv", "--year", "2020"]
    skip = ["--on-error", "skip", "--rejects"]
    links = "links_of_bare.csv"
    pathlib.Path(links).write_text("source,target\na,b\n")
    os.link("n.h5", "same.h5")
    for arguments, replaced in (
            ([*firms, "-o", "firms_2020.csv"], "firms_2020.csv"),
            ([*firms, "-o", "./firms_2020.csv"], "firms_2020.csv"),
            ([*firms, "trade_2020.csv", "-o", "trade_2020.csv"], "trade_2020.csv"),
            ([*firms, "-o", "out.h5", *skip, "firms_2020.csv"], "firms_2020.csv"),
            ([*firms, "-o", "out.h5", *skip, os.path.realpath("out.h5")], "out.h5"),
            (["identify", "n.h5", "--eps", "9", "--min-firms", "5", "-o", "same.h5"], "n.h5"),
            ([*IDENTIFY, "--eps", "9", "--k-distance", "out.csv"], "out.csv"),
            (["measure", links, "--kernel", "degree", "-o", links], links),
            (["measure", "n.h5", "--kernel", "reach", "--members", "members.csv", "-o",
              "members.csv"], "members.csv"),
            (["group", "n.h5", "-o", "n.h5"], "n.h5")):
        yield arguments, ["would replace", replaced]
    yield [*IDENTIFY, "--eps", "9", "--k-distance", "gone/k.csv"], ["gone/k.csv", "no folder"]


def settings(program):
    for eps in ("0", "-1", "nan", "inf", "1e+300"):
        yield [*IDENTIFY, "--eps", eps], ["eps", eps]
    yield [*IDENTIFY, "--eps", "ten"], ["--eps", "ten"]
    yield IDENTIFY, ["--eps"]
    for stretch in ("0.5", "nan", "-2"):
        yield [*IDENTIFY, "--eps", "9", "--stretch", stretch], ["stretch"]
    yield [*IDENTIFY, "--eps", "9", "--absorb", "some"], ["some", "footprint"]
    yield [*IDENTIFY, "--eps", "9", "--absorb-radius", "-4"], ["absorb_radius"]
    yield [*IDENTIFY, "--eps", "9", "--groups", "division", "--ungrouped"], ["--ungrouped"]
    yield [*IDENTIFY, "--eps", "9", "--division-digits", "0"], ["division_digits", "0"]
    yield [*IDENTIFY, "--eps", "9", "--class-digits", "1"], ["class_digits", "1"]
    yield [*IDENTIFY, "--eps", "9", "--per-group", "gone.csv"], ["gone.csv"]
    for name, text, said in PER_GROUP:
        pathlib.Path(f"{name}.csv").write_text(text)
        yield [*IDENTIFY, "--eps", "9", "--per-group", f"{name}.csv"], [*said]
    yield [*IDENTIFY, "--eps", "9", "--ungrouped", "--per-group", "good.csv"], ["all industries"]
    for firms in ("0", "-3"):
        yield ["identify", "n.h5", "--eps", "9", "--min-firms", firms, "-o", "out.csv"], \
            ["min_firms"]
    yield ["identify", "n.h5", "--eps", "9", "--min-firms", "2.5", "-o", "out.csv"], ["2.5"]
    for option, value in (("digits", 0), ("least_groups", 1), ("most_groups", 5), ("restarts", 0)):
        yield ["group", "n.h5", f"--{option.replace('_', '-')}", str(value), "-o", "out.csv"], \
            [option, str(value)]
    yield ["group", "-o", "out.csv"], ["SNAPSHOT"]
    yield ["group", "n.h5"], ["--output"]
    yield ["report"], ["DIR"]
    yield ["report", "done"], ["--output"]
    yield ["report", "done", "--sweep"], ["--sweep"]
    yield ["sweep"], ["--output"]
    yield ["sweep", "-o", "out"], ["SNAPSHOT"]
    yield ["sweep", "n.h5", "--min-firms", "5", "-o", "out"], ["--eps"]
    yield ["sweep", "n.h5", "--eps", "9", "-o", "out"], ["--min-firms"]
    for eps in ("0", "-1", "ten", "nan", "9:8:1", "1:9", "1:9:0", "1:9:-1", "", "1,,2", "1:1e9:1"):
        yield ["sweep", "n.h5", "--eps", eps, "--min-firms", "5", "-o", "out"], ["eps"]
    for firms in ("0", "2.5", "-3"):
        yield ["sweep", "n.h5", "--eps", "9", "--min-firms", firms, "-o", "out"], ["min"]
    for shard in ("0/0", "0/2", "3/2", "1", "a/b", "1/2/3", "-1/2"):
        yield [*SWEEP, "--shard", shard], ["--shard", shard]
    for baseline in ("1000", "1000,20", "1,2,3,4", "a,b,c", "9,0,1", "9,5,0.5"):
        yield [*SWEEP, "--baseline", baseline], []
    yield [*SWEEP, "--stretch", "0.5"], ["stretch"]
    yield [*SWEEP, "--merge", "--shard", "1/2"], ["--shard"]
    yield [*SWEEP, "--merge"], ["sweep.json"]
    yield [*SWEEP, "--memory", "1k"], ["n.h5", "memory"]
    for grid in ("1,2,1", "2,2,2", "x", "1,1", "0,1,1", "1,1,1,", "4294967297,1,1", "1,65536,65536"):
        yield [*MEASURE, "degree", "--grid", grid], ["--grid", grid]
    yield [*IMPORT, "firms_2020.csv", "--grid", "abc"], ["--grid", "abc"]
    yield [*IMPORT[:1], "firms_2020.csv", "--year", "99999", "-o", "out.h5"], ["--year", "99999"]
    for option in ("--epsilon", "--delta", "--scale"):
        yield [*MEASURE, "betweenness", "--approximate", option, "0"], [option, "above 0"]
    yield [*MEASURE, "degree", "--memory", "much"], ["--memory", "much"]
    for arguments in ([*MEASURE, "degree"], ["info", "n.h5"], ["info", "done/results.h5"],
                      [*IDENTIFY, "--eps", "9"], [*DIAGNOSE, "members.csv"],
                      [*IMPORT, "firms_2020.csv", "trade_2020.csv"],
                      ["run", "study.toml", "-o", "new"]):
        for size in ("1k", "1M"):
            yield [*arguments, "--memory", size], ["memory too small", "--memory",
                                                   "1 KiB" if size == "1k" else "1 MiB"]
    yield [*MEASURE, "degree", "--threads", "0"], ["--threads"]
    for command in COMMANDS:
        yield [command, "--seed", "-1"], ["--seed", "-1"]
    huge = "9223372036854775808"
    for arguments in ([*MEASURE, "betweenness", "--top"], [*MEASURE, "degree", "--seed"],
                      ["import", "firms_2020.csv", "-o", "out.h5", "--year"],
                      [*DIAGNOSE, "members.csv", "--min-links"]):
        yield [*arguments, huge], [arguments[-1], huge]
    yield [*MEASURE, "degree", "--memory", "1e30G"], ["--memory", "1e30G"]
    yield [*MEASURE, "degree", "--seed", "1.5"], ["--seed", "1.5"]
    yield [*DIAGNOSE, "members.csv", "--top", "0"], ["top"]
    yield [*DIAGNOSE, "members.csv", "--min-links", "-1"], ["min_links", "-1"]
    yield [*DIAGNOSE, "members.csv", "--shares-of", "money"], ["money", "employees"]
    yield [*DIAGNOSE, "members.csv", "--external-reach", "distance", "--network-distances", "no"], \
        ["network_distances", "external_reach"]
    yield [*DIAGNOSE, "members.csv", "--pooled", "yaers"], ["--pooled", "did you mean 'years'"]
    yield [*DIAGNOSE, "members.csv", "--population", "none"], ["--population", "selected"]
    yield [*DIAGNOSE, "members.csv", "--division-digits", "3", "--class-digits", "2"], \
        ["class_digits"]
    yield [*IMPORT, "firms_2020.csv", "--deflate", "10"], ["--deflate"]
    yield ["import", "firms_2020.csv", "-o", "out.h5"], ["--year"]


def lacking_columns(program):
    yield ["identify", "bare.h5", "--eps", "9", "--min-firms", "5", "--ungrouped", "--absorb",
           "admin", "-o", "out.csv"], ["region", "admin"]
    yield ["identify", "bare.h5", "--eps", "9", "--min-firms", "5", "-o", "out.csv"], ["industry"]
    yield ["sweep", "bare.h5", *SWEEP[2:]], ["industry"]
    yield ["group", "bare.h5", "-o", "out.csv"], ["bare.h5", "industry"]
    yield ["sweep", "bare.h5", *SWEEP[2:], "--ungrouped", "--absorb", "admin"], ["region", "admin"]
    yield ["measure", "linked.h5", "--kernel", "strength", "--weight", "amount", "-o", "out.csv"], \
        ["amount"]
    bare = ["diagnose", "linked.h5", "--members", "linked.csv", "-o", "out"]
    yield [*bare, "--shares-of", "employees"], ["employees"]
    yield [*bare, "--reach-weight", "amount"], ["amount"]


def check_help(program):
    for arguments in (["--help"], ["-h"], *([name, "--help"] for name in COMMANDS)):
        done = run_well(program, *arguments)
        assert "Usage" in done.stdout and not done.stderr, arguments
    assert run_well(program, "--version").stdout.startswith("tradegraph ")
    # Alone it needs no folder of Open MPI's: all programs would share one and remove it as they end.
    alone = subprocess.run([program, "--version"], env=ENVIRONMENT | {"TMPDIR": os.devnull},
                           capture_output=True, text=True)
    assert alone.returncode == 0, alone.stderr
    for command in ("identify", "run"):
        done = run_well(program, command, "--help", ranks=3)
        assert done.stdout.count("Usage") == 1, f"{command} --help at 3 ranks:\n{done.stdout}"
    check(program, [*MEASURE, "degree", "--grid", "2,2,1"], ["--grid"], ranks=3)
    return 1


def check_older_output(program):
    """A failed command leaves the output of an earlier one as it was."""
    pathlib.Path("twice.csv").write_text("id,lon,lat\na,127,37\na,127,37\n")
    pathlib.Path("ids.txt").write_text("nobody\n")
    for output, arguments in (("out.h5", [*IMPORT, "twice.csv"]),
                              ("out.csv", [*MEASURE, "betweenness", "--sources", "ids.txt"])):
        pathlib.Path(output).write_text("an older result\n")
        for ranks in (1, 3):
            check(program, arguments, [arguments[-1]], ranks)
        assert pathlib.Path(output).read_text() == "an older result\n", output
        pathlib.Path(output).unlink()
    return 2


if __name__ == "__main__":
    judge((), (usage, settings, outputs, lacking_columns, check_help, check_older_output), every=6)
