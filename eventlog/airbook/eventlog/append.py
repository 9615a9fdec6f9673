"""The plan of a commit: from transactions and a lookup result to the rows that are written.

The caller holds the store's write lock, so a lookup stays true until the rows are written.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from msgspec import structs

from airbook.domain.refusal import Refused
from airbook.eventlog.chain import next_digest
from airbook.eventlog.codec import Codec, stamp
from airbook.eventlog.errors import StoreError
from airbook.eventlog.records import (
    Actor,
    Checkpoint,
    Conflict,
    Customer,
    Fenced,
    IdempotencyKey,
    Receipt,
    Transaction,
    TransactionResult,
)
from airbook.eventlog.rows import UNFINISHED, KeyRow, Lookup, LookupResult, Rows, StoredEvent


def lookup_for(transactions: Sequence[Transaction]) -> Lookup:
    """Return the lookup that planning some transactions needs."""
    # Each commit pays for this: list[str]() would take ten times as long as [].
    keys: list[str] = []
    customers: list[str] = []
    subscribers: list[str] = []
    streams: dict[str, None] = {}  # each once
    actors: dict[str, None] = {}
    parked = False
    for one in transactions:
        for append in one.appends:
            if append.number:
                streams[f"{append.kind}-{append.number}"] = None
        if one.key:
            keys.append(one.key.key)
        if one.customer:
            customers.append(one.customer.name)
        if one.checkpoint:
            subscribers.append(one.checkpoint.subscriber)
        if one.actor and one.actor.name:
            actors[one.actor.name] = None
        parked = parked or bool(one.parked or one.settled)
    return Lookup(keys, list(streams), customers, subscribers, parked, list(actors))


def finished(looked_up: LookupResult, store: Path | str) -> LookupResult:
    """Return a lookup result. Raises StoreError if the store is an unfinished copy.

    store: its file, or its URL without a password.
    """
    if UNFINISHED in looked_up.numbers:
        raise StoreError("store_unfinished", store)
    return looked_up


def plan(
    transactions: Sequence[Transaction], looked_up: LookupResult, codec: Codec
) -> tuple[Rows, list[TransactionResult]]:
    """Return the rows to write, and the result of each transaction, in order.

    Each transaction is planned on the state that the earlier ones leave; a transaction that is
    refused or conflicts writes no row. All rows together leave one digest.
    """
    planner = Planner(looked_up, codec)
    numbers, checkpoints = dict(looked_up.numbers), dict(looked_up.checkpoints)
    before = structs.replace(looked_up, numbers=numbers, checkpoints=checkpoints)
    results = [planner.result(transaction) for transaction in transactions]
    if digest := next_digest(planner.rows, before):
        planner.rows.digests.append(digest)
    return planner.rows, results


class Planner:
    """Plans transactions one after another, each of them whole or not at all."""

    def __init__(self, looked_up: LookupResult, codec: Codec) -> None:
        self.looked_up = looked_up
        self.codec = codec
        self._events = list[StoredEvent]()
        self.rows = Rows(events=self._events)

    def result(self, transaction: Transaction) -> TransactionResult:
        """Plan one transaction; a refusal or a conflict is returned, not raised."""
        try:
            return self._receipt_before(transaction.key) or self._add(transaction)
        except (Conflict, Refused) as failure:
            return failure

    def _receipt_before(self, key: IdempotencyKey | None) -> Receipt | None:
        return receipt_of(key, self.looked_up.keys.get(key.key)) if key else None

    def _add(self, transaction: Transaction) -> Receipt:
        streams = self._checked_streams(transaction)
        if transaction.customer and self._is_name_taken(transaction.customer):
            raise Conflict
        if transaction.checkpoint and self._is_behind(transaction.checkpoint):
            raise Fenced
        number, head = 0, self.looked_up.head
        first, at, by = head + 1, stamp(transaction.at), None
        rows, versions, encode = self._events, self.looked_up.versions, self.codec.encode
        if any(append.events for append in transaction.appends):
            by = self._id_of(transaction.actor)
        for append, name in zip(transaction.appends, streams, strict=True):
            number = append.number or self._next_number(append.kind)
            stream, version = name or f"{append.kind}-{number}", append.version
            for event in append.events:
                head += 1
                version += 1
                topic, state = encode(event, at, by, append.cause, transaction.trace)
                rows.append((head, stream, version, topic, state))
            versions[stream] = version
        self.looked_up.head = head
        receipt = Receipt(number, head if head >= first else 0)
        self._add_registry_rows(transaction, receipt, first)
        return receipt

    def _checked_streams(self, transaction: Transaction) -> list[str]:
        """Check the version of each stream; returns their names, "" for a new stream."""
        streams: list[str] = []
        versions: dict[str, int] = {}
        looked_up = self.looked_up.versions
        for append in transaction.appends:
            if append.number is None:
                streams.append("")
                continue
            stream = f"{append.kind}-{append.number}"
            streams.append(stream)
            before = versions.get(stream)
            if append.version != (looked_up.get(stream, 0) if before is None else before):
                raise Conflict
            versions[stream] = append.version + len(append.events)
        return streams

    def _is_name_taken(self, customer: Customer) -> bool:
        return self.looked_up.customers.get(customer.name, customer.id) != customer.id

    def _id_of(self, actor: Actor | None) -> str | None:
        """Return the stored id of an actor; without one, the actor is stored with its own."""
        if actor is None:
            return None
        if actor.name is None:
            return actor.id
        stored = self.looked_up.actors.get(actor.name)
        if stored is None:
            self.looked_up.actors[actor.name] = actor.id
            self.rows.actors.append(actor)
        return stored or actor.id

    def _is_behind(self, checkpoint: Checkpoint) -> bool:
        return checkpoint.position <= self.looked_up.checkpoints.get(checkpoint.subscriber, -1)

    def _next_number(self, kind: str) -> int:
        number = self.looked_up.numbers.get(kind, 0) + 1
        self.looked_up.numbers[kind] = self.rows.numbers[kind] = number
        return number

    def _add_registry_rows(self, transaction: Transaction, receipt: Receipt, first: int) -> None:
        if key := transaction.key:
            row = KeyRow(key.key, key.contents, receipt.number, receipt.position)
            self.looked_up.keys[key.key] = row
            self.rows.keys.append(row)
        if (customer := transaction.customer) and customer.name not in self.looked_up.customers:
            self.looked_up.customers[customer.name] = customer.id
            self.rows.customers.append(customer)
        if checkpoint := transaction.checkpoint:
            follows = receipt.position and first == checkpoint.position + 1
            position = (
                receipt.position if checkpoint.include_own and follows else checkpoint.position
            )
            self.looked_up.checkpoints[checkpoint.subscriber] = position
            self.rows.checkpoints[checkpoint.subscriber] = position
        if transaction.parked:
            parked = {one.reservation for one in transaction.parked}
            self.rows.settled = [one for one in self.rows.settled if one not in parked]
            self.rows.parked += transaction.parked
        self.rows.settled += transaction.settled


def receipt_of(key: IdempotencyKey, row: KeyRow | None) -> Receipt | None:
    """Return the receipt stored under a key; None without a row.

    Raises Refused (key_reused) if the key was used for another command.
    """
    if row is None:
        return None
    if row.contents != key.contents:
        raise Refused.key_reused(key.key)
    return Receipt(row.number, row.position, repeated=True)
