"""The book of reservations: the one write path, and what every front asks for."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Self, cast

from msgspec import Struct, json

from airbook.domain.change import Answer, Append, Change, Conflict, Customer, Key, Receipt
from airbook.domain.log import Log
from airbook.domain.nouns import RESERVATION, Command, Noun, Stream, noun_of
from airbook.domain.refusal import Refused
from airbook.domain.reservation import RequestReservation
from airbook.domain.store import StoreError
from airbook.runtime.lease import Heartbeat
from airbook.runtime.stores import Store

if TYPE_CHECKING:
    from airbook.runtime.pages import Pages

ATTEMPTS = 100
CUSTOMERS_KNOWN = 10_000


def now() -> datetime:
    """Tell the time, UTC."""
    return datetime.now(UTC)


class Request(Struct, frozen=True):
    """A seat somebody wants. customer: a name. key: an idempotency key."""

    airplane: int
    customer: str
    key: str | None = None


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
    def pages(self) -> Pages:
        """Open the views. Raises StoreError."""
        from airbook.runtime.pages import Pages

        return Pages(self)

    def pages_even_if_damaged(self) -> Pages:
        """Open the views; where their file is damaged, begin a new one. Raises StoreError."""
        try:
            damaged = self.pages.views.database.is_damaged()
        except StoreError as error:
            if error.code != "views_damaged":
                raise
            damaged = True
        if damaged:
            self.close_pages()
            self.store.discard_views()
        return self.pages

    def daemon(self) -> Heartbeat | None:
        """Read the latest heartbeat of the daemons that decide; None if none runs."""
        return max(self.store.heartbeats(self.log).values(), key=lambda one: one.at, default=None)

    def execute(
        self,
        command: Command,
        number: int | None = None,
        *,
        key: str | None = None,
    ) -> Receipt:
        """Decide a command and append the facts that follow from it, in one commit.

        number: the airplane or reservation it is for; None makes a new one. key: an idempotency
        key; the same command under the same key gets the first receipt again. Raises Refused and
        StoreError.
        """
        noun = noun_of(command)
        if number is None:
            self.begin()
        used = Key(key, contents_of(command, number)) if key else None
        if used and (receipt := self.log.recorder.repeated(used)):
            return receipt
        for _ in range(ATTEMPTS):
            append = self._decide(noun, command, number)
            if not append.facts:
                return Receipt(number or 0, self.log.head())
            with suppress(Conflict):
                return self.log.commit(Change(at=self.clock(), appends=(append,), key=used))
        raise StoreError("store_busy", self.store.url)

    def _decide(self, noun: Noun, command: Command, number: int | None) -> Append:
        state, version = noun.initial, 0
        if number is not None:
            state, version = self.log.load(Stream(noun.kind, number))
        try:
            return Append(noun.kind, number, version, noun.decide(command, state))
        except Refused as refusal:
            raise refusal.about(number or 0) from None

    def reserve(self, airplane: int, customer: str, *, key: str | None = None) -> Receipt:
        """Request a seat for a customer, by name; always accepted, whether the airplane is or not.

        Raises Refused (key_reused) and StoreError.
        """
        answer = self.reserve_all([Request(airplane, customer, key)])[0]
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
            who = self._customers({requests[place].customer for place in left})
            changes = [self._requested(requests[place], who) for place in left]
            for place, answer in zip(left, self.log.commit_all(changes), strict=True):
                customer = who[requests[place].customer]
                if isinstance(answer, Receipt):
                    self._known[customer.name] = customer.id
                else:
                    self._known.pop(customer.name, None)
                # The first try of the same request may have stored the customer under another id.
                if isinstance(answer, Refused) and self._is_another(customer):
                    continue
                answers[place] = answer
        raise StoreError("store_busy", self.store.url)

    def _customers(self, names: Collection[str]) -> Mapping[str, Customer]:
        """Find customers; those not known get an id, which is stored with their first request."""
        if len(self._known) > CUSTOMERS_KNOWN:
            self._known.clear()
        unknown = [name for name in names if name not in self._known]
        found = dict(self.log.recorder.customer_ids(unknown)) if unknown else dict[str, str]()
        return {name: Customer(self._id_of(name, found), name) for name in names}

    def _id_of(self, name: str, found: Mapping[str, str]) -> str:
        return self._known.get(name) or found.get(name) or f"c{os.urandom(8).hex()}"

    def _requested(self, request: Request, who: Mapping[str, Customer]) -> Change:
        customer = who[request.customer]
        command = RequestReservation(request.airplane, customer.id)
        facts = RESERVATION.decide(command, RESERVATION.initial)
        return Change(
            at=self.clock(),
            appends=(Append(RESERVATION.kind, None, 0, facts),),
            customer=None if customer.name in self._known else customer,
            key=Key(request.key, contents_of(command, None)) if request.key else None,
        )

    def _is_another(self, customer: Customer) -> bool:
        known = self.log.recorder.customer_ids([customer.name])
        return known.get(customer.name, customer.id) != customer.id

    def close_pages(self) -> None:
        """Close the views; they open again when they are asked for."""
        if "pages" in self.__dict__:
            self.__dict__.pop("pages").close()

    def close(self) -> None:
        """Close what was opened."""
        self.close_pages()
        if "log" in self.__dict__:
            self.__dict__.pop("log").recorder.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def contents_of(command: Command, number: int | None) -> str:
    """Write a command so that it equals another exactly if they ask for the same."""
    return json.encode([type(command).__name__, number, command]).decode()
