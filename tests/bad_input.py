#!/usr/bin/env python3
"""What the program says of bad input tables, and that it takes input which is odd but good.

Bad input ends with exit code 2 and one message that names file, line, column and value, alike at 1
and 3 ranks, and leaves nothing behind: no output under its final name, none under a temporary one.
`bad_files.py` asks the same of all other files, `usage_errors.py` of settings.

usage: bad_input.py PROGRAM
"""
import csv
import pathlib
import re
import subprocess

from support.program import ENVIRONMENT, run, run_well, table
from support.refusals import GOOD, IMPORT, check, judge, listing, put

try:
    import h5py
except ImportError:
    h5py = None
    print("no h5py: the counts of dropped rows are not read from the snapshot")

RANKS = (1, 3)


def firms(program):
    header = "id,lon,lat,employees\ng,127,37,1\n"
    rows = {  # a bad third line, and what is said of it
        "lon": ("b,181.2,37,1", "column 'lon': '181.2' is not between -180 and 180"),
        "lat": ("b,127,-90.5,1", "column 'lat': '-90.5' is not between -90 and 90"),
        "word": ("b,east,37,1", "column 'lon': 'east' is not a number"),
        "comma": ('b,"127,5",37,1', "column 'lon': '127,5' is not a number"),
        "nan": ("b,nan,37,1", "column 'lon': 'nan' is not a finite number"),
        "half": ("b,,37,1", "column 'lon' is empty although column 'lat' is not"),
        "number": ("b,127,37,many", "column 'employees': 'many' is not a number"),
        "infinite": ("b,127,37,-inf", "column 'employees': '-inf' is not a finite number"),
        "no_id": (",127,37,1", "column 'id' is empty"),
        "double": ("g,128,37,1", "column 'id': 'g' is already on line 2"),
        "short": ("b,127,37", "the row has 3 cells, the header 4"),
        "long": ("b,127,37,1,2", "the row has 5 cells, the header 4"),
        "stray": ('b"b",127,37,1', "column 'id': 'b' has a misplaced quote beside it"),
        "open": ('b,"127,37,1', "column 'lon': '127,37,1' is followed by a quote that is never"),
    }
    for name, (row, text) in rows.items():
        file = put(f"{name}.csv", f"{header}{row}\n")
        yield [*IMPORT, file], [f"{file}: 1 bad row\n", f"{file}:3: {text}"]
    codes = header.replace("employees", "industry").encode()
    for name, row, column, value in (("id", b"\xc3\x28,127,37,1", "id", "\\xc3("),
                                     ("code", b"b,127,37,C\xff1", "industry", "C\\xff1"),
                                     ("surrogate", b"b,127,37,\xed\xa0\x80", "industry", "\\xed")):
        file = put(f"utf8_{name}.csv", codes + row + b"\n")
        yield [*IMPORT, file], [f"{file}:3: column '{column}': '{value}", "is not valid UTF-8"]
    metres = put("metres.csv", "id,x,y\na,1,2\nb,3e9,4\n")
    yield [*IMPORT, metres], ["metres.csv:3: column 'x': '3e9' is not between -1e9 and 1e9"]


def firm_files(program):
    files = {
        "empty": ("", "the file is empty"),
        "mark": ("\ufeff", "has no header"),
        "blank": ("\n\r\n", "has no header"),
        "header": ("id,lon,lat\n", "there are no firms"),
        "no_id": ("code,lon,lat\n1,127,37\n", "has no column 'id'; its columns: code, lon, lat"),
        "capital": ("ID,lon,lat\n1,127,37\n", "has no column 'id' (did you mean 'ID'?)"),
        "place": ("id,industry\n1,C\n", "has no place: neither columns 'lon', 'lat' nor 'x', 'y'"),
        "half": ("id,lon\n1,127\n", "has no column 'lat'"),
        "twice": ("id,lon,lat,id\n1,127,37,1\n", "the header names column 'id' twice"),
        "bytes": (b"id,lon,lat,\xff\n1,127,37,1\n", "the header is not valid UTF-8"),
        "quote": ('id,lon,"lat\n1,127,37\n', "the header has a misplaced quote"),
        "wide": ("id,lon,lat\na,-179,80\nb,0,-80\nc,100,0\n", "distorts lengths"),
    }
    for name, (content, text) in files.items():
        file = put(f"{name}.csv", content)
        yield [*IMPORT, file], [f"{file}:" if name != "wide" else "projection", text]
    put("good.csv", GOOD)
    yield [*IMPORT, "."], [".: is a folder, not a file"]
    yield [*IMPORT, "good.csv", "gone.csv"], ["gone.csv: cannot be opened"]
    yield [*IMPORT, "good.csv", "--crs", "EPSG:5179"], ["good.csv", "projected"]
    yield [*IMPORT, "good.csv", "--crs", "EPSG:1"], ["EPSG:1"]
    for name in ("foo", "wgs", "tokyo", "WGS 84"):  # PROJ finds a system for each
        yield [*IMPORT, "good.csv", "--crs", name], [f"'{name}' is no coordinate reference system"]
        yield [*IMPORT, "good.csv", "--project", name], [f"'{name}' is no coordinate"]
    yield [*IMPORT, "good.csv", "--project", "EPSG:4326"], ["degrees"]
    yield [*IMPORT, "good.csv", "--rejects", "r.csv"], ["skipped"]
    maps = {
        "syntax": ("[firms\n", "syntax.toml:1: "),
        "name": ('[firms]\nid = "id"\nemployes = "e"\n', "name.toml:3: [firms] has an unknown name"),
        "table": ('[firm]\nid = "id"\n', "table.toml:1: unknown table 'firm'"),
        "type": ("[trade]\nbuyer = 3\n", "type.toml:2: 'buyer' is not the name of a column"),
        "lack": ('[firms]\nregion = "area"\n', "has no column 'area' for 'region'"),
    }
    for name, (content, text) in maps.items():
        yield [*IMPORT, "good.csv", "--columns", put(f"{name}.toml", content)], [text]


def trade(program):
    put("firms.csv", GOOD)
    rows = {
        "unknown": ("a,nobody,1,1", "column 'buyer': 'nobody' is not among the firms"),
        "case": ("A,b,1,1", "column 'supplier': 'A' is not among the firms"),
        "space": ("a, b,1,1", "column 'buyer': ' b' is not among the firms"),
        "no_id": (",b,1,1", "column 'supplier' is empty"),
        "negative": ("a,b,-0.5,1", "column 'amount': '-0.5' is negative"),
        "count": ("a,b,1,-3", "column 'count': '-3' is negative"),
        "infinite": ("a,b,inf,1", "column 'amount': 'inf' is not a finite number"),
        "nan": ("a,b,1,nan", "column 'count': 'nan' is not a finite number"),
        "huge": ("a,b,1e400,1", "column 'amount': '1e400' is not a finite number"),
        "word": ("a,b,1 000,1", "column 'amount': '1 000' is not a number"),
        "short": ("a,b,1", "the row has 3 cells, the header 4"),
        "long": ("a,b,1,1,", "the row has 5 cells, the header 4"),
        "open": ('a,"b,1,1', "column 'buyer': 'b,1,1' is followed by a quote that is never closed"),
        "stray": ('a,"b"c,1,1', "column 'buyer': 'b' has a misplaced quote beside it"),
    }
    for name, (row, text) in rows.items():
        file = put(f"{name}.csv", f"supplier,buyer,amount,count\n\"a\",b,1,1\n{row}\n")
        yield [*IMPORT, "firms.csv", file], [f"{file}: 1 bad row\n", f"{file}:3: {text}"]
    put("utf8.csv", b"supplier,buyer\na,b\na,\xff\n")
    yield [*IMPORT, "firms.csv", "utf8.csv"], ["utf8.csv:3: column 'buyer': '\\xff' is not valid"]
    put("column.csv", "supplier,by\na,b\n")
    yield [*IMPORT, "firms.csv", "column.csv"], ["column.csv: has no column 'buyer'"]
    put("none.csv", "")
    yield [*IMPORT, "firms.csv", "none.csv"], ["none.csv: the file is empty"]
    put("two.csv", "id,lon,lat\na,x,37\nb,127,37\n")
    put("both.csv", "supplier,buyer,amount\nb,nobody,1\na,b,-1\n,b,1\na,b,1\n")
    yield [*IMPORT, "two.csv", "both.csv"], [
        "two.csv: 1 bad row\n", "two.csv:2: column 'lon'", "both.csv: 2 bad rows\n",
        "both.csv:3: column 'amount': '-1' is negative", "both.csv:4: column 'supplier' is empty"]
    yield [*IMPORT, "two.csv", "column.csv"], ["two.csv:2:", "column.csv: has no column 'buyer'"]
    put("sum.csv", "supplier,buyer,amount\na,b,1e308\na,b,1e308\n")
    yield [*IMPORT, "firms.csv", "sum.csv"], ["amounts that supplier 'a' has with one buyer"]


def bad_csv(program):
    files = {
        "empty.csv": (b"", ["empty"]),
        "no_id.csv": (b"code,lon,lat\n1,127,37\n", ["'id'", "code"]),
        "twice.csv": (b"id,lon,lat\na,127,37\nb,127,37\na,127,37\n", ["twice.csv:4", "'a'"]),
        "range.csv": (b"id,lon,lat\na,127,37\nb,127,97\n", ["range.csv:3", "lat", "97"]),
        "word.csv": (b"id,lon,lat\na,east,37\n", ["word.csv:2", "lon", "east"]),
        "utf8.csv": (b"id,lon,lat\n\xff\xfe,127,37\n", ["utf8.csv:2", "UTF-8"]),
        "quote.csv": (b'id,lon,lat\n"a,127,37\n', ["quote.csv"]),
    }
    for name, (content, texts) in files.items():
        pathlib.Path(name).write_bytes(content)
        yield [*IMPORT, name], texts
    firms = "firms_2020.csv"
    trades = {
        "unknown.csv": ("supplier,buyer\n000001,nobody\n", ["unknown.csv:2", "nobody"]),
        "negative.csv": ("supplier,buyer,amount\n000001,000002,-5\n", ["negative.csv:2", "-5"]),
        "infinite.csv": ("supplier,buyer,amount\n000001,000002,inf\n", ["infinite.csv:2", "inf"]),
        "no_buyer.csv": ("supplier,amount\n000001,5\n", ["'buyer'"]),
    }
    for name, (content, texts) in trades.items():
        pathlib.Path(name).write_text(content, encoding="utf-8")
        yield [*IMPORT, firms, name], texts


def places_to_write(program):
    pathlib.Path("folder").mkdir()
    put("file", "")
    put("good.csv", GOOD)
    for output, text in (("gone/out.h5", "there is no folder gone"), ("folder", "it is a folder"),
                         ("/dev/full", "it is not a regular file"),
                         ("file/out.h5", "there is no folder file")):
        yield ["import", "good.csv", "--year", "2020", "-o", output], [output, text]
        yield ["identify", "n.h5", "--eps", "9", "--min-firms", "5", "-o", output], [output]
    assert pathlib.Path("/dev/full").is_char_device()


def check_counts(program):
    """Thousands of bad rows, over several pieces of the file: the first ten by line, all counted."""
    rows = [f"f{i},{'127' if i % 5 else 'x'},37,{'z' * 500}" for i in range(9000)]
    rows[20:40] = rows[:20]  # repeats come among the others
    file = put("many.csv", "id,lon,lat,note\n" + "\n".join(rows) + "\n")
    assert pathlib.Path(file).stat().st_size > 4 << 20, "one piece only"
    bad = {i for i in range(9000) if i % 5 == 0} | set(range(20, 40))
    shown = sorted(bad)[:10]
    texts = [f"many.csv: {len(bad)} bad rows", *(f"many.csv:{i + 2}: " for i in shown),
             f"and {len(bad) - 10} more", "column 'id': 'f1' is already on line 3"]
    for ranks in RANKS:
        check(program, [*IMPORT, file], texts, ranks)
    return 1


def check_skipping(program):
    """Bad rows are dropped, counted in the snapshot, and written with their reasons."""
    put("firms.csv", b"id,lon,lat,note\na,127,37,\nb,east,37,\na,128,37,\n"
        b"\"c\nc\",127,,\"q, \"\"r\"\"\"\nd,127,37,\ne\xff,127,37,\nf,127,99,\ng,127\n")
    put("trade.csv", "supplier,buyer,amount\na,d,1\nb,a,1\nd,a,-1\nd,a,2\nd,d,1\na,d,inf\n")
    expected = [("firms.csv", "3", "lon", "east", "is not a number", "b,east,37,"),
                ("firms.csv", "4", "id", "a", "is already on line 2", "a,128,37,"),
                ("firms.csv", "5", "lat", "", "is empty although column 'lon' is not",
                 "\"c\nc\",127,,\"q, \"\"r\"\"\""),
                ("firms.csv", "8", "id", "e\\xff", "is not valid UTF-8", "e\\xff,127,37,"),
                ("firms.csv", "9", "lat", "99", "is not between -90 and 90", "f,127,99,"),
                ("firms.csv", "10", "", "", "the row has 2 cells, the header 4", "g,127"),
                ("trade.csv", "3", "supplier", "b", "is not among the firms", "b,a,1"),
                ("trade.csv", "4", "amount", "-1", "is negative", "d,a,-1"),
                ("trade.csv", "7", "amount", "inf", "is not a finite number", "a,d,inf")]
    dropped = {"not_a_number": 1, "duplicate_id": 1, "incomplete_place": 1, "invalid_utf8": 1,
               "out_of_range": 1, "wrong_cell_count": 1, "unknown_firm": 1, "negative": 1,
               "not_finite": 1, "self_trade": 1, "repeated_pair": 0}
    for ranks in RANKS:
        done = run_well(program, *IMPORT, "firms.csv", "trade.csv", "--on-error", "skip",
                        "--rejects", "rejects.csv", ranks=ranks)
        assert "2 firms, 2 links" in done.stdout, done.stdout
        header, rows = table("rejects.csv")
        assert header == ["file", "line", "column", "value", "reason", "record"], header
        assert [tuple(row) for row in rows] == expected, rows
        said = run_well(program, "info", "out.h5").stdout
        for reason, count in dropped.items():
            text = f"{count} rows: {reason.replace('_', ' ')}"
            assert count == 0 or text in said, f"{text}\n{said}"
        if h5py:
            with h5py.File("out.h5") as file:
                held = {name: int(value) for name, value in file["dropped"].attrs.items()}
            assert held == dropped, held
        pathlib.Path("rejects.csv").unlink()
        pathlib.Path("out.h5").unlink()
    put("all.csv", "id,lon,lat\na,x,37\nb,127,97\n")
    for ranks in RANKS:
        done = run(program, *IMPORT, "all.csv", "--on-error", "skip", "--rejects", "all_rejects.csv",
                   ranks=ranks)
        assert done.returncode == 2, done.returncode
        assert "no firms but those dropped: not_a_number 1, out_of_range 1" in done.stderr, done.stderr
        assert [row[1] for row in table("all_rejects.csv")[1]] == ["2", "3"]
        assert not pathlib.Path("out.h5").exists()
        pathlib.Path("all_rejects.csv").unlink()
    # Where a row ends is a guess behind an open quote: dropping it could drop good rows.
    put("open.csv", 'id,lon,lat\na,127,37\nb,"127,37\nc,127,37\n')
    for ranks in RANKS:
        check(program, [*IMPORT, "open.csv", "--on-error", "skip", "--rejects", "r.csv"],
              ["open.csv: 1 bad row that cannot be skipped", "open.csv:3: column 'lon'"], ranks)
    return 2


def check_full_disk(program):
    """A limit on the size of files stands for a full disk: it needs no rights and no mount."""
    commands = {
        "import": ["import", "firms_2020.csv", "trade_2020.csv", "--year", "2020", "-o", "out.h5"],
        "measure": ["measure", "n.h5", "--kernel", "degree", "-o", "out.csv"],
        "identify": ["identify", "n.h5", "--eps", "1500", "--min-firms", "5", "-o", "out.csv"],
        "rejects": ["import", "bad.csv", "--year", "2020", "-o", "out.h5", "--on-error", "skip",
                    "--rejects", "rejects.csv"],
    }
    put("bad.csv", "id,lon,lat\na,127,37\n" + f"{'b' * 900},x,37\n" * 9)
    # The shared memory of the ranks is made of files too: they talk by other ways here.
    environment = dict(ENVIRONMENT, OMPI_MCA_btl="self,tcp", PMIX_MCA_gds="hash")
    for name, command in commands.items():
        for ranks in RANKS:
            before = listing()
            limited = ["bash", "-c", 'ulimit -f 1 && exec "$@"', "bash", program, *command]
            if ranks > 1:
                limited = ["mpirun", "-n", str(ranks), "--oversubscribe", "--bind-to", "none",
                           *limited]
            done = subprocess.run(limited, capture_output=True, text=True, timeout=300,
                                  env=environment)
            what = f"{name} at {ranks} ranks on a full disk: exit {done.returncode}\n{done.stderr}"
            assert done.returncode == 2, what
            assert done.stderr.count("error: cannot write ") == 1 and "too large" in done.stderr, what
            left = {path for path in listing().keys() - before.keys()}
            assert not left, f"{what} left {left}"
    return len(commands)


def check_odd(program):
    """Odd but good files give the very network that plain ones give."""
    plain = "id,lon,lat,industry\na,127,37,C\n\"b,b\",127.1,37,D\n\"c\nc\",127,37.1,\n"
    links = "supplier,buyer,amount\na,\"b,b\",1.5\n\"c\nc\",a,2\n"
    odd = {
        "mark": ("\ufeff" + plain, "\ufeff" + links),
        "crlf": (plain.replace("\n", "\r\n").replace("c\r\nc", "c\nc"),
                 links.replace("\n", "\r\n").replace("c\r\nc", "c\nc")),
        "no_end": (plain[:-1], links[:-1]),
        "blank_lines": (plain.replace("C\n", "C\n\n\r\n") + "\n", links + "\n\n"),
        "order": ("industry,lat,id,lon\nC,37,a,127\nD,37,\"b,b\",127.1\n,37.1,\"c\nc\",127\n",
                  "amount,buyer,supplier\n1.5,\"b,b\",a\n2,a,\"c\nc\"\n"),
        "more": ("id,lon,lat,industry,name,,x\na,127,37,C,\"K, \"\"L\"\"\",,\n"
                 "\"b,b\",127.1,37,D,회사,?,1\n\"c\nc\",127,37.1,,-,,\n",
                 "supplier,buyer,amount,note\na,\"b,b\",1.5,\"x\ny\"\n\"c\nc\",a,2,-\n"),
        "quoted": ('"id","lon","lat","industry"\n"a","127","37","C"\n"b,b"," 127.1 ","+37","D"\n'
                   '"c\nc",1.27e2,37.10,""\n', links),
    }
    digests = {}
    for name, (firms_text, trade_text) in {"plain": (plain, links), **odd}.items():
        put("firms.csv", firms_text)
        put("trade.csv", trade_text)
        for ranks in RANKS:
            done = run_well(program, *IMPORT, "firms.csv", "trade.csv", ranks=ranks)
            assert ("note:" in done.stderr) == (name == "more"), done.stderr
            said = run_well(program, "info", "out.h5").stdout
            digests[name, ranks] = re.search(r"digest\s+(\w{32})", said).group(1)
    assert len(set(digests.values())) == 1, digests
    pathlib.Path("out.h5").unlink()
    return len(odd)


def check_small(program):
    """Networks at the edge: few firms, no trade, one place, long and foreign ids."""
    long = "7" * 1000
    cases = {
        "one": ("id,lon,lat\n서울,127,37\n", None),
        "no_trade": (GOOD, None),
        "header_only": (GOOD, "supplier,buyer\n"),
        "one_place": ("id,lon,lat\na,127,37\nb,127,37\nc,127,37\n", "supplier,buyer\na,b\n"),
        "no_place": ("id,lon,lat\na,,\nb,,\n", "supplier,buyer\na,b\n"),
        "long": (f"id,lon,lat,region\n{long},127,37,{'서' * 900}\n\"(주) \"\"한국\"\"\",127,37,\n",
                 f"supplier,buyer\n{long},\"(주) \"\"한국\"\"\"\n"),
    }
    for name, (firms_text, trade_text) in cases.items():
        files = [put("firms.csv", firms_text)]
        if trade_text is not None:
            files.append(put("trade.csv", trade_text))
        with open("firms.csv", newline="", encoding="utf-8") as file:
            ids = [row["id"] for row in csv.DictReader(file)]
        for ranks in RANKS:
            run_well(program, *IMPORT, *files, ranks=ranks)
            run_well(program, "measure", "out.h5", "--kernel", "degree", "-o", "degree.csv",
                     ranks=ranks)
            assert [row[0] for row in table("degree.csv")[1]] == ids, name
            run_well(program, "identify", "out.h5", "--eps", 10, "--min-firms", 1, "--ungrouped",
                     "-o", "found.csv", ranks=ranks)
            assert [row[0] for row in table("found.csv")[1]] == ids, name
    return len(cases)


if __name__ == "__main__":
    judge((firms, firm_files, trade, check_counts, check_skipping, check_odd, check_small),
          (bad_csv, places_to_write, check_full_disk))
