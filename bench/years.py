#!/usr/bin/python3
"""The kernels over each year's network in one run: time, counted work and result, year beside year.

  bench/years.py [NETWORK…] [--program P] [-o RUN.json] [--beside OLDER.json]

NETWORK: a snapshot, any other network that `tradegraph measure` reads, or a folder with snapshots
YEAR.h5 (as `run` leaves them) or with firms_YEAR.csv and trade_YEAR.csv. Without any: the years 2010
and 2020 of a synthetic nation of --firms firms. Each kernel is run by `tradegraph measure`, anew for
each repetition; its time is what that prints as "to compute", its work what it counts.

RUN.json holds machine, version, networks, times, work, results and changes. With --beside, an older
one of the same machine, build type and networks is set beside this run by bench/compare.py, and work
and results that differ are named; exit 1 if results do. Exit 2: wrong usage, or runs that cannot be
compared.
"""
import argparse, csv, glob, hashlib, json, math, os, re, statistics, subprocess, sys, tempfile

from support.run_context import context

ENVIRONMENT = dict(os.environ, OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1",
                   OMPI_MCA_mpi_yield_when_idle="1", OMP_WAIT_POLICY="passive")
KERNELS = {
    "degree": ["degree"],
    "components": ["components"],
    "strong_components": ["components", "--strong"],
    "core_number": ["core_number"],
    "triangles": ["triangles"],
    "clustering": ["clustering"],
    "pagerank": ["pagerank"],
    "assortativity": ["assortativity"],
    "hierarchy": ["hierarchy"],
    "betweenness/approximate": ["betweenness", "--approximate"],
    "harmonic/approximate": ["harmonic", "--approximate"],
}
EXACT = {"betweenness": ["betweenness"], "harmonic": ["harmonic"]}  # days for millions of firms
TIMES = re.compile(r"([\d.]+) s to load, ([\d.]+) s to form the matrices, ([\d.]+) s to compute, "
                   r"([\d.]+) s to write")


def refuse(message):
    print(f"years: {message}", file=sys.stderr)
    sys.exit(2)


class Program:
    def __init__(self, path, ranks, threads):
        self.path = path
        if not (os.path.isfile(path) and os.access(path, os.X_OK)):
            refuse(f"{path} is no program; --program names it, ./dev build makes it")
        self.mpi = [] if ranks == 1 else ["mpirun", "-n", str(ranks), "--oversubscribe",
                                          "--bind-to", "none"]
        self.threads = ["--threads", str(threads)]

    def __call__(self, *arguments):
        """What it prints, and the largest memory of a rank in MiB."""
        with tempfile.TemporaryFile("w+") as errors:
            process = subprocess.Popen([*self.mpi, self.path, *arguments, *self.threads],
                                       stdout=subprocess.PIPE, stderr=errors, text=True,
                                       env=ENVIRONMENT)
            text = process.stdout.read()
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode:
                errors.seek(0)
                refuse(f"{' '.join(arguments)}: exit {process.returncode}\n{errors.read()}")
        return text, usage.ru_maxrss / 1024


def years_of(pattern, folder):
    """Files of a folder by the year in their names."""
    names = ((re.fullmatch(pattern, os.path.basename(path)), path)
             for path in glob.glob(os.path.join(glob.escape(folder), "*")))
    return {int(found[1]): path for found, path in sorted(names, key=lambda n: n[1]) if found}


def snapshots_of(program, folder, scratch):
    """Snapshots of a folder, or made of its tables."""
    found = years_of(r"(\d+)\.h5", folder)
    if found:
        return found
    trade = years_of(r"trade_(\d+)\.csv", folder)
    for year, firms in sorted(years_of(r"firms_(\d+)\.csv", folder).items()):
        found[year] = os.path.join(scratch, f"{year}.h5")
        program("import", firms, *([trade[year]] if year in trade else []), "--year", str(year),
                "-o", found[year])
    if not found:
        refuse(f"{folder} has neither YEAR.h5 nor firms_YEAR.csv")
    return found


def find_networks(program, options, scratch):
    """Path and digest by year, or by name for what has none."""
    paths = {}
    if not options.networks:
        program("synth", "--firms", str(options.firms), "--years", "2010,2020", "--seed", "1",
                "--snapshot", "-o", scratch)
        options.networks = [scratch]
    for given in options.networks:
        if not os.path.exists(given):
            refuse(f"{given} is not there")
        named = snapshots_of(program, given, scratch) if os.path.isdir(given) else {None: given}
        for year, path in named.items():
            text = program("info", path)[0] if path.endswith(".h5") else ""
            about = re.search(r"snapshot of (-?\d+)[^\0]*?\ndigest +(\S+)", text)
            name = about[1] if about else str(year or os.path.splitext(os.path.basename(path))[0])
            if name in paths:
                refuse(f"{name} is given twice: {paths[name][0]} and {path}")
            paths[name] = path, about[2] if about else digest_of(path)
    return paths


def digest_of(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_result(path):
    """Values by firm (or figure), and whether these are firms."""
    with open(path, newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    values = {row[0]: float(row[1]) if row[1] else math.nan for row in rows}
    return values, header[0] == "id"


def figures_of(kernel, values, of_firms):
    """What a table says in a few figures."""
    if not of_firms:
        return values
    defined = [value for value in values.values() if not math.isnan(value)]
    if "components" in kernel:
        sizes = {}
        for label in defined:
            sizes[label] = sizes.get(label, 0) + 1
        return {"components": len(sizes), "largest": max(sizes.values(), default=0)}
    total = math.fsum(defined)
    return {"defined": len(defined), "sum": total, "largest": max(defined, default=math.nan),
            "mean": total / len(defined) if defined else math.nan}


def measure(program, kernel, arguments, path, output, repetitions):
    """Times of the repetitions, counted work, memory, and the result."""
    times, memory, work = [], 0, {}
    for _ in range(repetitions):
        text, peak = program("measure", path, "--kernel", *arguments, "-o", output)
        times.append([float(part) for part in TIMES.search(text).groups()])
        memory = max(memory, peak)
        counted = re.search(r"^counted work: (.*)$", text, re.MULTILINE)
        work = {name: int(count) for name, count in
                (part.split() for part in counted[1].split(", "))} if counted else {}
    values, of_firms = read_result(output)
    return {"times": times, "memory_mib": memory, "work": work,
            "result": figures_of(kernel, values, of_firms)}, values if of_firms else {}


def correlation(a, b):
    if len(a) < 2 or len(set(a)) < 2 or len(set(b)) < 2:
        return math.nan
    return statistics.correlation(a, b)


def change(before, after, values, later):
    """What a year and the next differ in: ratios of time and work, figures, and the firms of both."""
    def ratio(a, b):
        return b / a if a else math.nan

    def difference(a, b):
        return 0.0 if math.isclose(a, b, rel_tol=1e-12) else b - a  # sums of PageRank are 1

    both = [name for name in values if name in later
            and not math.isnan(values[name]) and not math.isnan(later[name])]
    a, b = [values[name] for name in both], [later[name] for name in both]
    return {"time_ratio": ratio(seconds(before), seconds(after)),
            "work_ratio": {name: ratio(count, after["work"].get(name, 0))
                           for name, count in before["work"].items()},
            "result_change": {name: difference(value, after["result"].get(name, math.nan))
                              for name, value in before["result"].items()},
            "firms_in_both": len(both), "same_value": sum(x == y for x, y in zip(a, b)),
            "correlation": correlation(a, b)}


def seconds(run):
    return statistics.median(part[2] for part in run["times"])


def run_all(program, networks, kernels, options, scratch):
    """Figures by year and kernel, and what changed by pair of years and kernel."""
    runs, changes = {}, {}
    for kernel, arguments in kernels.items():
        earlier = None
        for year, (path, _) in networks.items():
            output = os.path.join(scratch, "result.csv")
            run, values = measure(program, kernel, arguments, path, output, options.repetitions)
            runs[f"{year}/{kernel}"] = run
            if earlier:
                # Labels of components are names: they do not change in any sense.
                kept = ({}, {}) if "components" in kernel else (earlier[2], values)
                changes[f"{earlier[0]}-{year}/{kernel}"] = change(earlier[1], run, *kept)
            earlier = year, run, values
            if sys.stderr.isatty():
                print(f"\r{year} {kernel:<40}", end="", file=sys.stderr, flush=True)
    if sys.stderr.isatty():
        print("\r" + " " * 60 + "\r", end="", file=sys.stderr)
    return runs, changes


def shown(figures):
    return ", ".join(f"{name} {value:.6g}" for name, value in figures.items()
                     if not (isinstance(value, float) and math.isnan(value)))


def print_tables(runs, changes):
    print(f"{'':<32}{'ms':>10}{'spread':>9}{'MiB':>8}  counted work | result")
    for name, run in sorted(runs.items(), key=lambda item: item[0].split("/", 1)[::-1]):
        times = [1000 * part[2] for part in run["times"]]
        year, kernel = name.split("/", 1)
        spread = (max(times) - min(times)) / statistics.median(times) if min(times) > 0 else 0
        print(f"{kernel:<25}{year:>7}{statistics.median(times):10.1f}{100 * spread:7.0f} %"
              f"{run['memory_mib']:8.0f}  {shown(run['work'])} | {shown(run['result'])}")
    if changes:
        print("\nwhat changed: later / earlier time and work, later - earlier result; of the firms in "
              "both with a value, the share whose value is the same, and the correlation")
    for name, found in changes.items():
        years, kernel = name.split("/", 1)
        both = found["firms_in_both"]
        firms = (f"; {both} firms in both, {100 * found['same_value'] / both:.1f} % same, r = "
                 f"{found['correlation']:.3f}" if both else "")
        print(f"{kernel:<25}{years:>10}  time {found['time_ratio']:.2f}, work "
              f"{shown(found['work_ratio'])} | {shown(found['result_change'])}{firms}")


def without_nan(value):
    """Undefined is null: JSON has no NaN."""
    if isinstance(value, dict):
        return {key: without_nan(part) for key, part in value.items()}
    return None if isinstance(value, float) and not math.isfinite(value) else value


def as_benchmarks(runs):
    """One entry a repetition, as Google Benchmark writes them."""
    return [{"name": name, "run_type": "iteration", "real_time": compute, "time_unit": "s",
             "load_s": load, "form_s": form, "write_s": write, "memory_mib": run["memory_mib"],
             "work": run["work"], "result": without_nan(run["result"])}
            for name, run in runs.items() for load, form, compute, write in run["times"]]


def differing(older, newer, part, tolerance):
    """Benchmarks of both runs whose counted work or results are not the same."""
    was = {run["name"]: run.get(part, {}) for run in older}
    for name, figures in {run["name"]: run[part] for run in newer}.items():
        for key in figures:
            a, b = was.get(name, {}).get(key), figures[key]
            if name not in was or a == b:
                continue
            if a is None or b is None or abs(a - b) > tolerance * (1 + abs(a)):
                yield f"{name}: {key} was {a}, is {b}"


def set_beside(older, newer):
    """Ratios by compare.py; the exit code."""
    compare = os.path.join(os.path.dirname(os.path.abspath(__file__)), "compare.py")
    print("\nthe older run (A) beside this one (B)", flush=True)
    code = subprocess.run([sys.executable, compare, older, newer]).returncode
    if code:
        return code
    with open(older) as before, open(newer) as after:
        a, b = (json.load(file)["benchmarks"] for file in (before, after))
    for line in differing(a, b, "work", 0):
        print("work differs: " + line)
    results = list(differing(a, b, "result", 1e-9))
    for line in results:
        print("RESULT DIFFERS: " + line)
    return 1 if results else 0


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("networks", nargs="*", metavar="NETWORK")
    parser.add_argument("--program", default="build/release/tradegraph")
    parser.add_argument("-o", "--output", help="the run as JSON (default: bench_years.json beside the program)")
    parser.add_argument("--beside", metavar="OLDER.json")
    parser.add_argument("--kernels", default=".", metavar="REGEX", help="those whose names match")
    parser.add_argument("--exact", action="store_true", help="exact betweenness and harmonic closeness, too")
    parser.add_argument("--firms", type=int, default=100000, help="of the synthetic nation")
    parser.add_argument("--repetitions", type=int, default=int(os.environ.get("REPETITIONS", 3)))
    parser.add_argument("--ranks", type=int, default=1)
    parser.add_argument("--threads", type=int, help="a rank (default: processors / ranks)")
    options = parser.parse_args()
    if min(options.repetitions, options.ranks, options.firms) < 1:
        refuse("--repetitions, --ranks and --firms must be at least 1")
    options.threads = options.threads or max(1, (os.cpu_count() or 1) // options.ranks)
    options.output = options.output or os.path.join(os.path.dirname(options.program), "bench_years.json")
    if options.beside and os.path.realpath(options.beside) == os.path.realpath(options.output):
        refuse(f"{options.beside} is where this run would go: name another file by -o")
    if options.beside and not os.path.exists(options.beside):
        refuse(f"{options.beside} is not there")
    return options


def main():
    options = parse()
    every = {**KERNELS, **(EXACT if options.exact else {})}
    try:
        kernels = {name: of for name, of in every.items() if re.search(options.kernels, name)}
    except re.error as error:
        refuse(f"--kernels '{options.kernels}': {error}")
    if not kernels:
        refuse(f"no kernel matches '{options.kernels}'; there are: {', '.join(every)}")
    program = Program(options.program, options.ranks, options.threads)
    with tempfile.TemporaryDirectory() as scratch:
        networks = find_networks(program, options, scratch)
        runs, changes = run_all(program, networks, kernels, options, scratch)
    about = context(options.program, " ".join(f"{year} {digest[:12]}"
                                              for year, (_, digest) in networks.items()),
                    options.ranks, options.threads)
    print_tables(runs, changes)
    with open(options.output + ".part", "w") as file:
        json.dump({"context": about, "benchmarks": as_benchmarks(runs),
                   "changes": without_nan(changes)}, file, indent=1)
    os.replace(options.output + ".part", options.output)
    print(f"\n{options.output}: {about['version']} {about['source']} on {about['host_name']}, "
          f"{options.ranks} ranks, {options.threads} threads each")
    sys.exit(set_beside(options.beside, options.output) if options.beside else 0)


main()
