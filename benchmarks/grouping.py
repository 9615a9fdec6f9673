"""Group commit: 64 commands at once, compared with single commits without airbook."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Thread
from time import perf_counter

from airbook.application.airbook import Airbook, Request
from benchmarks.report import Figure

AT_ONCE = 64
EACH = 100


def grouping(airbook: Airbook, raw: float, kind: str, goal: float) -> Iterator[Figure]:
    """Measure 64 threads, and 64 lines of a pipe.

    raw: seconds of one commit of the baseline. kind: its description. goal: the ratio to reach.
    """
    for what, work, where in (
        (
            f"group commit, {AT_ONCE} lines at once, each with its own answer",
            from_lines,
            "deciding and encoding each command, in Python",
        ),
        (
            f"group commit, {AT_ONCE} threads, each waiting for its own answer",
            from_threads,
            "waking a thread for each answer: one interpreter runs one thread at a time",
        ),
    ):
        each = work(airbook) / (AT_ONCE * EACH)
        yield Figure(
            what,
            f"{1 / each:,.0f} commands a second",
            f"{1 / raw:,.0f} {kind} a second, one by one",
            f"{raw / each:.1f}",
            f"{goal:g}",
            raw / each >= goal,
            where,
        )


def from_lines(airbook: Airbook) -> float:
    """Reserve like `reserve -` with lines that arrive together; returns the seconds."""
    began = perf_counter()
    for _ in range(EACH):
        airbook.reserve_all([Request(1, "kim")] * AT_ONCE)
    return perf_counter() - began


def from_threads(airbook: Airbook) -> float:
    """Reserve from many threads; returns the seconds."""

    def reserve() -> None:
        for _ in range(EACH):
            airbook.reserve(1, "kim")

    return took([reserve] * AT_ONCE)


def took(work: list[Callable[[], None]]) -> float:
    """Run each function in a thread of its own; returns the seconds."""
    threads = [Thread(target=piece) for piece in work]
    began = perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return perf_counter() - began
