"""All read models in one database: how far each has come, catching up, and reading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

import sqlalchemy as sql
from msgspec import structs

from airbook.eventlog.log import Log
from airbook.eventlog.records import Fenced, RecordedEvent
from airbook.projections.checkpoints import CHECKPOINTS, MOVE, ViewCheckpoint, checkpoints
from airbook.projections.database import Database
from airbook.projections.models import airplanes, history, reservations, totals
from airbook.projections.temporal import ReadModel, project

View = ReadModel[Any]
VIEWS: Mapping[str, View] = {
    view.name: view for view in (airplanes.VIEW, reservations.VIEW, history.VIEW, totals.VIEW)
}
BATCH = 1_000


class Views:
    """The views of one log.

    A view whose schema is another, that was made from another log, or that has come further than
    its log reaches, is no view of this log: it is out of date and waits to be rebuilt.
    """

    def __init__(self, database: Database, log: Log, views: Mapping[str, View] = VIEWS) -> None:
        """database: where they are kept; what is missing there is made."""
        self.database = database
        self.log = log
        self.views = views
        try:
            database.prepare(self._ready, self._create)
        except BaseException:
            database.close()
            raise

    def _ready(self, connection: sql.Connection) -> bool:
        if not sql.inspect(connection).has_table(CHECKPOINTS.name):
            return False
        return {one.view for one in checkpoints(connection)} >= set(self.views)

    def _create(self, connection: sql.Connection) -> None:
        CHECKPOINTS.create(connection, checkfirst=True)
        there = {checkpoint.view for checkpoint in checkpoints(connection)}
        for view in self.views.values():
            if view.name not in there:
                view.table.create(connection)
                self.begin(connection, view, view.name)

    def begin(self, connection: sql.Connection, view: View, name: str) -> None:
        """Set the checkpoint of the table `name` of a view to the beginning of the log."""
        connection.execute(sql.delete(CHECKPOINTS).where(CHECKPOINTS.c.view == name))
        beginning = ViewCheckpoint(name, 0, view.schema, self.log.identity)
        connection.execute(sql.insert(CHECKPOINTS), [structs.asdict(beginning)])

    def reading(self) -> AbstractContextManager[sql.Connection]:
        """Read all views as of one moment."""
        return self.database.reading()

    def writing(self) -> AbstractContextManager[sql.Connection]:
        """Write in one transaction."""
        return self.database.writing()

    def checkpoints(self) -> Sequence[ViewCheckpoint]:
        """Tell how far each view has come, in their own order, whichever was rebuilt last."""
        with self.reading() as connection:
            found = {one.view: one for one in checkpoints(connection)}
        return [found[name] for name in self.views if name in found]

    def position(self) -> int:
        """Tell how far all views have come, those out of date among them. Raises StoreError."""
        return min((checkpoint.position for checkpoint in self.checkpoints()), default=0)

    def out_of_date(self) -> Sequence[View]:
        """List the views that are none of this log, and must be rebuilt."""
        head = self.log.head()
        return [
            self.views[one.view]
            for one in self.checkpoints()
            if one.position > head or not self._is_ours(one)
        ]

    def _is_ours(self, checkpoint: ViewCheckpoint) -> bool:
        schema = self.views[checkpoint.view].schema
        return (checkpoint.schema, checkpoint.log) == (schema, self.log.identity)

    def catch_up(self, limit: int = BATCH) -> int:
        """Apply the next events to every view of this log, in one commit; returns how many.

        limit: the most events to take. Raises Fenced if another projector was quicker: what it
        wrote is right, so look again.
        """
        positions = {one.view: one.position for one in self.checkpoints() if self._is_ours(one)}
        events = self.log.after(min(positions.values()), limit) if positions else []
        if events:
            with self.writing() as connection:
                for name, position in positions.items():
                    view = self.views[name]
                    self.advance(connection, view, view.table, position, events)
        return len(events)

    def advance(
        self,
        connection: sql.Connection,
        view: View,
        table: sql.Table,
        after: int,
        events: Sequence[RecordedEvent],
    ) -> None:
        """Apply events behind a position to a view's table and move its checkpoint, fenced."""
        events = [recorded for recorded in events if recorded.position > after]
        if not events:
            return
        step = {"name": table.name, "before": after, "after": events[-1].position}
        if connection.execute(MOVE, step).rowcount != 1:
            raise Fenced
        project(connection, view, table, events)

    def are_damaged(self) -> bool:
        """Tell whether the database finds fault with itself, or a view's table is gone."""
        return self.database.is_damaged([*self.views, CHECKPOINTS.name])

    def close(self) -> None:
        """Close every connection."""
        self.database.close()
