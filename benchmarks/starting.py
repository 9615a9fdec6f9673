"""The cost of a whole `airbook reserve`, compared with a bare interpreter and with kubectl."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from airbook.application.airbook import Airbook
from airbook.application.stores.sqlite import SQLiteStore
from airbook.domain.airplane import CreateAirplane
from benchmarks.report import Figure, folder

RUNS = 15


def starting() -> Iterator[Figure]:
    """Compare the processor time of whole processes, the best of several runs."""
    with folder() as path, Airbook(SQLiteStore(path / "airbook.db")) as airbook:
        airbook.execute(CreateAirplane(1_000))
        command = str(Path(sys.executable).with_name("airbook"))
        ours = processor_time([command, "reserve", "1"])
        slowest = slowest_imports(command)
    bare = processor_time([sys.executable, "-c", "pass"])
    yield Figure(
        "airbook reserve 1, a whole process",
        f"{ours * 1e3:.0f} ms of processor time",
        f"{bare * 1e3:.0f} ms for python -c pass",
        f"{ours / bare:.1f}",
    )
    if kubectl := shutil.which("kubectl"):
        other = processor_time([kubectl, "version", "--client"])
        yield Figure(
            "the same, beside kubectl",
            f"{ours * 1e3:.0f} ms of processor time",
            f"{other * 1e3:.0f} ms for kubectl version --client",
            f"{ours / other:.2f}",
            "2",
            ours / other <= 2,
            slowest,
        )


def processor_time(command: Sequence[str]) -> float:
    """Run a command several times; returns its least user and system time, in seconds."""
    best = float("inf")
    for _ in range(RUNS):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, _, usage = os.wait4(process.pid, 0)
        process.returncode = 0
        best = min(best, usage.ru_utime + usage.ru_stime)
    return best


def slowest_imports(airbook: str) -> str:
    """Return the packages that took longest to load, with their milliseconds."""
    command = [sys.executable, "-X", "importtime", airbook, "reserve", "1"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    times: dict[str, int] = {}
    for line in told.splitlines():
        fields = line.removeprefix("import time:").split("|")
        if len(fields) == 3 and fields[0].strip().isdigit():
            package = fields[2].strip().partition(".")[0]
            times[package] = times.get(package, 0) + int(fields[0])
    slowest = sorted(times.items(), key=lambda one: -one[1])[:6]
    return "loading " + ", ".join(f"{name} {spent / 1e3:.0f} ms" for name, spent in slowest)
