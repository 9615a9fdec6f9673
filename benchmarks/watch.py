"""A process that prints when it sees each decision, in the log or in the views."""

from __future__ import annotations

import sqlite3
import sys
import time
from collections.abc import Iterator

import sqlalchemy as sql

from airbook.application.airbook import Airbook
from airbook.application.settings import load
from airbook.application.stores.sqlite import SQLiteStore
from airbook.domain.reservation import ReservationApproved, ReservationRejected
from airbook.eventlog.subscription import subscribe
from airbook.projections.models.reservations import TABLE


def decided(airbook: Airbook, count: int) -> Iterator[int]:
    """Yield reservations as their decisions appear in the log."""
    for batch in subscribe(airbook.log, airbook.log.head(), stop=lambda: False):
        for recorded in batch:
            if isinstance(recorded.event, ReservationApproved | ReservationRejected):
                yield recorded.stream.number
                count -= 1
        if count <= 0:
            return


def visible_in_file(store: SQLiteStore, count: int) -> Iterator[int]:
    """Yield reservations as their decisions appear in the file of the views, polled each ms."""
    connection = sqlite3.connect(store.views_path, isolation_level=None)
    query = (
        f"SELECT id FROM {TABLE.name} WHERE id > ? AND until IS NULL"  # noqa: S608
        " AND status <> 'received' ORDER BY id"
    )
    last = first = connection.execute(f"SELECT max(id) FROM {TABLE.name}").fetchone()[0]  # noqa: S608
    version = None
    while last < first + count:
        changed = connection.execute("PRAGMA data_version").fetchone()
        if changed == version:
            time.sleep(0.001)
            continue
        version = changed
        for (number,) in connection.execute(query, (last,)).fetchall():
            last = number
            yield number


def visible(airbook: Airbook, count: int) -> Iterator[int]:
    """Yield reservations as their decisions appear in the views, polled each ms."""
    if isinstance(airbook.store, SQLiteStore):
        yield from visible_in_file(airbook.store, count)
        return
    newest = (
        sql.select(TABLE.c.id).where(TABLE.c.until.is_(None), TABLE.c.status != "received")
    ).order_by(TABLE.c.id)
    with airbook.queries.views.reading() as connection:
        last = first = connection.execute(sql.select(sql.func.max(TABLE.c.id))).scalar_one()
    while last < first + count:
        with airbook.queries.views.reading() as connection:
            found = connection.execute(newest.where(TABLE.c.id > last)).scalars().all()
        if not found:
            time.sleep(0.001)
        for number in found:
            last = number
            yield number


if __name__ == "__main__":
    what, url, requests = sys.argv[1:]
    watch = {"decided": decided, "visible": visible}[what]
    for number in watch(Airbook(load({"store": url}, {}).store), int(requests)):
        print(number, time.monotonic_ns())
