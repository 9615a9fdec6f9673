"""Processes that begin at once end together: none stays behind when another one fails."""

from __future__ import annotations

import os
import time
from functools import partial
from pathlib import Path

import psutil
import pytest

from tests.support.processes import at_once
from tests.support.waiting import until


def hang(folder: Path) -> None:
    """Write down the number of this process, and never return."""
    begun = folder / "begun"
    begun.write_text(str(os.getpid()))
    begun.rename(folder / "pid")
    while True:
        time.sleep(1)


def fail(folder: Path) -> None:
    """Raise an error once the other process hangs."""
    until((folder / "pid").exists, "the other process to begin")
    raise ZeroDivisionError


def test_a_process_that_hangs_is_killed_when_another_one_fails(tmp_path: Path):
    with pytest.raises(ZeroDivisionError):
        at_once(partial(fail, tmp_path), partial(hang, tmp_path))
    assert not psutil.pid_exists(int((tmp_path / "pid").read_text()))


def test_the_results_are_in_the_order_of_the_functions():
    assert at_once(partial(int, "1"), partial(int, "2"), partial(int, "3")) == [1, 2, 3]
