"""The report: for each figure our value, the baseline, their ratio and the goal."""

from __future__ import annotations

import os
import shutil
import statistics
import tempfile
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple


class Figure(NamedTuple):
    """One figure.

    goal: empty for a figure without one. reached: whether the goal is reached. where: where the
    time goes if it is not.
    """

    what: str
    ours: str
    baseline: str
    ratio: str
    goal: str = ""
    reached: bool = True
    where: str = ""


def tell(figures: Iterable[Figure]) -> None:
    """Print each figure as soon as it is measured."""
    for figure in figures:
        print(f"{figure.what}\n    ours      {figure.ours}\n    baseline  {figure.baseline}")
        print(f"    ratio     {figure.ratio}")
        if figure.goal:
            print(f"    goal      {figure.goal}: {'reached' if figure.reached else 'MISSED'}")
        if figure.where and not figure.reached:
            print(f"    where     {figure.where}")
        print(flush=True)


def percentile(values: Sequence[float], share: float) -> float:
    """Return a percentile. share: between 0 and 1."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def middle(values: Sequence[float]) -> float:
    """Return the median."""
    return statistics.median(values)


@contextmanager
def folder() -> Generator[Path]:
    """Create a folder in the working directory: a sync costs nothing if /tmp is in memory."""
    path = Path(tempfile.mkdtemp(prefix=".bench-", dir=Path.cwd()))
    os.environ["AIRBOOK_STORE"] = f"sqlite:///{path}/airbook.db"
    try:
        yield path
    finally:
        shutil.rmtree(path)
