"""Rebuilding every view from the log."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from time import perf_counter

import sqlalchemy as sql

from airbook.application.airbook import Airbook
from airbook.application.stores.sqlite import SQLiteStore
from airbook.projections.rebuild import rebuild
from airbook.projections.store import Views
from benchmarks.filling import fill
from benchmarks.report import Figure, folder

RESERVATIONS = 20_000
MOST_SPACE = 1.3


def rebuilding() -> Iterator[Figure]:
    """Rebuild all views from 60,000 events: compare the time and the space with the log's."""
    with folder() as path, Airbook(SQLiteStore(path / "airbook.db")) as airbook:
        fill(airbook, RESERVATIONS)
        views = airbook.queries.views
        head, position, began = airbook.log.head(), 0, perf_counter()
        while events := airbook.log.after(position, 1_000):
            position = events[-1].position
        reading = perf_counter() - began
        began = perf_counter()
        for _ in rebuild(views, list(views.read_models.values())):
            pass
        seconds = perf_counter() - began
        with views.reading() as connection:
            rows = sum(
                connection.execute(
                    sql.select(sql.func.count()).select_from(view.table)
                ).scalar_one()
                for view in views.read_models.values()
            )
        space = space_of(views, path / "airbook.db")
    yield Figure(
        f"rebuilding four views, {head:,} events",
        f"{head / seconds:,.0f} events a second",
        f"{head / reading:,.0f} events a second for reading them alone",
        f"{reading / seconds:.2f}",
        "20,000 events a second",
        head / seconds >= 20_000,
        f"{reading / seconds:.0%} reading, the rest folding and inserting"
        f" {rows / head:.1f} rows an event",
    )
    yield space


def space_of(views: Views, log: Path) -> Figure:
    """Compare the space of the views with the space of their log."""
    pages = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
    with views.reading() as connection:
        ours = int(connection.exec_driver_sql(pages).scalar_one())
    with closing(sqlite3.connect(log)) as connection:
        baseline = int(connection.execute(pages).fetchone()[0])
    return Figure(
        "the space of the views",
        f"{ours / 1e6:.1f} MB",
        f"{baseline / 1e6:.1f} MB for the log",
        f"{ours / baseline:.2f}",
        f"at most {MOST_SPACE} times the log",
        ours <= MOST_SPACE * baseline,
    )
