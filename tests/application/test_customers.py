"""The id of a customer is cached once it is stored, and looked up again after a conflict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from airbook.application import customers
from airbook.application.commands import Reserve
from airbook.application.customers import CustomerIds, Identified
from airbook.application.stores.store import Store
from airbook.eventlog.log import Log
from airbook.eventlog.records import Customer, Receipt
from airbook.eventlog.rows import Rows
from tests.support.commands import Commands, customers_in
from tests.support.stores import execute

KIM, LEE = Customer("c1", "kim"), Customer("c2", "lee")
FORGET = "DELETE FROM customers WHERE name = 'kim'"


def test_a_customer_whose_id_is_cached_is_not_looked_up(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands, looked_up = Commands(log), list[Sequence[str]]()
    look_up = log.registry.customer_ids

    def note_and_look_up(names: Sequence[str]) -> Mapping[str, str]:
        looked_up.append(names)
        return look_up(names)

    monkeypatch.setattr(log.registry, "customer_ids", note_and_look_up)
    receipts = [commands.execute(Reserve(1, "kim")) for _ in range(3)]
    assert receipts == [Receipt(number, number) for number in (1, 2, 3)]
    assert looked_up == [["kim"]]
    assert customers_in(log) == ["kim"] * 3


def test_a_cached_id_that_conflicts_with_the_stored_one_is_looked_up_again(
    log: Log, store: Store
) -> None:
    here, elsewhere = Commands(log), Commands(log)
    assert here.execute(Reserve(1, "kim")) == Receipt(1, 1)
    execute(store, FORGET)
    assert elsewhere.execute(Reserve(1, "kim"), key="k") == Receipt(2, 2)
    assert here.execute(Reserve(1, "kim"), key="k") == Receipt(2, 2, repeated=True)
    assert here.execute(Reserve(1, "kim")) == Receipt(3, 3)
    assert customers_in(log) == [None, "kim", "kim"]


def test_a_stored_id_is_found_and_a_new_customer_gets_another_at_each_proposal(
    any_log: Log,
) -> None:
    any_log.insert(Rows(customers=[KIM]))
    ids = CustomerIds(any_log.registry)
    first, second = ids.identify(["kim", "lee"]), ids.identify(["kim", "lee"])
    assert first["kim"] == second["kim"] == Identified(KIM, is_new=False)
    assert first["lee"].is_new
    assert second["lee"].is_new
    assert first["lee"].customer != second["lee"].customer


def test_only_a_confirmed_id_is_cached_and_only_until_it_is_forgotten(
    log: Log, store: Store
) -> None:
    log.insert(Rows(customers=[KIM, LEE]))
    ids = CustomerIds(log.registry)
    ids.identify(["kim", "lee"])
    ids.confirm(KIM)
    execute(store, "DELETE FROM customers")
    assert ids.identify(["kim"]) == {"kim": Identified(KIM, is_new=False)}
    assert ids.identify(["lee"])["lee"].is_new
    ids.forget("kim")
    assert ids.identify(["kim"])["kim"].is_new


def test_a_cache_that_is_full_is_emptied(
    log: Log, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(customers, "MAX_CACHED", 1)
    ids = CustomerIds(log.registry)
    ids.confirm(KIM)
    assert ids.identify(["kim"]) == {"kim": Identified(KIM, is_new=False)}
    ids.confirm(LEE)
    assert [one.is_new for one in ids.identify(["kim", "lee"]).values()] == [True, True]


def test_a_customer_has_another_id_only_if_its_name_is_stored_with_one(any_log: Log) -> None:
    any_log.insert(Rows(customers=[KIM]))
    ids = CustomerIds(any_log.registry)
    asked = (KIM, Customer("c9", "kim"), LEE)
    assert [ids.has_other_id(one) for one in asked] == [False, True, False]
