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
from airbook.projections.checkpoints import (
    CHECKPOINTS,
    MOVE,
    UNKNOWN,
    ViewCheckpoint,
    checkpoints,
    create,
    is_ready,
)
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

    A view is out of date, and must be rebuilt, if it was filled from another log: one with another
    identity, or with other events up to the checkpoint of the view, as after an older backup was
    restored. A view of another schema is another table, of which another version of airbook takes
    care.
    """

    def __init__(self, database: Database, log: Log, read_models: ReadModels = READ_MODELS) -> None:
        """Create the missing tables. Raises StoreError.

        database: holds the tables; this object closes it. read_models: by name.
        """
        self.database = database
        self.log = log
        self.read_models = read_models
        self._tables = {model.table.name: name for name, model in read_models.items()}
        try:
            database.prepare(self._is_ready, self._create_tables)
        except BaseException:
            database.close()
            raise

    def _is_ready(self, connection: sql.Connection) -> bool:
        if not is_ready(connection):
            return False
        return {one.view for one in checkpoints(connection)} >= self._tables.keys()

    def _create_tables(self, connection: sql.Connection) -> None:
        create(connection)
        existing = {checkpoint.view for checkpoint in checkpoints(connection)}
        for read_model in self.read_models.values():
            if read_model.table.name not in existing:
                # A table without a checkpoint is one of damaged views.
                read_model.table.drop(connection, checkfirst=True)
                read_model.table.create(connection)
                self.reset_checkpoint(connection, read_model, read_model.table.name)

    def reset_checkpoint(
        self, connection: sql.Connection, read_model: ReadModel[Any], table: str
    ) -> None:
        """Set the checkpoint of a table to 0. table: the name of a view or of its shadow table."""
        from importlib.metadata import version

        connection.execute(sql.delete(CHECKPOINTS).where(CHECKPOINTS.c.view == table))
        made = (read_model.schema, self.log.identity, "", version("airbook"))
        checkpoint = ViewCheckpoint(table, 0, *made)
        connection.execute(sql.insert(CHECKPOINTS), [structs.asdict(checkpoint)])

    def reading(self) -> AbstractContextManager[sql.Connection]:
        """Open a read transaction with one snapshot of all views."""
        return self.database.reading()

    def writing(self) -> AbstractContextManager[sql.Connection]:
        """Open a write transaction."""
        return self.database.writing()

    def checkpoints(self) -> Sequence[ViewCheckpoint]:
        """List the checkpoints of the views, in the order of the read models. Raises StoreError.

        Each has the name of its read model, and not that of its table.
        """
        with self.reading() as connection:
            found = {checkpoint.view: checkpoint for checkpoint in checkpoints(connection)}
        if not found.keys() >= self._tables.keys():  # each was created with its table
            raise StoreError("views_damaged", self.database.place)
        return [structs.replace(found[table], view=name) for table, name in self._tables.items()]

    def position(self) -> int:
        """Return the lowest checkpoint, also of views that are out of date. Raises StoreError."""
        return min((checkpoint.position for checkpoint in self.checkpoints()), default=0)

    def out_of_date(self) -> Sequence[ReadModel[Any]]:
        """List the read models whose views are out of date and must be rebuilt."""
        found = self.checkpoints()
        right = self._of_this_log(found)
        return [self.read_models[one.view] for one in found if one not in right]

    def of_another_log(self) -> Sequence[str]:
        """List the views that are known to come from another log, by name.

        An older airbook kept no digest, so that nothing is known of its views.
        """
        found = self.checkpoints()
        right = self._of_this_log(found)
        return [one.view for one in found if one not in right and one.digest != UNKNOWN]

    def _of_this_log(self, found: Sequence[ViewCheckpoint]) -> Sequence[ViewCheckpoint]:
        head = self.log.head()
        # The views are mostly at one position: one row is read for all of them.
        digests = {at: self.log.digest_at(at) for at in {one.position for one in found}}
        return [
            one
            for one in found
            if one.position <= head
            and one.log == self.log.identity
            and one.digest in ("", digests[one.position])
        ]

    def catch_up(self, limit: int = BATCH) -> int:
        """Apply the next events to every view that is not out of date, in one commit.

        limit: how many events to apply at most. Returns how many were applied. Raises Fenced if
        another projector applied them first; the caller may go on then.
        """
        found = self._of_this_log(self.checkpoints())
        positions = {checkpoint.view: checkpoint.position for checkpoint in found}
        events = self.log.after(min(positions.values()), limit) if positions else []
        if events:
            digest = self.log.digest_at(events[-1].position)
            with self.writing() as connection:
                for name, position in positions.items():
                    read_model = self.read_models[name]
                    table = read_model.table
                    self.advance(connection, read_model, table, position, events, digest=digest)
        return len(events)

    def advance(
        self,
        connection: sql.Connection,
        read_model: ReadModel[Any],
        table: sql.Table,
        after: int,
        events: Sequence[RecordedEvent],
        *,
        digest: str,
    ) -> None:
        """Apply events to a table and move its checkpoint.

        after: the checkpoint of the table; events up to it are left out. digest: the log's, at the
        last event. Raises Fenced if the checkpoint is at another position.
        """
        events = [recorded for recorded in events if recorded.position > after]
        if not events:
            return
        reached = {"after": events[-1].position, "digest_after": digest}
        step = {"name": table.name, "before": after, **reached}
        if connection.execute(MOVE, step).rowcount != 1:
            raise Fenced
        apply_events(connection, read_model, table, events)

    def are_damaged(self) -> bool:
        """Check the database; return whether it is damaged or the table of a view is gone."""
        return self.database.is_damaged([*self._tables, CHECKPOINTS.name])

    def close(self) -> None:
        """Close every connection."""
        self.database.close()
