"""Who acted is recorded with each command, and shown by name in lists, histories and reasons."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from airbook.application import paging
from airbook.application.commands import Order, Reserve
from airbook.application.event_filter import event_filter
from airbook.application.event_responses import event_responses
from airbook.application.explain import why
from airbook.application.paging import WindowRequest, events
from airbook.application.stores.store import Store
from airbook.application.suggestions import actors
from airbook.application.text.formatting import format_actor
from airbook.application.text.labels import Labels
from airbook.domain.airplane import ChangeSeats, CreateAirplane
from airbook.domain.reservation import CancelReservation
from airbook.eventlog.records import Actor
from airbook.eventlog.rows import Rows
from tests.application.company import Company
from tests.support.stores import execute
from tests.support.stories import NINE

ENGLISH, KOREAN = Labels("en"), Labels("ko")


@pytest.fixture
def company(store: Store) -> Iterator[Company]:
    company = Company(store)
    with company.airbook:
        yield company


def test_every_command_of_every_actor_is_recorded_by_name(company: Company) -> None:
    company.give("boss", CreateAirplane(2))
    company.give("kim", Reserve(1, "lee"))
    company.decide()
    company.give("김 서연", ChangeSeats(3), 1)
    company.give(None, CancelReservation(), 1)
    company.decide()
    assert company.acted() == [
        ("boss", None),
        ("kim", None),
        ("daemon", 2),
        ("daemon", 2),
        ("김 서연", None),
        (None, None),
        ("daemon", 6),
    ]
    history = company.airbook.queries.history(1)
    assert [(one.position, one.by, one.cause) for one in history] == [
        (2, "kim", None),
        (3, "daemon", 2),
        (4, "daemon", 2),
        (6, None, None),
        (7, "daemon", 6),
    ]
    assert history == [
        event_responses(company.log, company.log.after(0))[p] for p in (1, 2, 3, 5, 6)
    ]


def test_many_commands_in_one_commit_have_one_actor_with_one_id(company: Company) -> None:
    company.airbook.execute_all([Order(Reserve(1, f"customer {one}")) for one in range(5)])
    company.airbook.execute_all([Order(Reserve(1, "lee")), Order(CreateAirplane(1))])
    assert len({one.by for one in company.log.after(0)}) == 1
    assert [name for _, name in company.log.registry.actors.all("", 9)] == ["kim"]


def test_a_repetition_by_another_actor_gets_the_first_receipt(company: Company) -> None:
    first = company.airbook.execute(Reserve(1, "lee"), key="k")
    company.actor = "boss"
    again = company.airbook.execute(Reserve(1, "lee"), key="k")
    assert (again.number, again.position, again.repeated) == (first.number, first.position, True)
    assert company.acted() == [("kim", None)]
    assert [name for _, name in company.log.registry.actors.all("", 9)] == ["kim"]


def test_a_forgotten_actor_is_shown_by_the_id(company: Company) -> None:
    company.give("kim", CreateAirplane(1))
    ((known, _),) = company.log.registry.actors.all("", 9)
    assert known.startswith("a")
    execute(company.store, "DELETE FROM actors")
    assert company.acted() == [(known, None)]
    assert company.found(f"by:{known}") == [1]


@pytest.mark.parametrize(
    ("actor", "given_back", "cancelled"),
    [
        (
            "lee",
            "Reservation 1 was approved, and given back by the customer afterwards.",
            "Reservation 2 was cancelled by the customer before it was decided.",
        ),
        (
            "boss",
            "Reservation 1 was approved, and cancelled by boss afterwards.",
            "Reservation 2 was cancelled by boss before it was decided.",
        ),
        (
            None,
            "Reservation 1 was approved, and cancelled afterwards.",
            "Reservation 2 was cancelled before it was decided.",
        ),
    ],
)
def test_why_names_the_customer_only_if_the_customer_has_cancelled(
    company: Company, actor: str | None, given_back: str, cancelled: str
) -> None:
    company.give("kim", CreateAirplane(1))
    company.give("lee", Reserve(1, "lee"))
    company.decide()
    company.give("lee", Reserve(1, "lee"))
    company.give(actor, CancelReservation(), 1)
    company.give(actor, CancelReservation(), 2)
    company.decide()
    sentences = [why(company.airbook, number, ENGLISH).sentence for number in (1, 2)]
    assert sentences == [given_back, cancelled]


def test_why_in_korean(company: Company) -> None:
    company.give("kim", CreateAirplane(1))
    for customer in ("lee", "park"):
        company.give("kim", Reserve(1, customer))
    company.give("lee", CancelReservation(), 1)
    company.give("boss", CancelReservation(), 2)
    assert [why(company.airbook, number, KOREAN).sentence for number in (1, 2)] == [
        "예약 1: 결정되기 전에 고객이 취소했습니다.",
        "예약 2: 결정되기 전에 취소되었습니다. 취소한 사람: boss",
    ]


def test_events_are_filtered_by_a_part_of_the_name_of_the_actor(company: Company) -> None:
    company.give("Kim Lee", CreateAirplane(2))
    company.give("boss", Reserve(1, "kim"))
    company.give("김", Reserve(1, "kim"))
    company.decide()
    found = {typed: company.found(typed) for typed in ("by:kim", "by:daemon", "by:o", "작업자:김")}
    assert found == {
        "by:kim": [1],
        "by:daemon": [7, 6, 5, 4],
        "by:o": [7, 6, 5, 4, 2],
        "작업자:김": [3],
    }
    assert company.found("by:nobody") == []
    assert company.found("by:daemon type:approved reservation:1") == [5]


def test_a_filter_that_too_many_names_match_says_so(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "MOST_ACTORS", 3)
    company.airbook.create_if_missing()
    company.log.insert(Rows(actors=[Actor(f"a{one}", f"kim {one}") for one in range(3)]))
    window = events(company.log, event_filter("by:kim", ENGLISH), WindowRequest(0, 9), NINE)
    assert window.complaint is not None
    assert "Too many people have 'kim'" in ENGLISH(*window.complaint)


def test_actors_are_suggested_by_the_beginning_of_their_names(company: Company) -> None:
    for actor in ("kim", "김", "boss"):
        company.give(actor, CreateAirplane(1))
    assert actors(company.airbook, "") == ["boss", "kim", "김"]
    assert actors(company.airbook, "k") == ["kim"]


def test_who_acted_is_said_with_what_led_to_it(company: Company) -> None:
    company.give("kim", Reserve(1, "lee"))
    company.decide()
    company.give(None, CreateAirplane(1))
    shown = event_responses(company.log, company.log.after(0))
    assert [format_actor(one, ENGLISH) for one in shown] == ["by kim", "by daemon, cause 1", ""]
    assert [format_actor(one, KOREAN) for one in shown] == [
        "작업자 kim",
        "작업자 daemon, 원인 1",
        "",
    ]
