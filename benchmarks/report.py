"""A line for each figure: ours, the baseline, their ratio, and what it should reach."""

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
    """One figure. reached: whether it is as good as it should be. where: the time, if it is not.

    One without a goal is measured to be known.
    """

    what: str
    ours: str
    baseline: str
    ratio: str
    goal: str = ""
    reached: bool = True
    where: str = ""


def tell(figures: Iterable[Figure]) -> None:
    """Print figures as they come."""
    for figure in figures:
        print(f"{figure.what}\n    ours      {figure.ours}\n    baseline  {figure.baseline}")
        print(f"    ratio     {figure.ratio}")
        if figure.goal:
            print(f"    goal      {figure.goal}: {'reached' if figure.reached else 'MISSED'}")
        if figure.where and not figure.reached:
            print(f"    where     {figure.where}")
        print(flush=True)


def percentile(values: Sequence[float], share: float) -> float:
    """Find the value below which a share of the values lies."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def middle(values: Sequence[float]) -> float:
    """Find the median."""
    return statistics.median(values)


@contextmanager
def folder() -> Generator[Path]:
    """Make a folder beside this checkout: a temporary one may be in memory and sync for nothing."""
    path = Path(tempfile.mkdtemp(prefix=".bench-", dir=Path.cwd()))
    os.environ["AIRBOOK_STORE"] = f"sqlite:///{path}/airbook.db"
    try:
        yield path
    finally:
        shutil.rmtree(path)
