"""The system calls of a process, traced by strace, which can kill it or fail a call."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tests.support.answers import Answer
from tests.support.home import Home

WRITES = ("pwrite64", "write", "fdatasync", "fsync", "ftruncate", "unlink")
SYNCS = ("fsync", "fdatasync")


class Call(NamedTuple):
    """The nth system call of a kind that a process makes."""

    name: str
    nth: int


def strace(files: Sequence[Path], *options: str) -> list[str]:
    """Return the strace command for the calls on these files, child processes included."""
    assert shutil.which("strace"), "These tests need strace: apt-get install strace"
    paths = [word for file in files for word in ("-P", str(file))]
    return ["strace", "-f", "-qq", *paths, *options]


def watched(home: Home) -> list[Path]:
    return [home.path, *home.databases()]


def calls_of(
    home: Home,
    words: Sequence[str],
    kinds: Sequence[str] = WRITES,
    files: Sequence[Path] | None = None,
) -> list[Call]:
    """Run a command; returns its system calls on these files, in order."""
    trace = home.folder / "trace"
    names = ",".join(kinds)
    # With the filter a process stops at these calls only, which faults do not allow.
    options = ("--seccomp-bpf", "-e", f"trace={names}", "-o", str(trace))
    done = home.run(*words, under=strace(files or watched(home), *options))
    assert done.code == 0, done
    return read_trace(trace)


def read_trace(trace: Path) -> list[Call]:
    """Return the system calls of a trace, each counted by its name."""
    made, calls = Counter[str](), list[Call]()
    for name in re.findall(r"^\d+ +(\w+)\(", trace.read_text(), re.MULTILINE):
        made[name] += 1
        calls.append(Call(name, made[name]))
    return calls


def struck(home: Home, words: Sequence[str], call: Call, fault: str, *, on: bool = False) -> Answer:
    """Run a command with a fault at a call.

    fault: in the syntax of strace: signal=SIGKILL, error=EIO. on: later calls fail too.
    """
    return home.run(*words, under=striking(home, call, fault, on=on))


def striking(home: Home, call: Call, fault: str, *, on: bool = False) -> list[str]:
    """Return the strace command that causes a fault."""
    when = f"{call.nth}{'+' if on else ''}"
    injected = f"inject={call.name}:{fault}:when={when}"
    return strace(watched(home), "-e", f"trace={call.name}", "-e", injected, "-o", "/dev/null")


def some_of(calls: Sequence[Call], many: int | None) -> list[Call]:
    """Return `many` calls at even distances, the first and the last included; None means all."""
    if many is None or many >= len(calls):
        return list(calls)
    step = (len(calls) - 1) / (many - 1)
    return [calls[round(index * step)] for index in range(many)]
