"""The one command path: load, decide, append; a conflict repeats all three."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import cast

from msgspec import Struct, json

from airbook.application.actors import ActorIds
from airbook.application.customers import CustomerIds, Identified
from airbook.domain.decider import Command, decider_of
from airbook.domain.refusal import Refused
from airbook.domain.reservation import RequestReservation
from airbook.eventlog.log import Log
from airbook.eventlog.records import (
    Actor,
    Append,
    Conflict,
    IdempotencyKey,
    Receipt,
    Stream,
    Transaction,
    TransactionResult,
)

ATTEMPTS = 100


class Reserve(Struct, frozen=True):
    """Request a seat of an airplane for a customer, by name; events carry only the opaque id."""

    airplane: int
    customer: str


class Order(Struct, frozen=True):
    """A command to execute.

    number: of the airplane or reservation to change; None begins a new one. key: an idempotency
    key; the same command under the same key gets the first receipt again. at: the time of the
    command, UTC; by default the time of its execution.
    """

    command: Command | Reserve
    number: int | None = None
    key: str | None = None
    at: datetime | None = None


class TooManyConflicts(Exception):
    """Other writers were first in every attempt."""


def nobody() -> None:
    """Return no name of an actor."""


class Executor:
    """Executes commands on one log."""

    def __init__(
        self,
        log: Log,
        clock: Callable[[], datetime],
        actor: Callable[[], str | None] = nobody,
    ) -> None:
        """actor: returns the name of the actor of all commands; None records none."""
        self._log = log
        self._clock = clock
        self._actor = actor
        self._customers = CustomerIds(log.registry)
        self._actors = ActorIds(log.registry.actors)

    def execute_all(self, orders: Sequence[Order]) -> Sequence[Receipt | Refused]:
        """Execute commands in one commit; returns the result of each, in order.

        A command that changes nothing gets a receipt too. Raises TooManyConflicts, UnreadableStream
        and StoreError.
        """
        results: list[TransactionResult] = [Conflict()] * len(orders)
        left, actor = list(range(len(orders))), self._actors.identify(self._actor())
        for _ in range(ATTEMPTS):
            attempted = self._attempt([orders[place] for place in left], actor)
            for place, result in zip(left, attempted, strict=True):
                results[place] = result
            left = [place for place in left if isinstance(results[place], Conflict)]
            if not left:
                return cast("list[Receipt | Refused]", results)
        raise TooManyConflicts

    def _attempt(self, orders: Sequence[Order], actor: Actor | None) -> Sequence[TransactionResult]:
        names = {one.command.customer for one in orders if isinstance(one.command, Reserve)}
        customers: Mapping[str, Identified] = self._customers.identify(names) if names else {}
        decided = [self._decide(order, customers, actor) for order in orders]
        transactions = [one for one in decided if isinstance(one, Transaction)]
        stored = iter(self._log.append_all(transactions) if transactions else ())
        results = [next(stored) if isinstance(one, Transaction) else one for one in decided]
        return [
            self._confirm(customers[order.command.customer], result)
            if isinstance(order.command, Reserve)
            else result
            for order, result in zip(orders, results, strict=True)
        ]

    def _decide(
        self, order: Order, customers: Mapping[str, Identified], actor: Actor | None
    ) -> Transaction | Receipt | Refused:
        """Return the transaction of an order; a receipt if it is repeated or changes nothing."""
        command, customer = order.command, None
        if isinstance(command, Reserve):
            found = customers[command.customer]
            customer = found.customer if found.is_new else None
            command = RequestReservation(command.airplane, found.customer.id)
        key = IdempotencyKey(order.key, contents_of(command, order.number)) if order.key else None
        try:
            if (
                key
                and order.number is not None
                and (before := self._log.registry.find_receipt(key))
            ):
                return before
            append = self._append_of(command, order.number)
        except Refused as refusal:
            return refusal
        if not append.events:
            return Receipt(order.number or 0, self._log.head())
        at = order.at or self._clock()
        return Transaction(at=at, appends=(append,), key=key, customer=customer, actor=actor)

    def _append_of(self, command: Command, number: int | None) -> Append:
        """Decide a command on its stream. Raises Refused with the stream's number."""
        decider = decider_of(command)
        state, version = decider.initial, 0
        if number is not None:
            state, version = self._log.load(Stream(decider.kind, number))
        try:
            return Append(decider.kind, number, version, decider.decide(command, state))
        except Refused as refusal:
            raise refusal.about(number or 0) from None

    def _confirm(self, found: Identified, result: TransactionResult) -> TransactionResult:
        """Keep the customer's id if it was stored; turn a wrong id into a conflict."""
        if isinstance(result, Receipt):
            self._customers.confirm(found.customer)
            return result
        self._customers.forget(found.customer.name)
        # The first request under a key may have stored the customer under another id.
        if isinstance(result, Refused) and self._customers.has_other_id(found.customer):
            return Conflict()
        return result


def contents_of(command: Command, number: int | None) -> str:
    """Return a command as text; equal texts stand for equal commands."""
    return json.encode([type(command).__name__, number, command]).decode()
