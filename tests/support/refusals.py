"""Wrong uses and bad input: how the program must refuse them, and the folders to try them in."""
import contextlib
import os
import pathlib
import subprocess
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor

from support.program import run, run_well, write_table

GOOD = "id,lon,lat\na,127,37\nb,127.1,37\nc,127,37.1\n"
STUDY = ('[study]\nyears = [2010, 2020]\n[input]\nfirms = "firms_{year}.csv"\n'
         'trade = "trade_{year}.csv"\n[identify]\neps = 1500\nmin_firms = 6\n')
IDENTIFY = ["identify", "n.h5", "--min-firms", "5", "-o", "out.csv"]
MEASURE = ["measure", "n.h5", "-o", "out.csv", "--kernel"]
DIAGNOSE = ["diagnose", "n.h5", "-o", "out", "--members"]
IMPORT = ["import", "--year", "2020", "-o", "out.h5"]


def put(name, content):
    pathlib.Path(name).write_bytes(content.encode() if isinstance(content, str) else content)
    return name


def listing():
    return {str(path): path.stat().st_mtime_ns for path in pathlib.Path().rglob("*")
            if path.is_file()}


def check(program, arguments, texts, ranks=1):
    what = f"tradegraph {' '.join(arguments)} at {ranks} ranks"
    before = listing()
    done = run(program, *arguments, ranks=ranks, timeout=120)
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


def prepare(program):
    tool = pathlib.Path(__file__).resolve().parent / "small_network.py"
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


def in_folder(program, work, is_prepared, every):
    """In a process and a folder of its own: how many inputs were tried. A generator yields arguments
    and what stderr must hold: at 3 ranks only some, as what they say is agreed in one place; a grid
    that does not fit one rank may fit three."""
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        if is_prepared:
            prepare(program)
        tried = work(program)
        if isinstance(tried, int):
            return tried
        count = 0
        for number, (arguments, texts) in enumerate(tried):
            for ranks in (1, 3) if number % every == 0 and "--grid" not in arguments else (1,):
                check(program, arguments, texts, ranks)
                count += 1
    return count


def judge(plain, prepared, every=3):
    """Runs what the command line names, or all: PROGRAM [NAME...]. `prepared` find the files of
    `prepare` in their folder, `plain` none. Each yields cases, or checks and returns how many."""
    program, wanted = os.path.realpath(sys.argv[1]), sys.argv[2:]
    works = [(work, work in prepared) for work in (*prepared, *plain)
             if work.__name__ in wanted or not wanted]
    with ProcessPoolExecutor(2) as pool:
        jobs = {work.__name__: pool.submit(in_folder, program, work, is_prepared, every)
                for work, is_prepared in works}
        failed = [f"{name}: {job.exception()!r}" for name, job in jobs.items() if job.exception()]
        assert not failed, "\n\n".join(failed).replace("\\n", "\n")
        print(f"{sum(job.result() for job in jobs.values())} inputs are judged rightly")
