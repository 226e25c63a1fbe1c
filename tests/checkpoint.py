#!/usr/bin/env python3
"""Betweenness stopped by a signal, or killed, goes on to the result of an uninterrupted run, also
at another number of ranks; a checkpoint of other work is refused.

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


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        network(folder / "n.csv")
        measure = ["measure", folder / "n.csv", "--kernel", "betweenness", "--threads", "1", "-o"]
        run_well(program, *measure, folder / "whole.csv")
        whole = values(folder / "whole.csv")
        often = ["--checkpoint-minutes", "0.0001"]
        part = folder / "part.csv"
        checkpoint = folder / "part.csv.checkpoint.h5"

        ranks = iter((2, 3))
        for stop, code in ((signal.SIGUSR1, 3), (signal.SIGKILL, -9), (signal.SIGTERM, 3)):
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
        print("stopped by USR1, KILL and TERM; resumed at 2, 3 and 1 ranks")


if __name__ == "__main__":
    main()
