"""Airplanes in the original's dialect: entered, listed, changed by commands alone."""

from __future__ import annotations

from urllib.parse import quote

from tests.gateway.server import Gateway, Reply
from tests.support.home import Home

VARY = ["Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers"]


def problem(reply: Reply) -> tuple[int, str, str]:
    assert reply.header("content-type") == "application/problem+json"
    document = reply.document
    assert document["status"] == reply.status
    return reply.status, document["code"], document["detail"]


def test_an_airplane_that_is_entered_can_be_looked_at_in_both_lists(gateway: Gateway):
    entered = gateway.post("/admins", {"seatQty": 5})
    address = f"{gateway.base}/admins/1"
    links = {"self": {"href": address}, "admin": {"href": address}}
    assert (entered.status, entered.document) == (201, {"seatQty": 5, "_links": links})
    assert entered.header("location") == address
    assert entered.header("content-type") == "application/json"
    assert entered.header("transfer-encoding") == "chunked"
    assert [value for name, value in entered.headers if name == "vary"] == VARY
    assert gateway.get("/admins/1").document == entered.document
    address = f"{gateway.base}/airplanes/1"
    links = {"self": {"href": address}, "airplane": {"href": address}}
    assert gateway.get("/airplanes/1").document == {
        "reservId": None,
        "reservStatus": None,
        "seatQty": 5,
        "_links": links,
    }


def test_numbers_may_come_as_texts_and_unknown_members_are_ignored(gateway: Gateway):
    replies = [gateway.post("/admins", {"seatQty": seats, "a": [1]}) for seats in ("7", 7)]
    assert [(one.status, one.document["seatQty"]) for one in replies] == [(201, 7), (201, 7)]


def test_what_is_no_number_of_seats_is_refused(gateway: Gateway):
    out_of_range = (422, "seats_out_of_range", "An airplane has 1 to 1000 seats.")
    invalid_json = (400, "invalid_json", "The body is not valid JSON.")
    expected = {
        b'{"seatQty": 0}': out_of_range,
        b'{"seatQty": 1001}': out_of_range,
        b'{"seatQty": "+5"}': (422, "invalid_value", "'+5' is not a number of 1 to 9 digits."),
        b'{"seatQty": -5}': (422, "invalid_value", "'-5' is not a number of 1 to 9 digits."),
        b'{"seatQty": null}': (
            422,
            "invalid_body",
            "The body does not fit: Expected `int | str`, got `null` - at `$.seatQty`",
        ),
        b"[5]": (422, "invalid_body", "The body does not fit: Expected `object`, got `array`"),
        b"{seatQty": invalid_json,
        b"\xff": invalid_json,
        b"": invalid_json,
    }
    found = {body: problem(gateway.post("/admins", body)) for body in expected}
    assert found == expected
    assert gateway.get("/admins").document["page"]["totalElements"] == 0


def test_only_json_is_read_and_only_json_is_written(gateway: Gateway):
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert problem(gateway.request("POST", "/admins", b"seatQty=5", form)) == (
        415,
        "unsupported_media_type",
        "The body of a request must be application/json.",
    )
    assert problem(gateway.get("/airplanes", accept="text/html")) == (
        406,
        "not_acceptable",
        "The answer exists as JSON only.",
    )
    kinds = [
        gateway.get("/airplanes", accept=accept).header("content-type")
        for accept in (
            "*/*",
            "application/json",
            "application/json;q=0.5, */*",
            "text/*, */*;q=0.1",
        )
    ]
    hal = "application/hal+json"
    assert kinds == [hal, "application/json", hal, hal]


def test_a_change_of_an_airplane_is_a_command_that_the_rules_can_refuse(
    home: Home, gateway: Gateway
):
    gateway.post("/admins", {"seatQty": 1})
    gateway.post("/reservations", {"airPlaneId": 1})
    gateway.post("/reservations", {"airPlaneId": 1})
    home("daemon", "--until-idle")
    more = gateway.request("PATCH", "/airplanes/1", {"seatQty": "3"})
    assert (more.status, more.document["seatQty"]) == (200, 3)
    closed = gateway.request("PATCH", "/airplanes/1", {"open": False, "seatQty": 2})
    assert (closed.status, closed.document["seatQty"]) == (200, 2)
    assert home.json("plane", "1") == {
        "id": 1,
        "name": None,
        "seats": 2,
        "taken": 1,
        "pending": 0,
        "left": 1,
        "status": "closed",
    }
    nothing = gateway.request("PATCH", "/airplanes/1", {})
    assert (nothing.status, nothing.document["seatQty"]) == (200, 2)
    assert problem(gateway.request("PATCH", "/airplanes/1", {"seatQty": 0}))[:2] == (
        422,
        "seats_out_of_range",
    )
    assert problem(gateway.request("PATCH", "/airplanes/9", {"open": True})) == (
        404,
        "no_such_airplane",
        "There is no airplane 9.",
    )
    events = [(one["type"], one["by"]) for one in home.json("events")]
    assert [one for one in events if one[1] == "me"] == [
        ("AirplaneCreated", "me"),
        ("ReservationRequested", "me"),
        ("ReservationRequested", "me"),
        ("SeatsChanged", "me"),
        ("SeatsChanged", "me"),
        ("AirplaneClosed", "me"),
    ]


def test_nothing_but_a_number_has_an_address(gateway: Gateway):
    words = ("0", "x", "1_0", "１", "1234567890", "-1", "1.0")
    found = {word: problem(gateway.get(f"/airplanes/{quote(word)}")) for word in words}
    nothing = (404, "not_found", "There is nothing at this address.")
    assert found == dict.fromkeys(words, nothing)


def test_every_other_write_is_refused(gateway: Gateway):
    reads = {"GET", "HEAD", "OPTIONS"}
    allowed = {
        ("PUT", "/admins/1"): reads,
        ("DELETE", "/admins/1"): reads,
        ("PATCH", "/admins/1"): reads,
        ("PUT", "/admins"): {*reads, "POST"},
        ("POST", "/airplanes"): reads,
        ("PUT", "/airplanes/1"): {*reads, "PATCH"},
        ("DELETE", "/airplanes/1"): {*reads, "PATCH"},
        ("PUT", "/reservations/1"): {*reads, "DELETE"},
        ("PATCH", "/reservations/1"): {*reads, "DELETE"},
        ("DELETE", "/reservations"): {*reads, "POST"},
        ("POST", "/customers"): reads,
        ("PATCH", "/customers/1"): reads,
        ("DELETE", "/customers/1"): reads,
    }
    replies = {one: gateway.request(*one, {"seatQty": 1}) for one in allowed}
    assert {problem(reply)[:2] for reply in replies.values()} == {(405, "method_not_allowed")}
    found = {one: set((reply.header("allow") or "").split(", ")) for one, reply in replies.items()}
    assert found == allowed


def test_a_head_has_no_body_and_links_lead_to_profiles(gateway: Gateway):
    head = gateway.request("HEAD", "/airplanes")
    assert (head.status, head.body) == (200, b"")
    address = gateway.get("/airplanes").document["_links"]["profile"]["href"]
    reply = gateway.get(address.removeprefix(gateway.base))
    assert (reply.status, reply.header("content-type")) == (200, "application/alps+json")
    assert reply.document == {
        "alps": {
            "version": "1.0",
            "descriptor": [
                {
                    "id": "airplane-representation",
                    "href": address,
                    "descriptor": [
                        {"name": "reservId", "type": "SEMANTIC"},
                        {"name": "reservStatus", "type": "SEMANTIC"},
                        {"name": "seatQty", "type": "SEMANTIC"},
                    ],
                }
            ],
        }
    }
    assert gateway.get("/profile/nothing").status == 404
