"""A copy of a log has everything that the log has."""

from __future__ import annotations

from pathlib import Path

import pytest

from airbook.application.airbook import Airbook
from airbook.application.commands import Order, Reserve
from airbook.application.maintenance.copying import copy, digest
from airbook.application.stores.postgres import PostgresStore
from airbook.application.stores.sqlite import SQLiteStore
from airbook.application.stores.store import Store
from airbook.domain.refusal import Refused
from airbook.eventlog.records import (
    Receipt,
    Transaction,
)
from tests.application.maintenance.copies import (
    contents,
    copied,
    refusal,
    run_to_the_end,
)
from tests.support.other_processes import NEW_AIRPLANE
from tests.support.stores import everything_in, execute, open_log
from tests.support.stories import NINE


def test_a_log_copied_to_a_server_and_back_is_the_same(
    source: Store, database: str, tmp_path: Path
):
    server, back = PostgresStore(database), SQLiteStore(tmp_path / "back" / "airbook.db")
    before = contents(source)
    forth, home = copied(source, server), copied(server, back)
    assert forth == home
    assert (forth.events, forth.keys, forth.customers) == (69, 34, 40)
    assert contents(server) == contents(back) == contents(source) == before
    tables, tables_back = everything_in(source), everything_in(back)
    different = {name for name in tables if sorted(tables[name]) != sorted(tables_back[name])}
    assert tables.keys() == tables_back.keys()
    assert different == {"identity"}


def test_the_actors_are_a_part_of_what_is_compared(source: Store, target: Store) -> None:
    whole = copied(source, target)
    with open_log(target) as copy_of_it:
        actors = copy_of_it.registry.actors
        assert {name for _, name in actors.all("", 9)} == {"kim", "이", "park"}
        assert digest(copy_of_it) == whole
    execute(target, "DELETE FROM actors WHERE name = 'kim'")
    with open_log(target) as copy_of_it:
        assert digest(copy_of_it) != whole


def test_copying_yields_the_positions_it_reaches(source: Store, target: Store):
    target.create()
    with open_log(source) as old, open_log(target) as new:
        assert run_to_the_end(copy(old, new))[0] == [25, 50, 69]
        assert run_to_the_end(copy(old, new))[0] == []


def test_a_log_without_events(target: Store, tmp_path: Path):
    empty = SQLiteStore(tmp_path / "empty" / "airbook.db")
    empty.create()
    result = copied(empty, target)
    assert (result.events, result.keys, result.customers) == (0, 0, 0)
    assert contents(target) == contents(empty)


def test_copying_a_log_to_itself_changes_nothing(source: Store):
    before = everything_in(source)
    assert refusal(source, source) == "store_same"
    assert everything_in(source) == before


def test_the_copy_continues_numbers_positions_and_keys(source: Store, target: Store):
    copied(source, target)
    with Airbook(source) as old, Airbook(target) as new:
        requests = [
            Order(Reserve(2, "고객 1"), key="주문-1"),
            Order(Reserve(1, "고객 1"), key="new"),
            Order(Reserve(1, "new")),
        ]
        answers = new.execute_all(requests)
        assert answers == old.execute_all(requests)
        assert answers == [Receipt(8, 20, repeated=True), Receipt(58, 70), Receipt(59, 71)]
        with pytest.raises(Refused, match="주문-1"):
            new.execute(Reserve(7, "고객 1"), key="주문-1")
        assert new.log.append(Transaction(at=NINE, appends=(NEW_AIRPLANE,))) == Receipt(2, 72)
        assert new.log.checkpoint("approver") == 40
        events = new.log.after(0)
        assert [recorded.position for recorded in events] == list(range(1, 73))
        assert [recorded.data for recorded in events[:69]] == [
            recorded.data for recorded in old.log.after(0)[:69]
        ]
