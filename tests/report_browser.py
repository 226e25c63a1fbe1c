#!/usr/bin/env python3
"""report.html in a browser: every part is drawn, what is absent is named, nothing on the console.

Skipped (exit 77) where Chromium is not installed.

usage: report_browser.py PROGRAM
"""
import csv
import io
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
from contextlib import chdir
from html.parser import HTMLParser

from report import prepare
from support.program import run_well, table

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--host-resolver-rules=MAP * ~NOTFOUND", "--enable-logging=stderr",
         "--virtual-time-budget=5000"]
EMPTY_TAGS = {"meta", "link", "input", "br", "img", "hr"}


class Drawn(HTMLParser):
    """Counts, by section: elements by "tag" and "parent's class > tag"; the text."""

    def __init__(self, dom):
        super().__init__()
        self.stack, self.count, self.text, self.attributes = [], {}, {}, {}
        self.feed(dom)

    def section(self):
        return next((ident for tag, _, ident in self.stack if tag == "section"), None)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "body":
            self.attributes = given
        parent = self.stack[-1][1] if self.stack else ""
        node = (tag, given.get("class") or "", given.get("id"))
        if tag not in EMPTY_TAGS:
            self.stack.append(node)
        for name in (tag, f"{parent} > {tag}"):
            key = (self.section(), name)
            self.count[key] = self.count.get(key, 0) + 1

    def handle_endtag(self, tag):
        while self.stack and self.stack.pop()[0] != tag:
            pass

    def handle_data(self, text):
        where = self.section()
        self.text[where] = self.text.get(where, "") + text


def opened(browser, page, *flags):
    """The page as the browser has it after its scripts ran. The console must stay empty."""
    with tempfile.TemporaryDirectory() as profile:
        done = subprocess.run([browser, *FLAGS, *flags, f"--user-data-dir={profile}", "--dump-dom",
                               page.resolve().as_uri()], capture_output=True, text=True, timeout=600)
    said = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
    assert done.returncode == 0 and not said, "\n".join([f"exit {done.returncode}", *said])
    drawn = Drawn(done.stdout)
    assert drawn.attributes.get("data-ready") == "yes", f"{page}: the scripts did not end"
    assert "could not be drawn" not in re.sub(r"<script.*?</script>", "", done.stdout, flags=re.S)
    return drawn


def check(drawn, section, name, expected):
    count = drawn.count.get((section, name), 0)
    assert count == expected, f"#{section}: {count} of {expected} {name}"


def selected(folder):
    """Selected clusters of the last year."""
    header, rows = table(folder / "clusters.csv")
    at = {name: column for column, name in enumerate(header)}
    last = max(row[at["year"]] for row in rows)
    return [row for row in rows if row[at["year"]] == last and row[at["selected"]] == "1"], at


def check_study(browser, folder, page):
    clusters, at = selected(folder)
    assert len(clusters) > 3, "too few clusters for this test"
    for width in ("1400,900", "700,900"):
        drawn = opened(browser, page, f"--window-size={width}")
        check(drawn, "map", "marks > path", len(clusters))
        check(drawn, "map", "hulls > path", len(clusters))
        check(drawn, "network", "marks > path", len(clusters))
        with_both = [row for row in clusters if row[at["z_internal_reach"]] and
                     row[at["z_external_reach"]]]
        if "type" not in at:
            check(drawn, "quadrants", "marks > path", len(with_both))
        assert drawn.count[("network", "flows > path")] > 0
        assert drawn.count[("ranks", "path")] > len(clusters) / 2
        assert drawn.count[("tables", "table")] == 4
        assert all(row[at["name"]].split(" #")[0] in drawn.text["tables"] for row in clusters)
        assert "Stages" in drawn.text["provenance"]


# What a reader does: sorts twice, filters, goes to the other year, opens a cluster and closes it.
EXERCISE = """<script>
setTimeout(() => {
  const done = {};
  const rows = (column) => [...document.querySelectorAll("#tables details:first-of-type tbody tr")]
    .map((row) => row.cells[column].textContent);
  const head = (name) => document.querySelector(`#tables th[data-column="${name}"]`);
  const firms = [...head("firms").parentNode.cells].indexOf(head("firms"));
  head("firms").querySelector("button").click();
  done.falling = rows(firms);
  done.sorted = head("firms").getAttribute("aria-sort");
  head("firms").querySelector("button").click();
  done.rising = rows(firms);
  done.focus = document.activeElement.parentNode.dataset.column;
  const search = document.querySelector("#tables input[type=search]");
  const look = (text) => { search.value = text; search.dispatchEvent(new Event("input")); };
  look("no such words");
  done.none = rows(0).length;
  look("");
  document.querySelector('#year-switch input[value="2010"]').click();
  done.marks2010 = document.querySelectorAll("#map .marks path").length;
  done.rows2010 = rows(0);
  document.querySelector("#tables button.link").click();
  done.panel = !document.getElementById("cluster").hidden;
  done.years = [...document.querySelectorAll("#cluster table:first-of-type th[scope=col]")]
    .map((cell) => cell.textContent);
  document.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" }));
  done.closed = document.getElementById("cluster").hidden;
  done.csv = Table.asCsv(["a", "b"], [{ a: 'x, "y"', b: 0.1 }, { a: null, b: -1e-9 }]);
  document.body.dataset.exercise = JSON.stringify(done);
}, 1000);
</script></body>"""


def check_exercise(browser, folder, page):
    copy = pathlib.Path("exercise.html")
    copy.write_text(page.read_text(encoding="utf-8").replace("</body>", EXERCISE), encoding="utf-8")
    done = json.loads(opened(browser, copy).attributes["data-exercise"])
    header, rows = table(folder / "clusters.csv")
    at = {name: column for column, name in enumerate(header)}
    by_year = {year: [row for row in rows if row[at["year"]] == year] for year in ("2010", "2020")}
    firms = sorted((int(row[at["firms"]]) for row in by_year["2020"]), reverse=True)
    shown = [f"{number:,}" for number in firms]
    assert done["falling"] == shown[:25] and done["sorted"] == "descending", done["falling"]
    assert done["rising"] == shown[::-1][:25] and done["focus"] == "firms", done["rising"]
    assert done["none"] == 0
    assert done["rows2010"] == ["2010"] * min(25, len(by_year["2010"]))
    assert done["marks2010"] == sum(row[at["selected"]] == "1" for row in by_year["2010"])
    assert done["panel"] and done["closed"] and "2010" in done["years"], done
    read = list(csv.reader(io.StringIO(done["csv"], newline="")))
    assert read == [["a", "b"], ['x, "y"', "0.1"], ["", "-1e-9"]], done["csv"]


def check_sweep(browser, page):
    _, rows = table("sweep/sweep.csv")
    drawn = opened(browser, page)
    boxes = drawn.count[("sweep", "rect")]
    assert boxes in (len(rows), len(rows) + 1), f"{boxes} cells for {len(rows)} settings"


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if not browser:
        print("skipped: chromium is not installed")
        sys.exit(77)
    with tempfile.TemporaryDirectory() as temporary, chdir(temporary):
        prepare()
        run_well(program, "run", "study.toml", "-o", "out")
        check_study(browser, pathlib.Path("out"), pathlib.Path("out/report.html"))
        check_exercise(browser, pathlib.Path("out"), pathlib.Path("out/report.html"))
        run_well(program, "sweep", "out/2020.h5", "--eps", "500:2000:500", "--min-firms", "5,8",
                 "-o", "sweep")
        run_well(program, "report", "out", "--sweep", "sweep", "-o", "swept.html")
        check_sweep(browser, pathlib.Path("swept.html"))
        run_well(program, "diagnose", "out/2020.h5", "--members", "out/members_2020.csv", "-o",
                 "one")
        run_well(program, "report", "one", "-o", "one.html")
        drawn = opened(browser, pathlib.Path("one.html"))
        assert "of one year" in drawn.text["ranks"], drawn.text["ranks"]
        assert "no sweep.csv" in drawn.text["sweep"], drawn.text["sweep"]
        assert "no matches.csv" in drawn.text["tables"]
    print("3 pages are drawn, at two widths, and used, without a word on the console")


if __name__ == "__main__":
    main()
