"""Reservation requests read from lines of JSON, CSV or tab-separated text.

The lines that have arrived are stored in one commit, and each line has its own result.
"""

from __future__ import annotations

import csv
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from json import JSONDecoder
from typing import Any, NamedTuple

from msgspec import DecodeError, json

from airbook.application.airbook import Airbook
from airbook.application.commands import Order, Reserve
from airbook.application.text import parsing, terminal
from airbook.application.text.labels import mark
from airbook.application.text.parsing import Mistyped, refuse
from airbook.application.text.spreadsheet import unquote_formula
from airbook.domain.refusal import Refused
from airbook.eventlog.records import Receipt

COLUMNS = ("airplane", "customer", "key")
NAMES = ", ".join(COLUMNS)
UNKNOWN_COLUMN = mark("There is no {name}; there are {names}.")
REPEATED_COLUMN = mark("{name} appears more than once.")
NAMES_OF_OBJECT = JSONDecoder(
    object_pairs_hook=lambda pairs: [name for name, _ in pairs], parse_int=str
)
CHUNK_BYTES = 64 * 1024
MAX_LINE_BYTES = 4 * 1024
MAX_LINES_PER_COMMIT = 500


class LineResult(NamedTuple):
    """The result of one line. number: from 1. order: None if the line could not be read."""

    number: int
    order: Order | None
    outcome: Receipt | Refused | Mistyped


class Lines:
    """The lines of a file or a pipe.

    count, bytes: how much has been read. without_key: how many requests had no idempotency key.
    """

    def __init__(self, descriptor: int, customer: str | None) -> None:
        """descriptor: of the open file.

        customer: the customer of a line without one; None refuses such a line.
        """
        self._descriptor = descriptor
        self._customer = customer
        self._columns: Sequence[str] = ()  # set by the first line of CSV or tab-separated text
        self.count = self.bytes = self.without_key = 0

    def reserve(self, airbook: Airbook) -> Iterator[Sequence[LineResult]]:
        """Request the seats that the lines ask for; yields the results of one commit at a time."""
        airbook.create_if_missing()  # an empty file creates the store too
        for batch in self._batches():
            self.bytes += sum(len(line) + 1 for line in batch)
            yield list(self._reserved(airbook, batch))

    def _batches(self) -> Iterator[list[bytes]]:
        """Yield the lines that have arrived, without waiting for a full batch."""
        rest = b""
        while chunk := self._read_chunk():
            *lines, rest = (rest + chunk).split(b"\n")
            rest = rest[: MAX_LINE_BYTES + 1]  # enough to know that it is too long
            for first in range(0, len(lines), MAX_LINES_PER_COMMIT):
                yield lines[first : first + MAX_LINES_PER_COMMIT]
        if rest:
            yield [rest]

    def _read_chunk(self) -> bytes:
        """Read the bytes that have arrived; none at the end. Raises Refused (input_unreadable)."""
        try:
            return os.read(self._descriptor, CHUNK_BYTES)
        except OSError as error:
            sentence = mark("The input cannot be read further. Lines taken before: {lines}.")
            raise Refused("input_unreadable", sentence, lines=self.count) from error

    def _reserved(self, airbook: Airbook, batch: Sequence[bytes]) -> Iterator[LineResult]:
        """Store the requests of a batch in one commit; yields the result of each line."""
        found: list[tuple[int, Order | Mistyped]] = []
        now = airbook.clock()
        for line in batch:
            self.count += 1
            try:
                order = self._parse(line, now)
            except Mistyped as error:
                found.append((self.count, error))
            else:
                found += [(self.count, order)] if order else []
        orders = [one for _, one in found if isinstance(one, Order)]
        self.without_key += sum(one.key is None for one in orders)
        results = iter(airbook.execute_all(orders) if orders else ())
        for number, one in found:
            if isinstance(one, Order):
                if not isinstance(result := next(results), Receipt | Refused):
                    raise result
                yield LineResult(number, one, result)
            else:
                yield LineResult(number, None, one)

    def _parse(self, line: bytes, now: datetime) -> Order | None:
        """Parse one line; returns None for a blank line or column names. Raises Mistyped.

        now: the time of the request.
        """
        if len(line) > MAX_LINE_BYTES:
            refuse(mark("The line is longer than {most} bytes."), most=MAX_LINE_BYTES)
        try:
            text = line.decode("utf-8").strip("\r\ufeff")
        except UnicodeError:
            refuse(mark("The line is not UTF-8."))
        if not text.strip():
            return None
        fields = parse_json(text) if text.lstrip().startswith("{") else self._parse_columns(text)
        if fields is None:
            return None
        values = (fields.get(name) for name in COLUMNS)
        airplane, customer, key = ("" if value is None else str(value) for value in values)
        return Order(
            Reserve(parsing.identity(airplane), self._customer_of(customer)),
            key=parsing.name(key) if key else None,
            at=now,
        )

    def _customer_of(self, name: str) -> str:
        """Parse the name of a customer; a blank stands for the customer of `--customer`.

        Raises Mistyped without that: the user who is logged in is not the customer of these lines.
        """
        if name.strip():
            return parsing.name(name)
        if self._customer is None:
            refuse(mark("The line names no customer: add the name, or say --customer."))
        return self._customer

    def _parse_columns(self, text: str) -> dict[str, Any] | None:
        """Parse a line of values; returns None if they are the names of the columns."""
        delimiter = "\t" if "\t" in text else ","
        try:
            values = next(csv.reader([text], delimiter=delimiter, strict=True))
        except csv.Error:
            refuse(mark("The line is neither JSON nor CSV."))
        if delimiter == ",":
            values = [unquote_formula(value) for value in values]
        if not self._columns:
            self._columns = column_names(values) or COLUMNS
            if self._columns is not COLUMNS:
                return None
        if len(values) > len(self._columns):
            refuse(mark("The line has more than {most} columns."), most=len(self._columns))
        return dict(zip(self._columns, values, strict=False))


def column_names(values: Sequence[str]) -> Sequence[str]:
    """Return the column names in the first line; nothing if the line has values.

    Raises Refused (unknown_column, repeated_column): the values of such a column cannot be ignored
    safely.
    """
    names = [value.strip().casefold() for value in values]
    if COLUMNS[0] not in names or any(parsing.NUMBER.fullmatch(name) for name in names):
        return ()
    if unknown := sorted(set(names) - set(COLUMNS)):
        raise Refused(
            "unknown_column", UNKNOWN_COLUMN, name=terminal.shown(unknown[0]), names=NAMES
        )
    if repeated := repeated_name(names):
        raise Refused("repeated_column", REPEATED_COLUMN, name=terminal.shown(repeated))
    return names


def repeated_name(names: Sequence[str]) -> str | None:
    """Return the first name that appears more than once; None if there is none."""
    return next((name for name, times in Counter(names).items() if times > 1), None)


def parse_json(text: str) -> dict[str, Any]:
    """Parse a JSON object. Raises Mistyped."""
    try:
        fields = json.decode(text, type=dict[str, str | int | None])
    except (DecodeError, RecursionError, ValueError):
        refuse(mark("The line is not a JSON object of texts and numbers."))
    if unknown := sorted(set(fields) - set(COLUMNS)):
        refuse(UNKNOWN_COLUMN, name=terminal.shown(unknown[0]), names=NAMES)
    if repeated := repeated_name(NAMES_OF_OBJECT.decode(text)):
        refuse(REPEATED_COLUMN, name=terminal.shown(repeated))
    return fields
