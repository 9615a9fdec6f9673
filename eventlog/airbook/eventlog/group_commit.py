"""Group commit: commands that arrive together share a commit, and each gets its own result."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import Generic, Self, TypeVar

from airbook.eventlog.errors import StoreError

Item = TypeVar("Item")
Result = TypeVar("Result")
MAX_GROUP = 500


class GroupCommit(Generic[Item, Result]):
    """One writer thread that executes the queued items in groups, at most MAX_GROUP in one call.

    An asynchronous caller awaits `asyncio.wrap_future(group.submit(item))`; a thread calls
    `group.submit(item).result()`.
    """

    def __init__(self, execute: Callable[[Sequence[Item]], Sequence[Result]]) -> None:
        """execute: stores a group in one commit and returns the result of each item, in order."""
        self._execute = execute
        self._queue = SimpleQueue[tuple[Item, Future[Result]] | None]()
        self._is_closed = False
        self._submitting = Lock()
        self._thread = Thread(target=self._run, name="group-commit", daemon=True)
        self._thread.start()

    def submit(self, item: Item) -> Future[Result]:
        """Queue one item; the future gets its result, or the exception of `execute`.

        Raises RuntimeError after `close`: no thread would complete the future.
        """
        future = Future[Result]()
        with self._submitting:
            if self._is_closed:
                raise RuntimeError("this group commit is closed")
            self._queue.put((item, future))
        return future

    def close(self) -> None:
        """Execute all queued items, then end the thread."""
        with self._submitting:
            self._is_closed = True
            self._queue.put(None)
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _run(self) -> None:
        while (first := self._queue.get()) is not None:
            group, is_last = [first], False
            for entry in self._queued():
                if entry is None:
                    is_last = True
                    break
                group.append(entry)
            self._settle([one for one in group if one[1].set_running_or_notify_cancel()])
            if is_last:
                return

    def _queued(self) -> Iterator[tuple[Item, Future[Result]] | None]:
        for _ in range(MAX_GROUP - 1):
            try:
                yield self._queue.get_nowait()
            except Empty:
                return

    def _settle(self, group: Sequence[tuple[Item, Future[Result]]]) -> None:
        """Execute a group; if an item is at fault, execute each one alone to find out which."""
        if not group:
            return
        try:
            results = self._execute([item for item, _ in group])
            settled = list(zip(group, results, strict=True))
        except BaseException as error:  # noqa: BLE001 -- the callers get it from their futures
            if len(group) > 1 and is_fault_of_an_item(error):
                for one in group:
                    self._settle([one])
                return
            for _, future in group:
                future.set_exception(error)
        else:
            for (_, future), result in settled:
                future.set_result(result)


def is_fault_of_an_item(error: BaseException) -> bool:
    """Return whether an error may concern one item alone, so that the others would succeed."""
    return isinstance(error, Exception) and not isinstance(error, StoreError)
