"""Reservations in the original's dialect: received, decided, withdrawn, and on the own page."""

from __future__ import annotations

from tests.gateway.server import Gateway, Reply, serving
from tests.support.home import Home


def rows(reply: Reply, name: str) -> list[tuple[int, int, str | None]]:
    """Return each row of a list: its number from its link, its airplane and its status."""
    return [
        (
            int(one["_links"]["self"]["href"].rpartition("/")[2]),
            one["airPlaneId"],
            one["reservStatus"],
        )
        for one in reply.document["_embedded"][name]
    ]


def test_five_seats_and_six_customers(either: Home):
    with serving(either) as gateway:
        gateway.post("/admins", {"seatQty": 5})
        received = [gateway.post("/reservations", {"airPlaneId": "1"}) for _ in range(6)]
        address = f"{gateway.base}/reservations/6"
        assert received[5].document == {
            "airPlaneId": 1,
            "reservStatus": None,
            "_links": {"self": {"href": address}, "reservation": {"href": address}},
        }
        assert (received[5].status, received[5].header("location")) == (201, address)
        assert gateway.get("/reservations/6").document == received[5].document
        waiting = gateway.get("/customers")
        assert rows(waiting, "customers") == [(one, 1, "접수완료") for one in range(1, 7)]
        either("daemon", "--until-idle")
        approved = [(one, 1, "승인") for one in range(1, 6)]
        assert rows(gateway.get("/reservations"), "reservations") == approved
        assert rows(gateway.get("/customers"), "customers") == [*approved, (6, 1, "거절")]
        assert gateway.get("/reservations/1").document["reservStatus"] == "승인"
        assert gateway.get("/customers/6").document["reservStatus"] == "거절"
        rejected = gateway.get("/reservations/6")
        assert rejected.header("content-type") == "application/problem+json"
        assert rejected.document == {
            "type": "urn:airbook:problem:reservation_rejected",
            "title": "Not found",
            "status": 404,
            "detail": "Reservation 6 was rejected: no seats were left.",
            "instance": "/reservations/6",
            "code": "reservation_rejected",
            "reason": "no_seats_left",
            "_links": {
                "customer": {"href": f"{gateway.base}/customers/6"},
                "history": {"href": f"{gateway.base}/api/v1/reservations/6/history"},
            },
        }
    assert either("doctor").code == 0


def test_a_reservation_is_given_back_once_and_its_seat_is_free_again(home: Home):
    with serving(home, AIRBOOK_CUSTOMER="kim", AIRBOOK_ACTOR="desk") as gateway, home.daemon():
        gateway.post("/admins", {"seatQty": 1})
        gateway.post("/reservations", {"airPlaneId": 1})
        home("wait", "1")
        gone = gateway.request("DELETE", "/reservations/1")
        assert (gone.status, gone.body) == (204, b"")
        again = gateway.request("DELETE", "/reservations/1")
        assert (again.status, again.document["code"]) == (409, "already_cancelled")
        assert again.document["detail"] == "Reservation 1 is cancelled already."
        found = gateway.get("/reservations/1", accept_language="ko")
        assert (found.status, found.document["code"]) == (404, "reservation_cancelled")
        assert found.document["detail"] == "예약 1: 취소되었습니다."
        gateway.post("/reservations", {"airPlaneId": 1})
        assert home("wait", "2").code == 0
        assert rows(gateway.get("/customers"), "customers") == [(1, 1, "취소"), (2, 1, "승인")]
    given = [(one["type"], one["by"]) for one in home.json("history", "1")]
    assert given == [
        ("ReservationRequested", "desk"),
        ("SeatAssigned", "daemon"),
        ("ReservationApproved", "daemon"),
        ("ReservationCancelled", "desk"),
        ("SeatReleased", "daemon"),
    ]
    assert [one["customer"] for one in home.json("my-page", "--all")] == ["kim", "kim"]


def test_a_request_for_an_unknown_airplane_is_received_and_then_rejected(
    home: Home, gateway: Gateway
):
    assert gateway.post("/reservations", {"airPlaneId": 9}).status == 201
    home("daemon", "--until-idle")
    found = gateway.get("/reservations/1").document
    assert (found["code"], found["reason"], found["detail"]) == (
        "reservation_rejected",
        "no_such_airplane",
        "Reservation 1 was rejected: there was no such airplane.",
    )
    assert gateway.get("/reservations/2").document["code"] == "no_such_reservation"
    assert gateway.request("DELETE", "/reservations/2").document["code"] == "no_such_reservation"
    assert gateway.get("/customers/2").document["code"] == "no_such_reservation"


def test_a_request_names_an_airplane(gateway: Gateway):
    bodies: tuple[object, ...] = (
        {},
        {"airPlaneId": 0},
        {"airPlaneId": "one"},
        {"airPlaneId": 10**9},
        [],
    )
    found = [gateway.post("/reservations", body) for body in bodies]
    assert [(one.status, one.document["detail"]) for one in found] == [
        (422, "The body does not fit: Object missing required field `airPlaneId`"),
        (422, "Numbers begin at 1."),
        (422, "'one' is not a number of 1 to 9 digits."),
        (422, "'1000000000' is not a number of 1 to 9 digits."),
        (422, "The body does not fit: Expected `object`, got `array`"),
    ]
    assert gateway.get("/customers").document["page"]["totalElements"] == 0
