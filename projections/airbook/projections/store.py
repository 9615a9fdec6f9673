"""The views of one log: the tables of all read models in one database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

import sqlalchemy as sql
from msgspec import structs

from airbook.eventlog.errors import StoreError
from airbook.eventlog.log import Log
from airbook.eventlog.records import Fenced, RecordedEvent
from airbook.projections.checkpoints import CHECKPOINTS, MOVE, ViewCheckpoint, checkpoints
from airbook.projections.database import Database
from airbook.projections.models import airplanes, history, reservations, totals
from airbook.projections.temporal import ReadModel, apply_events

ReadModels = Mapping[str, ReadModel[Any]]
READ_MODELS: ReadModels = {
    model.name: model
    for model in (
        airplanes.READ_MODEL,
        reservations.READ_MODEL,
        history.READ_MODEL,
        totals.READ_MODEL,
    )
}
BATCH = 1_000


class Views:
    """The views of one log.

    A view is out of date, and must be rebuilt, if its schema is not the schema of its read model,
    if it was filled from another log, or if its checkpoint is after the head of the log.
    """

    def __init__(self, database: Database, log: Log, read_models: ReadModels = READ_MODELS) -> None:
        """Create the missing tables. Raises StoreError.

        database: holds the tables; this object closes it. read_models: by name.
        """
        self.database = database
        self.log = log
        self.read_models = read_models
        try:
            database.prepare(self._is_ready, self._create_tables)
        except BaseException:
            database.close()
            raise

    def _is_ready(self, connection: sql.Connection) -> bool:
        if not sql.inspect(connection).has_table(CHECKPOINTS.name):
            return False
        return {checkpoint.view for checkpoint in checkpoints(connection)} >= set(self.read_models)

    def _create_tables(self, connection: sql.Connection) -> None:
        CHECKPOINTS.create(connection, checkfirst=True)
        existing = {checkpoint.view for checkpoint in checkpoints(connection)}
        for read_model in self.read_models.values():
            if read_model.name not in existing:
                read_model.table.create(connection)
                self.reset_checkpoint(connection, read_model, read_model.name)

    def reset_checkpoint(
        self, connection: sql.Connection, read_model: ReadModel[Any], table: str
    ) -> None:
        """Set the checkpoint of a table to 0. table: the name of a view or of its shadow table."""
        connection.execute(sql.delete(CHECKPOINTS).where(CHECKPOINTS.c.view == table))
        checkpoint = ViewCheckpoint(table, 0, read_model.schema, self.log.identity)
        connection.execute(sql.insert(CHECKPOINTS), [structs.asdict(checkpoint)])

    def reading(self) -> AbstractContextManager[sql.Connection]:
        """Open a read transaction with one snapshot of all views."""
        return self.database.reading()

    def writing(self) -> AbstractContextManager[sql.Connection]:
        """Open a write transaction."""
        return self.database.writing()

    def checkpoints(self) -> Sequence[ViewCheckpoint]:
        """List the checkpoints of the views, in the order of the read models. Raises StoreError."""
        with self.reading() as connection:
            found = {checkpoint.view: checkpoint for checkpoint in checkpoints(connection)}
        if not found.keys() >= self.read_models.keys():  # each was created with its table
            raise StoreError("views_damaged", self.database.place)
        return [found[name] for name in self.read_models]

    def position(self) -> int:
        """Return the lowest checkpoint, also of views that are out of date. Raises StoreError."""
        return min((checkpoint.position for checkpoint in self.checkpoints()), default=0)

    def out_of_date(self) -> Sequence[ReadModel[Any]]:
        """List the read models whose views are out of date and must be rebuilt."""
        head = self.log.head()
        return [
            self.read_models[checkpoint.view]
            for checkpoint in self.checkpoints()
            if checkpoint.position > head or not self._is_of_this_log(checkpoint)
        ]

    def _is_of_this_log(self, checkpoint: ViewCheckpoint) -> bool:
        schema = self.read_models[checkpoint.view].schema
        return (checkpoint.schema, checkpoint.log) == (schema, self.log.identity)

    def catch_up(self, limit: int = BATCH) -> int:
        """Apply the next events to every view of this log, in one commit.

        limit: how many events to apply at most. Returns how many were applied. Raises Fenced if
        another projector applied them first; the caller may go on then.
        """
        found = [one for one in self.checkpoints() if self._is_of_this_log(one)]
        positions = {checkpoint.view: checkpoint.position for checkpoint in found}
        events = self.log.after(min(positions.values()), limit) if positions else []
        if events:
            with self.writing() as connection:
                for name, position in positions.items():
                    read_model = self.read_models[name]
                    self.advance(connection, read_model, read_model.table, position, events)
        return len(events)

    def advance(
        self,
        connection: sql.Connection,
        read_model: ReadModel[Any],
        table: sql.Table,
        after: int,
        events: Sequence[RecordedEvent],
    ) -> None:
        """Apply events to a table and move its checkpoint.

        after: the checkpoint of the table; events up to it are left out. Raises Fenced if the
        checkpoint is at another position.
        """
        events = [recorded for recorded in events if recorded.position > after]
        if not events:
            return
        step = {"name": table.name, "before": after, "after": events[-1].position}
        if connection.execute(MOVE, step).rowcount != 1:
            raise Fenced
        apply_events(connection, read_model, table, events)

    def are_damaged(self) -> bool:
        """Check the database; return whether it is damaged or the table of a view is gone."""
        return self.database.is_damaged([*self.read_models, CHECKPOINTS.name])

    def close(self) -> None:
        """Close every connection."""
        self.database.close()
