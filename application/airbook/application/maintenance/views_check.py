"""The check of the views: the sum of the hashes of all rows, as stored and as the log gives it.

The sum does not depend on the order of the rows, so each view is read once, as it lies in its
table, and the log once for all views together. Only the rows of a view that differs are compared.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import sqlalchemy as sql
from msgspec import Struct, structs

from airbook.application.maintenance.findings import Finding
from airbook.application.maintenance.present_rows import PresentRows
from airbook.application.text.formatting import format_event_data
from airbook.application.text.labels import mark
from airbook.eventlog.log import Log
from airbook.eventlog.records import RecordedEvent
from airbook.projections.checkpoints import checkpoints
from airbook.projections.store import Views
from airbook.projections.temporal import ReadModel, apply_events
from airbook.projections.times import Time, milliseconds

BATCH = 1_000


class ViewSum:
    """The sum of the hashes of all rows of one read model up to a position of the log."""

    def __init__(self, read_model: ReadModel[Any], position: int) -> None:
        self.sum = 0
        self._key_of, self._apply = read_model.key_of, read_model.apply
        self._position = position
        self._rows = None if read_model.append_only else PresentRows[Any](read_model.row)
        columns = enumerate(read_model.table.columns)
        self._times = [place for place, column in columns if isinstance(column.type, Time)]

    def add(self, recorded: RecordedEvent) -> None:
        """Apply the next event."""
        position, key = recorded.position, self._key_of(recorded)
        if key is None or position > self._position:
            return
        if self._rows is None:
            if added := self._apply(None, recorded):
                self.sum += hash(self._stored(added))
            return
        before = self._rows.get(key)
        after = self._apply(before and before[0], recorded)
        if after is None or (before and after == before[0]):
            return
        if before:
            # A row is hashed in two parts, so that a row that ends is not hashed again.
            since = before[1]
            self.sum += hash((key, since, position)) - hash((key, since, None))
        self.sum += hash((*self._stored(after), position)) + hash((key, position, None))
        self._rows.put(key, after, position)

    def _stored(self, row: Struct) -> tuple[object, ...]:
        """Return the values of a row as its table holds them."""
        values: list[Any] = [*structs.astuple(row)]
        for place in self._times:
            values[place] = values[place] and milliseconds(values[place])
        return tuple(values)

    def close(self) -> None:
        """Free the rows."""
        if self._rows:
            self._rows.close()


class ViewsCheck:
    """Compares the views with the log, as they were when this object was made."""

    def __init__(self, views: Views, connection: sql.Connection) -> None:
        """connection: a transaction with one snapshot of the views."""
        self._views = views
        self._connection = connection
        reached = {one.view: one.position for one in checkpoints(connection)}
        self._reached = {name: reached[one.table.name] for name, one in self._models().items()}
        self._stored = {name: stored_sum(connection, one) for name, one in self._models().items()}
        self._sums = {
            name: ViewSum(one, self._reached[name]) for name, one in self._models().items()
        }
        self.position = max(self._reached[name] for name in self._sums)

    def _models(self) -> Mapping[str, ReadModel[Any]]:
        return self._views.read_models

    def add(self, recorded: RecordedEvent) -> None:
        """Apply the next event of the log."""
        for one in self._sums.values():
            one.add(recorded)

    def findings(self) -> Iterator[Finding]:
        """Find the views that differ from the log."""
        for name, read_model in self._models().items():
            if self._sums[name].sum != self._stored[name]:
                row = self._differing_row(read_model)
                sentence = mark("The view {view} differs from the log in this row: {row}")
                yield Finding("view_differs", sentence, {"view": name, "row": row})

    def _differing_row(self, read_model: ReadModel[Any]) -> str:
        position = self._reached[read_model.name]
        with built_anew(self._views.log, read_model, position) as folded:
            return first_difference(read_model, self._connection, folded) or ""

    def close(self) -> None:
        """Free the rows."""
        for one in self._sums.values():
            one.close()


def stored_sum(connection: sql.Connection, read_model: ReadModel[Any]) -> int:
    """Return the sum of the hashes of all stored rows of a read model."""
    rows = stored_rows(connection, select_stored(read_model))
    if read_model.append_only:
        return sum(hash(tuple(row)) for row in rows)
    return sum(hash(tuple(row[:-1])) + hash((row[0], *row[-2:])) for row in rows)


def select_stored(read_model: ReadModel[Any]) -> sql.Select[Any]:
    """Return the query for all rows of a read model as they are stored."""
    columns = (
        sql.type_coerce(one, sql.BigInteger) if isinstance(one.type, Time) else one
        for one in read_model.table.columns
    )
    return sql.select(*columns)


def stored_rows(connection: sql.Connection, query: sql.Select[Any]) -> Iterator[Sequence[Any]]:
    """Yield the rows of a query, of which only some are in memory at once."""
    is_file = connection.dialect.name == "sqlite"
    options = {} if is_file else {"stream_results": True, "yield_per": BATCH}
    with closing(connection.execute(query, execution_options=options)) as result:
        # The tuples of SQLite's driver take half the time of SQLAlchemy's rows.
        yield from cast("Iterable[Sequence[Any]]", result.cursor if is_file else result)


@contextmanager
def built_anew(log: Log, read_model: ReadModel[Any], position: int) -> Generator[sql.Connection]:
    """Build a view in a temporary file from the events up to a position; yields its connection."""
    with TemporaryDirectory() as folder:
        url = sql.URL.create("sqlite", database=str(Path(folder, "view.db")))
        with sql.create_engine(url, poolclass=sql.NullPool).connect() as connection:
            read_model.table.create(connection)
            reached = 0
            while reached < position:
                events = log.after(reached, min(BATCH, position - reached))
                apply_events(connection, read_model, read_model.table, events)
                reached = events[-1].position
            yield connection


def first_difference(
    read_model: ReadModel[Any], one: sql.Connection, other: sql.Connection
) -> str | None:
    """Compare a view in two databases; return the first differing row as text, None if equal."""
    query = select_stored(read_model).order_by(*read_model.table.primary_key.columns)
    names = [column.name for column in read_model.table.columns]
    for found, expected in zip_longest(stored_rows(one, query), stored_rows(other, query)):
        if found is None or expected is None or tuple(found) != tuple(expected):
            row: Sequence[Any] = found or expected or ()
            return format_event_data(dict(zip(names, row, strict=True)))
    return None
