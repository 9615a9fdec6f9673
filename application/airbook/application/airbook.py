"""The book of reservations: the one write path, and what every front asks for."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Self, cast

from msgspec import Struct, json

from airbook.application.responses import Daemon, StoreStatus
from airbook.application.stores import Store
from airbook.domain.decider import RESERVATION, Command, Decider, Stream, decider_of
from airbook.domain.refusal import Refused
from airbook.domain.reservation import RequestReservation
from airbook.eventlog.errors import StoreError
from airbook.eventlog.lease import Heartbeat
from airbook.eventlog.log import Log
from airbook.eventlog.records import Answer, Append, Conflict, Customer, Key, Receipt, Transaction

if TYPE_CHECKING:
    from airbook.application.queries import Queries

ATTEMPTS = 100
CUSTOMERS_KNOWN = 10_000


def now() -> datetime:
    """Tell the time, UTC."""
    return datetime.now(UTC)


class Request(Struct, frozen=True):
    """A seat somebody wants, and when they said so, UTC. customer: a name. key: for idempotency."""

    airplane: int
    customer: str
    key: str | None = None
    at: datetime | None = None


class Airbook:
    """One store, opened: the log when it is first used, the views only when asked for."""

    def __init__(self, store: Store, *, clock: Callable[[], datetime] = now) -> None:
        self.store = store
        self.clock = clock
        self._known: dict[str, str] = {}  # customers' ids by name

    @cached_property
    def log(self) -> Log:
        """Open the log. Raises StoreError: store_missing too, since looking makes no store."""
        if not self.store.is_made():
            raise StoreError("store_missing", self.store.url)
        return self.store.open_log()

    def begin(self) -> None:
        """Make the store where that takes nobody's leave: a file that is not there."""
        if not self.store.is_made():
            self.store.create()

    @cached_property
    def queries(self) -> Queries:
        """Open the views. Raises StoreError."""
        from airbook.application.queries import Queries

        return Queries(
            self.log,
            self.store.open_views(self.log),
            url=self.store.url,
            clock=self.clock,
            daemon=self.alive,
        )

    def queries_even_if_damaged(self) -> Queries:
        """Open the views; where their file is damaged, begin a new one. Raises StoreError."""
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

    def daemon(self) -> Heartbeat | None:
        """Read the latest heartbeat of the daemons that decide; None if none runs."""
        return max(self.store.heartbeats(self.log).values(), key=lambda one: one.at, default=None)

    def alive(self) -> Daemon:
        """Show whether a daemon decides, and how old its last sign of life is."""
        found = self.daemon()
        age = None if found is None else round(found.age(), 3)
        return Daemon(found is not None, age)

    def status(self) -> StoreStatus:
        """Tell where everything is kept, and how much there is. Raises StoreError."""
        database, size = self.store.describe(self.log)
        numbers = self.log.recorder.numbers()
        airplanes, reservations = numbers.get("airplane", 0), numbers.get("reservation", 0)
        head = self.log.head()
        return StoreStatus(self.store.url, database, head, airplanes, reservations, size)

    def execute(
        self,
        command: Command,
        number: int | None = None,
        *,
        key: str | None = None,
    ) -> Receipt:
        """Decide a command and append the events that follow from it, in one commit.

        number: the airplane or reservation it is for; None makes a new one. key: an idempotency
        key; the same command under the same key gets the first receipt again. Raises Refused and
        StoreError.
        """
        decider = decider_of(command)
        if number is None:
            self.begin()
        used = Key(key, contents_of(command, number)) if key else None
        if used and (receipt := self.log.recorder.repeated(used)):
            return receipt
        for _ in range(ATTEMPTS):
            append = self._decide(decider, command, number)
            if not append.events:
                return Receipt(number or 0, self.log.head())
            with suppress(Conflict):
                return self.log.commit(Transaction(at=self.clock(), appends=(append,), key=used))
        raise StoreError("store_busy", self.store.url)

    def _decide(self, decider: Decider, command: Command, number: int | None) -> Append:
        state, version = decider.initial, 0
        if number is not None:
            state, version = self.log.load(Stream(decider.kind, number))
        try:
            return Append(decider.kind, number, version, decider.decide(command, state))
        except Refused as refusal:
            raise refusal.about(number or 0) from None

    def reserve(self, airplane: int, customer: str, *, key: str | None = None) -> Receipt:
        """Request a seat for a customer, by name; see `request`."""
        return self.request(Request(airplane, customer, key))

    def request(self, request: Request) -> Receipt:
        """Request a seat: always accepted, whether there is such an airplane or not.

        Raises Refused (key_reused) and StoreError.
        """
        answer = self.reserve_all([request])[0]
        if isinstance(answer, Refused):
            raise answer
        return answer

    def reserve_all(self, requests: Sequence[Request]) -> list[Receipt | Refused]:
        """Request many seats in one commit; an answer for each. Raises StoreError."""
        self.begin()
        answers: list[Answer] = [Conflict()] * len(requests)
        for _ in range(ATTEMPTS):
            left = [place for place, answer in enumerate(answers) if isinstance(answer, Conflict)]
            if not left:
                return cast("list[Receipt | Refused]", answers)
            known = self._customers({requests[place].customer for place in left})
            new = {name: Customer(f"c{os.urandom(8).hex()}", name) for name in known}
            transactions = [self._requested(requests[place], known, new) for place in left]
            for place, answer in zip(left, self.log.commit_all(transactions), strict=True):
                name = requests[place].customer
                used = known[name] or new[name].id
                if isinstance(answer, Receipt):
                    self._known[name] = used
                else:
                    self._known.pop(name, None)
                # The first try of the same request may have stored the customer under another id.
                if isinstance(answer, Refused) and self._is_another(name, used):
                    continue
                answers[place] = answer
        raise StoreError("store_busy", self.store.url)

    def _customers(self, names: Collection[str]) -> Mapping[str, str | None]:
        """Find the ids customers are stored under; None for those who are not."""
        if len(self._known) > CUSTOMERS_KNOWN:
            self._known.clear()
        known = {name: self._known.get(name) for name in names}
        unknown = [name for name, id_ in known.items() if id_ is None]
        return {**known, **(self.log.recorder.customer_ids(unknown) if unknown else {})}

    def _requested(
        self, request: Request, known: Mapping[str, str | None], new: Mapping[str, Customer]
    ) -> Transaction:
        stored = known[request.customer]
        customer = None if stored else new[request.customer]
        command = RequestReservation(request.airplane, stored or new[request.customer].id)
        events = RESERVATION.decide(command, RESERVATION.initial)
        return Transaction(
            at=request.at or self.clock(),
            appends=(Append(RESERVATION.kind, None, 0, events),),
            customer=customer,
            key=Key(request.key, contents_of(command, None)) if request.key else None,
        )

    def _is_another(self, name: str, used: str) -> bool:
        return self.log.recorder.customer_ids([name]).get(name, used) != used

    def close_queries(self) -> None:
        """Close the views; they open again when they are asked for."""
        if "queries" in self.__dict__:
            self.__dict__.pop("queries").close()

    def close(self) -> None:
        """Close what was opened."""
        self.close_queries()
        if "log" in self.__dict__:
            self.__dict__.pop("log").recorder.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def contents_of(command: Command, number: int | None) -> str:
    """Write a command so that it equals another exactly if they ask for the same."""
    return json.encode([type(command).__name__, number, command]).decode()
