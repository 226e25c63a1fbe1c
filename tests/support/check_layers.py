#!/usr/bin/env python3
"""Keeps the layering true: reads every #include line of the project and every rule below.

Usage: check_layers.py ROOT      exit 0 when all files obey, 1 with one line a breach.
       check_layers.py --self-test
"""

import re
import sys
import tempfile
from pathlib import Path

# Which folders a folder may include; the longest matching prefix decides.
ALLOWED = {
    "engine/base": ["engine/base"],
    "engine/comm": ["engine/base", "engine/comm"],
    "engine/matrix": ["engine/base", "engine/comm", "engine/matrix"],
    "kernels": ["engine", "kernels"],
    "io": ["engine", "io"],
    "app": ["engine", "kernels", "io", "app"],
    "bench": ["engine", "kernels", "io", "app", "bench", "tests/support"],
    "tests": ["engine", "kernels", "io", "app", "tests"],
}
# Slow to compile: sources only.
HEAVY = re.compile(r"^(spdlog|fmt|CLI|toml\+\+|nlohmann)/")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^">]+)[">]')


def under(path, folder):
    return path == folder or path.startswith(folder + "/")


def rule_of(path):
    folders = [folder for folder in ALLOWED if under(path, folder)]
    return max(folders, key=len) if folders else None


def breaches_of(root, path):
    folder = rule_of(path)
    if folder is None:
        yield f"{path}:1: no layer is defined for this folder"
        return
    text = (root / path).read_text(encoding="utf-8")
    for number, line in enumerate(text.splitlines(), 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        quoted, target = match.group(1) == '"', match.group(2)
        if path.endswith(".hpp") and HEAVY.match(target):
            yield f"{path}:{number}: {target} is too heavy for a header"
        if not quoted:
            continue
        if not (root / target).is_file():
            yield f"{path}:{number}: {target} is no path from the root of the project"
        elif not any(under(target, allowed) for allowed in ALLOWED[folder]):
            yield f"{path}:{number}: {folder} may not include {target}"


def sources(root):
    for top in sorted({folder.split("/")[0] for folder in ALLOWED}):
        for path in sorted((root / top).rglob("*.[ch]pp")):
            yield path.relative_to(root).as_posix()


def check(root):
    return [breach for path in sources(root) for breach in breaches_of(root, path)]


def self_test():
    """Each rule is shown to bite on a small tree made for it."""
    files = {
        "engine/base/a.hpp": '#include <fmt/core.h>\n#include "engine/comm/b.hpp"\n',
        "engine/comm/b.hpp": '#include "engine/base/a.hpp"\n',
        "engine/odd/c.hpp": "",
        "kernels/d.cpp": '#include "io/e.hpp"\n#include "d.hpp"\n#include <fmt/core.h>\n',
        "io/e.hpp": '#include "engine/base/a.hpp"\n',
    }
    expected = [
        "engine/base/a.hpp:1: fmt/core.h is too heavy for a header",
        "engine/base/a.hpp:2: engine/base may not include engine/comm/b.hpp",
        "engine/odd/c.hpp:1: no layer is defined for this folder",
        "kernels/d.cpp:1: kernels may not include io/e.hpp",
        "kernels/d.cpp:2: d.hpp is no path from the root of the project",
    ]
    with tempfile.TemporaryDirectory() as folder:
        for path, text in files.items():
            (Path(folder) / path).parent.mkdir(parents=True, exist_ok=True)
            (Path(folder) / path).write_text(text, encoding="utf-8")
        found = check(Path(folder))
    if found != expected:
        sys.exit("self-test failed, found:\n" + "\n".join(found))


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    if sys.argv[1] == "--self-test":
        self_test()
        return
    found = check(Path(sys.argv[1]))
    print("\n".join(found) if found else "layering: every include is allowed")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
