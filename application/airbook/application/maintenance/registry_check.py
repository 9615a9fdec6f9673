"""The check of the registry: nothing in it names a position or a number that does not exist."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar

from airbook.application.maintenance.findings import Finding, Findings
from airbook.application.text.labels import mark
from airbook.eventlog.errors import StoreError
from airbook.eventlog.log import Log
from airbook.eventlog.records import ParkedReservation
from airbook.eventlog.rows import KeyRow

BATCH = 1_000
Read = TypeVar("Read")


class RegistryCheck:
    """The registry as it was before the events were read.

    Other processes go on writing, so the events must not be older than what is compared with them.
    A table that cannot be read is a finding, and counts as empty.
    """

    def __init__(self, log: Log, findings: Findings) -> None:
        """Read the small tables. Raises StoreError for a trouble other than damage."""
        self._log = log
        self._findings = findings
        registry = log.registry
        self.numbers: Mapping[str, int] = self._read(registry.numbers, {})
        self.checkpoints: Mapping[str, int] = self._read(registry.checkpoints, {})
        self.parked: Sequence[ParkedReservation] = self._read(registry.parked, ())

    def _read(self, read: Callable[[], Read], otherwise: Read) -> Read:
        try:
            return read()
        except StoreError as error:
            if error.code != "store_damaged":
                raise
            self._findings.report(error.code, error.sentence, **error.values)
            return otherwise

    def parked_numbers(self) -> set[int]:
        """Return the numbers of the parked reservations, also of those that were dropped."""
        return {one.reservation for one in self.parked}

    def check(self, head: int) -> None:
        """Report rows after the end of the log, and reservations that are parked. head: its end."""
        self._findings.add(self._checkpoints_ahead(head))
        for one in self.parked:
            if not one.dropped:
                sentence = mark("Reservation {number} is parked: {error}")
                self._findings.report("parked", sentence, number=one.reservation, error=one.error)
        for read in (self._keys_ahead, self._customers, self._actors):
            self._read(read, None)

    def _checkpoints_ahead(self, head: int) -> Iterator[Finding]:
        for subscriber, position in self.checkpoints.items():
            if position > head:
                sentence = mark(
                    "The checkpoint of {subscriber} is at position {position};"
                    " the log ends at {head}."
                )
                values: dict[str, int | str]
                values = {"subscriber": subscriber, "position": position, "head": head}
                yield Finding("checkpoint_ahead", sentence, values)

    def _keys_ahead(self) -> None:
        after = ""
        while batch := self._log.registry.keys(after, BATCH):
            head, numbers = self._log.head(), self._log.registry.numbers().values()
            last = max(numbers, default=0)
            for row in batch:
                if row.position > head or row.number > last:
                    self._report_key(row)
            after = batch[-1].key

    def _report_key(self, row: KeyRow) -> None:
        sentence = mark(
            "The idempotency key {key} stands for number {number} at position {position},"
            " which is not in the log."
        )
        values: dict[str, int | str]
        values = {"key": row.key, "number": row.number, "position": row.position}
        self._findings.report("acknowledged_lost", sentence, **values)

    def _customers(self) -> None:
        after = ""
        while batch := self._log.registry.customers(after, BATCH):
            after = batch[-1].id

    def _actors(self) -> None:
        after = ""
        while batch := self._log.registry.actors.all(after, BATCH):
            after = batch[-1][0]
