"""Tables that remember: each row carries the positions between which it was true."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from functools import lru_cache
from typing import Any, Generic, NamedTuple, TypeVar

import sqlalchemy as sql
from msgspec import Struct, structs

from airbook.eventlog.records import RecordedEvent
from airbook.projections.indexes import FOREVER, OVER, partial, present

Row = TypeVar("Row", bound=Struct)


class ReadModel(Struct, Generic[Row], frozen=True):
    """A read model as two plain functions over events, and the table they fill.

    row: the type of its rows; its first field is the key, the column of the same name too.
    concerns: the key of the row an event changes, None if it changes none. change: what that row
    becomes, given what it was (None: there was none). rules: raised whenever `change` comes to
    mean something else, so that views made by the old rules are rebuilt. grows_only: a row never
    changes, so none needs to be looked up before one is made.
    """

    name: str
    row: type[Row]
    table: sql.Table
    key_of: Callable[[RecordedEvent], int | None]
    apply: Callable[[Row | None, RecordedEvent], Row | None]
    rules: int = 1
    grows_only: bool = False

    @property
    def schema(self) -> str:
        """What this view is made of; another schema is another view."""
        columns = ",".join(column.name for column in self.table.columns)
        indexes = ",".join(sorted(str(index.name) for index in self.table.indexes))
        return f"{self.rules}:{columns}:{indexes}"


def temporal_table(
    name: str,
    *columns: sql.Column[Any],
    indexes: Collection[str] = (),
    past: Iterable[str] = (),
) -> sql.Table:
    """Describe a table whose first column is the key.

    indexes: further columns by which the present is looked up, then by the key. The present has
    indexes of its own, so it costs no more for having a past. past: those by which the past is
    looked up too.
    """
    key = columns[0].name
    return sql.Table(
        name,
        sql.MetaData(),
        *columns,
        sql.Column("since", sql.BigInteger, nullable=False),
        sql.Column("until", sql.BigInteger),
        sql.PrimaryKeyConstraint(key, "since"),
        partial(f"{name}_now", FOREVER, key, unique=True),
        *(
            partial(f"{name}_{column.name}_now", present(column), column.name, key)
            for column in columns
            if column.name in indexes
        ),
        *(partial(f"{name}_{column}_then", OVER, column, key, "since", "until") for column in past),
    )


def true_at(table: sql.FromClause, as_of: int | None) -> sql.ColumnElement[bool]:
    """Select the rows that were true at a log position; None means now."""
    if as_of is None:
        return table.c.until.is_(None)
    return sql.and_(table.c.since <= as_of, sql.or_(table.c.until.is_(None), table.c.until > as_of))


def rows_of(connection: sql.Connection, query: sql.Select[Any], row: type[Row]) -> list[Row]:
    """Read whole rows, leaving out between which positions they were true."""
    width = len(row.__struct_fields__)
    return [row(*found[:width]) for found in connection.execute(query)]


def project(
    connection: sql.Connection,
    view: ReadModel[Row],
    table: sql.Table,
    events: Sequence[RecordedEvent],
) -> None:
    """Apply events to a view's table, in order; rows made and ended in between are kept too."""
    keyed = [(key, recorded) for recorded in events if (key := view.key_of(recorded)) is not None]
    if not keyed:
        return
    known = set[int]() if view.grows_only else {key for key, _ in keyed}
    current = live_rows(connection, view, table, known) if known else {}
    ended: list[tuple[int, Hashable]] = []
    made: list[list[Any]] = []
    last: dict[Hashable, list[Any]] = {}
    for key, recorded in keyed:
        before = current.get(key)
        after = view.apply(before, recorded)
        if after is None or after == before:
            continue
        if key in last:
            last[key][-1] = recorded.position
        elif before is not None:
            ended.append((recorded.position, key))
        last[key] = [*structs.astuple(after), recorded.position, None]
        made.append(last[key])
        current[key] = after
    write(connection, table, ended, made)


class Statements(NamedTuple):
    """What `project` says to one table: written once, as building a statement takes longer."""

    live: sql.Select[Any]
    end: str
    insert: str


@lru_cache(maxsize=64)
def statements(table: sql.Table, dialect: sql.Dialect) -> Statements:
    """Write the statements for a table; those without an answer are filled in by the driver."""
    key, until = table.columns[0], table.c.until
    live = sql.select(table).where(key.in_(sql.bindparam("keys", expanding=True)), until.is_(None))
    end = sql.update(table).values(until=sql.bindparam("ended_at"))
    end = end.where(key == sql.bindparam("key"), until.is_(None))
    insert = sql.insert(table)
    return Statements(live, str(end.compile(dialect=dialect)), str(insert.compile(dialect=dialect)))


def live_rows(
    connection: sql.Connection, view: ReadModel[Row], table: sql.Table, keys: set[int]
) -> dict[int, Row]:
    """Read the present rows under some keys."""
    query = statements(table, connection.dialect).live
    width = len(view.row.__struct_fields__)
    found = connection.execute(query, {"keys": sorted(keys)})
    return {row[0]: view.row(*row[:width]) for row in found}


def write(
    connection: sql.Connection,
    table: sql.Table,
    ended: Sequence[tuple[int, Hashable]],
    made: Sequence[Sequence[Any]],
) -> None:
    """End rows, as (position, key), and insert new ones."""
    written = statements(table, connection.dialect)
    if ended:
        connection.exec_driver_sql(written.end, list(ended))
    if made:
        connection.exec_driver_sql(written.insert, [tuple(row) for row in made])
