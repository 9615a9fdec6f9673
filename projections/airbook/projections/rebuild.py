"""Making views anew from the log, beside those in use, and putting them in their place at once."""

from __future__ import annotations

import os
from collections.abc import Generator, Sequence

import sqlalchemy as sql

from airbook.eventlog.records import Fenced
from airbook.projections.checkpoints import CHECKPOINTS, checkpoints
from airbook.projections.store import BATCH, View, Views


def rebuild(views: Views, wanted: Sequence[View]) -> Generator[int, None, None]:
    """Rebuild views; yields the position reached, after each batch.

    Readers see the old rows until one transaction replaces them, whole. Raises AlreadyRebuilding.
    """
    with views.database.rebuilding():
        yield from rebuild_beside(views, wanted)


def rebuild_beside(views: Views, wanted: Sequence[View]) -> Generator[int, None, None]:
    """Fill a second table for each view, then put it in the first one's place."""
    beside = [(view, table_beside(view)) for view in wanted]
    with views.writing() as connection:
        for view, table in beside:
            table.drop(connection, checkfirst=True)
            table.create(connection)
            views.begin(connection, view, table.name)
    position = 0
    while events := views.log.after(position, BATCH):
        with views.writing() as connection:
            for view, table in beside:
                views.advance(connection, view, table, position, events)
        position = events[-1].position
        yield position
    with views.writing() as connection:
        for view, table in beside:
            replace(connection, views, view, table, position)


def table_beside(view: View) -> sql.Table:
    """Describe the table a view is rebuilt in; its indexes need names of their own."""
    beside = view.table.to_metadata(sql.MetaData(), name=f"{view.name}_next")
    token = os.urandom(4).hex()
    for index in beside.indexes:
        index.name = sql.quoted_name(f"{index.name}_{token}", quote=None)
    return beside


def replace(
    connection: sql.Connection, views: Views, view: View, beside: sql.Table, position: int
) -> None:
    """Put the rebuilt table in the old one's place, no further behind than that one was."""
    views.database.hold_readers(connection)
    reached = {one.view: one.position for one in checkpoints(connection)}
    if reached.get(beside.name) != position:
        raise Fenced  # another rebuild has begun anew, or is done
    head = min(reached[view.name], views.log.head())
    while position < head:
        events = views.log.after(position)
        views.advance(connection, view, beside, position, events)
        position = events[-1].position
    view.table.drop(connection)
    quote = connection.dialect.identifier_preparer.quote
    connection.exec_driver_sql(f"ALTER TABLE {quote(beside.name)} RENAME TO {quote(view.name)}")
    connection.execute(sql.delete(CHECKPOINTS).where(CHECKPOINTS.c.view == view.name))
    renaming = sql.update(CHECKPOINTS).where(CHECKPOINTS.c.view == beside.name)
    connection.execute(renaming.values(view=view.name))
