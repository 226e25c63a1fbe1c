#!/usr/bin/env python3
"""Betweenness, harmonic closeness and the betweenness stage of a study, stopped by a signal, or
killed, go on to the result of an uninterrupted run, also at another number of ranks; a checkpoint of
other work is refused.

usage: checkpoint.py PROGRAM
"""
import csv
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time

from support.program import ENVIRONMENT, run, run_well

FIRMS, LINKS = 12000, 60000


def network(path):
    source = random.Random(5)
    with open(path, "w", encoding="utf-8") as file:
        file.write("source,target\n")
        for _ in range(LINKS):
            file.write(f"{int(FIRMS * source.random() ** 2)},{int(FIRMS * source.random())}\n")


def targets(folder):
    path = folder / "targets.txt"
    path.write_text("".join(f"{firm}\n" for firm in range(0, 5)), encoding="utf-8")
    return path


def values(path):
    with open(path, newline="", encoding="utf-8") as file:
        return [(row["id"], float(row["value"])) for row in csv.DictReader(file)]


def close(a, b):
    return len(a) == len(b) and all(
        i == j and abs(x - y) <= 1e-9 * (1 + abs(y)) for (i, x), (j, y) in zip(a, b))


def started(command, checkpoint):
    """The process on one rank, once it has saved for the first time."""
    process = subprocess.Popen([str(word) for word in command], stderr=subprocess.PIPE,
                               env=ENVIRONMENT)
    for _ in range(600):
        if checkpoint.exists() or process.poll() is not None:
            break
        time.sleep(0.02)
    return process


def stopped_and_resumed(program, folder, kernel, stops, options):
    measure = ["measure", folder / "n.csv", "--kernel", kernel, *options, "--threads", "1", "-o"]
    run_well(program, *measure, folder / "whole.csv")
    whole = values(folder / "whole.csv")
    often = ["--checkpoint-minutes", "0.0001"]
    part = folder / "part.csv"
    checkpoint = folder / "part.csv.checkpoint.h5"
    ranks = iter((2, 3))
    for stop, code in stops:
        process = started([program, *measure, part, *often], checkpoint)
        process.send_signal(stop)
        process.wait()
        assert process.returncode == code, (stop, process.returncode, process.stderr.read())
        assert checkpoint.exists() and not (part).exists(), stop
        # Other work does not take it up.
        other = run(program, *measure, part, "--undirected", "--resume")
        assert other.returncode == 2 and "checkpoint of other work" in other.stderr, other
        run_well(program, *measure, part, "--resume", ranks=next(ranks, 1))
        assert close(values(part), whole), stop
        assert not checkpoint.exists(), "a finished run leaves its checkpoint"
        (part).unlink()


STUDY = """[study]
years = [2020]
[input]
firms = "firms.csv"
trade = "trade.csv"
[identify]
eps = 900
min_firms = 8
[diagnose]
firm_betweenness = "yes"
"""


def write_study(folder):
    source = random.Random(6)
    with open(folder / "firms.csv", "w", encoding="utf-8") as file:
        file.write("id,lon,lat,industry\n")
        for firm in range(FIRMS):
            file.write(f"{firm},{127 + source.random() / 4},{37 + source.random() / 4},C26\n")
    links = (folder / "n.csv").read_text(encoding="utf-8").splitlines()[1:]
    (folder / "trade.csv").write_text("supplier,buyer\n" + "\n".join(links) + "\n",
                                      encoding="utf-8")
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")


def of_firms(folder):
    with open(folder / "firms.csv", newline="", encoding="utf-8") as file:
        return [(row["id"], float(row["betweenness"])) for row in csv.DictReader(file)]


def study(program, folder):
    """Stopped while it searches, a study keeps what it has searched."""
    write_study(folder)
    command = ["run", folder / "study.toml", "--threads", "1", "-o"]
    run_well(program, *command, folder / "whole")
    process = subprocess.Popen([program, *map(str, command), folder / "part"], text=True,
                               stderr=subprocess.PIPE, env=ENVIRONMENT)
    while "exact betweenness of all" not in process.stderr.readline():
        assert process.poll() is None, "the study has ended"
    time.sleep(0.3)
    process.send_signal(signal.SIGUSR1)
    process.communicate()
    assert process.returncode == 3, process.returncode
    checkpoint = folder / "part" / "betweenness_2020.checkpoint.h5"
    assert checkpoint.exists()
    resumed = run_well(program, *command, folder / "part", "--resume", ranks=2)
    assert "goes on after" in resumed.stderr, resumed.stderr
    assert close(of_firms(folder / "part"), of_firms(folder / "whole"))
    assert not checkpoint.exists()


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    every = ((signal.SIGUSR1, 3), (signal.SIGKILL, -9), (signal.SIGTERM, 3))
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        network(folder / "n.csv")
        stopped_and_resumed(program, folder, "betweenness", every, [])
        to_some = ["--targets", targets(folder)]
        stopped_and_resumed(program, folder, "betweenness", every[:1], to_some)
        stopped_and_resumed(program, folder, "harmonic", every[:2], [])
        study(program, folder)
        print("stopped by USR1, KILL and TERM; resumed at 2, 3 and 1 ranks; a study at 2")


if __name__ == "__main__":
    main()
