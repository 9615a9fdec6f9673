"""How far something long has come, on stderr: a bar on a terminal, nothing in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator

from airbook.cli.session import Session
from airbook.runtime.labels import mark


def counted(session: Session, positions: Iterable[int], goal: int) -> Iterator[int]:
    """Pass log positions on, showing each against the one to be reached."""
    if not sys.stderr.isatty():
        yield from positions
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    console = Console(stderr=True, no_color=not session.is_colored())
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console) as bar:
        task = bar.add_task(session.label(mark("Reading the log")), total=goal)
        for position in positions:
            bar.update(task, completed=position)
            yield position
