"""What the measurements stand on: the machine, the programs, the folders, the commands."""

import json
import os
import platform
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

HOME = Path(__file__).resolve().parents[2]
# The user `postgres` must be able to enter it, and a socket's path must be short.
WORK = Path(os.environ.get("WANGGE_BENCH_DIR", "/tmp/wangge-bench"))
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", HOME / "target"))
VENV = TARGET / "bench-venv"

DEBIAN = {
    "pgbench": ["postgresql-contrib", "postgresql"],
    "psql": ["postgresql-client"],
    "redis-server": ["redis-server"],
    "ogr2ogr": ["gdal-bin"],
    "curl": ["curl"],
}
PYPI = ["sedonadb", "geopandas", "shapely", "pyogrio", "pandas", "ortools"]


class Missing(Exception):
    """A peer that is not here, and why."""


class Failed(Exception):
    """A measurement that went wrong."""


def say(text):
    print(text, file=sys.stderr, flush=True)


def run(command, **options):
    """Runs a command to its end and gives what it printed."""
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, **options
    )
    if done.returncode != 0:
        shown = " ".join(str(part) for part in command)[:300]
        raise Failed(f"{shown}: {done.stderr.strip()[-2000:]}")
    return done.stdout


def run_measured(command, **options):
    """Runs a command to its end: seconds, and the most memory that it had, in MiB."""
    with open(WORK / "output", "wb") as output:
        begun = time.monotonic()
        process = subprocess.Popen(
            [str(part) for part in command], stdout=output, stderr=subprocess.STDOUT, **options
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - begun
    # wait4 has taken it already.
    process.returncode = os.waitstatus_to_exitcode(status)
    said = (WORK / "output").read_text(errors="replace")
    return seconds, usage.ru_maxrss / 1024, process.returncode, said


def install_peers():
    """Installs from Debian and PyPI what is missing, where that is allowed. What stays
    missing is said in the row that needs it."""
    wanted = {name for name in DEBIAN if not shutil.which(name)}
    if not list(Path("/usr/share/postgresql").glob("*/extension/postgis.control")):
        wanted.add("postgis")
    if wanted:
        packages = [package for name in wanted for package in DEBIAN.get(name, [])]
        if "postgis" in wanted:
            packages += ["postgresql", "postgresql-15-postgis-3"]
        as_root = [] if os.getuid() == 0 else ["sudo", "-n"]
        say(f"installing {' '.join(packages)}")
        try:
            run([*as_root, "apt-get", "update", "-q"])
            run(
                [*as_root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-y",
                 "-q", "--no-install-recommends", *packages]
            )
        except (Failed, FileNotFoundError) as failure:
            say(f"not installed: {failure}")
    # What an earlier run has installed may lack what is on the list by now.
    stamp = VENV / "installed"
    if not stamp.exists() or stamp.read_text() != "\n".join(PYPI):
        say(f"installing {' '.join(PYPI)}")
        try:
            run([sys.executable, "-m", "venv", VENV])
            run([VENV / "bin/pip", "install", "-q", *PYPI])
            stamp.write_text("\n".join(PYPI))
        except Failed as failure:
            shutil.rmtree(VENV, ignore_errors=True)
            say(f"not installed: {failure}")


MARTIN = WORK / "martin"
MARTIN_VERSION = "1.14.0"


def install_martin():
    """Builds the tile server Martin, which takes a quarter of an hour."""
    if martin():
        return
    say("building martin")
    run(
        ["cargo", "install", "martin", "--version", MARTIN_VERSION, "--locked",
         "--no-default-features", "--features", "postgres", "--root", MARTIN]
    )


def martin():
    """Where Martin is, or None."""
    path = MARTIN / "bin/martin"
    return path if path.exists() else None


def require(name):
    if not shutil.which(name):
        raise Missing(f"{name} is not installed")


def python(script, *arguments):
    """A script of `peers/` in the environment that has the peers from PyPI."""
    if not (VENV / "bin/python").exists():
        raise Missing("the peers from PyPI are not installed")
    return [VENV / "bin/python", HOME / "scripts/benchmark/peers" / script, *arguments]


def build(names=("ground", "history", "load", "lookup", "plan")):
    """Builds the server and the measurements, and says where they are."""
    say("building")
    command = ["cargo", "build", "--release", "--bin", "wangge", "--message-format=json"]
    for name in names:
        command += ["--bench", name]
    built = subprocess.run(command, cwd=HOME, stdout=subprocess.PIPE, text=True, check=True)
    found = {}
    for line in built.stdout.splitlines():
        message = json.loads(line)
        if message.get("executable"):
            found[message["target"]["name"]] = Path(message["executable"])
    return found


def facts():
    """The machine's facts and the versions of the peers."""
    model = re.search(r"model name\s*:\s*(.*)", Path("/proc/cpuinfo").read_text())
    memory = re.search(r"MemTotal:\s*(\d+)", Path("/proc/meminfo").read_text())
    versions = {}
    for name, command in {
        "PostgreSQL": ["psql", "--version"],
        "Redis": ["redis-server", "--version"],
        "GDAL": ["ogr2ogr", "--version"],
        "Rust": ["rustc", "--version"],
    }.items():
        try:
            number = re.search(r"\d+\.\d+(\.\d+)?", run(command))
            versions[name] = number.group(0) if number else "unknown"
        except (Failed, FileNotFoundError):
            versions[name] = "not installed"
    try:
        for package in json.loads(run([VENV / "bin/pip", "list", "--format=json"])):
            if package["name"] in PYPI:
                versions[package["name"]] = package["version"]
    except (Failed, FileNotFoundError):
        versions["peers from PyPI"] = "not installed"
    return {
        "processor": model.group(1) if model else platform.processor(),
        "cores": os.cpu_count(),
        "memory_gib": round(int(memory.group(1)) / 2**20) if memory else None,
        "system": f"{platform.system()} {platform.release()}",
        "versions": versions,
    }


def commit():
    text = run(["git", "-C", HOME, "rev-parse", "--short", "HEAD"]).strip()
    changed = run(["git", "-C", HOME, "status", "--porcelain", "--", "src", "benches"])
    return text + (" with changes" if changed.strip() else "")
