"""The progress of a long operation on stderr: a bar on a terminal, nothing elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Generator, Iterable, Iterator
from typing import TypeVar

from airbook.application.text.labels import Labels, mark

Result = TypeVar("Result")
EVENTS_LABEL = mark("Events")


def run_with_progress(
    operation: Generator[int, None, Result],
    goal: int | None,
    label: Labels,
    *,
    color: bool,
    unit: str = EVENTS_LABEL,
) -> Result:
    """Run an operation to its end and show how far it has come.

    operation: yields a position or a count as it proceeds. goal: its last value, None if unknown.
    unit: the English label of what is counted. Returns the result of the operation.
    """
    result: list[Result] = []

    def positions() -> Iterator[int]:
        result.append((yield from operation))

    for _ in with_bar(positions(), goal, label(unit), color=color):
        pass
    return result[0]


def with_bar(
    positions: Iterable[int], goal: int | None, description: str, *, color: bool
) -> Iterator[int]:
    """Yield the positions, and draw a bar if stderr is a terminal."""
    if not sys.stderr.isatty():
        yield from positions
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    console = Console(stderr=True, no_color=not color)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(description, total=goal)
        for position in positions:
            bar.update(task, completed=position)
            yield position
