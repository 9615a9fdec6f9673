"""What a shell can suggest, from a store of each kind and without its views."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from airbook.application import suggestions
from airbook.application.airbook import Airbook
from airbook.application.commands import Order, Reserve
from airbook.application.stores.store import Store
from airbook.application.suggestions import SuggestedAirplane, numbers_beginning
from airbook.domain.airplane import AirplaneState, CreateAirplane


@pytest.fixture
def airbook(store: Store) -> Iterator[Airbook]:
    """Open an empty store."""
    store.create()
    with Airbook(store) as opened:
        yield opened


def test_airplanes_by_the_beginning_of_their_numbers(airbook: Airbook) -> None:
    airbook.execute_all(
        [Order(CreateAirplane(number, f"plane {number}")) for number in range(1, 13)]
    )
    assert list(suggestions.airplanes(airbook, "1")) == [
        SuggestedAirplane(number, f"plane {number}", AirplaneState("open", number))
        for number in (1, 10, 11, 12)
    ]
    assert len(list(suggestions.airplanes(airbook, ""))) == 12


def test_an_airplane_with_too_many_events_to_read_has_no_description(
    airbook: Airbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    airbook.execute_all([Order(CreateAirplane(5)), Order(CreateAirplane(5))])
    monkeypatch.setattr(suggestions, "MOST_EVENTS", 1)
    assert list(suggestions.airplanes(airbook, "")) == [
        SuggestedAirplane(1, None, AirplaneState("open", 5)),
        SuggestedAirplane(2),
    ]


def test_reservations_newest_first(airbook: Airbook) -> None:
    airbook.execute_all([Order(Reserve(1, f"customer {number}")) for number in range(1, 13)])
    found = {
        number: reservation and (reservation.id, reservation.customer, reservation.status)
        for number, reservation in suggestions.reservations(airbook, "1")
    }
    assert list(found) == [12, 11, 10, 1]
    assert found[11] == (11, "customer 11", "received")


def test_customers_by_the_beginning_of_their_names(airbook: Airbook) -> None:
    names = ("김서연", "Kim", "kim", "김 민준", "김%", "김_")
    airbook.execute_all([Order(Reserve(1, name)) for name in names])
    assert suggestions.customers(airbook, "김") == sorted(name for name in names if name[0] == "김")
    assert suggestions.customers(airbook, "김%") == ["김%"]
    assert suggestions.customers(airbook, "K") == ["Kim"]
    assert suggestions.customers(airbook, "x") == []


def test_an_empty_store_suggests_nothing(airbook: Airbook) -> None:
    assert list(suggestions.airplanes(airbook, "")) == []
    assert list(suggestions.reservations(airbook, "")) == []
    assert suggestions.customers(airbook, "") == []


@pytest.mark.parametrize(
    ("digits", "last", "expected"),
    [
        ("", 3, [range(1, 4)]),
        ("", 0, [range(1, 1)]),
        ("4", 3, []),
        ("1", 1, [range(1, 2)]),
        ("1", 12, [range(1, 2), range(10, 13)]),
        ("20", 999_999_999, [range(20 * 10**n, 21 * 10**n) for n in range(8)]),
        ("01", 99, []),
        ("-1", 99, []),
        ("１", 99, []),
        ("1234567890", 999_999_999, []),
    ],
)
def test_numbers_by_their_first_digits(digits: str, last: int, expected: list[range]) -> None:
    assert numbers_beginning(digits, last) == expected
