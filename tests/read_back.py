"""Reads the files that tests/writers_test.cpp leaves with other programs: h5py, csv, networkx, igraph.

Exit code 77 (skipped) where a reader is not installed.
"""
import csv
import math
import os
import subprocess
import sys

try:
    import h5py
    import igraph
    import networkx
    import numpy
except ImportError as error:
    print("skipped:", error)
    sys.exit(77)


def texts(offsets, data):
    raw = data[:].tobytes()
    at = offsets[:]
    return [raw[a:b].decode() for a, b in zip(at[:-1], at[1:])]


def check_snapshot(path):
    with h5py.File(path, "r") as file:
        firms, trade = file["firms"], file["trade"]
        ids = texts(firms["id_offsets"], firms["id_bytes"])
        assert len(ids) == 240 and ids[3] == "회사-3" and ids[4] == "0052", ids[:5]
        assert file.attrs["tradegraph_schema"] == 1 and file.attrs["year"] == 2020
        assert file.attrs["planar_crs"].decode().startswith("+proj=laea")
        assert len(file.attrs["digest"]) == 32
        assert numpy.isnan(firms["x"][5]) and firms["lon"][0] >= 120
        industry = file["dictionaries/industry"]
        assert texts(industry["offsets"], industry["bytes"]) == ["C10", "C11", "J62"]
        assert list(firms["industry"][:5]) == [-1, 0, 1, 2, -1]
        assert firms["매출%2F2010"].attrs["column"].decode() == "매출/2010"
        assert firms["매출%2F2010"][10] == 1.0 and firms["%78"][7] == -7
        rows, columns = trade["row_pointers"][:], trade["columns"][:]
        assert rows[0] == 0 and rows[-1] == len(columns) == file.attrs["links"]
        supplier = numpy.repeat(numpy.arange(240), numpy.diff(rows))
        assert numpy.array_equal(trade["amount"][:], supplier + 0.25 * columns)
        assert file["dropped"].attrs["self_trade"] == 3
        assert file["inputs/0"].attrs["path"].decode() == "firms 가.csv"


def check_results(path):
    with h5py.File(path, "r") as file:
        table = file["odd"]
        assert table.attrs["rows"] == 5
        assert texts(table["id, text/offsets"], table["id, text/bytes"])[4] == "두\n줄"
        assert table["n"][1] == numpy.iinfo(numpy.int64).min and math.isnan(table["x"][1])


def check_csv(path):
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["id, text", "n", "x"]
    assert [row[0] for row in rows[1:]] == ["007", "a,b", '"q"', "", "두\n줄"]
    assert rows[2][1:] == ["", ""] and float(rows[5][2]) == 5e-324


def check_graphml(path):
    graph = networkx.read_graphml(path)
    assert graph.is_directed() and sorted(graph.nodes) == ["-1", "0", "1"]
    assert graph.nodes["0"]["name"] == "A & <B>" and graph.nodes["1"]["name"] == '"서울" tab\there'
    assert graph.nodes["-1"]["pagerank"] == 0.25 and "pagerank" not in graph.nodes["1"]
    assert graph.edges["1", "-1"] == {"links": 5, "amount": 1e9}
    assert "amount" not in graph.edges["1", "1"]
    other = igraph.Graph.Read_GraphML(path)
    assert other.is_directed() and other.vcount() == 3 and other.es["links"] == [3, 4, 5]


def main(program, folder):
    environment = dict(os.environ, TRADEGRAPH_TEST_OUTPUT=folder)
    subprocess.run(program + ["--gtest_filter=Writers.FilesForOtherReaders"], check=True,
                   env=environment, stdout=subprocess.DEVNULL)
    check_snapshot(os.path.join(folder, "snapshot.h5"))
    check_results(os.path.join(folder, "results.h5"))
    check_csv(os.path.join(folder, "odd.csv"))
    check_graphml(os.path.join(folder, "network.graphml"))
    listing = subprocess.run(["h5ls", "-r", os.path.join(folder, "snapshot.h5")],
                             capture_output=True, text=True)
    assert listing.returncode == 0 and "/trade/row_pointers" in listing.stdout
    print("all files read back")


if __name__ == "__main__":
    main(sys.argv[2:], sys.argv[1])
