"""The SQL that SQLite and PostgreSQL share: lookups and writes of the registry, in one place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from msgspec.structs import astuple

from airbook.eventlog.chain import check_digest
from airbook.eventlog.codec import MAX_POSITION
from airbook.eventlog.errors import DamagedRow, check_types
from airbook.eventlog.records import ParkedReservation
from airbook.eventlog.rows import DigestRow, KeyRow, Lookup, LookupResult, Rows

Values = tuple[Any, ...]
MAX_NUMBER = 999_999_999
DIGEST = "#"  # marks the row of the last digest among the numbers; no kind has this name


class Dialect(NamedTuple):
    """The differences between the two databases.

    schema: written before each table. parameter: a placeholder. among: compares a column with an
    array. each: the rows of an array, in a column `value`. array: turns texts into the parameter of
    `among` and `each`. position: the column of an event's position. checkpoints: the library's
    table of checkpoints. binary: makes a text compare by its code points. greatest: the
    function. find: the function that finds a part of a text.
    """

    schema: str
    parameter: str
    among: str
    each: str
    array: Callable[[Sequence[str]], object]
    position: str
    checkpoints: str
    binary: str
    greatest: str
    find: str


class NameStatements:
    """The statements for one table of names, those of customers or of actors, in one dialect."""

    def __init__(self, dialect: Dialect, table: str) -> None:
        p, among, binary = dialect.parameter, dialect.among, dialect.binary
        table, folded = f"{dialect.schema}{table}", f"lower(name{binary})"
        self.ids = f"SELECT name, id FROM {table} WHERE name {among}"
        self.names = f"SELECT id, name FROM {table} WHERE id {among}"
        self.all = f"SELECT id, name FROM {table} WHERE id > {p} ORDER BY id LIMIT {p}"
        self.named = (
            f"SELECT id FROM {table} WHERE name{binary} BETWEEN {p} AND {p}"
            f" ORDER BY name{binary} LIMIT {p}"
        )
        self.having = f"SELECT id FROM {table} WHERE {dialect.find}({folded}, {p}) > 0"
        self.by_name = f"SELECT id FROM {table} ORDER BY {folded}, name{binary}"
        self.insert = f"INSERT INTO {table} VALUES ({p}, {p})"


class Statements:
    """The shared statements in one dialect."""

    def __init__(self, dialect: Dialect) -> None:
        schema, p, among, each, self.array, position, checkpoints, _, greatest, _ = dialect
        keys, parked, digests = (f"{schema}{table}" for table in ("keys", "parked", "digests"))
        self.customers = NameStatements(dialect, "customers")
        self.actors = NameStatements(dialect, "actors")
        columns = "position, number, registry, digest"
        self.last_digest = (
            f"SELECT {columns} FROM {digests} ORDER BY position DESC, number DESC LIMIT 1"
        )
        self.digest_covering = (
            f"SELECT {columns} FROM {digests} WHERE position >= {p}"
            " ORDER BY position, number LIMIT 1"
        )
        self.digests_after = (
            f"SELECT {columns} FROM {digests} WHERE (position, number) > ({p}, {p})"
            f" ORDER BY position, number LIMIT {p}"
        )
        # The digest comes first: PostgreSQL takes the types of the columns from it.
        self.heads = (
            f"SELECT '{DIGEST}', {columns} FROM ({self.last_digest}) AS latest UNION ALL"
            f" SELECT '', coalesce(max({position}), 0), 0, NULL, NULL FROM {schema}stored_events"
            f" UNION ALL SELECT kind, last, 0, NULL, NULL FROM {schema}numbers"
        )
        self.keys = f"SELECT key, contents, number, position FROM {keys} WHERE key {among}"
        self.versions = (
            "SELECT value, (SELECT max(originator_version)"
            f" FROM {schema}stored_events WHERE originator_id = value) FROM {each}"
        )
        self.all_numbers = f"SELECT kind, last FROM {schema}numbers"
        self.all_checkpoints = (
            f"SELECT application_name, notification_id FROM {schema}{checkpoints}"
        )
        self.checkpoints = f"{self.all_checkpoints} WHERE application_name {among}"
        self.all_keys = (
            f"SELECT key, contents, number, position FROM {keys}"
            f" WHERE key > {p} ORDER BY key LIMIT {p}"
        )
        self.all_parked = (
            f"SELECT reservation, position, error, at, retry, dropped FROM {parked}"
            " ORDER BY reservation"
        )
        self.mark_parked = (
            f"UPDATE {parked} SET retry = {p}, dropped = {p} WHERE reservation = {p} RETURNING 1"
        )
        # Numbers and checkpoints never go down, also when a copy is made twice.
        self.raise_number = (
            f"INSERT INTO {schema}numbers VALUES ({p}, {p}) ON CONFLICT (kind)"
            f" DO UPDATE SET last = {greatest}(numbers.last, excluded.last)"
        )
        self.add_number = (
            f"INSERT INTO {schema}numbers VALUES ({p}, 0) ON CONFLICT (kind) DO NOTHING RETURNING 1"
        )
        self.remove_number = f"DELETE FROM {schema}numbers WHERE kind = {p} RETURNING 1"
        self.raise_checkpoint = (
            f"INSERT INTO {schema}{checkpoints} VALUES ({p}, {p}) ON CONFLICT (application_name)"
            f" DO UPDATE SET notification_id"
            f" = {greatest}({checkpoints}.notification_id, excluded.notification_id)"
        )
        self.insert_key = f"INSERT INTO {keys} VALUES ({p}, {p}, {p}, {p})"
        self.park = (
            f"INSERT INTO {parked} VALUES ({p}, {p}, {p}, {p}, {p}, {p}) ON CONFLICT (reservation)"
            " DO UPDATE SET position = excluded.position, error = excluded.error,"
            " at = excluded.at, retry = excluded.retry, dropped = excluded.dropped"
        )
        self.insert_digest = f"INSERT INTO {digests} VALUES ({p}, {p}, {p}, {p})"
        self.unpark = f"DELETE FROM {parked} WHERE reservation = {p}"

    def lookups(self, lookup: Lookup) -> Iterator[tuple[int, str, Sequence[object]]]:
        """Yield the queries that a lookup needs: the place of the answer, the query, its values."""
        yield 0, self.heads, ()
        if lookup.keys:
            yield 1, self.keys, (self.array(lookup.keys),)
        if lookup.streams:
            yield 2, self.versions, (self.array(lookup.streams),)
        if lookup.customers:
            yield 3, self.customers.ids, (self.array(lookup.customers),)
        if lookup.subscribers:
            yield 4, self.checkpoints, (self.array(lookup.subscribers),)
        if lookup.actors:
            yield 5, self.actors.ids, (self.array(lookup.actors),)
        if lookup.parked:
            yield 6, self.all_parked, ()

    def inserts(self, rows: Rows) -> Iterator[tuple[str, Sequence[Values]]]:
        """Yield the statements that write rows of the registry, each with its values."""
        if rows.numbers:
            yield self.raise_number, list(rows.numbers.items())
        if rows.keys:
            yield self.insert_key, rows.keys
        if rows.customers:
            yield self.customers.insert, [astuple(one) for one in rows.customers]
        if rows.actors:
            yield self.actors.insert, [astuple(one) for one in rows.actors]
        if rows.checkpoints:
            yield self.raise_checkpoint, list(rows.checkpoints.items())
        if rows.parked:
            yield self.park, [astuple(one) for one in rows.parked]
        if rows.settled:
            yield self.unpark, [(number,) for number in rows.settled]
        if rows.digests:
            yield self.insert_digest, rows.digests


NUMBERED, DIGESTED = (str, int), (int, int, bytes, bytes)
KEYED, PARKED = (str, str, int, int), (int, int, str, str, int, int)
# The types of the columns of each answer, by its place.
LOOKED_UP = (NUMBERED, KEYED, (str, int | None), (str, str), NUMBERED, (str, str), PARKED)


def lookup_result(answers: Mapping[int, Sequence[Values]]) -> LookupResult:
    """Put the answers to the queries of `Statements.lookups` together, by their places."""
    for place, rows in answers.items():
        check_types(rows, LOOKED_UP[place])
    numbers: dict[str, int] = {}
    last = None
    for row in answers[0]:
        if row[0] == DIGEST:
            last = DigestRow(*row[1:])
            check_types([last], DIGESTED)
            check_digest(last)
        else:
            numbers[row[0]] = row[1]
    head = numbers.pop("")
    check_ranges(head, numbers.values())
    found = LookupResult(head, numbers, digest=last)
    if len(answers) > 1:
        found.keys = {row[0]: KeyRow(*row) for row in answers.get(1, ())}
        found.versions = {stream: version or 0 for stream, version in answers.get(2, ())}
        found.customers = dict(answers.get(3, ()))
        found.checkpoints = dict(answers.get(4, ()))
        found.actors = dict(answers.get(5, ()))
        found.parked = {row[0]: parked_row(row) for row in answers.get(6, ())}
    return found


def check_ranges(head: int, numbers: Iterable[int]) -> None:
    """Raise DamagedRow for numbers after which no database can count on."""
    if not 0 <= head <= MAX_POSITION or [last for last in numbers if not 0 <= last <= MAX_NUMBER]:
        raise DamagedRow("a number that was never given")


def parked_row(row: Values) -> ParkedReservation:
    """Return a parked reservation; SQLite stores 0 and 1 for False and True."""
    reservation, position, error, at, retry, dropped = row
    return ParkedReservation(reservation, position, error, at, bool(retry), bool(dropped))
