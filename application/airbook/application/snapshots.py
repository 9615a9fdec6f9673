"""Snapshots of the views: what queries read, caught up with the log."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager

import sqlalchemy as sql

from airbook.application.daemon_patience import DaemonPatience
from airbook.eventlog.log import Log
from airbook.eventlog.records import Fenced
from airbook.projections.database import AlreadyRebuilding
from airbook.projections.rebuild import rebuild
from airbook.projections.store import Views

REBUILDER_PATIENCE_SECONDS = 5.0
POLL_SECONDS = 0.002


class Snapshots:
    """Opens snapshots of the views of one log, one at a time."""

    def __init__(self, log: Log, views: Views, is_daemon_running: Callable[[], bool]) -> None:
        self._log = log
        self._views = views
        self._patience = DaemonPatience(is_daemon_running)
        self._block: ExitStack | None = None
        self._reading: sql.Connection | None = None

    def catch_up(self) -> None:
        """Bring the views up to the head of the log.

        A running daemon gets a moment to apply the missing events; then they are applied here.
        Raises AlreadyRebuilding if another process keeps rebuilding views that are out of date.
        """
        head = self._log.head()
        self._patience.wait(lambda: self._views.position() >= head)
        deadline = time.monotonic() + REBUILDER_PATIENCE_SECONDS
        while (stale := self._views.out_of_date()) or self._views.position() < head:
            try:
                if stale:
                    deque(rebuild(self._views, stale), maxlen=0)
                else:
                    self._views.catch_up()
            except AlreadyRebuilding:
                if time.monotonic() > deadline:
                    raise
                time.sleep(POLL_SECONDS)
            except Fenced:
                continue

    @contextmanager
    def together(self) -> Generator[None]:
        """Let every `reading` of a block go on in one transaction, which the first of them opens.

        A block that asks the log alone opens none, and does not wait for the views.
        """
        try:
            with ExitStack() as self._block:
                yield
        finally:
            self._block = None

    @contextmanager
    def reading(self) -> Generator[sql.Connection]:
        """Open a transaction that reads the views, caught up with the log.

        Inside another `reading`, the same transaction goes on.
        """
        if self._reading is None and self._block is not None:
            self._block.enter_context(self._opened())
        if self._reading is not None:
            yield self._reading
            return
        with self._opened() as connection:
            yield connection

    @contextmanager
    def _opened(self) -> Generator[sql.Connection]:
        self.catch_up()
        with self._views.reading() as connection:
            self._reading = connection
            try:
                yield connection
            finally:
                self._reading = None
