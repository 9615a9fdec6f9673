"""Tests of the size of the views, compared with the size of their log."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

from airbook.application.stores.postgres import PostgresStore
from airbook.application.stores.store import Store
from airbook.domain.airplane import AirplaneCreated, SeatAssigned
from airbook.domain.reservation import (
    ReservationApproved,
    ReservationRejected,
    ReservationRequested,
)
from airbook.eventlog.log import Log
from airbook.eventlog.records import Append, Transaction
from airbook.projections.sqlite import SQLiteDatabase
from airbook.projections.store import Views
from tests.support.stores import execute
from tests.support.stories import moment
from tests.support.views import catch_up, rebuild_all

RESERVATIONS = 3_000
SEATS = 300
AT_ONCE = 500


def requests(numbers: range) -> Iterator[Append]:
    """Yield requests of a hundred customers, with ids as long as those of real customers."""
    for number in numbers:
        customer = sha256(str(number % 100).encode()).hexdigest()[:32]
        yield Append("reservation", number, 0, (ReservationRequested(1, customer),))


def decisions(numbers: range) -> Iterator[Append]:
    """Yield the decisions: the first reservations get the seats, and the others none."""
    for number in numbers:
        if number <= SEATS:
            yield Append("airplane", 1, number, (SeatAssigned(number, number),))
            yield Append("reservation", number, 1, (ReservationApproved(1, number),))
        else:
            yield Append("reservation", number, 1, (ReservationRejected(1, "no_seats_left"),))


def fill(log: Log) -> None:
    """Store an airplane, and reservations that are mostly rejected: these have the least events."""
    appends = [Append("airplane", None, 0, (AirplaneCreated(SEATS, "K" * 80),))]
    for first in range(1, RESERVATIONS, AT_ONCE):
        numbers = range(first, first + AT_ONCE)
        for batch in (requests(numbers), decisions(numbers)):
            appends += batch
            log.append(Transaction(at=moment(first), appends=appends))
            appends = []


def sizes(store: Store, views: Views) -> tuple[int, int]:
    """Return the bytes of the log and of the views."""
    if isinstance(store, PostgresStore):
        query = (
            "SELECT sum(pg_total_relation_size(oid)) FROM pg_class"
            " WHERE relkind = 'r' AND relnamespace = ?::text::regnamespace"
        )
        log, of_views = (execute(store, query, name) for name in ("airbook", "airbook_views"))
        return int(log[0][0]), int(of_views[0][0])
    assert isinstance(views.database, SQLiteDatabase)
    pages = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
    with views.reading() as connection:
        of_views = connection.exec_driver_sql(pages).scalar_one()
    return int(execute(store, pages)[0][0]), of_views


def test_the_views_take_at_most_1_3_times_the_space_of_their_log(
    views: Views, store: Store
) -> None:
    fill(views.log)
    # PostgreSQL writes 24 bytes before each row, and the rows of the log are longer.
    most = 2.2 if isinstance(store, PostgresStore) else 1.3
    for build in (catch_up, rebuild_all, rebuild_all):
        build(views)
        of_log, of_views = sizes(store, views)
        assert 0 < of_views <= most * of_log, build
