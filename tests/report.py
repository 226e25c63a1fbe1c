#!/usr/bin/env python3
"""report.html holds what the CSV files hold, cell by cell, and asks for nothing outside itself.

usage: report.py PROGRAM
"""
import csv
import json
import pathlib
import subprocess
import sys
import tempfile
from collections import Counter
from contextlib import chdir
from html.parser import HTMLParser
from math import floor

from support.program import run_well, table

SUPPORT = pathlib.Path(__file__).resolve().parent / "support"
STUDY = """[study]
years = [2010, 2020]
[input]
firms = "firms_{year}.csv"
trade = "trade_{year}.csv"
[identify]
eps = 1500
min_firms = 6
[select]
min_nodes = 5
min_links = 3
"""
WHOLE = ["clusters", "intercluster", "intercluster_nodes", "matches", "gatekeepers",
         "places", "trace"]
TEXT = {"id", "name", "group", "region", "code", "kind", "event", "type", "name_a", "name_b",
        "missing_indicators", "why_selected", "why_type"}
TOWN = '</script><!--data--> "old", mill & town'  # whatever a region may be called


class Page(HTMLParser):
    """The embedded data, the style sheets, and every attribute that could fetch something."""

    def __init__(self, text):
        super().__init__()
        self.data, self.style, self.references, self.policy, self.inside = "", "", [], "", None
        self.scripts = 0
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.references += [value for name, value in attributes
                            if name in ("src", "href", "srcset", "data", "action", "poster")]
        if given.get("http-equiv") == "Content-Security-Policy":
            self.policy = given["content"]
        self.scripts += tag == "script"
        self.inside = given.get("id") if tag == "script" else tag if tag == "style" else None

    def handle_endtag(self, tag):
        self.inside = None

    def handle_data(self, text):
        if self.inside == "data":
            self.data += text
        if self.inside == "style":
            self.style += text


def check_alone(page):
    outside = [reference for reference in page.references if not reference.startswith("#")]
    assert not outside, f"the page refers to {outside}"
    assert "url(" not in page.style and "@import" not in page.style, "the style sheet fetches"
    assert page.policy.startswith("default-src 'none'"), "browsers are not told to fetch nothing"
    for allowed in page.policy.split(";"):
        assert "http" not in allowed and "*" not in allowed, f"{allowed} lets fetch"


def same_cell(column, cell, value):
    if cell == "":
        return value is None
    if column in TEXT or column.startswith("type_"):
        return value == cell
    return not isinstance(value, str) and value == float(cell)


def check_rows(name, embedded, header, rows):
    assert list(embedded["columns"]) == header, f"{name}: {list(embedded['columns'])}"
    assert embedded["rows"] == len(rows), f"{name}: {embedded['rows']} of {len(rows)} rows"
    for at, column in enumerate(header):
        cells = embedded["columns"][column]
        assert len(cells) == len(rows), f"{name}.{column}"
        for line, (row, value) in enumerate(zip(rows, cells)):
            assert same_cell(column, row[at], value), \
                f"{name}.{column}, row {line}: {row[at]!r} became {value!r}"


def check_composition(embedded, folder, most):
    """The codes with the most firms of each cluster and kind, in the order of the file."""
    header, rows = table(folder / "composition.csv")
    firms = header.index("firms")
    clusters = {}
    for at, row in enumerate(rows):
        clusters.setdefault(tuple(row[:3]), []).append((-int(row[firms]), at))
    kept = sorted(at for codes in clusters.values() for _, at in sorted(codes)[:most])
    assert len(kept) < len(rows), "no cluster has more codes than are shown: nothing is tested"
    check_rows("composition", embedded, header, [rows[at] for at in kept])


def check_places(folder):
    """places.csv against a count of the input's firms, cell by cell."""
    header, rows = table(folder / "places.csv")
    for year in sorted({row[0] for row in rows}):
        cells = [dict(zip(header, row)) for row in rows if row[0] == year]
        side = float(cells[0]["side"])
        columns, firms = table(f"firms_{year}.csv")
        places = [(float(row[columns.index("lon")]), float(row[columns.index("lat")]))
                  for row in firms if row[columns.index("lon")]]
        spans = [max(axis) - min(axis) for axis in zip(*places)]
        assert side / 2 < max(spans) / 128 <= side, f"{year}: cells of {side} for {spans} degrees"
        count = Counter((floor(lon / side), floor(lat / side)) for lon, lat in places)
        found = {(floor(float(cell["lon"]) / side), floor(float(cell["lat"]) / side)):
                 int(cell["firms"]) for cell in cells}
        assert found == count and len(cells) == len(count), f"{year}: other cells"
        assert all((float(cell["lon"]) / side) % 1 == 0.5 for cell in cells), "no middles of cells"


def check_folder(page_path, folder, tables):
    text = page_path.read_text(encoding="utf-8")
    page = Page(text)
    check_alone(page)
    data = json.loads(page.data)
    assert sorted(data["tables"]) == sorted([*tables, "composition"]), sorted(data["tables"])
    for name in tables:
        place = folder if (folder / f"{name}.csv").exists() else pathlib.Path("sweep")
        check_rows(name, data["tables"][name], *table(place / f"{name}.csv"))
    check_composition(data["tables"]["composition"], folder, data["codes_shown"])
    assert data["provenance"] == json.loads((folder / "provenance.json").read_text())
    features = json.loads((folder / "clusters.geojson").read_text())["features"]
    assert data["hulls"] == [{"year": f["properties"]["year"], "label": f["properties"]["label"],
                              "geometry": f["geometry"]} for f in features]
    assert data["folder"] == folder.name
    return data, page


def prepare():
    """Two years, one town with a name that would break out of a careless page."""
    subprocess.run([sys.executable, SUPPORT / "small_network.py", ".", "--firms", "700"], check=True)
    for path in pathlib.Path(".").glob("firms_*.csv"):
        header, rows = table(path)
        region, industry = header.index("region"), header.index("industry")
        for at, row in enumerate(rows):
            if row[region] == "old mill town":
                row[region] = TOWN
            row[industry] = f"{row[industry]}{at % 17:02d}"  # many classes a cluster
        with open(path, "w", newline="", encoding="utf-8") as file:
            csv.writer(file, lineterminator="\n").writerows([header, *rows])
    pathlib.Path("study.toml").write_text(STUDY)


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory() as temporary, chdir(temporary):
        prepare()
        run_well(program, "run", "study.toml", "-o", "out", ranks=2)
        data, page = check_folder(pathlib.Path("out/report.html"), pathlib.Path("out"), WHOLE)
        check_places(pathlib.Path("out"))
        regions = data["tables"]["clusters"]["columns"]["region"]
        assert TOWN in regions, "the odd name is not in the results: nothing is tested"
        assert page.scripts == 4, f"{page.scripts} scripts: a name broke out of the data"

        for ranks in (1, 3):
            run_well(program, "report", "out", "-o", "again.html", ranks=ranks)
            assert pathlib.Path("again.html").read_bytes() == \
                pathlib.Path("out/report.html").read_bytes(), f"another page at {ranks} ranks"

        run_well(program, "sweep", "out/2020.h5", "--eps", "500:2000:500", "--min-firms", "5,8",
                 "-o", "sweep")
        run_well(program, "report", "out/", "--sweep", "sweep", "-o", "swept.html")
        data, _ = check_folder(pathlib.Path("swept.html"), pathlib.Path("out"),
                               [*WHOLE, "sweep", "persistence"])
        assert data["sweep_provenance"] == json.loads(
            pathlib.Path("sweep/provenance.json").read_text())

        run_well(program, "diagnose", "out/2020.h5", "--members", "out/members_2020.csv", "-o",
                 "one")
        run_well(program, "report", "one", "-o", "one.html")
        check_folder(pathlib.Path("one.html"), pathlib.Path("one"),
                     [name for name in WHOLE if name != "matches"])
        left = sorted(path.name for path in pathlib.Path(".").glob("*.html*"))
        assert left == ["again.html", "one.html", "swept.html"], left
    print("4 pages hold what their folders hold")


if __name__ == "__main__":
    main()
