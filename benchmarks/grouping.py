"""Sixty-four commands at once, each with its own answer, beside raw commits one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Thread
from time import perf_counter

from airbook.application.airbook import Airbook
from airbook.application.commands import Order, Reserve
from airbook.eventlog.group_commit import GroupCommit
from benchmarks.report import Figure

AT_ONCE = 64
EACH = 100


def grouping(airbook: Airbook, raw: float, kind: str, goal: float) -> Iterator[Figure]:
    """Reserve from as many threads, and from as many lines of a pipe.

    raw: seconds of one raw commit. kind: what that commit is. goal: how many times as many.
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
    """Reserve as `reserve -` does with lines that arrive together; returns seconds."""
    began = perf_counter()
    for _ in range(EACH):
        airbook.execute_all([Order(Reserve(1, "kim"))] * AT_ONCE)
    return perf_counter() - began


def from_threads(airbook: Airbook) -> float:
    """Reserve as a server with threads does; returns seconds."""
    with GroupCommit(airbook.execute_all) as group:

        def reserve() -> None:
            for _ in range(EACH):
                group.submit(Order(Reserve(1, "kim"))).result()

        return took([reserve] * AT_ONCE)


def took(work: list[Callable[[], None]]) -> float:
    """Do each piece of work in a thread of its own; returns seconds."""
    threads = [Thread(target=piece) for piece in work]
    began = perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return perf_counter() - began
