"""Several processes that begin their work at the same moment."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.synchronize import Barrier
from typing import TypeVar

Answer = TypeVar("Answer")
SECONDS = 60.0


def at_once(*work: Callable[[], Answer]) -> list[Answer]:
    """Do each piece of work in a process of its own; what one raises is raised here."""
    spawn = multiprocessing.get_context("spawn")
    start = (spawn.Barrier(len(work), timeout=SECONDS), work)
    with ProcessPoolExecutor(len(work), spawn, initializer=line_up, initargs=start) as pool:
        answers = [pool.submit(piece) for piece in work]
        return [answer.result(SECONDS) for answer in answers]


def line_up(everyone: Barrier, _work: object) -> None:
    """Wait for the others; whatever the work imports has been imported by now."""
    everyone.wait()
