#!/usr/bin/env python3
"""What must hold in the results of a study, recomputed from its CSV files; the network between
clusters beside igraph; the reasons of trace.csv beside the figures that they quote.

usage: study_identities.py PROGRAM
"""
import collections
import math
import pathlib
import re
import subprocess
import sys
import tempfile

from support.program import run, run_well, write_table
from support.study import SIX, TYPES, number, rows, study_text

try:
    import igraph
except ImportError as missing:
    print(f"without {missing.name}: betweenness and PageRank between clusters are left out")
    igraph = None

YEARS = (2010, 2020)
STUDY = study_text("[identify]", "eps = 1500", "min_firms = 5", "[select]", "top = 14",
                   "min_nodes = 8", "min_links = 5", "[diagnose]", 'population = "POPULATION"')


def same(ours, expected, what, tolerance=1e-9):
    """Both undefined, or equal up to rounding."""
    assert math.isnan(ours) == math.isnan(expected) and \
        not abs(ours - expected) > tolerance * (1 + abs(expected)), (what, ours, expected)


def entropy(parts):
    total = sum(parts)
    return sum(part / total * math.log2(total / part) for part in parts if part > 0)


class Year:
    """Firms with cluster, group and industry; links as pairs of ids with amounts."""

    def __init__(self, folder, result, year):
        self.firms = rows(folder / f"firms_{year}.csv")
        self.members = {row["id"]: row for row in rows(result / f"members_{year}.csv")}
        self.label = {key: int(row["label"]) for key, row in self.members.items()}
        self.links = collections.Counter()
        for row in rows(folder / f"trade_{year}.csv"):
            if row["supplier"] != row["buyer"]:
                self.links[row["supplier"], row["buyer"]] += float(row["amount"] or 0)
        self.partners = collections.defaultdict(set)
        for supplier, buyer in self.links:
            self.partners[supplier].add(buyer)
            self.partners[buyer].add(supplier)

    def of(self, clusters, year):
        return [row for row in clusters if row["year"] == str(year)]


def quotients(year, weight):
    """LQ of each cluster (-1: the firms of none) and group, and the share of each cluster."""
    by = collections.Counter()
    for firm in year.firms:
        by[year.label[firm["id"]], year.members[firm["id"]]["group"]] += weight(firm)
    of_cluster, of_group = collections.Counter(), collections.Counter()
    for (label, group), part in by.items():
        of_cluster[label] += part
        of_group[group] += part
    total = sum(of_group.values())
    lq = {(label, group): by[label, group] / of_cluster[label] / (of_group[group] / total)
          for label in of_cluster for group in of_group}
    for group in of_group:
        mean = sum(lq[label, group] * of_cluster[label] / total for label in of_cluster)
        same(mean, 1, f"weighted mean LQ of {group}")
    return lq, {key: part / of_cluster[key[0]] for key, part in by.items()}


def check_industries(year, clusters):
    for suffix, weight in (("firms", lambda firm: 1), ("employees",
                                                       lambda firm: float(firm["employees"]))):
        lq, share = quotients(year, weight)
        for row in clusters:
            label = int(row["label"])
            own = {group: value for (at, group), value in lq.items() if at == label and value > 0}
            same(number(row[f"lq_main_{suffix}"]), lq[label, row["group"]], "lq_main")
            same(number(row[f"lq_largest_{suffix}"]), max(own.values()), "lq_largest")
            mean = sum(value * share[label, group] for group, value in own.items())
            same(number(row[f"lq_mean_{suffix}"]), mean, "lq_mean")
            classes, divisions = collections.Counter(), collections.Counter()
            for firm in year.firms:
                if year.label[firm["id"]] == label:
                    classes[firm["industry"]] += weight(firm)
                    divisions[firm["industry"][:3]] += weight(firm)
            unrelated, whole = entropy(divisions.values()), entropy(classes.values())
            got = {name: number(row[f"{name}_{suffix}"])
                   for name in ("related_variety", "unrelated_variety", "entropy")}
            same(got["entropy"], whole, "entropy")
            same(got["unrelated_variety"], unrelated, "unrelated variety")
            same(got["related_variety"] + got["unrelated_variety"], got["entropy"], "RV + UV")


def check_reach(year, clusters):
    for row in clusters:
        shares = [sum(year.label[j] == int(row["label"]) for j in year.partners[i]) /
                  len(year.partners[i])
                  for i, label in year.label.items()
                  if label == int(row["label"]) and year.partners[i]]
        share = sum(shares) / len(shares) if shares else math.nan
        same(number(row["share_in"]), share, "share_in")
        same(100 * number(row["share_in"]) + number(row["external_reach"]),
             math.nan if math.isnan(share) else 100, "inside and outside")


def check_nodes(nodes, flows, clusters):
    """Table 3-9: in and out are W's sums over clusters with the loop, which is table 3-2's links; in
    + out = total; as much comes in as goes out."""
    links = {(int(row["from"]), int(row["to"])): int(row["links"]) for row in flows
             if "-1" not in (row["from"], row["to"])}
    for node, row in zip(nodes, clusters, strict=True):
        assert node["label"] == row["label"]
        label, inside = int(node["label"]), int(row["links"])
        expected = {"in_degree": sum(count for (_, to), count in links.items() if to == label),
                    "out_degree": sum(count for (of, _), count in links.items() if of == label)}
        expected["degree"] = expected["in_degree"] + expected["out_degree"]
        expected |= {f"{key}_without_loop": value - inside * (2 if key == "degree" else 1)
                     for key, value in expected.items()}
        expected["linked_clusters"] = len({(a, b)[a == label] for a, b in links if label in (a, b)})
        assert all(int(node[key]) == value for key, value in expected.items()), (node, expected)
    for ending in ("", "_without_loop"):
        total = [sum(int(row[f"{way}_degree{ending}"]) for row in nodes) for way in ("in", "out")]
        assert total[0] == total[1] > 0, total
    assert any(int(row["links"]) > 0 for row in clusters)


def check_margins(result, name, year, clusters):
    """W's margins are strengths; its loops are the links inside; its sums those of table 3-9."""
    flows = [row for row in rows(result / "intercluster.csv") if row["year"] == str(name)]
    strength = collections.defaultdict(lambda: [0, 0, 0.0, 0.0])
    for (supplier, buyer), amount in year.links.items():
        for place, firm in enumerate((supplier, buyer)):
            strength[year.label[firm]][place] += 1
            strength[year.label[firm]][2 + place] += amount
    margins = collections.defaultdict(lambda: [0, 0, 0.0, 0.0])
    loops = {}
    for row in flows:
        for place, end in enumerate(("from", "to")):
            margins[int(row[end])][place] += int(row["links"])
            margins[int(row[end])][2 + place] += float(row["amount"])
        if row["from"] == row["to"]:
            loops[row["from"]] = int(row["links"])
    assert set(margins) == set(strength)
    for label, expected in strength.items():
        for got, value in zip(margins[label], expected):
            same(got, value, f"margins of {label}")
    for row in clusters:
        assert int(row["links"]) == loops.get(row["label"], 0), row["label"]
    nodes = [row for row in rows(result / "intercluster_nodes.csv") if row["year"] == str(name)]
    check_nodes(nodes, flows, clusters)
    if igraph is None:
        return
    edges = [(int(row["from"]), int(row["to"])) for row in flows
             if -1 not in (int(row["from"]), int(row["to"])) and row["from"] != row["to"]]
    graph = igraph.Graph(len(nodes), edges, directed=True)
    for row, between, rank in zip(nodes, graph.betweenness(), graph.pagerank()):
        same(number(row["betweenness"]), between, "betweenness")
        same(number(row["pagerank"]), rank, "pagerank", 1e-6)
    same(sum(number(row["pagerank"]) for row in nodes), 1, "sum of PageRank")


def check_selection(why, row, clusters, of_reference):
    verdict = why
    if row["year"] != str(YEARS[-1]):
        match = re.fullmatch(r"matches (\d+) of 2020, which is (not )?selected \(by itself: (.*)\)",
                             why)
        assert bool(match) == bool(row["reference_label"]), why
        if match:
            partner = of_reference[match[1]]
            assert match[1] == row["reference_label"] and row["selected"] == partner["selected"]
            assert (match[2] is None) == (partner["selected"] == "1"), why
        else:
            assert why.startswith("matches no agglomeration of 2020") and row["selected"] == "0"
        verdict = match[3] if match else why[why.index("itself: ") + 8:-1]
    if not row["rank"]:
        assert verdict.startswith("no firm trades") and row["screened"] == "0", verdict
        return
    assert verdict.startswith(f"rank {row['rank']} by inclusiveness "), verdict
    assert abs(float(verdict.split()[4].strip(",")) - float(row["inclusiveness"])) < 6e-4
    passes = (int(row["rank"]) <= 14, int(row["nodes"]) >= 8, int(row["links"]) >= 5)
    ends = ("not among the first 14", f"but {row['nodes']} of 8 nodes",
            f"but {row['links']} of 5 links")
    assert (row["screened"] == "1") == all(passes), row
    first = next((end for end, ok in zip(ends, passes) if not ok),
                 f"; {row['nodes']} nodes, {row['links']} links")
    assert verdict.endswith(first), (verdict, first)


def check_type(why, row, population):
    if population != "all" and row["selected"] != "1":
        assert why == "only selected clusters have types" and not row["type"], why
        return
    lacking = [name for name in SIX if not row[f"z_{name}"]]
    if lacking:
        assert why == "not defined: " + " ".join(lacking) and not row["type"], why
        return
    for name in ["centripetal", "centrifugal", *(f"z_{name}" for name in SIX)]:
        figure = f"{name.removeprefix('z_')} {float(row[name]):+.2f}"
        assert figure in why, (figure, why)
    order = re.findall(r"([a-z-]+) (\d+\.\d\d)", why.split("distances: ")[1])
    assert sorted(kind for kind, _ in order) == sorted(TYPES) and order[0][0] == row["type"], why
    for kind, far in order:
        assert abs(float(far) - float(row[f"distance_{kind.replace('-', '_')}"])) < 6e-3, why
    assert row["type"] == row["type_distance_share"]


def check_trace(result, clusters, population):
    trace = rows(result / "trace.csv")
    of_reference = {row["label"]: row for row in clusters if row["year"] == str(YEARS[-1])}
    assert len(trace) == len(clusters)
    for reason, row in zip(trace, clusters):
        for name in ("year", "label", "name", "selected", "type"):
            assert reason[name] == row[name], (name, reason, row)
        check_selection(reason["why_selected"], row, clusters, of_reference)
        check_type(reason["why_type"], row, population)
    return len({re.sub(r"[\d.+-]+", "", row["why_selected"]) for row in trace})


def check_panel(result, clusters):
    """Each agglomeration of the reference year in each year, as clusters.csv has it."""
    panel = rows(result / "panel.csv")
    now = [row for row in clusters if row["year"] == "2020"]
    before = {row["reference_label"]: row for row in clusters if row["year"] == "2010"}
    turnover = {(row["label_a"], row["label_b"]): row for row in rows(result / "matches.csv")}
    changes = ["firms_stayed", "firms_left", "firms_entered", "links_kept", "links_lost",
               "links_new"]
    assert [(row["reference_label"], row["year"]) for row in panel] == \
        [(row["label"], str(year)) for row in now for year in YEARS]
    for earlier, later, row in zip(panel[::2], panel[1::2], now):
        assert earlier["reference_name"] == later["reference_name"] == row["name"]
        then = before.get(row["label"], {})
        figures = set(earlier) & set(row) - {"year", "reference_label"}
        assert len(figures) > 25 and all(later[name] == row[name] for name in figures)
        assert all(earlier[name] == then.get(name, "") for name in figures), (earlier, then)
        assert all(earlier[name] == "" for name in changes)
        expected = turnover[then["label"], row["label"]] if then else {}
        assert all(later[name] == expected.get(name, "") for name in changes), later
    assert any(row["links_lost"] not in ("", "0") for row in panel)


def check_concordance(program, folder, study, plain):
    """A year in another revision of the industry codes gives what the same revision gives."""
    first = rows(folder / "firms_2010.csv")
    codes = sorted({row["industry"] for row in first})
    split, kept = codes[0], codes[-1]
    old = {code: f"Z{9000 + k}" for k, code in enumerate(codes)} | {kept: kept}
    older = folder / "older"
    older.mkdir()
    write_table(older / "from_to.csv", ["from", "note", "to"],
                [[old[code], "", code] for code in codes if code != kept] + [["Z1", "", split]])
    for row in first[::2]:  # the first code comes from two
        old_code = old[row["industry"]]
        row["industry"] = "Z1" if row["industry"] == split else old_code
    for row in first[1::2]:
        row["industry"] = old[row["industry"]]
    write_table(older / "firms_2010.csv", list(first[0]), [list(row.values()) for row in first])
    for name in ("trade_2010.csv", "firms_2020.csv", "trade_2020.csv"):
        (older / name).write_bytes((folder / name).read_bytes())
    (older / "study.toml").write_text(study + '[input.concordance]\n2010 = "from_to.csv"\n')
    done = run_well(program, "run", older / "study.toml", "-o", older / "out", ranks=2)
    assert f"{len(codes)} of {len(codes) + 1} industry codes are renamed" in done.stderr, done.stderr
    for name in ("clusters.csv", "composition.csv", "panel.csv", "members_2010.csv"):
        assert (older / "out" / name).read_bytes() == (plain / name).read_bytes(), name
    done = run_well(program, "run", older / "study.toml", "-o", older / "out", "--resume")
    assert re.findall(r"import (\d+) is kept", done.stderr) == ["2010", "2020"], done.stderr
    write_table(older / "twice.csv", ["from", "to"], [["A", "B"], ["A", "C"]])
    bad = run(program, "import", older / "firms_2010.csv", "--year", 2010, "--concordance",
              older / "twice.csv", "-o", older / "no.h5", ranks=2)
    assert bad.returncode == 2 and "stands there twice" in bad.stderr, bad.stderr
    assert not (older / "no.h5").exists()


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    tool = pathlib.Path(__file__).parent / "support" / "small_network.py"
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        subprocess.run([sys.executable, tool, folder, "--firms", "2500"], check=True)
        for population in ("all", "selected"):
            (folder / "study.toml").write_text(STUDY.replace("POPULATION", population))
            result = folder / population
            run_well(program, "run", folder / "study.toml", "-o", result, ranks=3)
            clusters = rows(result / "clusters.csv")
            kinds = check_trace(result, clusters, population)
            check_panel(result, clusters)
            assert kinds > 3, f"only {kinds} kinds of reasons: little is tested"
        for year in YEARS:
            read = Year(folder, result, year)
            own = read.of(clusters, year)
            check_industries(read, own)
            check_reach(read, own)
            check_margins(result, year, read, own)
        check_concordance(program, folder, (folder / "study.toml").read_text(), result)
    print(f"{len(clusters)} agglomerations of two years fit their inputs and their reasons")


if __name__ == "__main__":
    main()
