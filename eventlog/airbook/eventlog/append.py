"""What a group of changes comes to: worked out in one place, then written as rows by any store.

Whoever plans holds the store's write lock, so what was found stays true until the rows are written.
"""

from __future__ import annotations

from collections.abc import Sequence

from airbook.domain.refusal import Refused
from airbook.eventlog.codec import Vocabulary, stamp
from airbook.eventlog.records import (
    Answer,
    Change,
    Conflict,
    Customer,
    Fenced,
    Key,
    Receipt,
    Tracked,
)
from airbook.eventlog.rows import CommandRow, EventRow, Found, Rows, Wanted


def wanted(changes: Sequence[Change]) -> Wanted:
    """Name what the outcome of some changes hangs on."""
    appends = [append for change in changes for append in change.appends if append.number]
    return Wanted(
        [change.key.key for change in changes if change.key],
        list({f"{append.kind}-{append.number}": None for append in appends}),
        [change.customer.name for change in changes if change.customer],
        [change.tracked.name for change in changes if change.tracked],
    )


def are_unopposed(changes: Sequence[Change]) -> bool:
    """Tell whether changes do nothing but begin new streams, which nothing can stand against."""
    return bool(changes) and all(
        change.appends
        and all(append.number is None and append.facts for append in change.appends)
        and not (change.key or change.customer or change.tracked)
        and not (change.parked or change.settled)
        for change in changes
    )


def plan(
    changes: Sequence[Change], found: Found, vocabulary: Vocabulary
) -> tuple[Rows, list[Answer]]:
    """Work out the rows of changes that stand, and the answer of each change, in their order.

    Each is planned on what those before it leave behind; one that cannot be leaves no row.
    """
    planner = Planner(found, vocabulary)
    return planner.rows, [planner.answer(change) for change in changes]


class Planner:
    """Takes changes in one after another, each of them whole or not at all."""

    def __init__(self, found: Found, vocabulary: Vocabulary) -> None:
        self.found = found
        self.vocabulary = vocabulary
        self.rows = Rows()

    def answer(self, change: Change) -> Answer:
        """Plan one change; a refusal or a conflict is an answer like a receipt."""
        try:
            return (change.key and self._repeated(change.key)) or self._take(change)
        except (Conflict, Refused) as no:
            return no

    def _repeated(self, key: Key) -> Receipt | None:
        return repeated(key, self.found.commands.get(key.key))

    def _take(self, change: Change) -> Receipt:
        self._check_versions(change)
        if change.customer and self._is_taken(change.customer):
            raise Conflict
        if change.tracked and change.tracked.position <= self._tracked(change.tracked):
            raise Fenced
        number, first = 0, self.found.head + 1
        at = stamp(change.at)
        for append in change.appends:
            number = append.number or self._next_number(append.kind)
            stream = f"{append.kind}-{number}"
            for version, fact in enumerate(append.facts, append.version + 1):
                self.found.head += 1
                row = EventRow(self.found.head, stream, version, *self.vocabulary.write(fact, at))
                self.rows.events.append(row)
            self.found.versions[stream] = append.version + len(append.facts)
        receipt = Receipt(number, self.found.head if self.found.head >= first else 0)
        self._keep_beside(change, receipt, first)
        return receipt

    def _check_versions(self, change: Change) -> None:
        """Check the version each append was decided on."""
        versions = dict[str, int]()
        for append in change.appends:
            if append.number is None:
                continue
            stream = f"{append.kind}-{append.number}"
            before = versions.get(stream, self.found.versions.get(stream, 0))
            if append.version != before:
                raise Conflict
            versions[stream] = before + len(append.facts)

    def _is_taken(self, customer: Customer) -> bool:
        return self.found.customers.get(customer.name, customer.id) != customer.id

    def _tracked(self, tracked: Tracked) -> int:
        return self.found.tracked.get(tracked.name, -1)

    def _next_number(self, kind: str) -> int:
        number = self.found.numbers.get(kind, 0) + 1
        self.found.numbers[kind] = self.rows.numbers[kind] = number
        return number

    def _keep_beside(self, change: Change, receipt: Receipt, first: int) -> None:
        if key := change.key:
            row = CommandRow(key.key, key.contents, receipt.number, receipt.position)
            self.found.commands[key.key] = row
            self.rows.commands.append(row)
        if (customer := change.customer) and customer.name not in self.found.customers:
            self.found.customers[customer.name] = customer.id
            self.rows.customers.append(customer)
        if tracked := change.tracked:
            past_own = tracked.past_own and receipt.position and first == tracked.position + 1
            position = receipt.position if past_own else tracked.position
            self.found.tracked[tracked.name] = self.rows.tracked[tracked.name] = position
        if change.parked:
            again = {parked.reservation for parked in change.parked}
            self.rows.settled = [one for one in self.rows.settled if one not in again]
            self.rows.parked += change.parked
        self.rows.settled += change.settled


def repeated(key: Key, row: CommandRow | None) -> Receipt | None:
    """Find the receipt a key got before. Raises Refused (key_reused) for other contents."""
    if row is None:
        return None
    if row.contents != key.contents:
        raise Refused.key_reused(key.key)
    return Receipt(row.number, row.position, repeated=True)
