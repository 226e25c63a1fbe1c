#!/usr/bin/env python3
"""Every header and Python module that the project includes comes with the packages that ./dev
installs, or with what these depend on: else a fresh machine cannot build what this one can.

    check_packages.py ROOT        exit 0: all do; 1: some do not; 77: not a Debian machine
"""
import pathlib
import re
import shutil
import subprocess
import sys

HEADER_FOLDERS = ["/usr/include", "/usr/include/eigen3", "/usr/include/x86_64-linux-gnu",
                  "/usr/include/hdf5/openmpi", "/usr/lib/x86_64-linux-gnu/openmpi/include",
                  "/usr/include/suitesparse"]
MODULE_FOLDER = "/usr/lib/python3/dist-packages"
# Built beside ours by hand; see bench/dbscan_peer.cpp.
NOT_OURS = re.compile(r"dbscan/(capi|pbbs)")


def lines(*command):
    return subprocess.run(command, capture_output=True, text=True).stdout.splitlines()


def listed_packages(root):
    text = (root / "dev").read_text()
    arrays = re.findall(r"^(core|for_\w+)=\((.*?)\)", text, re.MULTILINE | re.DOTALL)
    return {name for _, packages in arrays for name in packages.split()}


def with_dependencies(packages):
    """The installed packages among `packages` and all that they depend on."""
    depends = {}
    for line in lines("dpkg-query", "-W", "-f", "${Package}\t${Depends}, ${Pre-Depends}\n"):
        name, _, needs = line.partition("\t")
        depends[name] = re.findall(r"(?:^|[,|])\s*([a-z0-9][a-z0-9.+-]*)", needs)
    known, left = set(), [name for name in packages if name in depends]
    while left:
        name = left.pop()
        if name in known:
            continue
        known.add(name)
        left += [other for other in depends.get(name, []) if other in depends]
    return known


def owners(paths):
    """Path -> the packages that it comes from; asked for all at once, as dpkg reads all its lists."""
    found = {}
    for line in lines("dpkg", "-S", *map(str, paths)):
        names, _, path = line.rpartition(": ")
        found.setdefault(path, set()).update(name.split(":")[0].strip() for name in names.split(","))
    return found


def included_headers(root):
    folders = ["engine", "kernels", "io", "app", "tests", "bench"]
    sources = [path for folder in folders for path in (root / folder).rglob("*.?pp")]
    headers = {name for path in sources
               for name in re.findall(r"^\s*#\s*include <([^>]+)>", path.read_text(), re.MULTILINE)}
    return sorted(name for name in headers if re.search(r"\.(h|hpp)$|/", name)
                  and not NOT_OURS.search(name))


def imported_modules(root):
    scripts = [path for folder in ("tests", "bench", "app") for path in (root / folder).rglob("*.py")]
    names = {name for path in scripts for name in
             re.findall(r"^\s*(?:import|from) (\w+)", path.read_text(), re.MULTILINE)}
    return sorted(name for name in names if name not in sys.stdlib_module_names)


def main():
    root = pathlib.Path(sys.argv[1])
    if not shutil.which("dpkg-query") or not shutil.which("dpkg"):
        print("not a Debian machine")
        return 77
    allowed = with_dependencies(listed_packages(root))
    missing = 0
    wanted = [(name, [pathlib.Path(folder) / name for folder in HEADER_FOLDERS])
              for name in included_headers(root)]
    wanted += [(name, [pathlib.Path(MODULE_FOLDER) / name, pathlib.Path(MODULE_FOLDER) / f"{name}.py"])
               for name in imported_modules(root)]
    # What is not installed is one of ours, or building tells.
    there = {name: next(filter(pathlib.Path.exists, places)) for name, places in wanted
             if any(map(pathlib.Path.exists, places))}
    packages_of = owners({path for first in there.values() for path in (first, first.resolve())})
    looked_at = len(there)
    for name, first in there.items():
        packages = (packages_of.get(str(first), set())
                    | packages_of.get(str(first.resolve()), set()))
        if packages and not packages & allowed:
            print(f"{name}: of {', '.join(sorted(packages))}, which ./dev does not install")
            missing += 1
    print(f"{looked_at} headers and modules looked at, {missing} from packages that ./dev lacks")
    return 1 if missing or looked_at < 10 else 0


if __name__ == "__main__":
    sys.exit(main())
