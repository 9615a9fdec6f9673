"""What is said to PostgreSQL in one transaction of the log, in two round trips."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, LiteralString, Protocol

from msgspec.structs import astuple, replace
from psycopg import Connection, Cursor
from psycopg.rows import DictRow, tuple_row

from airbook.eventlog.append import plan
from airbook.eventlog.codec import Codec
from airbook.eventlog.postgres import statements as say
from airbook.eventlog.records import Answer, Receipt, Transaction
from airbook.eventlog.rows import CommandRow, Found, Rows, Wanted

Planned = Callable[[Found], tuple[Rows, Sequence[Answer]]]


class Work(Protocol):
    """What one transaction does."""

    def begin(self, connection: Connection[DictRow]) -> str:
        """Find out what must be known; returns the id of the transaction."""
        ...

    def finish(self, connection: Connection[DictRow]) -> None:
        """Send what is to be written; nobody waits for it here."""
        ...

    def answers(self) -> Sequence[Answer]:
        """Give the answers, once it is committed."""
        ...

    def found_out(
        self, connection: Connection[DictRow], transaction: str
    ) -> Sequence[Answer] | None:
        """Give the answers when all that is known is that a transaction of that id was committed.

        None if it was another one: a server that has crashed gives the ids of what was lost again.
        """
        ...


class Decided:
    """Changes whose outcome hangs on what is there: it is looked up while the lock is held."""

    def __init__(self, wanted: Wanted, planned: Planned) -> None:
        self._wanted = wanted
        self._planned = planned
        self._rows = Rows()
        self._answers: Sequence[Answer] = ()

    def begin(self, connection: Connection[DictRow]) -> str:
        """Take the lock, look up, plan."""
        connection.execute(say.LOCK)
        found, transaction = find(connection, self._wanted)
        self._rows, self._answers = self._planned(found)
        return transaction

    def finish(self, connection: Connection[DictRow]) -> None:
        """Send the rows."""
        write(connection, self._rows)

    def answers(self) -> Sequence[Answer]:
        """Give the answers that were planned."""
        return self._answers

    def found_out(
        self, connection: Connection[DictRow], transaction: str
    ) -> Sequence[Answer] | None:
        """Give the answers that were planned, if the rows are there."""
        return self._answers if is_there(connection, self._rows, transaction) else None


class Added:
    """Changes that nothing can stand against: only where they will stand is not known yet.

    So the lock is held by the server alone, and nobody waits for our side of the network.
    """

    def __init__(self, transactions: Sequence[Transaction], codec: Codec) -> None:
        self._kinds = [transaction.appends[-1].kind for transaction in transactions]
        self._rows, self._relative = plan(transactions, Found(0, {}), codec)
        self._result: Cursor[Any] | None = None

    def begin(self, connection: Connection[DictRow]) -> str:
        """Ask for the id of the transaction."""
        row = ask(connection, say.TRANSACTION).fetchone()
        return str(row and row[0])

    def finish(self, connection: Connection[DictRow]) -> None:
        """Take the lock and send the rows."""
        new = [
            (position, kind, self._rows.numbers[kind] - int(number), version, topic, state)
            for position, stream, version, topic, state in self._rows.events
            for kind, _, number in [stream.rpartition("-")]
        ]
        numbers = [list(self._rows.numbers), list(self._rows.numbers.values())]
        connection.execute(say.LOCK)
        self._result = ask(connection, say.APPEND, *numbers, *columns(new))
        connection.execute("NOTIFY airbook")

    def answers(self) -> Sequence[Answer]:
        """Add what was there before to the answers."""
        rows = self._result.fetchall() if self._result else []
        before = {kind: last - self._rows.numbers[kind] for kind, last, _ in rows}
        return self._moved(before, rows[0][2])

    def found_out(
        self, connection: Connection[DictRow], transaction: str
    ) -> Sequence[Answer] | None:
        """Find the rows that were written, and with them what was there before."""
        rows = written(connection, transaction)
        if [row[2:] for row in rows] != [row[2:] for row in self._rows.events]:
            return None
        before: dict[str, int] = {}
        for _, stream, *_ in rows:
            kind, _, number = stream.rpartition("-")
            before.setdefault(kind, int(number) - 1)
        return self._moved(before, rows[0][0] - 1)

    def _moved(self, before: Mapping[str, int], head: int) -> Sequence[Answer]:
        return [
            replace(one, number=one.number + before[kind], position=one.position + head)
            for one, kind in zip(self._relative, self._kinds, strict=True)
            if isinstance(one, Receipt)
        ]


def find(connection: Connection[DictRow], wanted: Wanted) -> tuple[Found, str]:
    """Look up what planning needs; with it comes the name of the transaction."""
    heads = ask(connection, say.HEADS)
    commands, versions, customers, tracked = (
        ask(connection, query, list(texts)) if texts else ()
        for query, texts in zip(
            (say.COMMANDS, say.VERSIONS, say.CUSTOMERS, say.TRACKED), wanted, strict=True
        )
    )
    numbers = {kind: (last, transaction) for kind, last, transaction in heads}
    head, transaction = numbers.pop("")
    found = Found(
        head,
        {kind: last for kind, (last, _) in numbers.items()},
        {row[0]: CommandRow(*row) for row in commands},
        {stream: version or 0 for stream, version in versions},
        dict(customers),
        dict(tracked),
    )
    return found, transaction


def ask(connection: Connection[DictRow], query: LiteralString, *values: object) -> Cursor[Any]:
    """Send a query; the answer is waited for when it is read."""
    return connection.cursor(row_factory=tuple_row).execute(query, values)


def write(connection: Connection[DictRow], rows: Rows) -> None:
    """Insert rows, table by table, and tell those who listen once they are committed."""
    if rows.events:
        connection.execute(say.EVENTS, columns(rows.events))
        connection.execute("NOTIFY airbook")
    beside: dict[str, list[Any]] = {
        "numbers": list(rows.numbers.items()),
        "commands": list(rows.commands),
        "customers": [astuple(one) for one in rows.customers],
        "tracked": list(rows.tracked.items()),
        "parked": [astuple(one) for one in rows.parked],
        "settled": [(number,) for number in rows.settled],
    }
    for table, values in beside.items():
        if len(values) == 1:
            connection.execute(say.BESIDE[table], values[0])  # executemany waits for its answers
        elif values:
            connection.cursor().executemany(say.BESIDE[table], values)


def is_there(connection: Connection[DictRow], rows: Rows, transaction: str) -> bool:
    """Tell whether a transaction wrote these rows; where doing so again does no harm, say no."""
    if rows.events:
        return written(connection, transaction) == rows.events
    if rows.commands:
        return ask(connection, say.COMMANDS, [rows.commands[0].key]).fetchone() == rows.commands[0]
    if rows.customers:
        one = rows.customers[0]
        return ask(connection, say.CUSTOMERS, [one.name]).fetchone() == (one.name, one.id)
    return False


def written(connection: Connection[DictRow], transaction: str) -> list[Any]:
    """List the events that a transaction appended, as rows."""
    return ask(connection, say.WRITTEN, transaction).fetchall()


def columns(rows: Sequence[tuple[Any, ...]]) -> list[list[Any]]:
    """Turn rows into columns, as unnest takes them."""
    return [list(column) for column in zip(*rows, strict=True)]
