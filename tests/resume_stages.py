#!/usr/bin/env python3
"""`run --resume` goes on behind the stages that are finished.

A study is stopped by USR1 while it searches the second year, and goes on: what was finished is kept,
and the results are those of a run that was never stopped. Then settings, an input file and a result
file are changed one after the other: just the stages that depend on them are made anew, and the results
are those of a first run with the same settings. At other numbers of ranks than before.

usage: resume_stages.py PROGRAM
"""
import json
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile

from support import compare_results
from support.program import ENVIRONMENT, run_well
from support.study import study_text

SETTINGS = {"eps": "1500", "top": "14", "project": '"auto"', "restarts": "3", "distances": '"yes"'}
ALL = {"import", "groups", "identify", "distances", "betweenness of firms"}


def write_study(folder, **changed):
    value = SETTINGS | changed
    (folder / "study.toml").write_text(study_text(
        f'project = {value["project"]}', "[group]", "least_groups = 3", "most_groups = 6",
        f'restarts = {value["restarts"]}', "[identify]", f'eps = {value["eps"]}', "min_firms = 5",
        'groups = "related"', "[select]", f'top = {value["top"]}', "min_nodes = 5", "min_links = 3",
        "[diagnose]", 'firm_betweenness = "yes"', f'network_distances = {value["distances"]}',
        'population = "all"'))


def kept(stderr):
    """Stages that were taken up, and the years of each; all three lines of a stage are one."""
    found = {}
    for name, year in re.findall(r"(\b(?:import|identify|distances|betweenness of firms|groups))"
                                 r"(?: (\d+))? is kept", stderr):
        found.setdefault(name, set()).add(year)
    return found


def same(a, b):
    found, files = compare_results.compare(a, b)
    assert not found and files > 15, (found[:5], files)


def stop(program, folder, output):
    """Ends the run while it searches the second year, or at the border after that."""
    process = subprocess.Popen([program, "run", folder / "study.toml", "-o", output, "--threads", "1"],
                               text=True, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL,
                               env=ENVIRONMENT)
    searches = 0
    while searches < 2:
        line = process.stderr.readline()
        assert line, "the study has ended"
        searches += "exact betweenness of all" in line
    process.send_signal(signal.SIGUSR1)
    process.communicate()
    assert process.returncode == 3, process.returncode
    assert not (output / "clusters.csv").exists()


def resume(program, folder, output, ranks, expected, **changed):
    """Goes on with settings changed; the same as a run that starts with them."""
    write_study(folder, **changed)
    done = run_well(program, "run", folder / "study.toml", "-o", output, "--resume", ranks=ranks)
    found = kept(done.stderr)
    assert found == expected, (changed, found, expected, done.stderr)
    fresh = folder / "fresh"
    run_well(program, "run", folder / "study.toml", "-o", fresh, ranks=2)
    same(output, fresh)
    figures = [json.loads((at / "provenance.json").read_text())["figures"] for at in (output, fresh)]
    assert figures[0] == figures[1], figures
    shutil.rmtree(fresh)


def both(*stages):
    return {stage: {""} if stage == "groups" else {"2010", "2020"} for stage in stages}


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    tool = pathlib.Path(__file__).parent / "support" / "small_network.py"
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        subprocess.run([sys.executable, tool, folder, "--firms", "900"], check=True)
        write_study(folder)
        output = folder / "out"
        stop(program, folder, output)
        searched = {"2010"} | ({"2020"} if (output / "stages/betweenness_of_firms_2020.h5").exists()
                               else set())
        resume(program, folder, output, 2, both(*ALL) | {"betweenness of firms": searched})
        resume(program, folder, output, 1, both(*ALL))
        # Selection comes behind all of these; "auto" is "yes" here.
        resume(program, folder, output, 3, both(*ALL), top="6", distances='"auto"')
        resume(program, folder, output, 2, both(*ALL - {"distances"}), distances='"no"')
        # eps is identification's, and what builds on it.
        resume(program, folder, output, 1, both("import", "groups", "betweenness of firms"), eps="1200")
        resume(program, folder, output, 2, both("import", "identify", "distances",
                                                "betweenness of firms"), eps="1200", restarts="4")
        # Members that were edited are identified again; then they are those of before.
        members = output / "members_2010.csv"
        members.write_text(members.read_text().replace(",core,", ",border,", 1))
        resume(program, folder, output, 2, both(*ALL) | {"identify": {"2020"}}, eps="1200",
               restarts="4")
        # A year's trade: all of that year, and the groups of all years.
        trade = folder / "trade_2010.csv"
        trade.write_text("\n".join(trade.read_text().splitlines()[:-40]) + "\n")
        write_study(folder, eps="1200", restarts="4")
        done = run_well(program, "run", folder / "study.toml", "-o", output, "--resume")
        now = kept(done.stderr)
        assert now["import"] == now["betweenness of firms"] == {"2020"}, now
        assert "groups" not in now and "2010" not in now.get("identify", set()), now
        run_well(program, "run", folder / "study.toml", "-o", folder / "fresh", ranks=2)
        same(output, folder / "fresh")
        # Without --resume nothing is taken up.
        assert not kept(run_well(program, "run", folder / "study.toml", "-o", output).stderr)
        same(output, folder / "fresh")
    print("a study goes on behind its finished stages; what has changed is made anew")


if __name__ == "__main__":
    main()
