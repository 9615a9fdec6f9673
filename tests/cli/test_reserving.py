"""Reserving, with and without an idempotency key, and cancelling."""

from __future__ import annotations

import pytest

from tests.support.answers import refused
from tests.support.home import Home

NOBODY = "No daemon is running: reservations wait until one is.\nhint: airbook daemon\n"


def test_the_answer_in_every_format(home: Home):
    row = "{}\t1\tme\treceived\t\t\t<time>\t\n"
    assert home("reserve", "1")[:3] == (0, row.format(1), NOBODY)
    assert home("reserve", "1", "-o", "plain")[:3] == (0, row.format(2), NOBODY)
    document = (
        '{{"id":{},"airplane":1,"customer":"me","status":"received","seat":null,"reason":null,'
        '"received_at":"<time>","decided_at":null}}\n'
    )
    assert home("reserve", "1", "--json")[:3] == (0, document.format(3), "")
    assert home("reserve", "1", "-o", "jsonl")[:3] == (0, document.format(4), "")
    header = "id,airplane,customer,status,seat,reason,received_at,decided_at\r\n"
    row = "5,1,me,received,,,<time>,\r\n"
    assert home("reserve", "1", "-ocsv")[:3] == (0, header + row, "")
    sentence = "Reservation 6: received. Airplane 1, me.\n"
    assert home("reserve", "1", "--output=table")[:3] == (0, sentence, NOBODY)


def test_the_same_key_again_gives_the_same_receipt(inside: Home):
    first = inside("reserve", "1", "--customer", "kim", "--key", "order-1", "--json")
    again = inside("reserve", "1", "--customer", "kim", "--key", "order-1", "--json")
    assert again == first
    assert len(inside.json("events")) == 1


@pytest.mark.parametrize("other", [["2", "--customer", "kim"], ["1", "--customer", "lee"]])
def test_the_same_key_for_something_else_is_a_conflict(inside: Home, other: list[str]):
    inside("reserve", "1", "--customer", "kim", "--key", "order-1")
    answer = inside("reserve", *other, "--key", "order-1")
    assert (answer.code, refused(answer)) == (
        5,
        [
            "The key order-1 was used before, with other contents.",
            "hint: airbook reserve --help",
        ],
    )
    assert len(inside.json("events")) == 1


def test_the_same_key_after_the_decision_returns_the_decision(inside: Home):
    inside("admin", "add-plane", "--seats", "1")
    inside("reserve", "1", "--key", "order-1")
    inside("daemon", "--until-idle")
    assert inside.json("reserve", "1", "--key", "order-1")["status"] == "approved"


def test_a_request_cancelled_before_the_decision_takes_no_seat(inside: Home):
    inside("admin", "add-plane", "--seats", "1")
    inside("reserve", "1")
    cancelled = inside.json("cancel", "1")
    assert (cancelled["status"], cancelled["seat"]) == ("cancelled", None)
    inside("daemon", "--until-idle")
    assert inside.json("plane", "1")["left"] == 1
    types = [recorded["type"] for recorded in inside.json("events")]
    assert types == ["AirplaneCreated", "ReservationRequested", "ReservationCancelled"]


def test_the_seat_of_a_cancelled_reservation_is_assigned_again(five_seats: Home):
    assert five_seats.json("cancel", "3")["status"] == "cancelled"
    assert five_seats.json("plane", "1")["taken"] == 5
    five_seats("daemon", "--until-idle")
    assert five_seats.json("plane", "1")["taken"] == 4
    five_seats("reserve", "1", "--customer", "kang")
    five_seats("daemon", "--until-idle")
    assert five_seats.json("show", "7")["seat"] == 3


@pytest.mark.parametrize(
    ("reservation", "sentence", "hint"),
    [
        ("1", "Reservation 1 is cancelled already.", "airbook history 1"),
        ("6", "Reservation 6 was rejected; there is nothing to give back.", "airbook why 6"),
    ],
)
def test_what_is_over_cannot_be_cancelled(
    five_seats: Home, reservation: str, sentence: str, hint: str
):
    five_seats("cancel", "1")
    answer = five_seats("cancel", reservation)
    assert (answer.code, refused(answer)) == (4, [sentence, f"hint: {hint}"])


def test_cancelling_waits_for_the_seat_until_a_timeout(five_seats: Home):
    answer = five_seats("cancel", "1", "--wait", "--timeout", "0.1s", "--json")
    assert (answer.code, answer.document["status"]) == (6, "cancelled")
    assert five_seats.json("show", "1")["status"] == "cancelled"


def test_people_get_a_sentence(five_seats: Home):
    told = [
        five_seats(*words, "-o", "table").out
        for words in (["wait", "1"], ["wait", "6"], ["cancel", "1"], ["reserve", "1"])
    ]
    assert told == [
        "Reservation 1: approved. Airplane 1, seat 1.\n",
        "Reservation 6: rejected. Airplane 1, no seats left.\n",
        "Reservation 1: cancelled. Airplane 1.\n",
        "Reservation 7: received. Airplane 1, me.\n",
    ]
