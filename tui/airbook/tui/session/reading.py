"""A thread that runs queries on the store, one at a time, and only the newest of each name."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NamedTuple, TypeVar

from textual.message import Message

from airbook.application.airbook import Airbook
from airbook.domain.refusal import Refused
from airbook.eventlog.errors import StoreError
from airbook.eventlog.log import UnreadableStream
from airbook.eventlog.records import Conflict

Result = TypeVar("Result")
QUERY_ERRORS = (StoreError, Conflict, UnreadableStream, Refused)


class RefreshRequested(Message):
    """Posted by a widget whose data must be read again."""


class Query(NamedTuple):
    """One query and its two callbacks; when the query has run, one of them is called, once."""

    run: Callable[[Airbook], Any]
    on_result: Callable[[Any], object]
    on_error: Callable[[Exception], object]


class Reader:
    """Runs queries in the order of their submission.

    A query that is submitted again before it has run replaces the earlier one. The store is opened
    for the first query; after a StoreError it is closed, and opened again for the next query.
    """

    def __init__(self, open_airbook: Callable[[], Airbook]) -> None:
        self._open_airbook = open_airbook
        self._airbook: Airbook | None = None
        self._queue: dict[str, Query] = {}
        self._changed = threading.Condition()
        self._stopped = False

    def submit(
        self,
        name: str,
        run: Callable[[Airbook], Result],
        on_result: Callable[[Result], object],
        on_error: Callable[[Exception], object],
    ) -> None:
        """Add a query to the queue; it replaces a queued query of the same name.

        on_result, on_error: called on the reader's thread.
        """
        with self._changed:
            self._queue[name] = Query(run, on_result, on_error)
            self._changed.notify()

    def run(self) -> None:
        """Run queries until `stop` is called."""
        try:
            while query := self._next():
                self._run_query(query)
        finally:
            self._close()

    def stop(self) -> None:
        """End `run` after the current query."""
        with self._changed:
            self._stopped = True
            self._changed.notify()

    def _next(self) -> Query | None:
        with self._changed:
            self._changed.wait_for(lambda: self._queue or self._stopped)
            if self._stopped:
                return None
            return self._queue.pop(next(iter(self._queue)))

    def _run_query(self, query: Query) -> None:
        try:
            self._airbook = self._airbook or self._open_airbook()
            result = query.run(self._airbook)
        except QUERY_ERRORS as error:
            if isinstance(error, StoreError):
                self._close()
            query.on_error(error)
        except Exception as error:  # noqa: BLE001 -- a programming error: the screen raises it
            query.on_error(error)
        else:
            query.on_result(result)

    def _close(self) -> None:
        if self._airbook is not None:
            with suppress(StoreError):
                self._airbook.close()
            self._airbook = None
