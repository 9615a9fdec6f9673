"""Stores that the tests of the screens begin with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from airbook.application.airbook import Airbook
from airbook.application.commands import Order, Reserve
from airbook.eventlog.records import Customer
from airbook.eventlog.rows import Rows
from tests.support.home import Home
from tests.support.stores import by_hand, open_log
from tests.support.stories import at


def open_airbook(home: Home) -> Airbook:
    """Open the store of a home."""
    return home.airbook()


def record_names(home: Home, names: Sequence[str]) -> None:
    """Store the names of "customer 1", "customer 2" and so on."""
    customers = [Customer(f"customer {n}", name) for n, name in enumerate(names, 1)]
    with open_log(home.store) as log:
        log.insert(Rows(customers=customers))


def reserve_all(home: Home, customers: Iterable[str]) -> None:
    """Request a seat of airplane 1 for each customer, in one commit."""
    with open_airbook(home) as airbook:
        airbook.execute_all([Order(Reserve(1, customer)) for customer in customers])


def park(home: Home, *parked: tuple[int, int, str]) -> None:
    """Park reservations. parked: the reservation, the position and the error of each."""
    with by_hand(home.store) as connection:
        rows = [(*row, at(0)) for row in parked]
        connection.executemany("INSERT INTO parked VALUES (?, ?, ?, ?, 0, 0)", rows)
