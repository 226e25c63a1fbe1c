#!/usr/bin/env python3
"""What the commands write and print: columns, names, settings, tables for people.

Columns and their order are those of the interface; a column that the interface names and no stage
computes yet may be missing, none may stand elsewhere. Every command takes the options that all
commands take.

usage: outputs.py PROGRAM
"""
import json
import math
import pathlib
import shutil
import subprocess
import sys
import tempfile
import tomllib
from contextlib import chdir

from support.program import run, run_well, table, write_table
from support.study import SIX

try:
    import h5py
except ImportError:
    h5py = None
    print("no h5py: attributes of results.h5 and damaged tables are left out")

ROOT = pathlib.Path(__file__).resolve().parent.parent
COMMANDS = ("import", "info", "measure", "group", "identify", "diagnose", "sweep", "compare",
            "run", "report")
EVERYWHERE = ["--threads", "2", "--memory", "2G", "--grid", "1,1,1", "--seed", "7", "--quiet",
              "--resume"]
CLUSTERS = ["year", "label", "name", "group", "firms", "nodes", "links", "inclusiveness", "rank",
            "density", "connectivity", "compactness", "clustering", "transitivity", "selected",
            *SIX, *(f"z_{name}" for name in SIX)]
CLUSTERS_END = ["centripetal", "centrifugal", "type", "lon", "lat"]
VARIANTS = {"screened", "reference_label", "missing_indicators", "region", "linked",
            "density_undirected", "connectivity_2", "connectivity_3",
            "reach_inside", "reach_network", "reach_outside", "hierarchy_r_squared",
            "hierarchy_average_ties", "assortativity_slope", "assortativity_pearson",
            "assortativity_newman", "share_in", "share_in_degree", "share_in_amount",
            *(f"{name}_{of}" for of in ("firms", "employees")
              for name in ("lq_main", "lq_mean", "lq_largest", "related_variety",
                           "unrelated_variety", "entropy"))}
EXACT = {"intercluster.csv": ["year", "from", "to", "links", "amount"],
         "trace.csv": ["year", "label", "name", "selected", "why_selected", "type", "why_type"],
         "composition.csv": ["year", "label", "kind", "code", "firms", "share"]}
BEGINS = {"intercluster_nodes.csv": ["year", "label", "linked_clusters", "degree", "in_degree",
                                     "out_degree", "betweenness", "pagerank"],
          "firms.csv": ["year", "id", "label", "degree", "in_degree", "out_degree", "betweenness",
                        "pagerank"]}
STUDY = """[study]
years = [2010, 2020]
[input]
firms = "firms_{year}.csv"
trade = "trade_{year}.csv"
[columns.firms]
industry = "industry"
[identify]
eps = 1500
min_firms = 6
[identify.per_group.C29]
eps = 1200
[select]
min_nodes = 5
min_links = 3
[diagnose]
firm_betweenness = "yes"
"""


def prepare(program):
    tool = ROOT / "tests" / "support" / "small_network.py"
    subprocess.run([sys.executable, tool, ".", "--firms", "300"], check=True)
    pathlib.Path("study.toml").write_text(STUDY)
    run_well(program, "import", "firms_2020.csv", "trade_2020.csv", "--year", 2020, "-o", "n.h5",
             *EVERYWHERE)
    run_well(program, "identify", "n.h5", "--eps", 1500, "--min-firms", 5, "-o", "members.csv",
             "--k-distance", "k.csv", *EVERYWHERE)
    run_well(program, "diagnose", "n.h5", "--members", "members.csv", "-o", "out", *EVERYWHERE)
    run_well(program, "info", "n.h5", *EVERYWHERE)
    run_well(program, "run", "study.toml", "-o", "study", *EVERYWHERE)


def column(path, name):
    header, rows = table(path)
    return [row[header.index(name)] for row in rows]


def check_help(program):
    options = [word for word in EVERYWHERE if word.startswith("--")]
    for command in COMMANDS:
        shown = run_well(program, command, "--help").stdout
        for option in options:
            assert option in shown, f"{command} --help lacks {option}"
        resumes = command in ("measure", "run", "sweep")
        assert ("starts over" in shown) != resumes, f"{command}: --resume"
        random = {"measure": "--approximate", "group": "k-means", "run": "k-means"}.get(
            command, "nothing here is random")
        assert random in shown, f"{command}: --seed"


def check_clusters(header):
    end = [name for name in CLUSTERS_END if name in header]
    begin = [name for name in CLUSTERS if name in header]
    assert header[:len(begin)] == begin, header
    assert header[-len(end):] == end, header
    assert set(CLUSTERS + CLUSTERS_END) <= set(header), header
    assert VARIANTS <= set(header[len(begin):-len(end)]), VARIANTS - set(header)
    assert len(header) == len(set(header)), "a column twice"


def check_columns(program):
    for path in ("members.csv", "study/members_2010.csv", "study/members_2020.csv"):
        assert table(path)[0] == ["id", "label", "role", "group"], path
    assert table("k.csv")[0] == ["id", "k_distance"]
    for folder in ("out", "study"):
        check_clusters(table(f"{folder}/clusters.csv")[0])
        for name, header in EXACT.items():
            assert table(f"{folder}/{name}")[0] == header, name
        for name, header in BEGINS.items():
            assert table(f"{folder}/{name}")[0][:len(header)] == header, name
    for kernel in ("degree", "strength", "components", "pagerank", "betweenness", "harmonic"):
        run_well(program, "measure", "n.h5", "--kernel", kernel, "-o", "m.csv", *EVERYWHERE)
        header, rows = table("m.csv")
        assert header == ["id", "value"], kernel
        assert [row[0] for row in rows] == column("firms_2020.csv", "id"), kernel
    for kernel, *more in (["assortativity"], ["hierarchy"], ["reach"],
                          ["reach", "--distances", "network"]):
        run_well(program, "measure", "n.h5", "--kernel", kernel, *more, "-o", "m.csv")
        assert table("m.csv")[0] == ["name", "value"], kernel
        names = column("m.csv", "name")
        run_well(program, "measure", "n.h5", "--kernel", kernel, *more, "--members", "members.csv",
                 "-o", "m.csv")
        assert table("m.csv")[0] == ["label", *names], kernel


def check_names():
    """No two clusters of a year are called the same, in any file."""
    header, rows = table("study/clusters.csv")
    keys = [(row[header.index("year")], row[header.index("name")]) for row in rows]
    assert len(keys) == len(set(keys)) and all(name for _, name in keys), keys
    features = json.loads(pathlib.Path("out/clusters.geojson").read_text())["features"]
    assert [feature["properties"]["name"] for feature in features] == \
        column("out/clusters.csv", "name")


def check_repeated_names(program):
    """Two crowds of one region and industry are two names."""
    firms = [[f"f{i}", 127 + 0.5 * (i % 3) + 0.0001 * i, 37, "C29", "r"] for i in range(60)]
    write_table("crowds.csv", ["id", "lon", "lat", "industry", "region"], firms)
    run_well(program, "import", "crowds.csv", "--year", 2020, "-o", "crowds.h5")
    run_well(program, "identify", "crowds.h5", "--eps", 1000, "--min-firms", 5, "-o", "crowds.csv")
    run_well(program, "diagnose", "crowds.h5", "--members", "crowds.csv", "-o", "crowds")
    assert column("crowds/clusters.csv", "name") == ["r C29", "r C29 #2", "r C29 #3"]


def check_group_of_absorbing_cluster(program):
    """A cluster keeps the group of its cores, even where it absorbs more firms of another."""
    ring = [(900 * math.cos(math.tau * i / 10), 900 * math.sin(math.tau * i / 10))
            for i in range(10)]
    firms = [[f"core{i}", 0, 0, "C29"] for i in range(6)]
    firms += [[f"other{i}", x, y, "G46"] for i, (x, y) in enumerate(ring)]
    write_table("ring.csv", ["id", "x", "y", "industry"], firms)
    write_table("ties.csv", ["supplier", "buyer"], [[f"other{i}", "core0"] for i in range(10)])
    run_well(program, "import", "ring.csv", "ties.csv", "--year", 2020, "-o", "ring.h5")
    run_well(program, "identify", "ring.h5", "--eps", 1000, "--min-firms", 6, "-o", "absorbed.csv")
    assert column("absorbed.csv", "role") == ["core"] * 6 + ["absorbed"] * 10
    run_well(program, "diagnose", "ring.h5", "--members", "absorbed.csv", "-o", "ring")
    assert column("ring/clusters.csv", "group") == ["C29"]
    features = json.loads(pathlib.Path("ring/clusters.geojson").read_text())["features"]
    assert features[0]["geometry"] is None and features[0]["properties"]["lon"] is None


def check_reference_study(program):
    """docs/study.toml is a study file as it stands, and its values are the defaults."""
    reference = (ROOT / "docs" / "study.toml").read_text()
    plain = STUDY.split("[columns.firms]")[0]
    settings = []
    for name, text in (("reference", reference), ("plain", plain)):
        pathlib.Path(f"{name}.toml").write_text(text)
        run_well(program, "run", f"{name}.toml", "-o", name)
        settings.append(json.loads(pathlib.Path(f"{name}/provenance.json").read_text())["settings"])
    assert settings[0] == settings[1], set(map(str, settings[0].items())) ^ set(
        map(str, settings[1].items()))


def check_provenance():
    """Every key of docs/study.toml is there, whether the study file gave it or not."""
    provenance = json.loads(pathlib.Path("study/provenance.json").read_text())
    settings = provenance["settings"]
    other_names = {"eps": "eps_m", "absorb_radius": "absorb_radius_m", "cell": "cell_m"}
    known = tomllib.loads((ROOT / "docs" / "study.toml").read_text())
    columns = known.pop("columns")
    expected = {other_names.get(key, key) for part in known.values() for key in part}
    expected |= {f"columns_{name}" for name in columns} | {"per_group"}
    assert expected == set(settings), expected ^ set(settings)
    assert settings["per_group"] == {"C29": {"eps_m": 1200}}
    assert settings["columns_firms"] == {"industry": "industry"} and settings["columns_trade"] == {}
    assert settings["crs"] == "EPSG:4326" and settings["deflate"] == 1
    assert settings["min_nodes"] == 5 and settings["pooled"] == "years"
    assert [pathlib.Path(file["path"]).name for file in provenance["inputs"]] == [
        "study.toml", "firms_2010.csv", "trade_2010.csv", "firms_2020.csv", "trade_2020.csv"]
    assert all(len(file["sha256"]) == 64 for file in provenance["inputs"])
    assert provenance["conventions"]["firms pagerank"].endswith("sums to 1")
    assert (provenance["seed"], provenance["grid"], provenance["memory_bytes_a_rank"]) == \
        (7, "1,1,1", 2 << 30)
    stages = [stage["name"] for stage in provenance["stages"]]
    assert {"betweenness of firms 2020", "distances 2020"} <= set(stages), stages
    alone = json.loads(pathlib.Path("out/provenance.json").read_text())
    assert alone["settings"]["class_digits"] == 5
    assert alone["inputs"][-1]["path"] == "members.csv"
    return provenance


def check_results_file(program, provenance):
    with h5py.File("study/results.h5", "r") as file:
        for name in ("settings", "conventions", "inputs"):
            assert json.loads(file.attrs[name].decode()) == provenance[name], name
        assert file.attrs["ranks"].decode() == "1"
        digest = json.loads(file.attrs["snapshots"].decode())["2020"]["digest"]
        chunk = file["firms/pagerank"].id.get_chunk_info(0)
    with h5py.File("study/2020.h5", "r") as file:
        assert file.attrs["digest"].decode() == digest
    sound = run_well(program, "info", "study/results.h5").stdout
    firms = len(table("study/firms.csv")[1])
    assert f"{firms} rows: year id label degree" in sound, sound
    assert '"eps_m":1500.0' in sound, sound
    # A file whose cells cannot be read any more says the same: info does not read them.
    content = bytearray(pathlib.Path("study/results.h5").read_bytes())
    content[chunk.byte_offset:chunk.byte_offset + chunk.size] = bytes(chunk.size)
    pathlib.Path("study/results.h5").write_bytes(content)
    try:
        with h5py.File("study/results.h5", "r") as file:
            file["firms/pagerank"][:]
        raise AssertionError("the table is not damaged: nothing is tested")
    except OSError:
        pass
    assert run_well(program, "info", "study/results.h5").stdout == sound


def check_info(program):
    shown = run_well(program, "info", "n.h5").stdout
    lines = dict((line[:20].strip(), line[20:].strip()) for line in shown.splitlines())
    firms, trade = table("firms_2020.csv")[1], table("trade_2020.csv")[1]
    pairs = {tuple(sorted(row[:2])) for row in trade if row[0] != row[1]}
    links = {tuple(row[:2]) for row in trade if row[0] != row[1]}
    partners = {row[0]: 0 for row in firms}
    for pair in pairs:
        for end in pair:
            partners[end] += 1
    alone = sum(k == 0 for k in partners.values())
    assert lines["firms"] == str(len(firms)) and lines["links"] == str(len(links)), shown
    mean, largest = 2 * len(pairs) / len(firms), max(partners.values())
    assert lines["partners a firm"] == f"mean {mean:.2f}, largest {largest}", shown
    assert lines["without partners"].startswith(f"{alone} firms"), shown
    assert len(lines["digest"]) == 32, shown
    assert shown.count("sha256 ") == 2 and "written by tradegraph" in shown, shown


def check_printed_tables(program):
    """The table shows the variants that were asked for, and says which."""
    shown = run_well(program, "diagnose", "n.h5", "--members", "members.csv", "-o", "chosen",
                     "--min-nodes", 5, "--min-links", 3, "--specialisation", "largest",
                     "--shares-of", "employees", "--hierarchy-ties", "average",
                     "--disassortativity", "slope", "--reach-weight", "amount",
                     "--internal-reach", "share", "--external-reach", "distance",
                     "--network-distances", "auto", "--population", "all", "--pooled", "year", "--division-digits", 1, "--class-digits", 3,
                     "--firm-betweenness", "no").stdout
    header, rows = table("chosen/clusters.csv")
    printed = {line.split()[1]: line.split()[-6:] for line in shown.splitlines()
               if len(line.split()) > 10 and line.split()[0].isdigit()}
    assert len(printed) == sum(row[header.index("selected")] == "1" for row in rows) > 3, shown
    for label, figures in printed.items():
        row = rows[int(label)]
        exact = [row[header.index(name)] for name in SIX]
        for figure, value in zip(figures, exact):
            assert figure == (f"{float(value):.2f}" if value else "."), (label, figures, exact)
    for word in ("largest, by employees", "ties average", "partners inside, amount", "slope",
                 "1/d to firms outside"):
        assert word in shown, f"'{word}' is not in {shown}"
    default = table("out/clusters.csv")[1]
    assert any(a[header.index("internal_reach")] != b[header.index("internal_reach")]
               for a, b in zip(default, rows)), "the variants do not differ: nothing is tested"
    flows = [line.split() for line in shown.split("by amount\n")[1].splitlines()[1:]]
    amounts = [int(line[-1]) for line in flows]
    assert len(amounts) > 3 and amounts == sorted(amounts, reverse=True), amounts


def check_demo_order(program):
    """The demonstration lists flows in the program's order, with amounts and without."""
    sys.path.insert(0, str(ROOT / "app" / "demo"))
    import show
    from tables import rows_of
    write_table("bare.csv", ["supplier", "buyer"],
                [row[:2] for row in table("trade_2020.csv")[1]])
    for name, trade in (("with", "trade_2020.csv"), ("without", "bare.csv")):
        run_well(program, "import", "firms_2020.csv", trade, "--year", 2020, "-o", "d.h5")
        text = run_well(program, "diagnose", "d.h5", "--members", "members.csv", "-o", name).stdout
        flows, by_amount = show.flows_between(rows_of(f"{name}/intercluster.csv"))
        assert by_amount == (name == "with")
        lines = text.split(f"by {'amount' if by_amount else 'links'}\n")[1].splitlines()[1:]
        listed = [[end.split(")")[0] for end in line.split("(")[1:3]] for line in lines]
        assert listed == [[row["from"], row["to"]] for row in flows[:len(listed)]], name
        assert len(listed) == 15


def check_messages(program):
    """What a newcomer would stumble on is said."""
    reach = run_well(program, "measure", "n.h5", "--kernel", "reach", "-o", "r.csv")
    assert "--members" in reach.stderr and dict(table("r.csv")[1])["share_in"] == "1", reach.stderr
    long = run_well(program, "diagnose", "n.h5", "--members", "members.csv", "-o", "long",
                    "--firm-betweenness", "yes")
    assert "exact betweenness of all 300 firms" in long.stderr, long.stderr


def check_members_of_diagnose(program):
    """members_YEAR.csv lists every firm in input order, whatever the file that was read lists."""
    whole = table("members.csv")[1]
    named = [row[:2] for row in reversed(whole[::2])]
    labels = {key: str(label) for label, key in enumerate(sorted({row[1] for row in named} - {"-1"}))}
    write_table("few.csv", ["label", "note", "id"],
                [[labels.get(label, "-1"), "x", key] for key, label in named])
    run_well(program, "diagnose", "n.h5", "--members", "few.csv", "-o", "few")
    of = {key: labels.get(label, "-1") for key, label in named}
    shutil.copy("few.csv", "few/members_2020.csv")
    run_well(program, "diagnose", "n.h5", "--members", "few/members_2020.csv", "-o", "few")
    assert table("few/members_2020.csv") == table("few.csv"), "an input was overwritten"
    run_well(program, "diagnose", "n.h5", "--members", "few.csv", "-o", "few")
    header, rows = table("few/members_2020.csv")
    assert header == ["id", "label", "role", "group"] and rows == [
        [row[0], of.get(row[0], "-1"), "noise" if of.get(row[0], "-1") == "-1" else "core", ""]
        for row in whole]


def check_per_group(program):
    """Settings of single groups change these groups alone, from a file as from a study file."""
    write_table("per_group.csv", ["group", "eps", "min_firms"],
                [["C29", "1200", ""], ["J62", "", "500"]])
    run_well(program, "identify", "n.h5", "--eps", 1500, "--min-firms", 6, "--absorb", "none",
             "-o", "plain.csv")
    run_well(program, "identify", "n.h5", "--eps", 1500, "--min-firms", 6, "--absorb", "none",
             "--per-group", "per_group.csv", "-o", "own.csv")
    plain, own = (table(name)[1] for name in ("plain.csv", "own.csv"))
    roles = {}
    for before, after in zip(plain, own):
        roles.setdefault(before[3], []).append((before[2], after[2]))
    assert any(a == "core" for a, _ in roles["J62"]) and \
        all(b == "noise" for _, b in roles["J62"]), roles["J62"]
    for group, pairs in roles.items():
        if group not in ("C29", "J62"):
            assert all(a == b for a, b in pairs), group
    write_table("per_group.csv", ["group", "eps"], [["C29", "1200"]])
    run_well(program, "identify", "n.h5", "--eps", 1500, "--min-firms", 6, "--per-group",
             "per_group.csv", "-o", "own.csv")
    assert table("own.csv") == table("study/members_2020.csv")
    write_table("per_group.csv", ["group", "eps"], [["C28", "1200"]])
    done = run(program, "identify", "n.h5", "--eps", 1500, "--min-firms", 6, "--per-group",
               "per_group.csv", "-o", "own.csv")
    assert done.returncode == 2 and "'C28'" in done.stderr and "did you mean" in done.stderr, \
        done.stderr


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        check_help(program)
        prepare(program)
        check_columns(program)
        check_names()
        check_repeated_names(program)
        check_group_of_absorbing_cluster(program)
        check_reference_study(program)
        provenance = check_provenance()
        if h5py:
            check_results_file(program, provenance)
        check_info(program)
        check_printed_tables(program)
        check_demo_order(program)
        check_messages(program)
        check_per_group(program)
        check_members_of_diagnose(program)
    print("columns, names, settings and tables are as documented")


if __name__ == "__main__":
    main()
