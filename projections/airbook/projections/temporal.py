"""Temporal tables: each row carries the log positions between which the row was true."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from functools import lru_cache
from hashlib import blake2b
from types import UnionType
from typing import Any, Generic, NamedTuple, TypeVar, get_type_hints

import sqlalchemy as sql
from msgspec import Struct, structs

from airbook.eventlog.errors import check_types
from airbook.eventlog.records import RecordedEvent
from airbook.projections.indexes import key_index, past_index, present_index
from airbook.projections.times import Time, milliseconds

Row = TypeVar("Row", bound=Struct)
SCHEMA = "schema"


class ReadModel(Struct, Generic[Row], frozen=True):
    """A read model: two plain functions over events, and the table that they fill.

    row: the type of the rows; the first field is the key, and the first column too. key_of: returns
    the key of the row that an event changes, or None. apply: returns the row after an event, from
    the row before (None if there was none). append_only: each event has a row of its own, which is
    always true, so the table is not temporal.
    """

    name: str
    row: type[Row]
    table: sql.Table
    key_of: Callable[[RecordedEvent], int | None]
    apply: Callable[[Row | None, RecordedEvent], Row | None]
    append_only: bool = False

    @property
    def schema(self) -> str:
        """Return the schema of the table, as `named_by_schema` describes it."""
        return str(self.table.info[SCHEMA])


def named_by_schema(table: sql.Table, revision: int = 1) -> sql.Table:
    """Return a table whose name, and the names of its indexes, end with a digest of its schema.

    So two versions of airbook fill and read tables of their own in one database, unless their
    schemas are equal. The schema is the revision, the columns and the indexes. revision: must grow
    when what the rows mean changes.
    """
    columns = ",".join(column.name for column in table.columns)
    indexes = ",".join(sorted(str(index.name) for index in table.indexes))
    schema = f"{revision}:{columns}:{indexes}"
    types = ",".join(f"{one.type!r} {one.nullable}" for one in table.columns)
    digest = blake2b(f"{schema}:{types}".encode(), digest_size=4).hexdigest()
    return renamed(table, f"{table.name}_{digest}", digest, schema)


def renamed(table: sql.Table, name: str, suffix: str, schema: str | None = None) -> sql.Table:
    """Return a copy of a table with another name. suffix: added to the names of its indexes."""
    copy = table.to_metadata(sql.MetaData(), name=name)
    for index in copy.indexes:
        index.name = sql.quoted_name(f"{index.name}_{suffix}", quote=None)
    copy.info[SCHEMA] = schema or table.info[SCHEMA]
    return copy


def temporal_table(
    name: str,
    *columns: sql.Column[Any],
    indexes: Collection[str] = (),
    past: Iterable[str] = (),
) -> sql.Table:
    """Return a temporal table whose first column is the key.

    indexes: the columns by which queries find present rows. past: the columns by which queries
    find past rows. Present rows have indexes of their own, so past rows do not slow them down.
    """
    key = columns[0].name
    return sql.Table(
        name,
        sql.MetaData(),
        *columns,
        sql.Column("since", sql.BigInteger, nullable=False),
        sql.Column("until", sql.BigInteger),
        sql.PrimaryKeyConstraint(key, "since"),
        key_index(name, key),
        *(present_index(name, column, key) for column in columns if column.name in indexes),
        *(past_index(name, column, key) for column in past),
        sqlite_with_rowid=False,  # else SQLite keeps an index of the primary key beside the rows
    )


def true_at(table: sql.FromClause, as_of: int | None) -> sql.ColumnElement[bool]:
    """Return the condition for rows that were true at a log position; None means now."""
    if as_of is None:
        return table.c.until.is_(None)
    return sql.and_(table.c.since <= as_of, sql.or_(table.c.until.is_(None), table.c.until > as_of))


@lru_cache(maxsize=64)
def types_of(row: type[Struct]) -> tuple[type | UnionType, ...]:
    """Return the types of the fields of a row."""
    hints = get_type_hints(row)
    return tuple(hints[name] for name in row.__struct_fields__)


def rows_of(connection: sql.Connection, query: sql.Select[Any], row: type[Row]) -> list[Row]:
    """Execute a query for whole rows; return them without `since` and `until`."""
    width = len(row.__struct_fields__)
    types = types_of(row)
    found = connection.execute(query).fetchall()
    check_types(found, types)
    return [row(*one[:width]) for one in found]


def apply_events(
    connection: sql.Connection,
    read_model: ReadModel[Row],
    table: sql.Table,
    events: Sequence[RecordedEvent],
) -> None:
    """Apply events to a table in the order of the log; rows that they replace become past rows."""
    keyed = [(key, event) for event in events if (key := read_model.key_of(event)) is not None]
    if read_model.append_only:
        added = (read_model.apply(None, recorded) for _, recorded in keyed)
        new = [[*structs.astuple(row)] for row in added if row is not None]
        insert_rows(connection, table, new)
        return
    current = current_rows(connection, read_model, table, {key for key, _ in keyed})
    ended_rows: list[tuple[int, Hashable]] = []
    new_rows: list[list[Any]] = []
    last: dict[Hashable, list[Any]] = {}
    for key, recorded in keyed:
        before = current.get(key)
        after = read_model.apply(before, recorded)
        if after is None or after == before:
            continue
        if key in last:
            last[key][-1] = recorded.position
        elif before is not None:
            ended_rows.append((recorded.position, key))
        last[key] = [*structs.astuple(after), recorded.position, None]
        new_rows.append(last[key])
        current[key] = after
    if ended_rows:
        connection.exec_driver_sql(statements(table, connection.dialect).end, ended_rows)
    insert_rows(connection, table, new_rows)


class TableStatements(NamedTuple):
    """The statements that find the present rows of a table, and that end them."""

    current: sql.Select[Any]
    end: str


@lru_cache(maxsize=64)
def statements(table: sql.Table, dialect: sql.Dialect) -> TableStatements:
    """Return the statements of a temporal table, cached because compiling takes long."""
    key, until = table.columns[0], table.c.until
    current = sql.select(table)
    current = current.where(key.in_(sql.bindparam("keys", expanding=True)), until.is_(None))
    end = sql.update(table).values(until=sql.bindparam("ended_at"))
    end = end.where(key == sql.bindparam("key"), until.is_(None))
    return TableStatements(current, str(end.compile(dialect=dialect)))


class InsertStatement(NamedTuple):
    """The statement that inserts a row into a table. times: the indexes of the columns of times."""

    text: str
    times: Sequence[int]


@lru_cache(maxsize=64)
def insert_statement(table: sql.Table, dialect: sql.Dialect) -> InsertStatement:
    """Return the statement that inserts a row into a table, cached because compiling takes long."""
    text = str(sql.insert(table).compile(dialect=dialect))
    times = [place for place, one in enumerate(table.columns) if isinstance(one.type, Time)]
    return InsertStatement(text, times)


def current_rows(
    connection: sql.Connection, read_model: ReadModel[Row], table: sql.Table, keys: set[int]
) -> dict[int, Row]:
    """Return the present rows of some keys, by key."""
    if not keys:
        return {}
    query = statements(table, connection.dialect).current
    width = len(read_model.row.__struct_fields__)
    found = connection.execute(query, {"keys": sorted(keys)}).fetchall()
    check_types(found, types_of(read_model.row))
    return {row[0]: read_model.row(*row[:width]) for row in found}


def insert_rows(connection: sql.Connection, table: sql.Table, rows: Sequence[list[Any]]) -> None:
    """Insert rows into a table; the driver gets numbers for times."""
    if rows:
        statement = insert_statement(table, connection.dialect)
        for row in rows:
            for place in statement.times:
                row[place] = row[place] and milliseconds(row[place])
        connection.exec_driver_sql(statement.text, [tuple(row) for row in rows])
