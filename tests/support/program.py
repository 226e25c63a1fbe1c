"""Runs the program alone or under mpirun, and reads the tables it writes."""
import csv
import os
import subprocess

ENVIRONMENT = dict(os.environ, OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1",
                   OMPI_MCA_mpi_yield_when_idle="1", OMP_WAIT_POLICY="passive")
PATIENCE = int(os.environ.get("TRADEGRAPH_TEST_PATIENCE", "1"))  # tests/CMakeLists.txt


def run(program, *arguments, ranks=1, timeout=300):
    """The finished process, whatever its exit code; one that takes longer than `timeout` seconds (times
    PATIENCE) is a failure. One rank: no mpirun."""
    command = [program, *map(str, arguments)]
    if ranks > 1:
        command = ["mpirun", "-n", str(ranks), "--oversubscribe", "--bind-to", "none", *command]
    return subprocess.run(command, capture_output=True, text=True, timeout=timeout * PATIENCE,
                          env=ENVIRONMENT)


def run_well(program, *arguments, ranks=1, timeout=300):
    done = run(program, *arguments, ranks=ranks, timeout=timeout)
    assert done.returncode == 0, \
        f"exit {done.returncode} at {ranks} ranks: {' '.join(map(str, arguments))}\n{done.stderr}"
    return done


def table(path):
    """Header and rows of a CSV file, as text."""
    with open(path, newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    return header, rows


def write_table(path, header, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
