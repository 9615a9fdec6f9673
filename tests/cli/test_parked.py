"""A request that cannot be read is parked; the others are decided, and it can be retried."""

from __future__ import annotations

import json

import pytest

from airbook.daemon.decision_log import LINES_PER_SECOND
from tests.cli.conftest import Inside
from tests.support.stores import by_hand, store_as_is

TIME = "2026-11-22T09:00:00.000Z"
POISON = f'{{"at":"{TIME}","data":{{"airplane":"one","customer":"x"}}}}'.encode()
CURE = f'{{"at":"{TIME}","data":{{"airplane":1,"customer":"x"}}}}'.encode()
MANY = 40


@pytest.fixture
def poisoned(inside: Inside) -> Inside:
    """Store a request that cannot be read among others, and let a daemon decide."""
    inside("admin", "add-plane", "--seats", "1000")
    for _ in range(4):
        inside("reserve", "1")
    store_as_is(inside.store, "reservation-5", 1, "ReservationRequested.v1", POISON)
    with by_hand(inside.store) as connection:
        connection.execute("UPDATE numbers SET last = 5 WHERE kind = 'reservation'")
    for _ in range(MANY - 5):
        inside("reserve", "1")
    answer = inside("daemon", "--until-idle")
    lines = [json.loads(line) for line in answer.err.splitlines()]
    decided = ["decided"] * LINES_PER_SECOND
    assert [line["event"] for line in lines] == ["ready", *decided, "parked", "decided", "stopped"]
    assert lines[-2]["approved"] == MANY - 1 - LINES_PER_SECOND
    return inside


def cure(inside: Inside):
    """Make the event readable, which needs SQLite itself."""
    with by_hand(inside.store) as connection:
        connection.execute("DROP TRIGGER events_never_change")
        connection.execute(
            "UPDATE stored_events SET state = ? WHERE originator_id = 'reservation-5'", (CURE,)
        )


def test_the_rest_is_decided(poisoned: Inside):
    assert poisoned.json("status")["reservations"] == {
        "received": 0,
        "approved": MANY - 1,
        "rejected": 0,
        "cancelled": 0,
    }
    assert poisoned.json("status")["parked"] == 1
    (parked,) = poisoned.json("parked", "list")
    assert {**parked, "error": "", "at": ""} == {
        "reservation": 5,
        "position": 6,
        "error": "",
        "at": "",
        "state": "parked",
    }
    assert "Expected `int`, got `str`" in parked["error"]
    line = poisoned("parked", "list").out
    assert line.startswith("5\t6\t")


def test_the_doctor_finds_it(poisoned: Inside):
    answer = poisoned("doctor")
    assert answer.code == 8
    codes = [line.partition("\t")[0] for line in answer.out.splitlines()]
    assert "unreadable_event" in codes
    assert "parked" in codes


def test_a_retry_that_fails_parks_it_again(poisoned: Inside):
    answer = poisoned("parked", "retry", "5")
    assert (answer.code, answer.out) == (0, "")
    assert answer.err.splitlines()[0] == "Reservation 5 will be tried again."
    assert poisoned.json("parked", "list")[0]["state"] == "retrying"
    poisoned("daemon", "--until-idle")
    assert poisoned.json("parked", "list")[0]["state"] == "parked"


@pytest.mark.parametrize("words", [["retry", "5"], ["retry", "--all"]])
def test_a_repaired_request_is_decided_by_a_retry(poisoned: Inside, words: list[str]):
    cure(poisoned)
    poisoned("parked", *words)
    poisoned("daemon", "--until-idle")
    assert poisoned.json("parked", "list") == []
    poisoned("views", "rebuild")
    found = poisoned.json("show", "5")
    assert (found["status"], found["seat"]) == ("approved", MANY)


def test_a_dropped_request_is_never_tried_again(poisoned: Inside):
    refused = poisoned("parked", "drop", "5")
    assert (refused.code, refused.err.splitlines()[0]) == (
        2,
        "There is no terminal to ask on: add --yes.",
    )
    assert poisoned.json("parked", "list")[0]["state"] == "parked"
    assert poisoned("parked", "drop", "5", "--yes").err == "Reservation 5 is dropped.\n"
    assert poisoned.json("parked", "list")[0]["state"] == "dropped"
    assert poisoned.json("status")["parked"] == 0
    cure(poisoned)
    poisoned("parked", "retry", "--all")
    poisoned("daemon", "--until-idle")
    assert poisoned.json("parked", "list")[0]["state"] == "dropped"


def test_what_is_not_parked_can_be_neither_retried_nor_dropped(poisoned: Inside):
    for word in ("retry", "drop"):
        answer = poisoned("parked", word, "1")
        assert (answer.code, answer.err) == (
            4,
            "Reservation 1 is not parked.\nhint: airbook parked list\n",
        )
