"""The check of the views: the sum of the hashes of all rows, as stored and as the log gives it.

The sum does not depend on the order of the rows, so each view is read once, as it lies in its
table, and the log once for all views together. Only the rows of a view that differs are compared.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from contextlib import closing, contextmanager
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import sqlalchemy as sql
from msgspec import structs

from airbook.application.maintenance.findings import Finding
from airbook.application.maintenance.present_rows import PresentRows
from airbook.application.text.formatting import format_event_data
from airbook.application.text.labels import mark
from airbook.eventlog.log import Log
from airbook.eventlog.records import RecordedEvent
from airbook.projections.checkpoints import checkpoints
from airbook.projections.store import Views
from airbook.projections.temporal import ReadModel, apply_events

BATCH = 1_000


class ViewSum:
    """The sum of the hashes of all rows of one read model up to a position of the log."""

    def __init__(self, read_model: ReadModel[Any], position: int) -> None:
        self.sum = 0
        self._read_model = read_model
        self._position = position
        self._rows = PresentRows[Any](read_model.row)

    def add(self, recorded: RecordedEvent) -> None:
        """Apply the next event."""
        key_of, apply = self._read_model.key_of, self._read_model.apply
        position = recorded.position
        if position > self._position or (key := key_of(recorded)) is None:
            return
        if self._read_model.append_only:
            if added := apply(None, recorded):
                self.sum += hash(structs.astuple(added))
            return
        before = self._rows.get(key)
        after = apply(before and before[0], recorded)
        if after is None or (before and after == before[0]):
            return
        if before:
            row, since = before
            values = structs.astuple(row)
            self.sum += hash((*values, since, position)) - hash((*values, since, None))
        self.sum += hash((*structs.astuple(after), position, None))
        self._rows.put(key, after, position)

    def close(self) -> None:
        """Free the rows."""
        self._rows.close()


class ViewsCheck:
    """Compares the views with the log, as they were when this object was made."""

    def __init__(self, views: Views, connection: sql.Connection) -> None:
        """connection: a transaction with one snapshot of the views."""
        self._views = views
        self._connection = connection
        self._reached = {one.view: one.position for one in checkpoints(connection)}
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
    streaming = connection.execution_options(stream_results=True, yield_per=BATCH)
    with closing(streaming.execute(sql.select(read_model.table))) as rows:
        return sum(hash(tuple(row)) for row in rows)


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
    query = sql.select(read_model.table).order_by(*read_model.table.primary_key.columns)
    found_rows, expected_rows = (
        connection.execute(query, execution_options={"stream_results": True, "yield_per": BATCH})
        for connection in (one, other)
    )
    rows: Iterator[tuple[Any, Any]] = zip_longest(found_rows, expected_rows)
    return next(
        (
            format_event_data((found or expected)._asdict())
            for found, expected in rows
            if found != expected
        ),
        None,
    )
