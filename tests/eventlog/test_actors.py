"""Who acted and what led to it: recorded with each event, on every store."""

from __future__ import annotations

import pytest

from airbook.application.stores.store import Store
from airbook.domain.airplane import AirplaneCreated, SeatsChanged
from airbook.domain.reservation import ReservationRequested
from airbook.eventlog.log import Log
from airbook.eventlog.records import (
    DAEMON,
    Actor,
    Append,
    Conflict,
    Receipt,
    Stream,
    Transaction,
)
from airbook.eventlog.rows import Rows
from airbook.eventlog.selection import NEWEST_FIRST, Among, Selection
from tests.support.stores import execute, insert_as_is
from tests.support.stories import NINE, at

KIM, LEE = Actor("a1", "kim"), Actor("a2", "Robert'); --")


def creating(actor: Actor | None, cause: int | None = None) -> Transaction:
    append = Append("airplane", None, 0, (AirplaneCreated(5),), cause)
    return Transaction(at=NINE, appends=(append,), actor=actor)


def acted(log: Log) -> list[tuple[str | None, int | None]]:
    """List the actor and the cause of every event."""
    return [(recorded.by, recorded.cause) for recorded in log.after(0)]


def test_each_event_records_its_actor_and_its_cause(any_log: Log) -> None:
    changed = Append("airplane", 1, 1, (SeatsChanged(6), SeatsChanged(7)), 1)
    requested = Append("reservation", None, 0, (ReservationRequested(1, "c1"),))
    any_log.append(creating(KIM))
    any_log.append(Transaction(at=NINE, appends=(changed, requested), actor=LEE))
    any_log.append(creating(DAEMON, cause=4))
    any_log.append(creating(None))
    assert acted(any_log) == [
        ("a1", None),
        ("a2", 1),
        ("a2", 1),
        ("a2", None),
        ("daemon", 4),
        (None, None),
    ]
    in_stream = [(one.by, one.cause) for one in any_log.stream(Stream("airplane", 1))]
    assert in_stream == [("a1", None), ("a2", 1), ("a2", 1)]


def test_a_name_has_one_id_however_many_are_proposed(any_log: Log) -> None:
    proposed = (Actor("a1", "kim"), Actor("a2", "kim"), Actor("a3", "lee"))
    assert any_log.append_all([creating(one) for one in proposed]) == [
        Receipt(number, number) for number in (1, 2, 3)
    ]
    any_log.append(creating(Actor("a4", "lee")))
    assert [by for by, _ in acted(any_log)] == ["a1", "a1", "a3", "a3"]
    assert any_log.registry.actors.all("", 9) == [("a1", "kim"), ("a3", "lee")]


def test_an_actor_is_stored_only_with_an_event(any_log: Log) -> None:
    any_log.append(creating(None))
    late = Append("airplane", 1, 0, (SeatsChanged(6),))
    relied_on = Append("airplane", 1, 1, ())
    results = any_log.append_all(
        [
            Transaction(at=NINE, appends=(late,), actor=KIM),
            Transaction(at=NINE, appends=(relied_on,), actor=LEE),
            creating(DAEMON),
        ]
    )
    assert [type(one) for one in results] == [Conflict, Receipt, Receipt]
    assert any_log.registry.actors.all("", 9) == []


def test_actors_are_no_customers(any_log: Log) -> None:
    any_log.append(creating(KIM))
    assert any_log.registry.customers("", 9) == []
    assert any_log.registry.customer_names(["a1"]) == {}


def test_the_names_of_actors_are_found_as_those_of_customers_are(any_log: Log) -> None:
    names = ("kim", "Min KIM", "lee", "김")
    any_log.insert(Rows(actors=[Actor(f"a{place}", name) for place, name in enumerate(names)]))
    actors = any_log.registry.actors
    assert actors.ids(["kim", "nobody", "김"]) == {"kim": "a0", "김": "a3"}
    assert actors.names(["a2", "a9", ""]) == {"a2": "lee"}
    assert (actors.named("k", 9), sorted(actors.having("kim"))) == (["a0"], ["a0", "a1"])
    assert actors.all("a1", 1) == [("a2", "lee")]


@pytest.mark.parametrize("second", [Actor("a9", "kim"), Actor("a1", "park")])
def test_rows_of_actors_never_replace_each_other(any_log: Log, second: Actor) -> None:
    any_log.insert(Rows(actors=[KIM]))
    with pytest.raises(Conflict):
        any_log.insert(Rows(actors=[second]))
    assert any_log.registry.actors.all("", 9) == [("a1", "kim")]


def test_a_forgotten_actor_has_no_name_and_gets_another_id(log: Log, store: Store) -> None:
    log.append(creating(KIM))
    execute(store, "DELETE FROM actors WHERE id = 'a1'")
    assert log.registry.actors.names(["a1"]) == {}
    log.append(creating(Actor("a7", "kim")))
    assert [by for by, _ in acted(log)] == ["a1", "a7"]


def test_events_stored_without_an_actor_stay_readable(any_log: Log) -> None:
    states = ('{"seats":5}', "[]")
    for number, data in enumerate(states, 1):
        state = f'{{"at":"{at(number)}","data":{data}}}'.encode()
        insert_as_is(any_log, f"airplane-{number}", 1, "AirplaneCreated.v1", state)
    first, second = any_log.after(0)
    assert (first.event, first.by, first.cause) == (AirplaneCreated(5), None, None)
    assert (second.at, second.by, second.cause) == (at(2), None, None)


def test_an_event_with_unreadable_data_keeps_its_actor_and_its_cause(any_log: Log) -> None:
    state = f'{{"at":"{at(1)}","by":"a1","cause":7,"data":[]}}'.encode()
    insert_as_is(any_log, "airplane-1", 1, "AirplaneCreated.v1", state)
    assert acted(any_log) == [("a1", 7)]


STATES = (
    f'{{"at":"{at(1)}","by":"a1","data":{{"seats":5}}}}',
    f'{{"at":"{at(2)}","by":"daemon","cause":12,"data":{{"seats":5}}}}',
    f'{{"at":"{at(3)}","cause":12,"data":{{"seats":5,"name":"a1"}}}}',
    f'{{"at":"{at(4)}","data":{{"seats":5,"name":",\\"by\\":\\"a1\\""}}}}',
    f'{{"at":"{at(5)}","by":"a1',
    f'{{"at":"{at(6)}","by":"a1","cause":7}}',
    f'{{"at":"{at(7)}"x,"data":{{"seats":5}}}}',
)


def test_events_of_an_actor_are_found_whatever_else_is_stored(any_log: Log) -> None:
    for version, state in enumerate(STATES, 1):
        insert_as_is(any_log, "airplane-1", version, "AirplaneCreated.v1", state.encode())

    def found(*ids: str) -> list[int]:
        selection = Selection(0, len(STATES), ((Among("by", ids),),))
        events = any_log.select(selection, NEWEST_FIRST, 0, 9)
        assert any_log.count(selection) == len(events)
        return sorted(one.position for one in events)

    assert (found("a1"), found("daemon"), found("a1", "daemon")) == ([1], [2], [1, 2])
    assert found("a") == []
