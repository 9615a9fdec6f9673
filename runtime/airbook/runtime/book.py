"""The book of reservations: the one write path, and what every front asks for."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

from msgspec import json

from airbook.domain.change import Append, Change, Conflict, Customer, Key, Receipt
from airbook.domain.log import Log
from airbook.domain.nouns import Command, Noun, Stream, noun_of
from airbook.domain.refusal import Refused
from airbook.domain.reservation import RequestReservation
from airbook.domain.store import StoreError
from airbook.runtime import lease

if TYPE_CHECKING:
    from airbook.runtime.pages import Pages

ATTEMPTS = 100


def now() -> datetime:
    """Tell the time, UTC."""
    return datetime.now(UTC)


class Airbook:
    """One store, opened: the log at once when it is first used, the views only when asked for."""

    def __init__(self, store: Path, *, clock: Callable[[], datetime] = now) -> None:
        """store: the file of the log; what belongs to it stands beside it."""
        self.store = store = followed(store)
        self.clock = clock
        self.lease_file = store.with_name(f"{store.name}.daemon")
        self.views_file = store.with_name(f"{store.stem}.views{store.suffix}")

    @cached_property
    def log(self) -> Log:
        """Open the log. Raises StoreError."""
        from airbook.domain.sqlite import SQLiteLog

        return Log(SQLiteLog(self.store), self.store.with_name(f"{self.store.name}.followers"))

    @cached_property
    def pages(self) -> Pages:
        """Open the views. Raises StoreError."""
        from airbook.runtime.pages import Pages

        return Pages(self)

    def pages_even_if_damaged(self) -> Pages:
        """Open the views; where their file is damaged, begin a new one. Raises StoreError."""
        try:
            damaged = self.pages.views.are_damaged()
        except StoreError as error:
            if error.code != "views_damaged":
                raise
            damaged = True
        if damaged:
            self.close_pages()
            for suffix in ("", "-wal", "-shm"):
                Path(f"{self.views_file}{suffix}").unlink(missing_ok=True)
        return self.pages

    def daemon(self) -> lease.Heartbeat | None:
        """Read the heartbeat of the daemon that decides; None if none runs."""
        return lease.alive(self.lease_file)

    def execute(
        self,
        command: Command,
        number: int | None = None,
        *,
        key: str | None = None,
        customer: Customer | None = None,
    ) -> Receipt:
        """Decide a command and append the facts that follow from it, in one commit.

        number: the airplane or reservation it is for; None makes a new one. key: an idempotency
        key; the same command under the same key gets the first receipt again. customer: one to
        remember in the same commit. Raises Refused, StoreError, and Conflict if customer's name
        has been taken meanwhile.
        """
        noun = noun_of(command)
        used = Key(key, contents_of(command, number)) if key else None
        if used and (receipt := self.log.recorder.repeated(used)):
            return receipt
        for _ in range(ATTEMPTS):
            append = self._decide(noun, command, number)
            if not append.facts:
                return Receipt(number or 0, self.log.head())
            change = Change(at=self.clock(), appends=(append,), customer=customer, key=used)
            try:
                return self.log.commit(change)
            except Conflict:
                if customer is not None:
                    raise
        raise StoreError("store_busy", self.store)

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
        for _ in range(ATTEMPTS):
            known = self.log.recorder.customer_id(customer)
            new = None if known else Customer(f"c{os.urandom(8).hex()}", customer)
            request = RequestReservation(airplane, known or (new.id if new else ""))
            try:
                return self.execute(request, key=key, customer=new)
            except Conflict:
                continue
            except Refused as refusal:
                # The first try of the same request may have made the customer meanwhile.
                if refusal.code != "key_reused" or known:
                    raise
                if self.log.recorder.customer_id(customer) is None:
                    raise
        raise StoreError("store_busy", self.store)

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


def followed(store: Path) -> Path:
    """Follow links to where SQLite keeps its files, if they lead anywhere."""
    try:
        real = os.path.realpath(store)
    except OSError:  # the folder we are in is gone
        return store
    return Path(real) if os.path.exists(real) else store  # noqa: PTH110 -- Path's raises without a right


def contents_of(command: Command, number: int | None) -> str:
    """Write a command so that it equals another exactly if they ask for the same."""
    return json.encode([type(command).__name__, number, command]).decode()
