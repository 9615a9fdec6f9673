"""How far something long has come, on stderr: a bar on a terminal, nothing in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Generator, Iterable, Iterator
from typing import TypeVar

from airbook.application.text.labels import mark
from airbook.cli.framework.session import Session

Result = TypeVar("Result")
EVENTS_LABEL = mark("Events")


def counted(
    session: Session,
    positions: Generator[int, None, Result],
    goal: int | None,
    what: str = EVENTS_LABEL,
) -> Result:
    """Do something long, showing each position it reaches against the one to be reached.

    goal: None if nobody knows. what: English, what is counted. Returns what the long thing returns.
    """
    result: list[Result] = []

    def going() -> Iterator[int]:
        result.append((yield from positions))

    for _ in shown(session, going(), goal, what):
        pass
    return result[0]


def shown(session: Session, positions: Iterable[int], goal: int | None, what: str) -> Iterator[int]:
    """Pass positions on, showing each."""
    if not sys.stderr.isatty():
        yield from positions
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    console = Console(stderr=True, no_color=not session.is_colored())
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(session.label(what), total=goal)
        for position in positions:
            bar.update(task, completed=position)
            yield position
