"""Tables that remember: each row carries the positions between which it was true."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, Generic, TypeVar

import sqlalchemy as sql
from msgspec import Struct, structs

from airbook.domain.log import Event

Row = TypeVar("Row", bound=Struct)
FOREVER = sql.text("until IS NULL")


class Remembered(Struct, Generic[Row], frozen=True):
    """A read model as two plain functions over facts, and the table they fill.

    row: the type of its rows; its first field is the key, the column of the same name too.
    concerns: the key of the row a fact changes, None if it changes none. change: what that row
    becomes, given what it was (None: there was none). rules: raised whenever `change` comes to
    mean something else, so that views made by the old rules are rebuilt. grows_only: a row never
    changes, so none needs to be looked up before one is made.
    """

    name: str
    row: type[Row]
    table: sql.Table
    concerns: Callable[[Event], int | None]
    change: Callable[[Row | None, Event], Row | None]
    rules: int = 1
    grows_only: bool = False

    @property
    def schema(self) -> str:
        """What this view is made of; another schema is another view."""
        columns = ",".join(column.name for column in self.table.columns)
        return f"{self.rules}:{columns}"


def remembering(name: str, *columns: sql.Column[Any], indexes: Iterable[str] = ()) -> sql.Table:
    """Describe a table whose first column is the key.

    indexes: further columns by which the present is looked up. The present has indexes of its own,
    so it costs no more for having a past.
    """
    key = columns[0].name
    return sql.Table(
        name,
        sql.MetaData(),
        *columns,
        sql.Column("since", sql.Integer, nullable=False),
        sql.Column("until", sql.Integer),
        sql.PrimaryKeyConstraint(key, "since"),
        sql.Index(f"{name}_now", key, unique=True, sqlite_where=FOREVER, postgresql_where=FOREVER),
        *(
            sql.Index(f"{name}_{column}", column, sqlite_where=FOREVER, postgresql_where=FOREVER)
            for column in indexes
        ),
    )


def true_at(table: sql.Table, as_of: int | None) -> sql.ColumnElement[bool]:
    """Select the rows that were true at a log position; None means now."""
    if as_of is None:
        return table.c.until.is_(None)
    return sql.and_(table.c.since <= as_of, sql.or_(table.c.until.is_(None), table.c.until > as_of))


def rows_of(connection: sql.Connection, query: sql.Select[Any], row: type[Row]) -> list[Row]:
    """Read whole rows, leaving out between which positions they were true."""
    width = len(structs.fields(row))
    return [row(*found[:width]) for found in connection.execute(query)]


def project(
    connection: sql.Connection, view: Remembered[Row], table: sql.Table, events: Sequence[Event]
) -> None:
    """Apply facts to a view's table, in order; rows made and ended in between are kept too."""
    keyed = [(key, event) for event in events if (key := view.concerns(event)) is not None]
    if not keyed:
        return
    known = set[int]() if view.grows_only else {key for key, _ in keyed}
    current = live_rows(connection, view, table, known) if known else {}
    ended: list[tuple[int, Hashable]] = []
    made: list[list[Any]] = []
    last: dict[Hashable, list[Any]] = {}
    for key, event in keyed:
        before = current.get(key)
        after = view.change(before, event)
        if after is None or after == before:
            continue
        if key in last:
            last[key][-1] = event.position
        elif before is not None:
            ended.append((event.position, key))
        last[key] = [*structs.astuple(after), event.position, None]
        made.append(last[key])
        current[key] = after
    write(connection, table, ended, made)


def live_rows(
    connection: sql.Connection, view: Remembered[Row], table: sql.Table, keys: set[int]
) -> dict[int, Row]:
    """Read the present rows under some keys."""
    key = table.columns[0]
    query = sql.select(table).where(key.in_(sorted(keys)), table.c.until.is_(None))
    width = len(structs.fields(view.row))
    return {found[0]: view.row(*found[:width]) for found in connection.execute(query)}


def write(
    connection: sql.Connection,
    table: sql.Table,
    ended: Sequence[tuple[int, Hashable]],
    made: Sequence[Sequence[Any]],
) -> None:
    """End rows, as (position, key), and insert new ones."""
    # Compiled by SQLAlchemy, filled in by the driver: three times as fast for many rows.
    if ended:
        ending = sql.update(table).values(until=sql.bindparam("ended_at"))
        ending = ending.where(table.columns[0] == sql.bindparam("key"), table.c.until.is_(None))
        connection.exec_driver_sql(str(ending.compile(connection)), list(ended))
    if made:
        making = sql.insert(table).compile(connection)
        connection.exec_driver_sql(str(making), [tuple(row) for row in made])
