"""Several processes that begin their work at the same time."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.synchronize import Barrier
from typing import TypeVar

from tests.support.forked import context

Result = TypeVar("Result")
SECONDS = 60.0


def at_once(*work: Callable[[], Result]) -> list[Result]:
    """Call each function in a process of its own; returns the results, or raises an error.

    After an error the other processes are killed: one of them may never end.
    """
    forking = context()
    start = (forking.Barrier(len(work), timeout=SECONDS), work)
    with ProcessPoolExecutor(len(work), forking, initializer=line_up, initargs=start) as pool:
        results = [pool.submit(piece) for piece in work]
        processes = list(vars(pool)["_processes"].values())
        try:
            return [result.result(SECONDS) for result in results]
        except BaseException:
            for process in processes:
                process.kill()
            raise


def line_up(barrier: Barrier, _work: object) -> None:
    """Wait for the other processes; unpickling the work has imported its modules by now."""
    barrier.wait()
