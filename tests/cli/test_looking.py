"""The commands that read, in every output format, byte for byte."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cli.conftest import Inside
from tests.support.answers import refused
from tests.support.home import Home

PLANE = '{"id":1,"name":null,"seats":5,"taken":5,"pending":0,"left":0,"status":"open"}'
KANG = (
    '{"id":6,"airplane":1,"customer":"kang","status":"rejected","seat":null,'
    '"reason":"no_seats_left","received_at":"2026-11-22T09:00:00.007Z",'
    '"decided_at":"2026-11-22T09:00:00.018Z"}'
)
LEE = (
    '{"id":2,"airplane":1,"customer":"lee","status":"approved","seat":2,"reason":null,'
    '"received_at":"2026-11-22T09:00:00.003Z","decided_at":"2026-11-22T09:00:00.011Z"}'
)
REQUESTED = (
    '{"position":3,"stream":"reservation-2","version":1,"type":"ReservationRequested",'
    '"at":"2026-11-22T09:00:00.003Z","by":null,"cause":null,'
    '"data":{"airplane":1,"customer":"customer 2"}}'
)
ASSIGNED = (
    '{"position":10,"stream":"airplane-1","version":3,"type":"SeatAssigned",'
    '"at":"2026-11-22T09:00:00.010Z","by":null,"cause":null,"data":{"reservation":2,"seat":2}}'
)
APPROVED = (
    '{"position":11,"stream":"reservation-2","version":2,"type":"ReservationApproved",'
    '"at":"2026-11-22T09:00:00.011Z","by":null,"cause":null,"data":{"airplane":1,"seat":2}}'
)
HISTORY = (REQUESTED, ASSIGNED, APPROVED)
WHY = (
    '{"reservation":6,"status":"rejected","reason":"no_seats_left",'
    '"sentence":"Reservation 6 was rejected: all 5 seats of airplane 1 were taken.",'
    '"airplane":{"id":1,"name":null,"seats":5,"taken":5,"pending":1,"left":0,"status":"open"},'
    '"events":[7,18]}'
)
WHY_APPROVED = (
    "Reservation 2 was approved: 1 of 5 seats of airplane 1 were taken,"
    " and seat 2 was the lowest free."
)


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["plane", "1"], PLANE),
        (["planes"], f"[{PLANE}]"),
        (["show", "6"], KANG),
        (["wait", "6"], KANG),
        (["my-page", "--customer", "kang"], f"[{KANG}]"),
        (["my-page", "--all", "--limit", "1"], f"[{KANG}]"),
        (["history", "2"], f"[{','.join(HISTORY)}]"),
        (["why", "6"], WHY),
    ],
)
def test_json_is_one_document_in_the_order_of_the_contract(
    five_seats: Home, words: list[str], line: str
):
    answer = five_seats(*words, "-o", "json")
    assert (answer.code, answer.raw.decode(), answer.err) == (0, f"{line}\n", "")


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        (["planes"], [PLANE]),
        (["my-page", "--customer", "lee"], [LEE]),
        (["history", "2"], HISTORY),
        (["show", "2"], [LEE]),
    ],
)
def test_jsonl_is_a_document_a_line(five_seats: Home, words: list[str], lines: list[str]):
    answer = five_seats(*words, "-o", "jsonl")
    assert answer.raw.decode().splitlines() == list(lines)


@pytest.mark.parametrize("words", [["planes"], ["my-page", "--all"], ["history", "2"]])
def test_plain_is_the_default_in_a_pipe_and_has_the_same_fields(five_seats: Home, words: list[str]):
    answer = five_seats(*words)
    assert answer.raw == five_seats(*words, "-o", "plain").raw
    expected = [
        "\t".join(plain(value) for value in row.values()) for row in five_seats.json(*words)
    ]
    assert answer.raw.decode().splitlines() == expected


def plain(value: Any) -> str:  # noqa: ANN401 -- JSON
    if isinstance(value, dict):
        return json.dumps(value, separators=(",", ":"))
    return "" if value is None else str(value)


def test_csv_has_a_header_and_keeps_rfc_4180(five_seats: Home):
    assert five_seats("planes", "-o", "csv").raw.decode() == (
        "id,name,seats,taken,pending,left,status\r\n1,,5,5,0,0,open\r\n"
    )
    assert five_seats("history", "6", "-o", "csv").raw.decode() == (
        "position,stream,version,type,at,by,cause,data\r\n"
        "7,reservation-6,1,ReservationRequested,2026-11-22T09:00:00.007Z,,,"
        '"{""airplane"":1,""customer"":""customer 6""}"\r\n'
        "18,reservation-6,2,ReservationRejected,2026-11-22T09:00:00.018Z,,,"
        '"{""airplane"":1,""reason"":""no_seats_left""}"\r\n'
    )


def test_a_table_is_for_people(five_seats: Home):
    five_seats("admin", "add-plane", "--seats", "7", "--name", "[/] 한국")
    lines = [line.rstrip() for line in five_seats("planes", "-o", "table").out.splitlines()]
    assert lines == [
        "No.  Name      Seats  Taken  Pending  Left  Status",
        "--------------------------------------------------",
        "  1                5      5        0     0  open",
        "  2  [/] 한국      7      0        0     7  open",
    ]
    lines = five_seats("my-page", "--customer", "kang", "-o", "table").out.splitlines()
    assert [line.split() for line in lines] == [
        ["No.", "Airplane", "Status", "Seat", "Reason", "Received"],
        ["-" * len(lines[1].rstrip())],
        ["6", "1", "rejected", "no", "seats", "left", "2026-11-22", "09:00:00"],
    ]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["plane", "1"], "Airplane 1: open. 5 seats, 5 taken, 0 pending, 0 left."),
        (["show", "2"], "Reservation 2: approved. Airplane 1, seat 2."),
        (["why", "6"], "Reservation 6 was rejected: all 5 seats of airplane 1 were taken."),
        (
            ["why", "2"],
            WHY_APPROVED,
        ),
        (["planes", "--home", "elsewhere"], "There are no airplanes yet."),
        (["my-page", "--home", "elsewhere"], "me has no reservations."),
        (["my-page", "--all", "--home", "elsewhere"], "There are no reservations yet."),
        (["events", "--since", "99"], "No events follow position 99."),
        (["events", "--home", "elsewhere"], "The log is empty."),
        (["parked", "list"], "Nothing is parked."),
    ],
)
def test_one_row_or_none_is_a_sentence(five_seats: Home, words: list[str], sentence: str):
    five_seats("store", "init", "--home", "elsewhere")
    assert five_seats(*words, "-o", "table").out == f"{sentence}\n"


def test_my_page_shows_the_own_reservations_unless_others_are_asked_for(five_seats: Home):
    five_seats("reserve", "1")
    pages = [
        [one["id"] for one in five_seats.json("my-page", *words)]
        for words in ([], ["--customer", "lee"], ["--all"], ["--all", "--limit=2"])
    ]
    assert pages == [[7], [2], [1, 2, 3, 4, 5, 6, 7], [6, 7]]
    assert five_seats.json("my-page", "--customer", "nobody") == []


def test_why_of_cancelled_pending_and_rejected_reservations(five_seats: Home):
    five_seats("cancel", "1")
    five_seats("reserve", "9")
    five_seats("reserve", "1")
    five_seats("cancel", "8")
    sentences = [five_seats.json("why", number)["sentence"] for number in ("1", "7", "8")]
    assert sentences == [
        "Reservation 1 was approved, and cancelled by me afterwards.",
        "Reservation 7 is pending: it is not decided yet.",
        "Reservation 8 was cancelled by the customer before it was decided.",
    ]
    five_seats("daemon", "--until-idle")
    assert five_seats.json("why", "7") == {
        "reservation": 7,
        "status": "rejected",
        "reason": "no_such_airplane",
        "sentence": "Reservation 7 was rejected: there was no airplane 9.",
        "airplane": None,
        "events": [20, 24],
    }


def test_a_request_is_judged_by_the_airplane_it_was_made_for_however_late_the_daemon(
    five_seats: Home,
):
    five_seats("reserve", "2")
    five_seats("admin", "add-plane", "--seats", "2")
    five_seats("reserve", "2")
    five_seats("admin", "close-plane", "2")
    five_seats("reserve", "2")
    five_seats("admin", "open-plane", "2")
    five_seats("daemon", "--until-idle")
    assert [five_seats.json("show", number)["status"] for number in "789"] == [
        *("rejected", "approved", "rejected")
    ]
    missing, found, closed = (five_seats.json("why", number)["airplane"] for number in "789")
    assert missing is None
    assert [one["status"] for one in (found, closed)] == ["open", "closed"]


@pytest.mark.parametrize("command", ["show", "history", "why", "wait", "cancel"])
def test_a_reservation_that_is_not_there(empty: Home, command: str):
    answer = empty(command, "99")
    assert (answer.code, refused(answer)) == (
        3,
        ["There is no reservation 99.", "hint: airbook my-page --all"],
    )


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_narrow_terminal_leaves_nothing_out(five_seats: Inside, language: str):
    words = ("my-page", "--all", "-o", "table", "--lang", language)
    shown = [sorted(five_seats(*words, COLUMNS=width).out.split()) for width in ("200", "60")]
    wide, narrow = ([word for word in one if "--" not in word] for one in shown)
    assert narrow == wide
