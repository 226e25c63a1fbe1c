#!/usr/bin/env python3
"""Checks what `diagnose` says of firms' attributes against plain sums over the input files.

Competitiveness and heterophily in clusters.csv, and gatekeepers.csv, are recomputed from the CSV
files: means and ratios by math.fsum, links between classes by networkx's mixing matrix, partners
inside and outside by networkx's neighbours. A network without such columns has empty cells.

usage: attribute_outputs.py PROGRAM
Exit 77 = skipped (no networkx).
"""
import math
import pathlib
import subprocess
import sys
import tempfile
from contextlib import chdir

from support.program import run_well, table, write_table

try:
    import networkx
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

YEAR = 2020
FIGURES = {  # numerator, denominator, scale, shift
    "employees_per_firm": ("employees", None, 1, 0),
    "employment_growth_1y_pct": ("employees", "employees_1", 100, -100),
    "employment_growth_2y_pct": ("employees", "employees_2", 100, -100),
    "revenue_per_firm": ("revenue", None, 1, 0),
    "net_income_per_firm": ("net_income", None, 1, 0),
    "operating_income_per_firm": ("operating_income", None, 1, 0),
    "value_added_per_firm": ("value_added", None, 1, 0),
    "patents_per_firm": ("patents", None, 1, 0),
    "iso_per_firm": ("iso", None, 1, 0),
    "rnd_pct_of_revenue": ("rd", "revenue", 100, 0),
    "tangible_asset_pct": ("tangible_assets", "assets", 100, 0),
    "intangible_asset_pct": ("intangible_assets", "assets", 100, 0),
    "labour_productivity": ("value_added", "employees", 1, 0)}
SHARES = {"suspended_or_closed_share": "inactive", "startup_share": "startup"}
HETEROPHILY = {"heterophily_group": "group", "heterophily_size": "size", "heterophily_age": "age"}


def number(text):
    return float(text) if text else None


def class_of(value, starts):
    """How many classes start at or below `value`, from 0."""
    if value is None or value < 0:
        return None
    return sum(value >= start for start in starts)


def read_firms(path):
    header, rows = table(path)
    firms = {}
    for row, cells in enumerate(rows):
        firm = {name: cell if name in ("id", "status", "industry", "region") else number(cell)
                for name, cell in zip(header, cells)}
        firm["row"] = row
        if "total_assets" in firm:
            firm["assets"] = firm["total_assets"]
        elif None not in (firm.get("tangible_assets"), firm.get("intangible_assets")):
            firm["assets"] = firm["tangible_assets"] + firm["intangible_assets"]
        founded = firm.get("founded")
        age = YEAR - founded if founded is not None and founded <= YEAR else None
        firm["age"] = class_of(age, [4, 8, 20])
        firm["size"] = class_of(firm.get("employees"), [5, 10, 50, 300])
        firm["startup"] = None if age is None else float(age <= 7)
        status = (firm.get("status") or "").lower()
        firm["inactive"] = {"open": 0.0, "suspended": 1.0, "closed": 1.0}.get(status)
        firms[firm["id"]] = firm
    return firms


def close(cell, value):
    if value is None:
        return cell == ""
    return cell != "" and abs(float(cell) - value) <= 1e-9 * (1 + abs(value))


def check_figure(row, name, members, spec):
    above, below, scale, shift = spec
    known = [firm for firm in members if firm.get(above) is not None and
             (below is None or (firm.get(below) or 0) > 0)]
    values = [scale * firm[above] / (firm[below] if below else 1) + shift for firm in known]
    mean = math.fsum(values) / len(values) if values else None
    of_sums = None
    if known:
        divisor = math.fsum(firm[below] for firm in known) if below else len(members)
        of_sums = scale * math.fsum(firm[above] for firm in known) / divisor + shift
    assert close(row[name], mean), f"{name}: {row[name]} against {mean}"
    assert close(row[name + "_of_sums"], of_sums), f"{name}: {row[name + '_of_sums']}, {of_sums}"
    assert row[name + "_reporting"] == str(len(known)), name
    if name == "employees_per_firm":
        assert close(row["employees"], math.fsum(firm[above] for firm in known) if known else None)


def check_heterophily(row, members, trade):
    for name, attribute in HETEROPHILY.items():
        known = [firm["id"] for firm in members if firm.get(attribute) is not None]
        mixing = networkx.attribute_mixing_matrix(trade.subgraph(known), attribute,
                                                  normalized=False)
        links = mixing.sum()
        expected = (links - mixing.trace()) / links if links else None
        assert close(row[name], expected), f"{name}: {row[name]} against {expected}"


def expected_gatekeepers(members, partners, top):
    inside = {firm["id"] for firm in members}
    scored = []
    for firm in members:
        near = list(partners.neighbors(firm["id"]))
        k, k_in = len(near), sum(other in inside for other in near)
        score = round(min(k_in / k, (k - k_in) / k) * k) if k else 0
        if score:
            scored.append((-score, firm["row"], [firm["id"], k, k_in, k - k_in, score]))
    return [[rank, *row] for rank, (_, _, row) in enumerate(sorted(scored)[:top], 1)]


def check_gatekeepers(path, clusters, partners, top):
    header, rows = table(path)
    assert header == ["year", "label", "rank", "id", "degree", "inside", "outside", "score"], header
    expected = [[str(cell) for cell in (YEAR, label, *row)] for label, members in clusters.items()
                for row in expected_gatekeepers(members, partners, top)]
    assert rows == expected, [pair for pair in zip(rows, expected) if pair[0] != pair[1]][:3]
    return len(rows)


def network_of(firms, path):
    trade = networkx.DiGraph()
    for firm in firms.values():
        trade.add_node(firm["id"], **{name: firm[name] for name in HETEROPHILY.values()
                                      if firm.get(name) is not None})
    for supplier, buyer, *_ in table(path)[1]:
        if supplier != buyer:
            trade.add_edge(supplier, buyer)
    return trade


def check(program, firms_path, top, ranks):
    """How many figures were compared."""
    run_well(program, "import", firms_path, "trade_2020.csv", "--year", YEAR, "-o", "n.h5")
    run_well(program, "diagnose", "n.h5", "--members", "members.csv", "--gatekeepers", top, "-o",
             "out", ranks=ranks)
    firms = read_firms(firms_path)
    _, members = table("members.csv")
    clusters = {}
    for identity, label, _, group in members:
        firms[identity]["group"] = group or None
        if label != "-1":
            clusters.setdefault(int(label), []).append(firms[identity])
    clusters = dict(sorted(clusters.items()))
    trade = network_of(firms, "trade_2020.csv")
    header, rows = table("out/clusters.csv")
    assert len(rows) == len(clusters) > 2
    for cells, members in zip(rows, clusters.values()):
        row = dict(zip(header, cells))
        for name, spec in FIGURES.items():
            check_figure(row, name, members, spec)
        for name, attribute in SHARES.items():
            known = [firm[attribute] for firm in members if firm[attribute] is not None]
            assert close(row[name], math.fsum(known) / len(known) if known else None), name
            assert row[name + "_reporting"] == str(len(known)), name
        check_heterophily(row, members, trade)
    listed = check_gatekeepers("out/gatekeepers.csv", clusters, trade.to_undirected(), top)
    assert listed > 0 or top == 0
    return len(rows) * (3 * len(FIGURES) + 8) + listed


def check_without_columns(program):
    header, rows = table("firms_2020.csv")
    kept = [header.index(name) for name in ("id", "lon", "lat")]
    write_table("bare.csv", [header[at] for at in kept], [[row[at] for at in kept] for row in rows])
    run_well(program, "import", "bare.csv", "trade_2020.csv", "--year", YEAR, "-o", "bare.h5")
    run_well(program, "diagnose", "bare.h5", "--members", "members.csv", "-o", "out", ranks=2)
    header, rows = table("out/clusters.csv")
    names = ["employees", "heterophily_size", "heterophily_age"]
    for name in [*FIGURES, *SHARES]:
        names += [name, name + "_reporting"]
    for row in rows:
        filled = [name for name in names if row[header.index(name)] != ""]
        assert not filled, f"not empty without their columns: {filled}"


def odd_cells(rows, header):
    """Zero and negative values, a founding after the year, a status that is none of the three or in
    capitals."""
    for at, (name, cell) in enumerate([("employees_1", "0"), ("revenue", "-5.5"),
                                       ("founded", "2031"), ("status", "dormant"),
                                       ("status", "CLOSED"), ("employees", "0")]):
        for row in rows[at::13]:
            row[header.index(name)] = cell
    return rows


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    tool = pathlib.Path(__file__).resolve().parent / "support" / "small_network.py"
    with tempfile.TemporaryDirectory() as name, chdir(name):
        subprocess.run([sys.executable, tool, ".", "--firms", "700"], check=True)
        header, rows = table("firms_2020.csv")
        write_table("odd.csv", header, odd_cells(rows, header))
        without = header.index("total_assets")
        write_table("without_total.csv", header[:without] + header[without + 1:],
                    [row[:without] + row[without + 1:] for row in table("firms_2020.csv")[1]])
        run_well(program, "import", "firms_2020.csv", "trade_2020.csv", "--year", YEAR, "-o",
                 "n.h5")
        run_well(program, "identify", "n.h5", "--eps", 1500, "--min-firms", 6, "-o", "members.csv")
        count = sum(check(program, path, top, ranks) for path, top, ranks in
                    (("firms_2020.csv", 10, 1), ("odd.csv", 3, 3), ("without_total.csv", 0, 2)))
        check_without_columns(program)
    print(f"{count} figures are those of the input files")


if __name__ == "__main__":
    main()
