"""The registry: the names of customers, and parked reservations."""

from __future__ import annotations

import pytest

from airbook.application.stores.store import Store
from airbook.eventlog.log import Log
from airbook.eventlog.records import Conflict, Customer, ParkedReservation, Transaction
from tests.support.stores import execute
from tests.support.stories import NINE, at

KIM, LEE = Customer("c1", "kim"), Customer("c2", "Robert'); --")


def remember(log: Log, *customers: Customer) -> None:
    for customer in customers:
        log.append(Transaction(at=NINE, customer=customer))


def park(log: Log, *parked: ParkedReservation) -> None:
    log.append(Transaction(at=NINE, parked=parked))


def test_customers_are_found_by_name_and_by_id(any_log: Log) -> None:
    remember(any_log, KIM, LEE)
    assert any_log.registry.customer_ids(["kim", "nobody", "kim"]) == {"kim": "c1"}
    assert any_log.registry.customer_ids([]) == {}
    names = any_log.registry.customer_names(["c2", "c1", "c2", "c3", ""])
    assert names == {"c1": "kim", "c2": "Robert'); --"}
    assert any_log.registry.customer_names([]) == {}


def test_many_names_are_found_at_once(any_log: Log) -> None:
    remember(any_log, KIM)
    ids = [f"c{number}" for number in range(100_000)]
    assert any_log.registry.customer_names(ids) == {"c1": "kim"}


def test_customers_are_found_by_the_beginning_of_their_names(any_log: Log) -> None:
    names = ("kim", "kim min", "Kim", "kin", "ki", "김", "김민", "k%", "k_")
    remember(any_log, *(Customer(f"c{place}", name) for place, name in enumerate(names)))
    named = any_log.registry.customers_named
    assert named("kim", 9) == ["c0", "c1"]
    assert named("김", 9) == ["c5", "c6"]
    assert (named("k%", 9), named("k_", 9), named("x", 9)) == (["c7"], ["c8"], [])
    assert named("k", 3) == ["c7", "c8", "c4"]


def test_customers_are_found_by_any_part_of_their_names(any_log: Log) -> None:
    names = ("kim", "Min KIM", "lee", "김민", "k%", "Zoë", "ZOË")
    remember(any_log, *(Customer(f"c{place}", name) for place, name in enumerate(names)))

    def found(part: str) -> list[str]:
        return sorted(any_log.registry.customers_with(part))

    parts = ("kim", "m", "민", "%", "_", "zo", "ë", "Ë", "x")
    assert {part: found(part) for part in parts} == {
        "kim": ["c0", "c1"],
        "m": ["c0", "c1"],
        "민": ["c3"],
        "%": ["c4"],
        "_": [],
        "zo": ["c5", "c6"],
        "ë": ["c5"],
        "Ë": ["c6"],
        "x": [],
    }


def test_customers_are_listed_by_name_without_regard_to_the_case_of_letters(any_log: Log) -> None:
    names = ("lee", "Kim", "kim", "김", "KIM", "Adam")
    remember(any_log, *(Customer(f"c{place}", name) for place, name in enumerate(names)))
    assert any_log.registry.customers_by_name() == ["c5", "c4", "c1", "c2", "c0", "c3"]


@pytest.mark.parametrize("second", [Customer("c9", "kim"), Customer("c1", "park")])
def test_a_name_has_one_id_and_an_id_has_one_name(any_log: Log, second: Customer) -> None:
    remember(any_log, KIM)
    with pytest.raises(Conflict):
        remember(any_log, second)
    assert any_log.registry.customer_names(["c1", "c9"]) == {"c1": "kim"}


def test_two_new_customers_of_one_group_cannot_share_an_id(any_log: Log) -> None:
    customers = (Customer("c1", "kim"), Customer("c1", "park"))
    results = any_log.append_all([Transaction(at=NINE, customer=one) for one in customers])
    assert [type(result) for result in results] == [Conflict, Conflict]
    assert any_log.registry.customers("", 9) == []


def test_a_forgotten_customer_has_no_name(log: Log, store: Store) -> None:
    remember(log, KIM, LEE)
    execute(store, "DELETE FROM customers WHERE id = 'c1'")
    assert log.registry.customer_names(["c1", "c2"]) == {"c2": "Robert'); --"}


FIRST, SECOND = (
    ParkedReservation(number, number + 1, "ValueError: no", at(0)) for number in (3, 5)
)


def test_parked_reservations_are_listed_by_number(any_log: Log) -> None:
    park(any_log, SECOND)
    park(any_log, FIRST)
    assert any_log.registry.parked() == [FIRST, SECOND]


def test_a_reservation_parked_again_replaces_the_earlier_row(any_log: Log) -> None:
    park(any_log, FIRST, SECOND)
    later = ParkedReservation(3, 9, "KeyError: 1", at(5))
    park(any_log, later)
    assert any_log.registry.parked() == [later, SECOND]


def test_a_settled_reservation_is_no_longer_parked(any_log: Log) -> None:
    park(any_log, FIRST, SECOND)
    any_log.append(Transaction(at=NINE, settled=(3, 4)))
    assert any_log.registry.parked() == [SECOND]


def test_a_parked_reservation_is_marked_for_retry_or_as_dropped(any_log: Log) -> None:
    park(any_log, FIRST, SECOND)
    assert any_log.registry.mark_parked(3, retry=True, dropped=False)
    assert any_log.registry.mark_parked(5, retry=False, dropped=True)
    assert not any_log.registry.mark_parked(4, retry=True, dropped=False)
    assert any_log.registry.parked() == [
        ParkedReservation(3, 4, "ValueError: no", at(0), retry=True),
        ParkedReservation(5, 6, "ValueError: no", at(0), dropped=True),
    ]
