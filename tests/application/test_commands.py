"""Commands on a linked store, and requests for new customers that race with each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Thread

import pytest

from airbook.application.airbook import Airbook
from airbook.application.commands import Reserve
from airbook.application.stores.sqlite import SQLiteStore
from airbook.domain.airplane import CreateAirplane
from airbook.domain.refusal import Refused
from airbook.eventlog.log import Log
from airbook.eventlog.records import Receipt
from tests.support.commands import Commands, customers_in


def test_a_symbolic_link_opens_the_store_it_points_to(tmp_path: Path) -> None:
    real, link = tmp_path / "real" / "airbook.db", tmp_path / "link.db"
    with Airbook(SQLiteStore(real)) as airbook:
        airbook.execute(CreateAirplane(5))
    link.symlink_to(real)
    with Airbook(SQLiteStore(link)) as airbook:
        assert airbook.execute(Reserve(1, "kim")) == Receipt(1, 2)
        assert airbook.queries.reservation(1).customer == "kim"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link.db", "real"]


def test_a_repeated_request_returns_its_receipt_although_its_customer_is_not_found_at_first(
    any_log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Commands(any_log).execute(Reserve(1, "kim"), key="k")
    look_up, missed = any_log.registry.customer_ids, [True]

    def miss_once(names: Sequence[str]) -> Mapping[str, str]:
        return {} if missed and missed.pop() else look_up(names)

    monkeypatch.setattr(any_log.registry, "customer_ids", miss_once)
    again = Commands(any_log).execute(Reserve(1, "kim"), key="k")
    assert (again.number, again.repeated) == (first.number, True)
    assert (customers_in(any_log), missed) == (["kim"], [])


def test_a_key_that_another_customer_used_is_refused(any_log: Log) -> None:
    commands = Commands(any_log)
    commands.execute(Reserve(1, "kim"), key="k")
    with pytest.raises(Refused) as refused:
        commands.execute(Reserve(1, "lee"), key="k")
    assert refused.value.code == "key_reused"
    assert any_log.head() == 1


def test_threads_that_reserve_for_the_same_new_customer_store_it_once(any_log: Log) -> None:
    names = [f"customer {number}" for number in range(40)]
    commands = Commands(any_log)

    def reserve() -> None:
        for name in names:
            commands.execute(Reserve(1, name))

    threads = [Thread(target=reserve) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, customers_in(any_log))) == sorted(names * 4)
    stored = [one.name for one in any_log.registry.customers("", 100)]
    assert sorted(stored) == sorted(names)
