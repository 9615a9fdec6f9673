"""Undo: whether the result of a command still stands, also in another store."""

from __future__ import annotations

from collections.abc import Generator, Sequence

import pytest

from airbook.application.airbook import Airbook
from airbook.application.commands import Order, Reserve
from airbook.application.stores.store import Store
from airbook.application.undo import ExecutedOrder, Execution, is_unchanged
from airbook.domain.airplane import ChangeSeats, CloseAirplane, CreateAirplane, OpenAirplane
from airbook.domain.reservation import CancelReservation
from tests.support.fresh_stores import Fresh

# Each airplane and each reservation is changed by one command only.
ORDERS = (
    Order(CreateAirplane(5)),
    Order(ChangeSeats(9), 2),
    Order(CloseAirplane(), 3),
    Order(OpenAirplane(), 4),
    Order(Reserve(1, "kim")),
    Order(CancelReservation(), 1),
)
CHANGED_SINCE = (
    Order(CloseAirplane(), 5),
    Order(ChangeSeats(8), 2),
    Order(OpenAirplane(), 3),
    Order(CloseAirplane(), 4),
    Order(CancelReservation(), 2),
)


@pytest.fixture
def airbook(store: Store) -> Generator[Airbook]:
    """Create airplanes 1 to 4, of which the last is closed, and reservation 1."""
    with Airbook(store) as opened:
        for _ in range(4):
            opened.execute(CreateAirplane(5))
        opened.execute(CloseAirplane(), 4)
        opened.execute(Reserve(1, "lee"))
        yield opened


@pytest.fixture
def executed(airbook: Airbook) -> Sequence[ExecutedOrder]:
    """Execute one command of each kind."""
    return [Execution(order)(airbook) for order in ORDERS]


def unchanged(airbook: Airbook, executed: Sequence[ExecutedOrder]) -> list[str]:
    """List the kinds of the commands whose result still stands."""
    return [type(one.order.command).__name__ for one in executed if is_unchanged(airbook, one)]


def test_the_result_of_each_command_stands_until_it_is_changed(
    airbook: Airbook, executed: Sequence[ExecutedOrder]
) -> None:
    assert unchanged(airbook, executed) == [type(one.command).__name__ for one in ORDERS]
    airbook.execute_all(CHANGED_SINCE)
    # A cancelled reservation stays cancelled.
    assert unchanged(airbook, executed) == ["CancelReservation"]


def test_no_result_stands_in_a_store_that_replaced_the_one_of_the_command(
    executed: Sequence[ExecutedOrder], fresh: Fresh
) -> None:
    with fresh.store() as store, Airbook(store) as replaced:
        replaced.create_if_missing()
        assert unchanged(replaced, executed) == []


def test_an_order_that_is_attempted_again_is_stored_once(airbook: Airbook) -> None:
    for order in ORDERS:
        execution = Execution(order)
        number, head = execution(airbook).number, airbook.log.head()
        assert (execution(airbook).number, airbook.log.head()) == (number, head)
