"""The commands below `admin`: their answers, their refusals, and repeated commands."""

from __future__ import annotations

import pytest

from tests.support.answers import refused
from tests.support.home import Home

OPEN = '{"id":1,"name":null,"seats":5,"taken":0,"pending":0,"left":5,"status":"open"}\n'


def test_airplanes_are_numbered_and_may_have_a_name(home: Home):
    assert home("admin", "add-plane", "--seats", "5", "--json") == (0, OPEN, "", OPEN.encode())
    named = home("admin", "add-plane", "--seats=180", "--name", "대한항공 907", "--json")
    assert named.out == (
        '{"id":2,"name":"대한항공 907","seats":180,"taken":0,"pending":0,"left":180,'
        '"status":"open"}\n'
    )


def test_a_name_is_kept_composed(inside: Home):
    decomposed = "\u1112\u1161\u11ab"
    assert inside.json("admin", "add-plane", "--seats", "1", "--name", decomposed)["name"] == "한"


def test_the_highest_seat_taken_is_not_removed_when_those_below_are_given_back(five_seats: Home):
    for reservation in "1234":
        five_seats("cancel", reservation)
    five_seats("daemon", "--until-idle")
    assert five_seats("admin", "set-seats", "1", "1").err == (
        "Airplane 1 cannot have fewer than 5 seats: seat 5 is taken.\nhint: airbook planes\n"
    )
    assert five_seats("admin", "set-seats", "1", "1", "--lang=ko").err.startswith(
        "항공기 1: 5번 좌석이 배정되어 있어 좌석 수를 5개보다 적게 줄일 수 없습니다."
    )
    assert five_seats.json("plane", "1")["seats"] == 5


def test_seats_are_changed_never_below_those_taken(five_seats: Home):
    assert five_seats("admin", "set-seats", "1", "4") == (
        4,
        "",
        "Airplane 1 cannot have fewer than 5 seats: seat 5 is taken.\nhint: airbook planes\n",
        b"",
    )
    assert five_seats("admin", "set-seats", "1", "4", "-ojson").err == (
        '{"error":{"code":"seats_taken","message":'
        '"Airplane 1 cannot have fewer than 5 seats: seat 5 is taken.","hint":"airbook planes"}}\n'
    )
    assert five_seats.json("admin", "set-seats", "1", "6")["left"] == 1
    assert five_seats.json("admin", "set-seats", "1", "6")["left"] == 1
    types = [recorded["type"] for recorded in five_seats.json("events", "--since", "18")]
    assert types == ["SeatsChanged"]


def test_a_closed_airplane_rejects_and_an_opened_one_approves(inside: Home):
    inside("admin", "add-plane", "--seats", "5")
    for _ in range(2):
        assert inside.json("admin", "close-plane", "1")["status"] == "closed"
    inside("reserve", "1")
    inside("daemon", "--until-idle")
    assert inside.json("show", "1")["reason"] == "airplane_closed"
    for _ in range(2):
        assert inside.json("admin", "open-plane", "1")["status"] == "open"
    inside("reserve", "1")
    inside("daemon", "--until-idle")
    assert inside.json("show", "2")["status"] == "approved"
    types = [recorded["type"] for recorded in inside.json("events")]
    assert types.count("AirplaneClosed") == types.count("AirplaneOpened") == 1


@pytest.mark.parametrize("command", [["set-seats", "7", "5"], ["close-plane", "7"]])
def test_an_airplane_that_is_not_there_cannot_be_changed(empty: Home, command: list[str]):
    answer = empty("admin", *command)
    assert (answer.code, refused(answer)) == (
        3,
        ["There is no airplane 7.", "hint: airbook planes"],
    )


def test_people_get_a_sentence(inside: Home):
    told = [
        inside("admin", *words, "-o", "table").out
        for words in (
            ["add-plane", "--seats", "5"],
            ["set-seats", "1", "6"],
            ["close-plane", "1"],
            ["open-plane", "1"],
        )
    ]
    assert told == [
        "Airplane 1 added: 5 seats.\n",
        "Airplane 1 now: 6 seats, 6 left.\n",
        "Airplane 1: closed.\n",
        "Airplane 1: open.\n",
    ]
