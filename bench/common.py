"""Shared by the benchmarks: running programs with peak memory, medians, tables, docs/results.md."""

import datetime
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
ALIKE = ROOT / "build/release/alike"
CACHE = pathlib.Path(os.environ.get("ALIKE_CACHE") or
                     pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "alike")
PYTHON = CACHE / "rivals/bin/python"
HOME = pathlib.Path(os.environ.get("ALIKE_HOME") or
                    pathlib.Path(os.environ.get("XDG_DATA_HOME") or pathlib.Path.home() / ".local/share") / "alike")

# A rival's own threads are set by its arguments; these would slow a current numpy or spin a core.
ENVIRONMENT = {k: v for k, v in os.environ.items() if k not in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")}
ENVIRONMENT |= {"OMP_WAIT_POLICY": "PASSIVE"}


def run(*command, env=None):
    """Runs a program; returns (its JSON or None, wall seconds, peak memory in MB)."""
    started = time.perf_counter()
    process = subprocess.Popen([str(c) for c in command], stdout=subprocess.PIPE, env=ENVIRONMENT | (env or {}))
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))} ended with {process.returncode}")
    seconds = time.perf_counter() - started
    return json.loads(output) if output.strip() else None, seconds, usage.ru_maxrss / 1024


def together(commands):
    """Runs programs at the same time; returns (list of their JSON, wall seconds)."""
    started = time.perf_counter()
    processes = [subprocess.Popen([str(c) for c in command], stdout=subprocess.PIPE, env=ENVIRONMENT)
                 for command in commands]
    outputs = [json.loads(p.communicate()[0]) for p in processes]
    if any(p.returncode for p in processes):
        sys.exit("a rival failed")
    return outputs, time.perf_counter() - started


def package(name):
    folder = HOME / "models" / name
    if not folder.is_dir():
        run(ALIKE, "--json", "models", "get", name)
    return folder


def median(values):
    return statistics.median(values)


def machine():
    model = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text()).group(1)
    return f"{len(os.sched_getaffinity(0))} cores of {model}"


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(str(c) for c in row) + " |" for row in rows])


def publish(section, text, page="results.md"):
    """Prints `text` and puts it under `## section` of docs/`page`, in place of the old text."""
    command = "bench/" + pathlib.Path(sys.argv[0]).name + "".join(
        " " + (pathlib.Path(a).name if "/" in a else a) for a in sys.argv[1:])
    body = f"{machine()}; {datetime.date.today()}; `{command}`\n\n{text}\n"
    print(f"## {section}\n\n{body}")
    path = ROOT / "docs" / page
    old = path.read_text()
    pattern = re.compile(rf"^## {re.escape(section)}\n.*?(?=^## |\Z)", re.M | re.S)
    new = f"## {section}\n\n{body}\n"
    path.write_text(pattern.sub(lambda _: new, old) if pattern.search(old) else old.rstrip() + "\n\n" + new)
