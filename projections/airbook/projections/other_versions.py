"""The views of other versions of airbook, which stand in the same database as those of this one."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sql

from airbook.projections.checkpoints import CHECKPOINTS, ViewCheckpoint, checkpoints
from airbook.projections.database import AlreadyRebuilding
from airbook.projections.rebuild import shadow_name
from airbook.projections.store import Views

UNUSED_SECONDS = 24 * 3_600.0
LOOK_SECONDS = 60.0


def tables_of_others(views: Views) -> Sequence[ViewCheckpoint]:
    """List the checkpoints of the tables that other versions made, by name. Raises StoreError."""
    models = views.read_models.values()
    own = {name for one in models for name in (one.table.name, shadow_name(one))}
    with views.reading() as connection:
        found = checkpoints(connection)
    return sorted((one for one in found if one.view not in own), key=lambda one: one.view)


class UnusedTables:
    """Finds the tables that no program fills any more, and removes them.

    A table is unused if its checkpoint has stood still for UNUSED_SECONDS, while the log was ahead
    of it. If a program of that version comes back, it makes the table anew.
    """

    def __init__(self) -> None:
        self._standing: dict[str, tuple[int, float]] = {}
        self._look_at = 0.0

    def remove(self, views: Views, now: float) -> Sequence[str]:
        """Remove the tables that are unused; return their names. Raises StoreError.

        It looks every LOOK_SECONDS, and removes nothing while a rebuild is going on. now: seconds
        of a monotonic clock.
        """
        if now < self._look_at:
            return []
        self._look_at = now + LOOK_SECONDS
        reached = views.position()
        behind = [one for one in tables_of_others(views) if one.position < reached]
        before = self._standing
        self._standing = {}
        for one in behind:
            position, since = before.get(one.view, (one.position, now))
            self._standing[one.view] = (one.position, since if position == one.position else now)
        unused = [one for one in behind if now - self._standing[one.view][1] >= UNUSED_SECONDS]
        if not unused:
            return []
        try:
            with views.database.rebuilding():  # at its end, the file shrinks
                return [one.view for one in unused if remove(views, one)]
        except AlreadyRebuilding:
            return []


def remove(views: Views, unused: ViewCheckpoint) -> bool:
    """Remove a table, unless its checkpoint has moved; return whether it was removed."""
    is_there = (CHECKPOINTS.c.view == unused.view, CHECKPOINTS.c.position == unused.position)
    with views.writing() as connection:
        if connection.execute(sql.delete(CHECKPOINTS).where(*is_there)).rowcount != 1:
            return False
        views.database.block_readers(connection)
        sql.Table(unused.view, sql.MetaData()).drop(connection, checkfirst=True)
    return True
