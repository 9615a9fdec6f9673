"""Reservations read line by line: JSON, or airplane, customer and key with commas or tabs between.

Whatever has arrived is stored in one commit, and each line gets its own answer.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from msgspec import DecodeError, json

from airbook.application.airbook import Airbook
from airbook.application.commands import Order, Reserve
from airbook.application.text import parsing, terminal
from airbook.application.text.labels import mark
from airbook.application.text.parsing import Mistyped, refuse
from airbook.domain.refusal import Refused
from airbook.eventlog.records import Receipt

COLUMNS = ("airplane", "customer", "key")
NAMES = ", ".join(COLUMNS)
NO_SUCH = mark("There is no {name}; there are {names}.")
CHUNK = 64 * 1024  # bytes
LONGEST = 4 * 1024  # bytes of one line
MOST = 500  # lines in a commit


class Answer(NamedTuple):
    """What became of a line. number: from 1. order: None if the line could not be read."""

    number: int
    order: Order | None
    outcome: Receipt | Refused | Mistyped


class Lines:
    """The lines of a file or a pipe, and how far they have been read."""

    def __init__(self, descriptor: int, customer: str) -> None:
        """customer: who reserves where a line does not say."""
        self._descriptor = descriptor
        self._customer = customer
        self._columns: Sequence[str] = ()  # not known before the first line that has any
        self.count = self.bytes = self.without_key = 0

    def reserve(self, airbook: Airbook) -> Iterator[Sequence[Answer]]:
        """Request what the lines ask for; yields their answers, a commit at a time."""
        airbook.create_if_missing()  # even if they ask for nothing
        for batch in self._batches():
            self.bytes += sum(len(line) + 1 for line in batch)
            yield list(self._reserved(airbook, batch))

    def _batches(self) -> Iterator[list[bytes]]:
        """Give lines as they arrive: nobody waits for more than there is."""
        rest = b""
        while chunk := os.read(self._descriptor, CHUNK):
            *lines, rest = (rest + chunk).split(b"\n")
            rest = rest[: LONGEST + 1]  # more of it changes nothing
            for first in range(0, len(lines), MOST):
                yield lines[first : first + MOST]
        if rest:
            yield [rest]

    def _reserved(self, airbook: Airbook, batch: Sequence[bytes]) -> Iterator[Answer]:
        found: list[tuple[int, Order | Mistyped]] = []
        now = airbook.clock()
        for line in batch:
            self.count += 1
            try:
                order = self._read(line, now)
            except Mistyped as fault:
                found.append((self.count, fault))
            else:
                found += [(self.count, order)] if order else []
        orders = [one for _, one in found if isinstance(one, Order)]
        self.without_key += sum(one.key is None for one in orders)
        receipts = iter(airbook.execute_all(orders) if orders else ())
        for number, one in found:
            if isinstance(one, Order):
                yield Answer(number, one, next(receipts))
            else:
                yield Answer(number, None, one)

    def _read(self, line: bytes, now: datetime) -> Order | None:
        """Read one line that has come just now; None if it asks for nothing. Raises Mistyped."""
        if len(line) > LONGEST:
            refuse(mark("The line is longer than {most} bytes."), most=LONGEST)
        try:
            text = line.decode("utf-8").strip("\r\ufeff")
        except UnicodeError:
            refuse(mark("The line is not UTF-8."))
        if not text.strip():
            return None
        fields = from_json(text) if text.lstrip().startswith("{") else self._from_columns(text)
        if fields is None:
            return None
        values = (fields.get(name) for name in COLUMNS)
        airplane, customer, key = ("" if value is None else str(value) for value in values)
        return Order(
            Reserve(parsing.identity(airplane), parsing.name(customer or self._customer)),
            key=parsing.name(key) if key else None,
            at=now,
        )

    def _from_columns(self, text: str) -> dict[str, Any] | None:
        """Read values; None if they are the names of the columns."""
        delimiter = "\t" if "\t" in text else ","
        try:
            values = next(csv.reader([text], delimiter=delimiter, strict=True))
        except csv.Error:
            refuse(mark("The line is neither JSON nor CSV."))
        if not self._columns:
            self._columns = named(values) or COLUMNS
            if self._columns is not COLUMNS:
                return None
        if len(values) > len(self._columns):
            refuse(mark("The line has more than {most} columns."), most=len(self._columns))
        return dict(zip(self._columns, values, strict=False))


def named(values: Sequence[str]) -> Sequence[str]:
    """Read the names of columns; none if it is a line like any other.

    Raises Refused (unknown_column) for a name we do not know: what stands below it would be taken
    for something else.
    """
    names = [value.strip().casefold() for value in values]
    if COLUMNS[0] not in names or any(parsing.NUMBER.fullmatch(name) for name in names):
        return ()
    if unknown := sorted(set(names) - set(COLUMNS)):
        raise Refused("unknown_column", NO_SUCH, name=terminal.shown(unknown[0]), names=NAMES)
    return names


def from_json(text: str) -> dict[str, Any]:
    """Read an object. Raises Mistyped."""
    try:
        fields = json.decode(text, type=dict[str, str | int | None])
    except (DecodeError, RecursionError, ValueError):
        refuse(mark("The line is not a JSON object of texts and numbers."))
    if unknown := sorted(set(fields) - set(COLUMNS)):
        refuse(NO_SUCH, name=terminal.shown(unknown[0]), names=NAMES)
    return fields
