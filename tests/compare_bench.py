#!/usr/bin/python3
"""bench/compare.py on made-up runs: ratios, spread, and what it refuses.  compare_bench.py COMPARE"""
import json, os, subprocess, sys, tempfile

CONTEXT = {"date": "today", "host_name": "here", "num_cpus": 2, "mhz_per_cpu": 2500,
           "caches": [{"type": "Data", "level": 1, "size": 32768, "num_sharing": 1}],
           "build_type": "Release", "compiler": "gcc 12", "native": "OFF", "network": "net",
           "ranks": "1", "threads": "2", "grid": "1,1,1"}


def write(folder, name, times, unit="ms", **context):
    runs = [{"name": f"{bench}/iterations:5/manual_time", "run_type": "iteration", "real_time": t,
             "time_unit": unit} for bench, ts in times.items() for t in ts]
    runs.append({"name": "components/iterations:5/manual_time_mean", "run_type": "aggregate",
                 "real_time": 1e9, "time_unit": unit})
    path = os.path.join(folder, name)
    with open(path, "w") as file:
        json.dump({"context": {**CONTEXT, **context}, "benchmarks": runs}, file)
    return path


def compare(*arguments):
    run = subprocess.run([sys.executable, sys.argv[1], *arguments], capture_output=True, text=True)
    return run.returncode, run.stdout, run.stderr


def row(text, name):
    return next(line for line in text.splitlines() if line.startswith(name + " ")).split()


def main():
    with tempfile.TemporaryDirectory() as folder:
        a = write(folder, "a.json", {"components": [20, 22, 21], "degree": [5, 6, 7], "only_a": [1]})
        b = write(folder, "b.json", {"components": [9.5e6, 10e6, 10.5e6], "degree": [5.5e6, 6.5e6, 6e6]},
                  unit="ns", threads="1")
        code, text, _ = compare(a, b)
        assert code == 0, text
        found = row(text, "components")
        assert found[1:4] == ["21.00", "10.00", "2.10"], found
        assert found[4:6] == ["[1.90,", "2.32]"], found
        assert row(text, "degree")[3].endswith("~"), text  # may be either
        assert "only_a" not in text and "threads 1" in text

        igraph = write(folder, "i.json", {"components/igraph": [63, 63, 63]})
        code, text, _ = compare(a, igraph, "--variant", "igraph")
        assert code == 0 and row(text, "components")[3] == "0.33", text

        peer = write(folder, "p.json", {"components/gap": [42, 42, 42]}, peer="GAP", build_type="-O3")
        code, text, _ = compare(a, peer, "--variant", "gap")
        assert code == 0 and row(text, "components")[3] == "0.50" and "peer GAP" in text, text
        peer = write(folder, "p.json", {"components/gap": [42]}, peer="GAP", host_name="there")
        code, _, error = compare(a, peer, "--variant", "gap")
        assert code == 2 and "host_name" in error, error

        for key, value in (("host_name", "there"), ("num_cpus", 64), ("build_type", "Debug"),
                           ("compiler", "clang 16"), ("network", "other"), ("mhz_per_cpu", 3500),
                           ("native", "ON")):
            other = write(folder, "o.json", {"components": [1, 1, 1]}, **{key: value})
            code, _, error = compare(a, other)
            assert code == 2 and key in error, (key, code, error)
        code, text, _ = compare(a, write(folder, "n.json", {"else": [1]}))
        assert code == 0 and "no benchmark is in both" in text, text
        assert compare(a, folder + "/missing.json")[0] == 2
        with open(folder + "/text.json", "w") as file:
            file.write("no json")
        assert compare(a, folder + "/text.json")[0] == 2


main()
