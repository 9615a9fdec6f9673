"""The one door of every front: commands in, queries out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Self

from airbook.application.commands import (
    CommandResult,
    Executor,
    Order,
    Reserve,
    TooManyConflicts,
    nobody,
)
from airbook.application.responses import Daemon, StoreStatus
from airbook.application.stores.store import Store
from airbook.domain.decider import Command
from airbook.eventlog.errors import StoreError
from airbook.eventlog.lease import Heartbeat
from airbook.eventlog.log import Log
from airbook.eventlog.recorder import CommitObserver
from airbook.eventlog.records import Receipt

if TYPE_CHECKING:
    from airbook.application.queries import Queries


def now() -> datetime:
    """Return the current time, UTC."""
    return datetime.now(UTC)


class Airbook:
    """One store; the log is opened when it is first used, and the views when they are queried."""

    def __init__(
        self,
        store: Store,
        *,
        clock: Callable[[], datetime] = now,
        actor: Callable[[], str | None] = nobody,
    ) -> None:
        """actor: returns the name of the actor of all commands; None records none.

        observer: is told of the commits; it is set before the log is opened.
        """
        self.store = store
        self.observer: CommitObserver | None = None
        self.clock = clock
        self.actor = actor

    @cached_property
    def log(self) -> Log:
        """Open the log. Raises StoreError, also (store_missing) if no store was created yet."""
        if not self.store.is_made():
            raise StoreError("store_missing", self.store.url)
        return self._open_log()

    def create_if_missing(self) -> None:
        """Create the file of a missing store; a store on a server needs `Store.create`."""
        if "log" not in self.__dict__ and not self.store.is_made():
            self.__dict__["log"] = self._open_log()

    def _open_log(self) -> Log:
        log = self.store.open_log()
        if self.observer is not None:
            log.observe(self.observer)
        return log

    @property
    def is_open(self) -> bool:
        """Return whether the log is open."""
        return "log" in self.__dict__

    def check_is_there(self) -> None:
        """Raise StoreError (store_gone) if the file of the open log was removed or replaced."""
        self.log.diagnostics.check_is_there()

    def check_is_finished(self) -> None:
        """Raise StoreError (store_unfinished) if the store is a copy that is not verified yet."""
        if self.log.registry.is_unfinished():
            raise StoreError("store_unfinished", self.store.url)

    @cached_property
    def queries(self) -> Queries:
        """Open the views. Raises StoreError."""
        from airbook.application.queries import Queries

        return Queries(
            self.log,
            self.store.open_views(self.log),
            url=self.store.url,
            clock=self.clock,
            daemon=self.daemon,
        )

    def queries_even_if_damaged(self) -> Queries:
        """Open the views; damaged views are discarded first and built anew. Raises StoreError."""
        try:
            damaged = self.queries.views.are_damaged()
        except StoreError as error:
            if error.code != "views_damaged":
                raise
            damaged = True
        if damaged:
            self.close_queries()
            self.store.discard_views()
        return self.queries

    def execute(
        self,
        command: Command | Reserve,
        number: int | None = None,
        *,
        key: str | None = None,
        at: datetime | None = None,
    ) -> Receipt:
        """Execute one command; see `Order` for the parameters. Raises Refused and StoreError."""
        result = self.execute_all([Order(command, number, key, at)])[0]
        if isinstance(result, Exception):
            raise result
        return result

    def execute_all(self, orders: Sequence[Order]) -> Sequence[CommandResult]:
        """Execute commands in one commit; returns the result of each.

        See `Executor.execute_all`; here a command with too many conflicts has a StoreError.
        """
        busy = StoreError("store_busy", self.store.url)
        if any(order.number is None for order in orders):
            self.create_if_missing()
        try:
            results = self._executor.execute_all(orders)
        except TooManyConflicts as error:
            raise busy from error
        return [busy if isinstance(one, TooManyConflicts) else one for one in results]

    @cached_property
    def _executor(self) -> Executor:
        return Executor(self.log, self.clock, self.actor)

    def heartbeat(self) -> Heartbeat | None:
        """Return the latest heartbeat of the running daemons; None if none is running."""
        found = self.log.diagnostics.heartbeats().values()
        return max(found, key=lambda one: one.at, default=None)

    def daemon(self) -> Daemon:
        """Show whether a daemon is running, and the age of its last heartbeat."""
        heartbeat = self.heartbeat()
        age = None if heartbeat is None else round(max(0.0, heartbeat.age()), 3)
        strays = self.log.diagnostics.strays().values()
        return Daemon(heartbeat is not None, age, next((one.pid for one in strays), None))

    def store_status(self) -> StoreStatus:
        """Show where the store is and how much it holds. Raises StoreError."""
        database, size = self.log.diagnostics.describe()
        numbers = self.log.registry.numbers()
        airplanes, reservations = numbers.get("airplane", 0), numbers.get("reservation", 0)
        head = self.log.head()
        unfinished = self.log.registry.is_unfinished()
        return StoreStatus(
            self.store.url, database, head, airplanes, reservations, size, unfinished
        )

    def close_queries(self) -> None:
        """Close the views; the next query opens them again."""
        if "queries" in self.__dict__:
            self.__dict__.pop("queries").close()

    def close(self) -> None:
        """Close the views and the log; the next use opens them again."""
        self.close_queries()
        self.__dict__.pop("_executor", None)
        if "log" in self.__dict__:
            self.__dict__.pop("log").close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
