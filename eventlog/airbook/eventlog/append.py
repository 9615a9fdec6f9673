"""What a group of changes comes to: worked out in one place, then written as rows by any store.

Whoever plans holds the store's write lock, so what was found stays true until the rows are written.
"""

from __future__ import annotations

from collections.abc import Sequence

from airbook.domain.refusal import Refused
from airbook.eventlog.codec import Codec, stamp
from airbook.eventlog.records import (
    Answer,
    Checkpoint,
    Conflict,
    Customer,
    Fenced,
    Key,
    Receipt,
    Transaction,
)
from airbook.eventlog.rows import CommandRow, EventRow, Found, Rows, Wanted


def wanted(transactions: Sequence[Transaction]) -> Wanted:
    """Name what the outcome of some changes hangs on."""
    appends = [
        append for transaction in transactions for append in transaction.appends if append.number
    ]
    return Wanted(
        [transaction.key.key for transaction in transactions if transaction.key],
        list({f"{append.kind}-{append.number}": None for append in appends}),
        [transaction.customer.name for transaction in transactions if transaction.customer],
        [transaction.tracked.name for transaction in transactions if transaction.tracked],
    )


def are_unopposed(transactions: Sequence[Transaction]) -> bool:
    """Tell whether changes do nothing but begin new streams, which nothing can stand against."""
    return bool(transactions) and all(
        transaction.appends
        and all(append.number is None and append.events for append in transaction.appends)
        and not (transaction.key or transaction.customer or transaction.tracked)
        and not (transaction.parked or transaction.settled)
        for transaction in transactions
    )


def plan(
    transactions: Sequence[Transaction], found: Found, codec: Codec
) -> tuple[Rows, list[Answer]]:
    """Work out the rows of changes that stand, and the answer of each change, in their order.

    Each is planned on what those before it leave behind; one that cannot be leaves no row.
    """
    planner = Planner(found, codec)
    return planner.rows, [planner.answer(transaction) for transaction in transactions]


class Planner:
    """Takes changes in one after another, each of them whole or not at all."""

    def __init__(self, found: Found, codec: Codec) -> None:
        self.found = found
        self.codec = codec
        self.rows = Rows()

    def answer(self, transaction: Transaction) -> Answer:
        """Plan one change; a refusal or a conflict is an answer like a receipt."""
        try:
            return (transaction.key and self._repeated(transaction.key)) or self._take(transaction)
        except (Conflict, Refused) as no:
            return no

    def _repeated(self, key: Key) -> Receipt | None:
        return repeated(key, self.found.commands.get(key.key))

    def _take(self, transaction: Transaction) -> Receipt:
        self._check_versions(transaction)
        if transaction.customer and self._is_taken(transaction.customer):
            raise Conflict
        if transaction.tracked and transaction.tracked.position <= self._tracked(
            transaction.tracked
        ):
            raise Fenced
        number, first = 0, self.found.head + 1
        at = stamp(transaction.at)
        for append in transaction.appends:
            number = append.number or self._next_number(append.kind)
            stream = f"{append.kind}-{number}"
            for version, event in enumerate(append.events, append.version + 1):
                self.found.head += 1
                row = EventRow(self.found.head, stream, version, *self.codec.write(event, at))
                self.rows.events.append(row)
            self.found.versions[stream] = append.version + len(append.events)
        receipt = Receipt(number, self.found.head if self.found.head >= first else 0)
        self._keep_beside(transaction, receipt, first)
        return receipt

    def _check_versions(self, transaction: Transaction) -> None:
        """Check the version each append was decided on."""
        versions = dict[str, int]()
        for append in transaction.appends:
            if append.number is None:
                continue
            stream = f"{append.kind}-{append.number}"
            before = versions.get(stream, self.found.versions.get(stream, 0))
            if append.version != before:
                raise Conflict
            versions[stream] = before + len(append.events)

    def _is_taken(self, customer: Customer) -> bool:
        return self.found.customers.get(customer.name, customer.id) != customer.id

    def _tracked(self, tracked: Checkpoint) -> int:
        return self.found.tracked.get(tracked.name, -1)

    def _next_number(self, kind: str) -> int:
        number = self.found.numbers.get(kind, 0) + 1
        self.found.numbers[kind] = self.rows.numbers[kind] = number
        return number

    def _keep_beside(self, transaction: Transaction, receipt: Receipt, first: int) -> None:
        if key := transaction.key:
            row = CommandRow(key.key, key.contents, receipt.number, receipt.position)
            self.found.commands[key.key] = row
            self.rows.commands.append(row)
        if (customer := transaction.customer) and customer.name not in self.found.customers:
            self.found.customers[customer.name] = customer.id
            self.rows.customers.append(customer)
        if tracked := transaction.tracked:
            past_own = tracked.past_own and receipt.position and first == tracked.position + 1
            position = receipt.position if past_own else tracked.position
            self.found.tracked[tracked.name] = self.rows.tracked[tracked.name] = position
        if transaction.parked:
            again = {parked.reservation for parked in transaction.parked}
            self.rows.settled = [one for one in self.rows.settled if one not in again]
            self.rows.parked += transaction.parked
        self.rows.settled += transaction.settled


def repeated(key: Key, row: CommandRow | None) -> Receipt | None:
    """Find the receipt a key got before. Raises Refused (key_reused) for other contents."""
    if row is None:
        return None
    if row.contents != key.contents:
        raise Refused.key_reused(key.key)
    return Receipt(row.number, row.position, repeated=True)
