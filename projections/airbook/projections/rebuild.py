"""Rebuilding views: shadow tables are filled from the log and replace the views in use."""

from __future__ import annotations

import os
from collections.abc import Generator, Sequence
from typing import Any

import sqlalchemy as sql

from airbook.eventlog.records import Fenced
from airbook.projections.checkpoints import CHECKPOINTS, checkpoints
from airbook.projections.store import BATCH, Views
from airbook.projections.temporal import ReadModel, renamed


def rebuild(views: Views, read_models: Sequence[ReadModel[Any]]) -> Generator[int, None, None]:
    """Rebuild the views of some read models.

    Yields the log position reached, after each batch of events. Readers see the old rows until one
    transaction replaces all tables. Raises AlreadyRebuilding, Fenced and StoreError.
    """
    with views.database.rebuilding():
        yield from rebuild_without_lock(views, read_models)


def rebuild_without_lock(
    views: Views, read_models: Sequence[ReadModel[Any]]
) -> Generator[int, None, None]:
    """Fill a shadow table for each read model, then replace the views with them."""
    shadows = [(read_model, shadow_table(read_model)) for read_model in read_models]
    with views.writing() as connection:
        for read_model, shadow in shadows:
            shadow.drop(connection, checkfirst=True)
            shadow.create(connection)
            views.reset_checkpoint(connection, read_model, shadow.name)
    position = 0
    while events := views.log.after(position, BATCH):
        digest = views.log.digest_at(events[-1].position)
        with views.writing() as connection:
            for read_model, shadow in shadows:
                views.advance(connection, read_model, shadow, position, events, digest=digest)
        position = events[-1].position
        yield position
    with views.writing() as connection:
        for read_model, shadow in shadows:
            replace_table(connection, views, read_model, shadow, position)


def shadow_table(read_model: ReadModel[Any]) -> sql.Table:
    """Return the shadow table of a read model, which the rebuild fills."""
    token = os.urandom(4).hex()  # names of indexes are unique, and renaming a table keeps them
    return renamed(read_model.table, shadow_name(read_model), token)


def shadow_name(read_model: ReadModel[Any]) -> str:
    """Return the name of the shadow table of a read model."""
    return f"{read_model.table.name}_next"


def replace_table(
    connection: sql.Connection,
    views: Views,
    read_model: ReadModel[Any],
    shadow: sql.Table,
    position: int,
) -> None:
    """Replace the table of a view with its shadow table, and do not move its checkpoint back.

    position: the checkpoint that the shadow table must have. Raises Fenced if it has another one.
    """
    views.database.block_readers(connection)
    reached = {row.view: row.position for row in checkpoints(connection)}
    name = read_model.table.name
    if reached.get(shadow.name) != position or name not in reached:
        raise Fenced  # another rebuild has used up the shadow table, or both were removed
    head = min(reached[name], views.log.head())
    while position < head:
        events = views.log.after(position)
        digest = views.log.digest_at(events[-1].position)
        views.advance(connection, read_model, shadow, position, events, digest=digest)
        position = events[-1].position
    read_model.table.drop(connection)
    quote = connection.dialect.identifier_preparer.quote
    old, new = quote(shadow.name), quote(name)
    connection.exec_driver_sql(f"ALTER TABLE {old} RENAME TO {new}")
    connection.execute(sql.delete(CHECKPOINTS).where(CHECKPOINTS.c.view == name))
    checkpoint = sql.update(CHECKPOINTS).where(CHECKPOINTS.c.view == shadow.name)
    connection.execute(checkpoint.values(view=name))
