#!/usr/bin/python3
"""Ratios of two runs of a benchmark program, with their spread.

  bench/compare.py A.json B.json [--variant NAME]

A.json and B.json are written by a benchmark program of this folder run with
  --benchmark_repetitions=9 --benchmark_out=A.json --benchmark_out_format=json
Each line: a benchmark that both hold, the median time in A and in B, the ratio A / B of the medians
(above 1: B is faster) and the range that the ratio has when each side may be any of its repetitions
(the extremes); "~" where that range holds 1, so that nothing can be said. With --variant igraph, the
benchmark NAME of A is set beside NAME/igraph of B: ours beside a peer's or a reference's.

Runs that cannot be compared are refused, exit 2: other machines, processors, build types, compilers or
networks; of a peer's run in B (context "peer"), other machines or networks. Threads and ranks may differ,
and are printed.
"""
import argparse, json, statistics, sys

SAME = ("host_name", "num_cpus", "network")
SAME_IN_OURS = ("mhz_per_cpu", "caches", "build_type", "compiler", "native")  # peers build as they do
SHOWN = ("peer", "build_type", "ranks", "grid", "threads", "network", "host_name", "date")
MILLISECONDS = {"ns": 1e-6, "us": 1e-3, "ms": 1, "s": 1e3}


def refuse(message):
    print(f"compare: {message}", file=sys.stderr)
    sys.exit(2)


def read(path):
    try:
        with open(path) as file:
            run = json.load(file)
        return run["context"], run["benchmarks"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        refuse(f"{path} is no output of a benchmark program: {error}")


def check_context(a, b):
    for key in SAME if "peer" in b else SAME + SAME_IN_OURS:
        if key == "mhz_per_cpu" and key in a and key in b:  # wanders by itself
            if abs(a[key] - b[key]) <= 0.05 * max(a[key], b[key]):
                continue
        if key not in a or key not in b:
            refuse(f"a run does not say its {key}: made by another program?")
        if a[key] != b[key]:
            refuse(f"the runs differ in {key}: {a[key]} and {b[key]}")


def base_name(name):
    """Without what Google Benchmark appends: /iterations:5/manual_time/repeats:9."""
    parts = name.split("/")
    return "/".join(p for p in parts
                    if p not in ("manual_time", "real_time", "process_time")
                    and p.split(":")[0] not in ("iterations", "repeats"))


def times(benchmarks):
    """Milliseconds of each repetition, by benchmark."""
    result = {}
    for run in benchmarks:
        if run.get("run_type") == "aggregate" or run.get("error_occurred"):
            continue
        scale = MILLISECONDS[run["time_unit"]]
        result.setdefault(base_name(run["name"]), []).append(run["real_time"] * scale)
    return result


def line(name, a, b):
    ratio = statistics.median(a) / statistics.median(b)
    low, high = min(a) / max(b), max(a) / min(b)
    verdict = "~" if low <= 1 <= high else " "
    return (f"{name:<44}{statistics.median(a):11.2f}{statistics.median(b):11.2f}"
            f"{ratio:8.2f}{verdict} [{low:.2f}, {high:.2f}]  {len(a)}/{len(b)}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("a")
    parser.add_argument("b")
    parser.add_argument("--variant", help="compare NAME of A with NAME/VARIANT of B")
    options = parser.parse_args()
    context_a, runs_a = read(options.a)
    context_b, runs_b = read(options.b)
    check_context(context_a, context_b)
    a, b = times(runs_a), times(runs_b)
    if options.variant:
        ending = "/" + options.variant
        b = {name[:-len(ending)]: t for name, t in b.items() if name.endswith(ending)}
    common = [name for name in a if name in b]
    if not common:
        print("no benchmark is in both")
        return
    for label, context in (("A", context_a), ("B", context_b)):
        print(label + ": " + ", ".join(f"{key} {context[key]}" for key in SHOWN if key in context))
    print(f"{'':<44}{'A ms':>11}{'B ms':>11}{'A / B':>8}  spread, repetitions")
    for name in common:
        print(line(name, a[name], b[name]))
    if any(len(a[name]) < 3 or len(b[name]) < 3 for name in common):
        print("few repetitions: the spread says little; take --benchmark_repetitions=9")


main()
