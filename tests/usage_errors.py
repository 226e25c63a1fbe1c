#!/usr/bin/env python3
"""What the program says and leaves behind when it is used wrongly or fed bad input.

Each case must end with exit code 2 within seconds, name what is wrong on stderr (once, also at 3
ranks), print no result, and leave the folder as it was: no output under its final name, none under
a temporary one, and an older output untouched.

usage: usage_errors.py PROGRAM
"""
import contextlib
import pathlib
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor

from support.program import run, run_well, write_table

try:
    import h5py
except ImportError:
    h5py = None
    print("no h5py: no snapshots of a newer schema, with changed values or without a dataset")

COMMANDS = ("import", "synth", "info", "measure", "group", "identify", "diagnose", "sweep",
            "compare", "run", "report")
STUDY = ('[study]\nyears = [2010, 2020]\n[input]\nfirms = "firms_{year}.csv"\n'
         'trade = "trade_{year}.csv"\n[identify]\neps = 1500\nmin_firms = 6\n')
IDENTIFY = ["identify", "n.h5", "--min-firms", "5", "-o", "out.csv"]
MEASURE = ["measure", "n.h5", "-o", "out.csv", "--kernel"]
SWEEP = ["sweep", "n.h5", "--eps", "9", "--min-firms", "5", "-o", "out"]
DIAGNOSE = ["diagnose", "n.h5", "-o", "out", "--members"]
IMPORT = ["import", "--year", "2020", "-o", "out.h5"]


KERNELS = {"assortativity", "betweenness", "clustering", "components", "core_number", "degree", "harmonic", "hierarchy",
           "pagerank", "reach", "strength", "triangles"}
PER_CLUSTER = {"assortativity", "clustering", "hierarchy", "reach", "triangles"}
# Options of measure that do not go with every kernel, and those that they go with.
TAKEN_BY = {"--mode all": {"core_number", "degree", "strength"}, "--weight amount": {"betweenness", "strength", "pagerank"},
            "--damping 0.5": {"pagerank"}, "--sources ids.txt": {"betweenness"},
            "--targets ids.txt": {"betweenness"}, "--edges": {"betweenness"}, "--top 3": {"betweenness"},
            "--approximate": {"betweenness", "harmonic"},
            "--strong": {"components"}, "--normalised": {"betweenness", "harmonic"}, "--members members.csv": PER_CLUSTER | {"betweenness"},
            "--distances inside": {"reach"}}
PER_GROUP = [("good", "group,eps\nC92,3\n", ["'C92'", "no firm"]),
             ("mistyped", "group,epz\nC29,3\n", ["mistyped.csv", "'epz'", "did you mean 'eps'"]),
             ("negative", "group,eps\nC29,3\nC31,-3\n", ["negative.csv:3", "'eps'", "-3"]),
             ("double", "group,eps\nC29,3\nC29,4\n", ["double.csv:3", "'C29'", "twice"])]
# Folders of results with a damaged file: name, file, its text, what is said of it.
TORN = [("torn", "provenance.json", "{", ["parse error"]),
        ("short", "clusters.csv", "year,label\n2020\n", ["clusters.csv:2", "1 cells"]),
        ("loose", "matches.csv", 'event\n"born\n', ["matches.csv:2", "quoting"]),
        ("void", "clusters.csv", "", ["is empty"]),
        ("thin", "clusters.csv", "year,label\n2020,1\n", ["clusters.csv", "no column 'firms'"]),
        ("flat", "composition.csv", "year,label\n2020,1\n", ["'kind'"]),
        ("hollow", "clusters.geojson", "{}", ["features"])]


def usage():
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
    for shard in ("0/0", "3/2", "1", "a/b", "1/2/3", "-1/2"):
        yield [*SWEEP, "--shard", shard], ["--shard", shard]
    for baseline in ("1000", "1000,20", "1,2,3,4", "a,b,c", "9,0,1", "9,5,0.5"):
        yield [*SWEEP, "--baseline", baseline], []
    yield [*SWEEP, "--stretch", "0.5"], ["stretch"]
    yield [*SWEEP, "--merge", "--shard", "1/2"], ["--shard"]
    yield [*SWEEP, "--merge"], ["sweep.json"]
    yield [*SWEEP, "--memory", "1k"], ["n.h5", "memory"]
    for grid in ("1,2,1", "2,2,2", "x", "1,1", "0,1,1"):
        yield [*MEASURE, "degree", "--grid", grid], ["--grid", grid]
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


def missing_files():
    for name in ("gone.h5", "gone.csv", "gone.mtx"):
        yield ["measure", name, "--kernel", "degree", "-o", "out.csv"], [name]
    yield ["measure", "notes.txt", "--kernel", "degree", "-o", "out.csv"], ["notes.txt", ".mtx"]
    yield ["info", "gone.h5"], ["gone.h5"]
    yield [*IMPORT, "gone.csv"], ["gone.csv"]
    yield [*IMPORT, "firms_2020.csv", "gone.csv"], ["gone.csv"]
    yield [*IMPORT, "firms_2020.csv", "--columns", "gone.toml"], ["gone.toml"]
    yield [*IMPORT, "firms_2020.csv", "--concordance", "gone.csv"], ["gone.csv"]
    yield ["group", "n.h5", "gone.h5", "-o", "out.csv"], ["gone.h5"]
    yield ["group", "n.h5", "--flows", "gone.csv", "-o", "out.csv"], ["gone.csv"]
    yield ["group", "n.h5", "-o", "gone/out.csv"], ["gone"]
    yield [*IDENTIFY, "--eps", "9", "--groups", "gone.csv"], ["gone.csv"]
    yield [*MEASURE, "betweenness", "--sources", "gone.txt"], ["gone.txt"]
    yield [*DIAGNOSE, "gone.csv"], ["gone.csv"]
    yield ["run", "gone.toml", "-o", "out"], ["gone.toml"]
    yield ["report", "gone", "-o", "out.html"], ["gone", "diagnose or run"]
    yield ["report", "done", "--sweep", "done", "-o", "out.html"], ["sweep.csv"]
    yield ["report", "done", "-o", "gone/out.html"], ["gone"]
    for name, file, text, said in TORN:
        shutil.copytree("done", name)
        pathlib.Path(name, file).write_text(text)
        yield ["report", name, "-o", "out.html"], [name, file, *said]
    yield ["sweep", "gone.h5", *SWEEP[2:]], ["gone.h5"]
    yield [*SWEEP, "--groups", "gone.csv"], ["gone.csv"]
    yield ["identify", "n.h5", "--eps", "9", "--min-firms", "5", "-o", "gone/out.csv"], ["gone"]


def lacking_columns():
    yield ["identify", "bare.h5", "--eps", "9", "--min-firms", "5", "--ungrouped", "--absorb",
           "admin", "-o", "out.csv"], ["region", "admin"]
    yield ["identify", "bare.h5", "--eps", "9", "--min-firms", "5", "-o", "out.csv"], ["industry"]
    yield ["sweep", "bare.h5", *SWEEP[2:]], ["industry"]
    yield ["group", "bare.h5", "-o", "out.csv"], ["bare.h5", "industry"]
    yield ["sweep", "bare.h5", *SWEEP[2:], "--ungrouped", "--absorb", "admin"], ["region", "admin"]
    yield ["measure", "bare.h5", "--kernel", "strength", "--weight", "amount", "-o", "out.csv"], \
        ["amount"]
    bare = ["diagnose", "linked.h5", "--members", "linked.csv", "-o", "out"]
    yield [*bare, "--shares-of", "employees"], ["employees"]
    yield [*bare, "--reach-weight", "amount"], ["amount"]


def bad_csv():
    files = {
        "empty.csv": (b"", ["empty"]),
        "no_id.csv": (b"code,lon,lat\n1,127,37\n", ["'id'", "code"]),
        "twice.csv": (b"id,lon,lat\na,127,37\nb,127,37\na,127,37\n", ["twice.csv:4", "'a'"]),
        "range.csv": (b"id,lon,lat\na,127,37\nb,127,97\n", ["range.csv:3", "lat", "97"]),
        "word.csv": (b"id,lon,lat\na,east,37\n", ["word.csv:2", "lon", "east"]),
        "utf8.csv": (b"id,lon,lat\n\xff\xfe,127,37\n", ["utf8.csv:2", "UTF-8"]),
        "quote.csv": (b'id,lon,lat\n"a,127,37\n', ["quote.csv"]),
    }
    for name, (content, texts) in files.items():
        pathlib.Path(name).write_bytes(content)
        yield [*IMPORT, name], texts
    firms = "firms_2020.csv"
    trades = {
        "unknown.csv": ("supplier,buyer\n000001,nobody\n", ["unknown.csv:2", "nobody"]),
        "negative.csv": ("supplier,buyer,amount\n000001,000002,-5\n", ["negative.csv:2", "-5"]),
        "infinite.csv": ("supplier,buyer,amount\n000001,000002,inf\n", ["infinite.csv:2", "inf"]),
        "no_buyer.csv": ("supplier,amount\n000001,5\n", ["'buyer'"]),
    }
    for name, (content, texts) in trades.items():
        pathlib.Path(name).write_text(content, encoding="utf-8")
        yield [*IMPORT, firms, name], texts


def damaged_snapshots():
    whole = pathlib.Path("n.h5").read_bytes()
    pathlib.Path("cut.h5").write_bytes(whole[:3000])
    pathlib.Path("cut_7.h5").write_bytes(whole[:-7])
    pathlib.Path("nothing.h5").write_bytes(b"")
    pathlib.Path("text.h5").write_text("id,label\n" * 400)
    names = {"cut": "truncated", "cut_7": "truncated", "nothing": "HDF5", "text": "HDF5"}
    if h5py:
        names.update(edited_snapshots())
    for name, text in names.items():
        yield ["measure", f"{name}.h5", "--kernel", "degree", "-o", "out.csv"], [name, text]
        yield ["identify", f"{name}.h5", "--eps", "9", "--min-firms", "5", "-o", "out.csv"], \
            [name, text]
    yield ["info", "cut.h5"], ["truncated"]
    yield ["info", "text.h5"], ["HDF5"]


def flip(source, dataset, target):
    """A copy in which bytes of the first stored chunk of a dataset are other bytes."""
    with h5py.File(source, "r") as file:
        chunk = file[dataset].id.get_chunk_info(0)
    content = bytearray(pathlib.Path(source).read_bytes())
    middle = chunk.byte_offset + chunk.size // 2
    content[middle:middle + 16] = bytes(byte ^ 0xff for byte in content[middle:middle + 16])
    pathlib.Path(target).write_bytes(content)


def edited_snapshots():
    for name in ("newer", "changed", "lacking"):
        shutil.copy("n.h5", f"{name}.h5")
    with h5py.File("foreign.h5", "w") as file:
        file["a"] = [1, 2]
    with h5py.File("newer.h5", "a") as file:
        file.attrs["tradegraph_schema"] = 99
    with h5py.File("changed.h5", "a") as file:
        file["firms/employees"][3] += 1
    with h5py.File("lacking.h5", "a") as file:
        del file["trade/columns"]
    flip("n.h5", "trade/columns", "flipped.h5")
    return {"foreign": "snapshot", "flipped": "damaged", "newer": "99",
            "changed": "digest", "lacking": "/trade/columns"}


def bad_members():
    header, first, *rest = pathlib.Path("members.csv").read_text().splitlines()
    identity = first.split(",")[0]
    largest = [line.split(",") for line in [first, *rest]]
    gap = [",".join([row[0], "77" if row[1] == "0" else row[1], *row[2:]]) for row in largest]
    files = {
        "unknown": ([header, first, *rest, "nobody,-1,noise,"], ["nobody"]),
        "double": ([header, first, *rest, first], [identity, "already on line 2"]),
        "gap": ([header, *gap], ["label", "gaps"]),
        "huge": ([header, f"{identity},9999999999999,core,", *rest], ["9999999999999"]),
        "below": ([header, f"{identity},-2,core,", *rest], ["-2", "below_members.csv:2"]),
        "word": ([header, f"{identity},x,core,", *rest], ["'x'", "word_members.csv:2"]),
        "short": (["id,role", f"{identity},core"], ["'label'"]),
        "empty": ([], ["empty"]),
    }
    for name, (lines, texts) in files.items():
        path = pathlib.Path(f"{name}_members.csv")
        path.write_text("".join(f"{line}\n" for line in lines))
        yield [*DIAGNOSE, path.name], [path.name, *texts]
        yield [*MEASURE, "hierarchy", "--members", path.name], [path.name, *texts]
    pathlib.Path("ids.txt").write_text("nobody\n")
    yield [*MEASURE, "betweenness", "--sources", "ids.txt"], ["ids.txt", "nobody"]


def bad_studies():
    files = {
        "key": (STUDY.replace("eps =", "epz ="), ["key.toml:7", "identify.epz", "did you mean 'eps'"]),
        "required": (STUDY.replace("years", "year"), ["study.year'", "did you mean 'years'"]),
        "header": (STUDY.replace("[study]", "[studdy]"), ["header.toml:1", "did you mean 'study'"]),
        "range": (STUDY.replace("1500", "-1"), ["range.toml:7", "identify.eps", "-1"]),
        "huge": (STUDY.replace("1500", "1e300"), ["huge.toml:7", "identify.eps", "not 1e+300"]),
        "absorb": (STUDY + 'absorb = "footprnt"\n', ["absorb.toml:9", "did you mean 'footprint'"]),
        "top": (STUDY + "[select]\ntop = 0\n", ["top.toml:10", "select.top"]),
        "variant": (STUDY + '[diagnose]\npooled = "yaer"\n',
                    ["variant.toml:10", "did you mean 'year'"]),
        "group": (STUDY + "[identify.per_group.C29]\nmin_firms = 0\n",
                  ["group.toml:10", "identify.per_group.C29.min_firms"]),
        "last": (STUDY.replace("2020", "2030"), ["last.toml:4", "firms_2030.csv"]),
        "groups": (STUDY + 'groups = "gone.csv"\n', ["groups.toml:9", "gone.csv"]),
        "table": (STUDY.replace("[identify]", "[identfy]"), ["identfy", "did you mean 'identify'"]),
        "type": (STUDY.replace("1500", '"far"'), ["identify.eps", "number"]),
        "syntax": (STUDY + "x = [\n", ["syntax.toml"]),
        "files": (STUDY.replace("firms_", "gone_"), ["gone_2010.csv"]),
        "empty": ("", ["years"]),
    }
    for name, (text, texts) in files.items():
        pathlib.Path(f"{name}.toml").write_text(text)
        yield ["run", f"{name}.toml", "-o", "out"], texts


def listing():
    return {str(path): path.stat().st_mtime_ns for path in pathlib.Path().rglob("*")
            if path.is_file()}


def check(program, arguments, texts, ranks=1):
    what = f"tradegraph {' '.join(arguments)} at {ranks} ranks"
    before = listing()
    done = run(program, *arguments, ranks=ranks, timeout=30)
    assert done.returncode == 2, f"{what}: exit {done.returncode}\n{done.stderr}"
    for text in texts:
        assert text in done.stderr, f"{what}: '{text}' is not in\n{done.stderr}"
    said = done.stderr.split("-" * 60)[0].strip()  # what follows is mpirun's own
    lines = [line for line in said.splitlines() if line and "Run with --help" not in line]
    assert lines and len(lines) == len(set(lines)), f"{what}: said more than once\n{said}"
    assert said.count("error:") <= 1, f"{what}: more than one error\n{said}"
    assert arguments[:1] == ["info"] or not done.stdout, f"{what}: printed {done.stdout}"
    changed = listing().items() ^ before.items()
    assert not changed, f"{what}: left {sorted(changed)}"


def check_help(program):
    for arguments in (["--help"], ["-h"], *([name, "--help"] for name in COMMANDS)):
        done = run_well(program, *arguments)
        assert "Usage" in done.stdout and not done.stderr, arguments
    assert run_well(program, "--version").stdout.startswith("tradegraph ")
    for command in ("identify", "run"):
        done = run_well(program, command, "--help", ranks=3)
        assert done.stdout.count("Usage") == 1, f"{command} --help at 3 ranks:\n{done.stdout}"


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


def prepare(program):
    tool = pathlib.Path(__file__).resolve().parent / "support" / "small_network.py"
    subprocess.run([sys.executable, tool, ".", "--firms", "300"], check=True)
    run_well(program, "import", "firms_2020.csv", "trade_2020.csv", "--year", 2020, "-o", "n.h5")
    run_well(program, "identify", "n.h5", "--eps", 1500, "--min-firms", 5, "-o", "members.csv")
    assert ",1," in pathlib.Path("members.csv").read_text(), "too few clusters for these tests"
    write_table("bare.csv", ["id", "lon", "lat"], [["a", 127, 37], ["b", 127, 37.001]])
    run_well(program, "import", "bare.csv", "--year", 2020, "-o", "bare.h5")
    write_table("links.csv", ["supplier", "buyer"], [["a", "b"]])
    run_well(program, "import", "bare.csv", "links.csv", "--year", 2020, "-o", "linked.h5")
    run_well(program, "identify", "linked.h5", "--ungrouped", "--eps", 500, "--min-firms", 2, "-o",
             "linked.csv")
    run_well(program, "diagnose", "n.h5", "--members", "members.csv", "-o", "done")
    pathlib.Path("study.toml").write_text(STUDY)
    pathlib.Path("notes.txt").write_text("a b\n")


KINDS = (usage, missing_files, lacking_columns, bad_csv, damaged_snapshots, bad_members,
         bad_studies)


def check_kind(program, at):
    """In a process and folder of its own: how many uses were refused."""
    count = 0
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        prepare(program)
        if at == len(KINDS):
            check_help(program)
            check(program, [*MEASURE, "degree", "--grid", "2,2,1"], ["--grid"], ranks=3)
            check_older_output(program)
            return count
        for row, (arguments, texts) in enumerate(list(KINDS[at]())):
            # Every sixth at 3 ranks too; but a grid that does not fit one rank may fit three.
            for ranks in (1, 3) if row % 6 == 0 and "--grid" not in arguments else (1,):
                check(program, arguments, texts, ranks)
                count += 1
    return count


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    with ProcessPoolExecutor(2) as pool:
        jobs = [pool.submit(check_kind, program, at) for at in range(len(KINDS) + 1)]
        failed = [str(job.exception()) for job in jobs if job.exception()]
        assert not failed, "\n".join(failed)
        print(f"{sum(job.result() for job in jobs)} wrong uses are refused")


if __name__ == "__main__":
    main()
