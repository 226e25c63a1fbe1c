#!/usr/bin/env python3
"""The converters of the demonstration, on tables small enough to check by eye, and its fallback."""

import csv
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DEMO = ROOT / "app" / "demo"
sys.path.insert(0, str(DEMO))

import airports  # noqa: E402
import korea  # noqa: E402
import ror  # noqa: E402


class Airports(unittest.TestCase):
    PLACES = [
        {"iata": "JFK", "name": " John F Kennedy Intl", "city": "New York", "state": "NY",
         "country": "USA", "latitude": "40.6398", "longitude": "-73.7787"},
        {"iata": "HHH", "name": "Hilton Head", "city": "NA", "state": "NA",
         "country": "USA", "latitude": "32.224384", "longitude": "-80.697629"},
        {"iata": "HNL", "name": "Honolulu", "city": "Honolulu", "state": "HI",
         "country": "USA", "latitude": "21.31869", "longitude": "-157.92241"},
        {"iata": "00M", "name": "Thigpen", "city": "Bay Springs", "state": "MS",
         "country": "USA", "latitude": "31.95376", "longitude": "-89.2345"},
    ]
    FLIGHTS = [
        {"origin": "JFK", "destination": "HHH", "count": "3"},
        {"origin": "JFK", "destination": "HNL", "count": "7"},
    ]

    def test_keeps_served_airports_of_the_contiguous_states(self):
        firms, trade, far_airports, far_flights = airports.convert(self.PLACES, self.FLIGHTS)
        self.assertEqual(firms, [["JFK", "-73.7787", "40.6398", "NY", "John F Kennedy Intl"],
                                 ["HHH", "-80.697629", "32.224384", "", "Hilton Head"]])
        self.assertEqual(trade, [["JFK", "HHH", "3", "3"]])
        self.assertEqual((far_airports, far_flights), (1, 1))


class Ror(unittest.TestCase):
    def test_keeps_europe_and_each_tie_once(self):
        place = {"city": "", "established": ""}
        organisations = [
            {"id": "0a", "lon": "2.3", "lat": "48.8", "type": "funder", "country": "FR",
             "name": "A, b", **place},
            {"id": "0b", "lon": "2.4", "lat": "48.9", "type": "facility", "country": "FR",
             "name": "B", **place},
            {"id": "0c", "lon": "-77.0", "lat": "38.9", "type": "other", "country": "US",
             "name": "C", **place},
        ]
        ties = [{"source": s, "target": t, "rel": rel} for s, t, rel in
                [("0b", "0a", "parent"), ("0a", "0b", "child"), ("0c", "0a", "related")]]
        firms, trade = ror.convert(organisations, ties)
        self.assertEqual(firms, [["0a", "2.3", "48.8", "U", "FR", "A, b"],
                                 ["0b", "2.4", "48.9", "F", "FR", "B"]])
        self.assertEqual(trade, [["0b", "0a"]])

    def test_every_type_has_a_letter_of_its_own(self):
        self.assertEqual(len(set(ror.TYPES.values())), len(ror.TYPES))


class Korea(unittest.TestCase):
    def test_keeps_every_flow(self):
        places = [{"SiGun_CD": "11", "SiGun_NM": "Seoul", "lon": "126.99", "lat": "37.55"},
                  {"SiGun_CD": "31010", "SiGun_NM": "Suwon", "lon": "127.0", "lat": "37.3"}]
        flows = [{"source": "11", "target": "31010", "trips": "0.5"}]
        firms, trade = korea.convert(places, flows)
        self.assertEqual(firms, [["11", "126.99", "37.55", "11", "Seoul"],
                                 ["31010", "127.0", "37.3", "31", "Suwon"]])
        self.assertEqual(trade, [["11", "31010", "0.5"]])


class Driver(unittest.TestCase):
    def run_demo(self, folder, *arguments, path=os.environ["PATH"]):
        environment = {**os.environ, "DEMO_OUTPUT": str(folder), "PATH": path,
                       "TRADEGRAPH": "true", "TRADEGRAPH_SHARED_DATA": str(folder / "nowhere")}
        return subprocess.run([DEMO / "run.sh", *arguments], env=environment, text=True,
                              capture_output=True, check=False)

    def test_unknown_name(self):
        with tempfile.TemporaryDirectory() as folder:
            result = self.run_demo(Path(folder), "mars")
        self.assertEqual(result.returncode, 2)
        self.assertIn("nation, airports, ror, korea, small", result.stderr)

    def test_says_which_input_is_absent(self):
        with tempfile.TemporaryDirectory() as folder:
            result = self.run_demo(Path(folder), "ror")
        self.assertEqual(result.returncode, 77)
        self.assertIn("nowhere/ror_orgs is not on this machine", result.stderr)

    def test_runs_on_a_made_up_nation_when_the_package_cannot_be_fetched(self):
        with tempfile.TemporaryDirectory() as folder:
            tools = Path(folder) / "tools"
            tools.mkdir()
            for name, status in [("npm", 1), ("mpirun", 0)]:
                (tools / name).write_text(f"#!/bin/sh\nexit {status}\n", encoding="utf-8")
                (tools / name).chmod(0o755)
            result = self.run_demo(Path(folder), "airports", path=f"{tools}:{os.environ['PATH']}")
            self.assertIn("no network?", result.stderr)
            self.assertIn("small made-up nation", result.stderr)
            with open(Path(folder) / "small" / "trade_2020.csv", encoding="utf-8") as file:
                self.assertGreater(len(list(csv.reader(file))), 5000)

    def test_refuses_a_package_that_is_not_the_pinned_one(self):
        with tempfile.TemporaryDirectory() as folder:
            cache = Path(folder) / "cache"
            cache.mkdir()
            archive = cache / "vega-datasets-3.2.1.tgz"
            archive.write_bytes(b"something else")
            tools = Path(folder) / "tools"
            tools.mkdir()
            (tools / "mpirun").write_text("#!/bin/sh\n", encoding="utf-8")
            (tools / "mpirun").chmod(0o755)
            result = self.run_demo(Path(folder), "airports", path=f"{tools}:{os.environ['PATH']}")
            self.assertIn("not the file that was pinned", result.stderr)
            self.assertFalse(archive.exists())


if __name__ == "__main__":
    unittest.main()
