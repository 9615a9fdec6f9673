"""What the views show, in the words of stories: given events, then rows."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing, contextmanager
from typing import Any

import sqlalchemy as sql
from msgspec import structs

from airbook.application.stores.postgres import PostgresStore
from airbook.application.stores.store import Store
from airbook.eventlog.log import Log
from airbook.eventlog.records import Fenced, RecordedEvent
from airbook.projections.database import Database
from airbook.projections.sqlite import FileDatabase
from airbook.projections.store import VIEWS, View, Views
from tests.support.stores import open_log, path_of
from tests.support.stories import Told, record

Row = tuple[Any, ...]


@contextmanager
def open_views(log: Log, store: Store, views: Mapping[str, View] = VIEWS) -> Generator[Views]:
    """Open the views a store keeps, of whichever log."""
    with closing(database_of(store)) as database:
        yield Views(database, log, views)


def database_of(store: Store) -> Database:
    """Open the database that a store keeps its views in."""
    if isinstance(store, PostgresStore):
        from airbook.projections.postgres import ServerDatabase

        return ServerDatabase(store.server)
    return FileDatabase(path_of(store).with_name("airbook.views.db"))


def given_story(views: Views, *story: Told) -> Shown:
    """Append a story to the log, and let the views catch up."""
    record(views.log, *story)
    return catch_up(views)


def catch_up(views: Views, limit: int = 1_000) -> Shown:
    """Apply every event in the log, at most `limit` in a commit, whoever else does so too."""
    while views.position() < views.log.head():
        try:
            views.catch_up(limit)
        except Fenced:
            continue
    return Shown(views)


def project(store: Store) -> int:
    """Let the views of a log catch up, in small steps; tells how far they came."""
    with open_log(store) as log, open_views(log, store) as views:
        catch_up(views, 3)
        return views.position()


class Shown:
    """What the views show."""

    def __init__(self, views: Views) -> None:
        self.views = views

    def then(self, query: Callable[..., object], rows: object, /, *asked: Any, **how: Any) -> None:  # noqa: ANN401
        """A query, asked this way, answers with exactly these rows."""
        with self.views.reading() as connection:
            assert query(connection, *asked, **how) == rows


def whole_tables(views: Views) -> dict[str, list[Row]]:
    """Read every row of every view, those of the past among them."""
    with views.reading() as connection:
        return {
            name: [
                tuple(row)
                for row in connection.execute(
                    sql.select(view.table).order_by(view.table.columns[0], view.table.c.since)
                )
            ]
            for name, view in views.views.items()
        }


def remembered(view: View, events: Sequence[RecordedEvent]) -> list[Row]:
    """Fold events, one at a time and in memory, into what the whole table of a view must hold."""
    held = list[list[Any]]()
    current = dict[int, list[Any]]()
    rows = dict[int, Any]()
    for recorded in events:
        key = view.key_of(recorded)
        if key is None:
            continue
        row = view.apply(rows.get(key), recorded)
        if row is None or row == rows.get(key):
            continue
        if key in current:
            current[key][-1] = recorded.position
        rows[key] = row
        current[key] = [*structs.astuple(row), recorded.position, None]
        held.append(current[key])
    return sorted((tuple(row) for row in held), key=lambda row: (row[0], row[-2]))


def from_the_log(views: Views) -> dict[str, list[Row]]:
    """Fold the whole log into what every view must hold."""
    events = views.log.after(0, limit=1_000_000)
    return {name: remembered(view, events) for name, view in views.views.items()}
