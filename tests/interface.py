#!/usr/bin/env python3
"""What users script against, point by point: commands, their options, kernels, files and columns.

Every option that is promised is in --help; results.h5 holds every table that stands beside it as CSV,
cell by cell; betweenness --top lists the largest, and ties as ties.

usage: interface.py PROGRAM
"""
import contextlib
import pathlib
import re
import subprocess
import sys
import tempfile

from support.program import run, run_well, table, write_table
from support.study import rows, study_text

try:
    import h5py
except ImportError:
    h5py = None
    print("no h5py: results.h5 is not read")

EVERYWHERE = {"--threads", "--memory", "--grid", "--seed", "--quiet", "--resume", "--help"}
OPTIONS = {
    "import": "--year -o --columns --crs --project --on-error --rejects",
    "synth": "--firms --years --seed -o --snapshot",
    "info": "",
    "measure": "--kernel --directed --undirected --weight --mode --strong --approximate --epsilon "
               "--delta --top --sources --normalised --edges --members -o",
    "group": "-o",
    "identify": "--eps --min-firms --stretch --groups --ungrouped --absorb --k-distance --verify -o",
    "diagnose": "--members -o",
    "compare": "-o",
    "sweep": "--eps --min-firms --stretch --groups --ungrouped --absorb --baseline --indicators "
             "--shard --merge -o",
    "run": "-o",
    "report": "-o",
}
KERNELS = {"degree", "strength", "components", "core_number", "clustering", "triangles", "pagerank",
           "betweenness", "harmonic", "assortativity", "hierarchy", "reach"}
WORDS = {"measure": ["none", "count", "amount", "in", "out", "all"],
         "identify": ["footprint", "admin", "none"], "import": ["stop", "skip"]}
HEADERS = {  # what a table begins with
    "members_2020": "id,label,role,group",
    "clusters": "year,label,name,group,firms,nodes,links,inclusiveness,rank,density,connectivity,"
                "compactness,clustering,transitivity,selected,specialisation,hierarchy,"
                "internal_reach,related_variety,disassortativity,external_reach,z_specialisation",
    "intercluster": "year,from,to,links,amount",
    "intercluster_nodes": "year,label,linked_clusters,degree,in_degree,out_degree,betweenness,"
                          "pagerank",
    "firms": "year,id,label,degree,in_degree,out_degree,betweenness,pagerank",
    "matches": "label_a,label_b,overlap,firm_jaccard,event,rank_a,rank_b,rank_change",
    "composition": "year,label,kind,code,firms,share",
    "groups": "industry,group",
}


def check_help(program):
    for command, options in OPTIONS.items():
        shown = run_well(program, command, "--help").stdout
        words = set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", shown))
        assert EVERYWHERE | set(options.split()) <= words, (command, set(options.split()) - words)
        for word in WORDS.get(command, ()):
            assert re.search(rf"[{{,]{word}[,}}]", shown), (command, word)
    shown = run_well(program, "measure", "--help").stdout
    assert KERNELS == set(re.search(r"--kernel TEXT:\{(.*?)\}", shown)[1].split(",")), shown
    assert "nothing here is random" not in run_well(program, "synth", "--help").stdout
    assert run(program, "estimat").returncode == 2


def cells(group):
    """Columns of a table of results.h5 by name, as text where it is text."""
    found = {}
    for item in group.values():
        name = item.attrs["column"]
        name = name.decode() if isinstance(name, bytes) else name
        if isinstance(item, h5py.Dataset):
            found[name] = item[:].tolist()
        else:
            ends, text = item["offsets"][:], item["bytes"][:].tobytes()
            found[name] = [text[a:b].decode() for a, b in zip(ends, ends[1:])]
    return found


def same_cell(cell, text):
    if isinstance(cell, str):
        return cell == text
    if text == "":
        return cell != cell or cell == -2 ** 63
    return cell == float(text)


def check_results(folder, extra=()):
    """results.h5 holds each CSV file of the folder, and `extra`, tables of several files."""
    tables = {path.stem: rows(path) for path in folder.glob("*.csv")
              if not re.match(r"members_\d+|groups_|rejects", path.stem)}
    tables |= dict(extra)
    with h5py.File(folder / "results.h5", "r") as file:
        held = {}
        for group in file.values():
            name = group.attrs["table"]
            held[name.decode() if isinstance(name, bytes) else name] = cells(group)
    assert set(held) == set(tables), set(held) ^ set(tables)
    for name, expected in tables.items():
        assert expected and list(expected[0]) == sorted(held[name], key=list(expected[0]).index), name
        for column, values in held[name].items():
            assert len(values) == len(expected), (name, column)
            for cell, row in zip(values, expected):
                assert same_cell(cell, row[column]), (name, column, cell, row[column])
    return len(tables)


def check_top(program):
    """A path of seven: the ends 0, then 5, 8, 9 in the middle; and a tie across the border."""
    write_table("path.csv", ["source", "target"], [[f"n{i}", f"n{i + 1}"] for i in range(6)])
    common = ["measure", "path.csv", "--kernel", "betweenness", "--undirected", "-o", "top.csv"]
    for count, expected in ((1, [("n3", "9", "certain")]),
                            (2, [("n3", "9", "certain"), ("n2", "8", "tied"), ("n4", "8", "tied")]),
                            (3, [("n3", "9", "certain"), ("n2", "8", "certain"),
                                 ("n4", "8", "certain")]), (99, None)):
        for ranks in (1, 3):
            run_well(program, *common, "--top", count, ranks=ranks)
            header, found = table("top.csv")
            assert header == ["id", "value", "lower", "upper", "status"], header
            assert all(row[1] == row[2] == row[3] for row in found)
            if expected is None:
                assert len(found) == 7 and all(row[4] == "certain" for row in found), found
            else:
                assert [(row[0], row[1], row[4]) for row in found] == expected, found
    assert run(program, *common, "--edges", "--top", 2).returncode == 2


def check_study(program):
    pathlib.Path("study.toml").write_text(study_text(
        "[group]", "least_groups = 3", "most_groups = 6", "restarts = 2", "[identify]", "eps = 1500",
        "min_firms = 5", 'groups = "related"', "[select]", "min_nodes = 5", "min_links = 3",
        "[diagnose]", 'population = "all"'))
    run_well(program, "run", "study.toml", "-o", "out", ranks=3)
    out = pathlib.Path("out")
    for name, begin in HEADERS.items():
        assert ",".join(table(out / f"{name}.csv")[0]).startswith(begin), name
    header = table(out / "clusters.csv")[0]
    assert header[-5:] == ["centripetal", "centrifugal", "type", "lon", "lat"]
    for name in ("clusters.geojson", "provenance.json", "report.html", "network_2010.graphml"):
        assert (out / name).stat().st_size > 100, name
    assert (out / "network.graphml").read_bytes() == (out / "network_2020.graphml").read_bytes()
    snapshot, members = out / "2020.h5", out / "members_2020.csv"
    run_well(program, "diagnose", snapshot, "--members", members, "-o", "one", ranks=2)
    run_well(program, "compare", "out", "out", "--year-a", 2010, "--year-b", 2020, "-o", "two")
    sweep = ["sweep", snapshot, "--eps", "600:1400:400", "--min-firms", "4,6", "--stretch", "1,2",
             "--baseline", "1000,5,2"]
    run_well(program, *sweep, "--indicators", "--ami", "-o", "three", ranks=2)
    for shard in ("1/2", "2/2"):
        run_well(program, *sweep, "--shard", shard, "-o", "four")
    run_well(program, "sweep", "--merge", "-o", "four")
    assert ",".join(table("three/sweep.csv")[0]) == \
        "eps,min_firms,stretch,clusters,largest,noise_share,ari,ami"
    if h5py is None:
        return 0
    of = {year: [{"year": year, **row} for row in rows(out / f"members_{year}.csv")]
          for year in ("2010", "2020")}
    count = check_results(out, {"members": of["2010"] + of["2020"]})
    count += check_results(pathlib.Path("one"), {"members": of["2020"]})
    return count + sum(check_results(pathlib.Path(name)) for name in ("two", "three", "four"))


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    tool = pathlib.Path(__file__).resolve().parent / "support" / "small_network.py"
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        subprocess.run([sys.executable, tool, ".", "--firms", "400"], check=True)
        check_help(program)
        check_top(program)
        count = check_study(program)
    print(f"{len(OPTIONS)} commands as promised, {count} tables of results.h5 as their CSV files")


if __name__ == "__main__":
    main()
