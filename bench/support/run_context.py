"""What a run was made on and with: the context that bench/compare.py asks two runs to share."""
import glob, os, re, socket, subprocess, time


def first_match(pattern, path, default):
    try:
        with open(path) as file:
            found = re.search(pattern, file.read(), re.MULTILINE)
        return found[1] if found else default
    except OSError:
        return default


def caches():
    """Of the first processor: type, level, bytes, how many processors share it."""
    found = []
    for folder in sorted(glob.glob("/sys/devices/system/cpu/cpu0/cache/index*")):
        sharing = first_match(r"(\S+)", f"{folder}/shared_cpu_list", "0")
        size = first_match(r"(\d+)K", f"{folder}/size", "0")
        found.append({"type": first_match(r"(\w+)", f"{folder}/type", ""),
                      "level": int(first_match(r"(\d+)", f"{folder}/level", "0")),
                      "size": 1024 * int(size), "num_sharing": sharing})
    return found


def build_of(program):
    """How a program says that it was built; version, build type, compiler, native."""
    text = subprocess.run([program, "--version"], check=True, capture_output=True, text=True).stdout
    found = re.search(r"tradegraph (\S+)\nbuilt as (\S+) by (.+), native (\S+)", text)
    return dict(zip(("version", "build_type", "compiler", "native"), found.groups()))


def source_state():
    """The commit of the source folder that this file is in; empty outside of a repository."""
    git = ["git", "-C", os.path.dirname(os.path.abspath(__file__)), "describe", "--always", "--dirty"]
    try:
        return subprocess.run(git, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def context(program, network, ranks, threads):
    mhz = float(first_match(r"^cpu MHz\s*: ([\d.]+)", "/proc/cpuinfo", "0"))
    return {"date": time.strftime("%Y-%m-%dT%H:%M:%S%z"), "host_name": socket.gethostname(),
            "num_cpus": os.cpu_count(), "mhz_per_cpu": round(mhz), "caches": caches(),
            **build_of(program), "source": source_state(), "network": network,
            "ranks": str(ranks), "threads": str(threads)}
