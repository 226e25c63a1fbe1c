#!/usr/bin/env python3
"""What the program says of files that are missing, foreign or damaged: snapshots, networks of other
formats, members, study files, results. `usage_errors.py` says what refusing is, `bad_input.py` asks
it of input tables.

usage: bad_files.py PROGRAM
"""
import pathlib
import shutil

from support.program import run, run_well, table
from support.refusals import DIAGNOSE, GOOD, IDENTIFY, IMPORT, MEASURE, STUDY, judge, put

try:
    import h5py
except ImportError:
    h5py = None
    print("no h5py: no snapshots of a newer schema, with changed values or without a dataset")

RANKS = (1, 3)
SWEEP = ["sweep", "n.h5", "--eps", "9", "--min-firms", "5", "-o", "out"]
# Folders of results with a damaged file: name, file, its text, what is said of it.
TORN = [("torn", "provenance.json", "{", ["parse error"]),
        ("short", "clusters.csv", "year,label\n2020\n", ["clusters.csv:2", "1 cells"]),
        ("loose", "matches.csv", 'event\n"born\n', ["matches.csv:2", "quoting"]),
        ("void", "clusters.csv", "", ["is empty"]),
        ("thin", "clusters.csv", "year,label\n2020,1\n", ["clusters.csv", "no column 'firms'"]),
        ("flat", "composition.csv", "year,label\n2020,1\n", ["'kind'"]),
        ("hollow", "clusters.geojson", "{}", ["features"])]


def missing_files(program):
    for name in ("gone.h5", "gone.csv", "gone.mtx"):
        yield ["measure", name, "--kernel", "degree", "-o", "out.csv"], [name]
    yield ["measure", "notes.txt", "--kernel", "degree", "-o", "out.csv"], ["notes.txt", ".mtx"]
    yield ["info", "gone.h5"], ["gone.h5"]
    yield [*IMPORT, "gone.csv"], ["gone.csv"]
    yield [*IMPORT, "firms_2020.csv", "gone.csv"], ["gone.csv"]
    yield [*IMPORT, "firms_2020.csv", "--columns", "gone.toml"], ["gone.toml"]
    yield [*IMPORT, "firms_2020.csv", "--concordance", "gone.csv"], ["gone.csv"]
    yield ["group", "n.h5", "gone.h5", "-o", "out.csv"], ["gone.h5"]
    yield ["group", "n.h5", "--flows", "gone.csv", "-o", "out.csv"], ["gone.csv"]
    yield ["group", "n.h5", "-o", "gone/out.csv"], ["gone"]
    yield [*IDENTIFY, "--eps", "9", "--groups", "gone.csv"], ["gone.csv"]
    yield [*MEASURE, "betweenness", "--sources", "gone.txt"], ["gone.txt"]
    yield [*DIAGNOSE, "gone.csv"], ["gone.csv"]
    yield ["run", "gone.toml", "-o", "out"], ["gone.toml"]
    yield ["report", "gone", "-o", "out.html"], ["gone", "diagnose or run"]
    yield ["report", "done", "--sweep", "done", "-o", "out.html"], ["sweep.csv"]
    yield ["report", "done", "-o", "gone/out.html"], ["gone"]
    for name, file, text, said in TORN:
        shutil.copytree("done", name)
        pathlib.Path(name, file).write_text(text)
        yield ["report", name, "-o", "out.html"], [name, file, *said]
    yield ["sweep", "gone.h5", *SWEEP[2:]], ["gone.h5"]
    yield [*SWEEP, "--groups", "gone.csv"], ["gone.csv"]
    yield ["identify", "n.h5", "--eps", "9", "--min-firms", "5", "-o", "gone/out.csv"], ["gone"]


def folders(program):
    """A folder where a file is read is named as one, and never taken as an empty file."""
    for name in ("folder", "folder.h5", "folder.csv", "folder.mtx"):
        pathlib.Path(name).mkdir()
    for name in ("folder.h5", "folder.csv", "folder.mtx"):
        yield ["measure", name, "--kernel", "degree", "-o", "out.csv"], [f"{name}: is a folder"]
    put("of_folder.toml", STUDY.replace("firms_{year}.csv", "folder{year}").replace("2010, 2020", "1"))
    pathlib.Path("folder1").mkdir()
    yield ["run", "of_folder.toml", "-o", "out"], ["of_folder.toml:4", "'folder1', which is a folder"]
    for arguments in ([*IMPORT, "folder"], [*IMPORT, "firms_2020.csv", "folder"],
                      [*IMPORT, "firms_2020.csv", "--columns", "folder"],
                      [*IMPORT, "firms_2020.csv", "--concordance", "folder"],
                      ["run", "folder", "-o", "out"],
                      ["info", "folder"],
                      [*MEASURE, "betweenness", "--sources", "folder"],
                      [*MEASURE, "betweenness", "--targets", "folder"],
                      [*MEASURE, "hierarchy", "--members", "folder"],
                      [*IDENTIFY, "--eps", "9", "--groups", "folder"],
                      [*IDENTIFY, "--eps", "9", "--per-group", "folder"],
                      ["group", "n.h5", "--flows", "folder", "-o", "out.csv"],
                      [*DIAGNOSE, "folder"],
                      [*SWEEP, "--groups", "folder"]):
        yield arguments, ["folder: is a folder, not a file"]


def damaged_snapshots(program):
    whole = pathlib.Path("n.h5").read_bytes()
    pathlib.Path("cut.h5").write_bytes(whole[:3000])
    pathlib.Path("cut_7.h5").write_bytes(whole[:-7])
    pathlib.Path("nothing.h5").write_bytes(b"")
    pathlib.Path("text.h5").write_text("id,label\n" * 400)
    names = {"cut": "truncated", "cut_7": "truncated", "nothing": "HDF5", "text": "HDF5"}
    if h5py:
        names.update(edited_snapshots())
    for name, text in names.items():
        yield ["measure", f"{name}.h5", "--kernel", "degree", "-o", "out.csv"], [name, text]
        yield ["identify", f"{name}.h5", "--eps", "9", "--min-firms", "5", "-o", "out.csv"], \
            [name, text]
    yield ["info", "cut.h5"], ["truncated"]
    yield ["info", "text.h5"], ["HDF5"]


def flip(source, dataset, target):
    """A copy in which bytes of the first stored chunk of a dataset are other bytes."""
    with h5py.File(source, "r") as file:
        chunk = file[dataset].id.get_chunk_info(0)
    content = bytearray(pathlib.Path(source).read_bytes())
    middle = chunk.byte_offset + chunk.size // 2
    content[middle:middle + 16] = bytes(byte ^ 0xff for byte in content[middle:middle + 16])
    pathlib.Path(target).write_bytes(content)


def edited_snapshots():
    for name in ("newer", "changed", "lacking"):
        shutil.copy("n.h5", f"{name}.h5")
    with h5py.File("foreign.h5", "w") as file:
        file["a"] = [1, 2]
    with h5py.File("newer.h5", "a") as file:
        file.attrs["tradegraph_schema"] = 99
    with h5py.File("changed.h5", "a") as file:
        file["firms/employees"][3] += 1
    with h5py.File("lacking.h5", "a") as file:
        del file["trade/columns"]
    flip("n.h5", "trade/columns", "flipped.h5")
    return {"foreign": "snapshot", "flipped": "damaged", "newer": "99",
            "changed": "digest", "lacking": "/trade/columns"}


def bad_members(program):
    header, first, *rest = pathlib.Path("members.csv").read_text().splitlines()
    identity = first.split(",")[0]
    largest = [line.split(",") for line in [first, *rest]]
    gap = [",".join([row[0], "77" if row[1] == "0" else row[1], *row[2:]]) for row in largest]
    files = {
        "unknown": ([header, first, *rest, "nobody,-1,noise,"], ["nobody"]),
        "double": ([header, first, *rest, first], [identity, "already on line 2"]),
        "gap": ([header, *gap], ["label", "gaps"]),
        "huge": ([header, f"{identity},9999999999999,core,", *rest], ["9999999999999"]),
        "below": ([header, f"{identity},-2,core,", *rest], ["-2", "below_members.csv:2"]),
        "word": ([header, f"{identity},x,core,", *rest], ["'x'", "word_members.csv:2"]),
        "short": (["id,role", f"{identity},core"], ["'label'"]),
        "empty": ([], ["empty"]),
    }
    for name, (lines, texts) in files.items():
        path = pathlib.Path(f"{name}_members.csv")
        path.write_text("".join(f"{line}\n" for line in lines))
        yield [*DIAGNOSE, path.name], [path.name, *texts]
        yield [*MEASURE, "hierarchy", "--members", path.name], [path.name, *texts]
    pathlib.Path("ids.txt").write_text("nobody\n")
    yield [*MEASURE, "betweenness", "--sources", "ids.txt"], ["ids.txt", "nobody"]


def bad_studies(program):
    files = {
        "key": (STUDY.replace("eps =", "epz ="), ["key.toml:7", "identify.epz", "did you mean 'eps'"]),
        "required": (STUDY.replace("years", "year"), ["study.year'", "did you mean 'years'"]),
        "header": (STUDY.replace("[study]", "[studdy]"), ["header.toml:1", "did you mean 'study'"]),
        "range": (STUDY.replace("1500", "-1"), ["range.toml:7", "identify.eps", "-1"]),
        "huge": (STUDY.replace("1500", "1e300"), ["huge.toml:7", "identify.eps", "not 1e+300"]),
        "absorb": (STUDY + 'absorb = "footprnt"\n', ["absorb.toml:9", "did you mean 'footprint'"]),
        "top": (STUDY + "[select]\ntop = 0\n", ["top.toml:10", "select.top"]),
        "variant": (STUDY + '[diagnose]\npooled = "yaer"\n',
                    ["variant.toml:10", "did you mean 'year'"]),
        "group": (STUDY + "[identify.per_group.C29]\nmin_firms = 0\n",
                  ["group.toml:10", "identify.per_group.C29.min_firms"]),
        "last": (STUDY.replace("2020", "2030"), ["last.toml:4", "firms_2030.csv"]),
        "groups": (STUDY + 'groups = "gone.csv"\n', ["groups.toml:9", "gone.csv"]),
        "table": (STUDY.replace("[identify]", "[identfy]"), ["identfy", "did you mean 'identify'"]),
        "type": (STUDY.replace("1500", '"far"'), ["identify.eps", "number"]),
        "syntax": (STUDY + "x = [\n", ["syntax.toml"]),
        "files": (STUDY.replace("firms_", "gone_"), ["gone_2010.csv"]),
        "empty": ("", ["years"]),
    }
    for name, (text, texts) in files.items():
        pathlib.Path(f"{name}.toml").write_text(text)
        yield ["run", f"{name}.toml", "-o", "out"], texts


def graphs(program):
    head = "%%MatrixMarket matrix coordinate real general\n"
    matrices = {
        "banner": ("1 1 1\n", ["banner.mtx:1: ", "%%MatrixMarket"]),
        "array": (head.replace("coordinate", "array"), ["array.mtx:1: ", "coordinate"]),
        "complex": (head.replace("real", "complex"), ["complex.mtx:1: ", "complex"]),
        "oblong": (head + "2 3 0\n", ["oblong.mtx:2: ", "2 x 3"]),
        "sizes": (head, ["sizes.mtx:", "sizes"]),
        "range": (head + "2 2 1\n1 3 1\n",
                  ["range.mtx: 1 bad row\n",
                   "range.mtx:3: column 'target': '3' is not between 1 and 2"]),
        "word": (head + "2 2 1\n1 2 x\n", ["word.mtx:3: column 'weight': 'x' is not a finite"]),
        "broken": (head.replace("real", "integer") + "2 2 1\n1 2 1.5\n",
                   ["broken.mtx:3: column 'weight': '1.5' is not a whole number"]),
        "worse": (head + "2 2 99\n" + "1 2 1\n1 2 nan\n3 1 1\n" * 33,
                  ["worse.mtx: 66 bad rows\n", "worse.mtx:4: column 'weight': 'nan' is not",
                   "worse.mtx:17: column 'source': '3'", "and 56 more"]),
        "more": (head + "2 2 1\n1 2 1\n2 1 1\n", ["more.mtx", "2 entries", "says 1"]),
        "fewer": (head + "2 2 2\n1 2 1\n", ["fewer.mtx", "1 entries", "says 2"]),
        "empty": ("", ["empty.mtx", "empty"]),
    }
    for name, (content, texts) in matrices.items():
        yield ["measure", put(f"{name}.mtx", content), "--kernel", "degree", "-o", "out.csv"], texts
    # Sizes that a header claims are weighed before anything of that size is made.
    for name, nodes, memory in (("large", 20_000_000, ["--memory", "200M"]),
                                ("giant", 99_999_999_999_999, []), ("most", 2 ** 63 - 1, [])):
        file = put(f"{name}.mtx", f"{head}{nodes} {nodes} 1\n1 2 5\n")
        yield ["measure", file, "--kernel", "degree", "-o", "out.csv", *memory], \
            [f"memory too small: {file} needs about "]
    put("claim.mtx", f"{head}2 2 {2 ** 62}\n1 2 1\n")
    yield ["measure", "claim.mtx", "--kernel", "degree", "-o", "out.csv", "--memory", "200M"], \
        [f"1 entries where the header says {2 ** 62}"]
    put("minus.mtx", head + "3 3 2\n1 2 1\n2 3 -4\n")
    strength = ["--kernel", "strength", "--weight", "amount", "-o", "out.csv"]
    yield ["measure", "minus.mtx", *strength], \
        ["minus.mtx:4: '2 3 -4' has a negative weight: a weight is a strength"]
    lists = {
        "header": ("from,to\na,b\n", ["header.csv: column 'source' is missing"]),
        "minus": ("source,target,weight\na,b,1\nc,d,-1\n", ["minus.csv:3: column 'weight': '-1'"]),
        "blank": ("source,target,weight\na,b,\n", ["blank.csv:2: column 'weight' is"]),
        "end": ("source,target\na,b\n,c\n", ["end.csv:3: column 'source' is empty"]),
        "ragged": ("source,target\na,b,c\n", ["ragged.csv:2: the row has 3 cells, the header 2"]),
        "empty": ("", ["empty.csv: the file is empty"]),
    }
    for name, (content, texts) in lists.items():
        yield ["measure", put(f"{name}.csv", content), "--kernel", "degree", "-o", "out.csv"], texts


def members(program):
    header, *rows = pathlib.Path("members.csv").read_text().splitlines()
    ids = [row.split(",")[0] for row in rows]
    cases = {
        "two": ([header, *rows, "no,-1,noise,", "none,-1,noise,"],
                ["two.csv: 2 bad rows\n", f"two.csv:{len(rows) + 2}: column 'id': 'no' is not in",
                 f"two.csv:{len(rows) + 3}: column 'id': 'none'"]),
        "again": ([header, *rows, rows[0]],
                  [f"again.csv:{len(rows) + 2}: column 'id': '{ids[0]}' is already on line 2"]),
        "kern": ([header, f"{ids[0]},0,kern,", *rows[1:]],
                 ["kern.csv:2: column 'role': 'kern' is none of core, border, absorbed, noise"]),
        "noise": ([header, f"{ids[0]},-1,core,", *rows[1:]],
                  ["noise.csv:2: column 'role': 'core' does not fit the label"]),
        "label": ([header, f"{ids[0]},1.5,core,", *rows[1:]],
                  ["label.csv:2: column 'label': '1.5' is not an integer >= -1"]),
        "column": (["id,cluster", f"{ids[0]},1"], ["column.csv: column 'label' is missing"]),
    }
    for name, (lines, texts) in cases.items():
        put(f"{name}.csv", "".join(f"{line}\n" for line in lines))
        yield ["diagnose", "n.h5", "--members", f"{name}.csv", "-o", "out"], texts
        yield ["measure", "n.h5", "--kernel", "hierarchy", "--members", f"{name}.csv", "-o",
               "out.csv"], texts
    for name, lines, texts in (("no", ["x", ids[0], "y"], ["no.txt:1: 'x'", "no.txt:3: 'y' is not"]),
                               ("rep", [ids[0], ids[1], ids[0]], ["rep.txt:3:", "on line 1"]),
                               ("nil", ["", ""], ["nil.txt: names no node"])):
        put(f"{name}.txt", "".join(f"{line}\n" for line in lines))
        yield ["measure", "n.h5", "--kernel", "betweenness", "--sources", f"{name}.txt", "-o",
               "out.csv"], texts
    groups = put("groups.csv", "industry,group\nC,x\nC1,y\nC,z\n")
    yield ["identify", "n.h5", "--eps", "9", "--min-firms", "2", "--groups", groups, "-o",
           "out.csv"], ["groups.csv:4: industry 'C' is in two groups, 'x' and 'z'"]


def check_members(program):
    """`id` and `label` are enough, of the firms in clusters; negative weights matter only where a
    weight is needed."""
    _, rows = table("members.csv")
    inside = [row for row in rows if row[1] != "-1"]
    put("inside.csv", "id,label\n" + "".join(f"{row[0]},{row[1]}\n" for row in inside))
    run_well(program, "measure", "n.h5", "--kernel", "hierarchy", "--members", "members.csv", "-o",
             "of_members.csv")
    done = run_well(program, "measure", "n.h5", "--kernel", "hierarchy", "--members", "inside.csv",
                    "-o", "of_inside.csv")
    assert f"{len(rows) - len(inside)} of {len(rows)} firms are not in it" in done.stderr, done.stderr
    assert table("of_inside.csv") == table("of_members.csv")
    put("bare.csv", "label,note,id\n" + "".join(f"{row[1]},x,{row[0]}\n" for row in rows))
    for ranks in RANKS:
        for name in ("members", "bare"):
            run_well(program, "measure", "n.h5", "--kernel", "hierarchy", "--members",
                     f"{name}.csv", "-o", f"of_{name}.csv", ranks=ranks)
        assert table("of_members.csv") == table("of_bare.csv"), ranks
        run_well(program, "diagnose", "n.h5", "--members", "bare.csv", "-o", "diagnosis",
                 ranks=ranks)
        assert len(table("diagnosis/clusters.csv")[1]) == len(table("of_bare.csv")[1])
    put("minus.mtx", "%%MatrixMarket matrix coordinate real general\n3 3 2\n1 2 1\n2 3 -4\n")
    for kernel in ("degree", "components", "reach"):
        run_well(program, "measure", "minus.mtx", "--kernel", kernel, "-o", "degree.csv")
    return 3


def check_loops(program):
    """Links from a node to itself are left out of every kernel, and said to be; their nodes stay."""
    put("loops.csv", "source,target,weight\na,b,2\na,a,5\nb,a,1\na,b,4\nc,c,7\n")
    put("loops.mtx", "%%MatrixMarket matrix coordinate real general\n3 3 5\n"
        "1 2 2\n1 1 5\n2 1 1\n1 2 4\n3 3 7\n")
    strength = ["--kernel", "strength", "--weight", "amount", "--mode", "out", "-o", "out.csv"]
    for name in ("loops.csv", "loops.mtx"):
        for ranks in RANKS:
            done = run_well(program, "measure", name, *strength, ranks=ranks)
            assert done.stderr.count("2 links from a node to itself: left out") == 1, done.stderr
            assert [float(row[1]) for row in table("out.csv")[1]] == [6, 1, 0], (name, ranks)
    put("none.csv", "source,target,weight\na,b,2\n")
    assert "to itself" not in run_well(program, "measure", "none.csv", *strength).stderr
    return 3


def check_damage(program):
    """Whatever byte of a snapshot is another one, the program ends in order."""
    put("firms.csv", GOOD)
    put("trade.csv", "supplier,buyer,amount\na,b,1\nb,c,2\n")
    run_well(program, *IMPORT, "firms.csv", "trade.csv")
    whole = pathlib.Path("out.h5").read_bytes()
    shutil.move("out.h5", "whole.h5")
    for number in range(40):
        content = bytearray(whole)
        content[number * len(whole) // 40 + number % 7] ^= 0x55
        put("flipped.h5", bytes(content))
        done = run(program, "measure", "flipped.h5", "--kernel", "degree", "-o", "d.csv")
        assert done.returncode in (0, 2), f"byte {number} of 40: {done.returncode}\n{done.stderr}"
        assert done.returncode == 0 or "flipped.h5" in done.stderr, done.stderr
    return 1


if __name__ == "__main__":
    judge((graphs, check_loops, check_damage),
          (missing_files, folders, damaged_snapshots, bad_members, bad_studies, members, check_members))
