"""Airplanes, reservations, events and the status, as airbook's own dialect shows them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from airbook.eventlog.codec import stamp
from tests.gateway.server import Gateway, Reply, serving
from tests.support.home import Home
from tests.support.stories import CUSTOMERS, moment

PLANE = {
    "id": 1,
    "name": None,
    "seats": 5,
    "taken": 5,
    "pending": 0,
    "left": 0,
    "status": "open",
}


def reservation(number: int) -> dict[str, Any]:
    """Return a reservation as the story of five seats and six customers leaves it."""
    decided = {"status": "approved", "seat": number, "reason": None}
    if number == 6:
        decided = {"status": "rejected", "seat": None, "reason": "no_seats_left"}
    return {
        "id": number,
        "airplane": 1,
        "customer": CUSTOMERS[number - 1],
        **decided,
        "received_at": stamp(moment(1 + number)),
        "decided_at": stamp(moment(18 if number == 6 else 7 + 2 * number)),
    }


def event(
    position: int, stream: str, version: int, kind: str, data: Mapping[str, object]
) -> dict[str, object]:
    return {
        "position": position,
        "stream": stream,
        "version": version,
        "type": kind,
        "at": stamp(moment(position)),
        "by": None,
        "cause": None,
        "data": data,
    }


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """Serve the story of five seats and six customers; no test of this file changes it."""
    home = Home(tmp_path_factory.mktemp("story"))
    home("admin", "add-plane", "--seats", "1")  # makes the folder
    for file in home.databases():
        file.unlink(missing_ok=True)
    home.record_five_seats()
    with serving(home) as gateway:
        yield gateway


def problem(status: int, code: str, title: str, detail: str, path: str) -> dict[str, object]:
    return {
        "type": f"urn:airbook:problem:{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "instance": f"/api/v1{path}",
        "code": code,
    }


def shown(reply: Reply) -> tuple[int, str | None, Any]:
    return reply.status, reply.header("content-type"), reply.document


def test_airplanes_and_reservations_have_the_shapes_of_the_command_line(story: Gateway):
    found = [reservation(number) for number in range(1, 7)]
    json = (200, "application/json")
    assert shown(story.get("/api/v1/airplanes")) == (*json, [PLANE])
    assert shown(story.get("/api/v1/airplanes/1")) == (*json, PLANE)
    assert shown(story.get("/api/v1/reservations")) == (*json, found)
    assert shown(story.get("/api/v1/reservations/6")) == (*json, found[5])


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("status=rejected", [6]),
        ("reason=no_seats_left", [6]),
        ("customer=park", [3]),
        ("customer=nobody", []),
        ("airplane=1&status=approved&after=2", [3, 4, 5]),
        ("airplane=2", []),
        ("as_of=2", [1]),
    ],
)
def test_reservations_are_filtered(story: Gateway, query: str, numbers: list[int]):
    reply = story.get(f"/api/v1/reservations?{query}")
    assert [one["id"] for one in reply.document] == numbers


def test_pages_are_linked_to_the_next_one(story: Gateway):
    path, pages, links = "/api/v1/reservations?status=approved&limit=2", list[Any](), list[Any]()
    for _ in range(3):
        reply = story.get(path)
        pages.append([one["id"] for one in reply.document])
        links.append(link := reply.header("link"))
        path = link.partition("<")[2].partition(">")[0] if link else ""
    assert pages == [[1, 2], [3, 4], [5]]
    following = '</api/v1/reservations?status=approved&limit=2&after={}>; rel="next"'
    assert links == [following.format(2), following.format(4), None]
    pages_of_events = story.get("/api/v1/events?limit=17")
    assert pages_of_events.header("link") == '</api/v1/events?limit=17&after=17>; rel="next"'


def test_the_past_is_shown_as_of_a_position(story: Gateway):
    received = {"status": "received", "seat": None, "reason": None, "decided_at": None}
    as_of_seven = story.get("/api/v1/reservations/6?as_of=7")
    assert as_of_seven.document == {**reservation(6), **received}
    plane = story.get("/api/v1/airplanes/1?as_of=7").document
    assert plane == {**PLANE, "taken": 0, "pending": 6, "left": 5}
    events = story.get("/api/v1/events?as_of=2&after=1").document
    assert [one["position"] for one in events] == [2]
    assert story.get("/api/v1/airplanes?as_of=0").document == []
    assert story.get("/api/v1/airplanes?as_of=2026-11-22T09:00:00.001Z").document == [
        {**PLANE, "taken": 0, "left": 5}
    ]


def test_the_history_is_told_and_the_decision_is_explained(story: Gateway):
    history = story.get("/api/v1/reservations/6/history")
    requested = {"airplane": 1, "customer": "customer 6"}
    rejected = {"airplane": 1, "reason": "no_seats_left"}
    assert shown(history) == (
        *(200, "application/json"),
        [
            event(7, "reservation-6", 1, "ReservationRequested", requested),
            event(18, "reservation-6", 2, "ReservationRejected", rejected),
        ],
    )
    why = {
        "reservation": 6,
        "status": "rejected",
        "reason": "no_seats_left",
        "sentence": "Reservation 6 was rejected: all 5 seats of airplane 1 were taken.",
        "airplane": {**PLANE, "pending": 1},
        "events": [7, 18],
    }
    english = story.get("/api/v1/reservations/6/why")
    assert shown(english) == (200, "application/json", why)
    korean = story.get("/api/v1/reservations/6/why", accept_language="ko")
    sentence = "예약 6: 거절되었습니다. 항공기 1의 좌석 5개가 모두 배정되어 있었습니다."
    assert korean.document == {**why, "sentence": sentence}
    assert korean.header("content-language") == "ko"


def test_events_are_chosen_by_stream_and_type(story: Gateway):
    created = event(1, "airplane-1", 1, "AirplaneCreated", {"seats": 5, "name": None})
    assert story.get("/api/v1/events?type=AirplaneCreated").document == [created]
    found = story.get("/api/v1/events?stream=reservation-1&stream=reservation-6")
    assert [one["position"] for one in found.document] == [2, 7, 9, 18]


def test_the_status_counts(story: Gateway):
    status = story.get("/api/v1/status").document
    assert {name: status[name] for name in ("position", "airplanes", "reservations", "parked")} == {
        "position": 18,
        "airplanes": 1,
        "parked": 0,
        "reservations": {"received": 0, "approved": 5, "rejected": 1, "cancelled": 0},
    }


NOT_FOUND, UNPROCESSABLE = (404, "Not found"), (422, "Unprocessable content")
PROBLEMS = (
    ("/airplanes/2", *NOT_FOUND, "no_such_airplane", "There is no airplane 2."),
    ("/reservations/7", *NOT_FOUND, "no_such_reservation", "There is no reservation 7."),
    ("/reservations/7/why", *NOT_FOUND, "no_such_reservation", "There is no reservation 7."),
    (
        *("/airplanes/x", *UNPROCESSABLE, "invalid_value"),
        "'x' is not a number of 1 to 9 digits.",
    ),
    ("/airplanes/0", *UNPROCESSABLE, "invalid_value", "Numbers begin at 1."),
    (
        *("/reservations?status=gone", *UNPROCESSABLE, "invalid_value"),
        "'gone' is none of these: received, approved, rejected, cancelled.",
    ),
    (
        *("/reservations?limit=1001", *UNPROCESSABLE, "invalid_value"),
        "A page has 1 to 1000 rows.",
    ),
    (
        *("/airplanes?as_of=19", *NOT_FOUND, "no_such_position"),
        "The last position of the log is 18.",
    ),
    (
        *("/events?stream=plane", *UNPROCESSABLE, "invalid_value"),
        "'plane' is not a stream like airplane-1 or reservation-1.",
    ),
)


@pytest.mark.parametrize("question", PROBLEMS, ids=[one[0] for one in PROBLEMS])
def test_a_question_without_an_answer_is_a_problem(
    story: Gateway, question: tuple[str, int, str, str, str]
):
    path, status, title, code, detail = question
    reply = story.get(f"/api/v1{path}")
    expected = problem(status, code, title, detail, path.partition("?")[0])
    assert shown(reply) == (status, "application/problem+json", expected)


def test_an_answer_is_json_or_none(story: Gateway):
    assert story.get("/api/v1/airplanes", accept="text/html").status == 406
    browser = "text/html, application/xhtml+xml, */*;q=0.8"
    assert story.get("/api/v1/airplanes", accept=browser).document == [PLANE]
    reply = story.request("PUT", "/api/v1/airplanes", {})
    allowed = set((reply.header("allow") or "").split(", "))
    assert (reply.status, allowed) == (405, {"OPTIONS", "GET", "HEAD", "POST"})
    head = story.request("HEAD", "/api/v1/airplanes/1")
    assert (head.status, head.body, head.header("etag")) == (200, b"", '"6.0"')
