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
from airbook.eventlog.errors import StoreError
from airbook.eventlog.log import Log, UnreadableStream
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
    command, UTC; by default the time of its execution. actor: the name of the actor of this one;
    None means the actor of all commands. versions: of the stream, for which the command is meant;
    at any other version it is refused. None means at any version. trace: the traceparent of the
    request, if it is traced.
    """

    command: Command | Reserve
    number: int | None = None
    key: str | None = None
    at: datetime | None = None
    actor: str | None = None
    versions: Sequence[int] | None = None
    trace: str | None = None


class TooManyConflicts(Exception):
    """Other writers were first in every attempt."""


def nobody() -> None:
    """Return no name of an actor."""


NotExecuted = StoreError | UnreadableStream | TooManyConflicts
CommandResult = Receipt | Refused | NotExecuted


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

    def execute_all(self, orders: Sequence[Order]) -> Sequence[CommandResult]:
        """Execute commands in one commit; returns the result of each, in order.

        A command that changes nothing gets a receipt too. Raises TooManyConflicts, UnreadableStream
        and StoreError if none is stored; otherwise the commands that are left have the error as
        their result, because the others must not be executed again.
        """
        results: list[TransactionResult | NotExecuted] = [Conflict()] * len(orders)
        left, actors = list(range(len(orders))), self._identify_actors(orders)
        failure: NotExecuted = TooManyConflicts()
        for _ in range(ATTEMPTS):
            try:
                attempted = self._attempt([orders[place] for place in left], actors)
            except (StoreError, UnreadableStream) as error:
                failure = error
                break
            for place, result in zip(left, attempted, strict=True):
                results[place] = result
            left = [place for place in left if isinstance(results[place], Conflict)]
            if not left:
                return cast("list[CommandResult]", results)
        if not any(isinstance(one, Receipt) for one in results):
            raise failure
        for place in left:
            results[place] = failure
        return cast("list[CommandResult]", results)

    def _identify_actors(self, orders: Sequence[Order]) -> Mapping[str | None, Actor | None]:
        """Return the actor of the orders by its name in them; one without a name has the default.

        Each name is identified once, so that a new actor gets one id.
        """
        default = self._actor()
        names = {one.actor: one.actor or default for one in orders}
        actors = {name: self._actors.identify(name) for name in set(names.values())}
        return {given: actors[name] for given, name in names.items()}

    def _attempt(
        self, orders: Sequence[Order], actors: Mapping[str | None, Actor | None]
    ) -> Sequence[TransactionResult | StoreError]:
        names = {one.command.customer for one in orders if isinstance(one.command, Reserve)}
        customers: Mapping[str, Identified] = self._customers.identify(names) if names else {}
        decided = [self._decide(order, customers, actors[order.actor]) for order in orders]
        transactions = [one for one in decided if isinstance(one, Transaction)]
        stored = iter(self._log.append_all(transactions) if transactions else ())
        results: list[TransactionResult | StoreError] = []
        for order, one in zip(orders, decided, strict=True):
            result = next(stored) if isinstance(one, Transaction) else one
            if isinstance(order.command, Reserve):
                results.append(self._confirm(customers[order.command.customer], result))
            else:
                results.append(result)
        return results

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
            append = self._append_of(command, order.number, order.versions)
        except Refused as refusal:
            return refusal
        if not append.events:
            return Receipt(order.number or 0, self._log.head())
        at = order.at or self._clock()
        return Transaction(
            at=at, appends=(append,), key=key, customer=customer, actor=actor, trace=order.trace
        )

    def _append_of(
        self, command: Command, number: int | None, versions: Sequence[int] | None
    ) -> Append:
        """Decide a command on its stream. Raises Refused with the stream's number."""
        decider = decider_of(command)
        state, version = decider.initial, 0
        if number is not None:
            state, version = self._log.load(Stream(decider.kind, number))
        try:
            events = decider.decide(command, state)
            if versions is not None and version not in versions:
                raise Refused.version_changed(version)
            return Append(decider.kind, number, version, events)
        except Refused as refusal:
            raise refusal.about(number or 0) from None

    def _confirm(
        self, found: Identified, result: TransactionResult
    ) -> TransactionResult | StoreError:
        """Keep the customer's id if it was stored; turn a wrong id into a conflict.

        An error of the store is the result of this request alone: others are stored by now.
        """
        if isinstance(result, Receipt):
            self._customers.confirm(found.customer)
            return result
        self._customers.forget(found.customer.name)
        # The first request under a key may have stored the customer under another id.
        try:
            is_wrong = isinstance(result, Refused) and self._customers.has_other_id(found.customer)
        except StoreError as error:
            return error
        return Conflict() if is_wrong else result


def contents_of(command: Command, number: int | None) -> str:
    """Return a command as text; equal texts stand for equal commands."""
    return json.encode([type(command).__name__, number, command]).decode()
