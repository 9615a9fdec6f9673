"""Helpers for tests of the views: given a story of events, then rows."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import closing, contextmanager
from typing import Any

import sqlalchemy as sql
from msgspec import structs

from airbook.application.stores.postgres import PostgresStore
from airbook.application.stores.sqlite import SQLiteStore
from airbook.application.stores.store import Store
from airbook.eventlog.log import BATCH, Log
from airbook.eventlog.records import Fenced, RecordedEvent
from airbook.projections.checkpoints import CHECKPOINTS, UNKNOWN
from airbook.projections.database import Database
from airbook.projections.models.totals import TotalsRow
from airbook.projections.rebuild import rebuild
from airbook.projections.sqlite import SQLiteDatabase
from airbook.projections.store import READ_MODELS, ReadModels, Views
from airbook.projections.temporal import ReadModel
from tests.support.stores import open_log, recorder_of
from tests.support.stories import StoryEvent, record

Row = tuple[Any, ...]

ALL_READ_MODELS = list(READ_MODELS.values())
# The totals after the story of five seats and six customers.
FIVE_APPROVED_ONE_REJECTED = TotalsRow(
    airplanes=1, approved=5, rejected=1, no_seats_left=1, newest=6
)


@contextmanager
def open_views(log: Log, store: Store, read_models: ReadModels = READ_MODELS) -> Generator[Views]:
    """Open the views of a store; the log may be the log of another store."""
    with closing(database_of(store)) as database:
        yield Views(database, log, read_models)


def database_of(store: Store) -> Database:
    """Open the database that holds the views of a store."""
    if isinstance(store, PostgresStore):
        from airbook.projections.postgres import PostgresDatabase

        return PostgresDatabase(store.server)
    assert isinstance(store, SQLiteStore)
    return SQLiteDatabase(store.views_path)


def given_story(views: Views, *story: StoryEvent) -> Shown:
    """Append a story to the log, and apply all events of the log to the views."""
    record(views.log, *story)
    return catch_up(views)


def catch_up(views: Views, limit: int = 1_000) -> Shown:
    """Apply all events of the log to the views, even if other processes do so at the same time.

    limit: how many events to apply in one commit at most.
    """
    while views.position() < views.log.head():
        try:
            views.catch_up(limit)
        except Fenced:
            continue
    return Shown(views)


def catch_up_store(store: Store) -> int:
    """Apply all events of a store to its views, in small steps; return the position reached."""
    with open_log(store) as log, open_views(log, store) as views:
        catch_up(views, 3)
        return views.position()


def rebuild_all(views: Views) -> list[int]:
    """Rebuild every view; return the positions that the rebuild reported."""
    return list(rebuild(views, ALL_READ_MODELS))


def make_out_of_date(views: Views, read_model: ReadModel[Any]) -> None:
    """Give a view the checkpoint of an airbook that kept no digest: it must be rebuilt."""
    of_table = sql.update(CHECKPOINTS).where(CHECKPOINTS.c.view == read_model.table.name)
    with views.writing() as connection:
        connection.execute(of_table.values(digest=UNKNOWN))


def positions(views: Views) -> dict[str, int]:
    """Return the positions of the checkpoints, by view."""
    return {checkpoint.view: checkpoint.position for checkpoint in views.checkpoints()}


class Shown:
    """The views as a story left them."""

    def __init__(self, views: Views) -> None:
        self.views = views

    def then(
        self, query: Callable[..., object], rows: object, /, *args: object, **kwargs: object
    ) -> None:
        """Check that a query with these arguments returns exactly these rows."""
        with self.views.reading() as connection:
            assert query(connection, *args, **kwargs) == rows


class InterruptedLog(Log):
    """A log in which something happens after events were read and before they are returned.

    meanwhile: a function of the position read from, and of the events read.
    """

    def __init__(
        self, log: Log, meanwhile: Callable[[int, Sequence[RecordedEvent]], object]
    ) -> None:
        super().__init__(recorder_of(log))
        self._meanwhile = meanwhile

    def after(self, position: int, limit: int = BATCH) -> list[RecordedEvent]:
        events = super().after(position, limit)
        self._meanwhile(position, events)
        return events


def whole_tables(views: Views) -> dict[str, list[Row]]:
    """Return the present rows and the past rows of every view."""
    with views.reading() as connection:
        return {
            name: [
                tuple(row)
                for row in connection.execute(
                    sql.select(read_model.table).order_by(*ordered_by(read_model))
                )
            ]
            for name, read_model in views.read_models.items()
        }


def ordered_by(read_model: ReadModel[Any]) -> list[sql.Column[Any]]:
    """Return the columns that order the rows of a whole table."""
    key = read_model.table.columns[0]
    return [key] if read_model.append_only else [key, read_model.table.c.since]


def expected_rows(read_model: ReadModel[Any], events: Sequence[RecordedEvent]) -> list[Row]:
    """Fold events in memory, one by one, into the rows that the whole table must contain."""
    if read_model.append_only:
        keyed = (recorded for recorded in events if read_model.key_of(recorded) is not None)
        added = (read_model.apply(None, recorded) for recorded in keyed)
        return [structs.astuple(row) for row in added if row is not None]
    table = list[list[Any]]()
    current = dict[int, list[Any]]()
    rows = dict[int, Any]()
    for recorded in events:
        key = read_model.key_of(recorded)
        if key is None:
            continue
        row = read_model.apply(rows.get(key), recorded)
        if row is None or row == rows.get(key):
            continue
        if key in current:
            current[key][-1] = recorded.position
        rows[key] = row
        current[key] = [*structs.astuple(row), recorded.position, None]
        table.append(current[key])
    return sorted((tuple(row) for row in table), key=lambda row: (row[0], row[-2]))


def rows_at(read_model: ReadModel[Any], events: Sequence[RecordedEvent]) -> list[Row]:
    """Fold events in memory into the rows that are true after the last event."""
    if read_model.append_only:
        return expected_rows(read_model, events)
    return [row[:-2] for row in expected_rows(read_model, events) if row[-1] is None]


def expected_tables(views: Views) -> dict[str, list[Row]]:
    """Fold the whole log in memory into the rows that every view must contain."""
    events = views.log.after(0, limit=1_000_000)
    return {
        name: expected_rows(read_model, events) for name, read_model in views.read_models.items()
    }
