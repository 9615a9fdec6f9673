"""Five seats and six customers, with a process for each command and a daemon, on each store."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from airbook.application.stores.postgres import PostgresStore
from airbook.application.stores.store import Store
from tests.support.answers import refused
from tests.support.home import Home
from tests.support.stories import CUSTOMERS


@pytest.fixture
def home(tmp_path: Path, store: Store) -> Home:
    """Return an empty home, with its store in a file or on a server.

    With a file, each command starts an interpreter, as it does for users.
    """
    url = store.secret_url if isinstance(store, PostgresStore) else None
    return Home(tmp_path, url, anew=url is None)


def reservation(number: int, customer: str, **known: object) -> dict[str, Any]:
    return {
        "id": number,
        "airplane": 1,
        "customer": customer,
        "status": "received",
        "seat": None,
        "reason": None,
        "received_at": "<time>",
        "decided_at": None,
        **known,
    }


def without_times(reservations: list[dict[str, Any]]) -> list[dict[str, Any]]:
    times = ("received_at", "decided_at")
    return [{**one, **{at: one[at] and "<time>" for at in times}} for one in reservations]


def test_five_seats_six_customers(home: Home):
    plane = home.json("admin", "add-plane", "--seats", "5")
    assert plane == {
        "id": 1,
        "name": None,
        "seats": 5,
        "taken": 0,
        "pending": 0,
        "left": 5,
        "status": "open",
    }
    for number, customer in enumerate(CUSTOMERS, 1):
        received = home.json("reserve", "1", "--customer", customer)
        assert without_times([received]) == [reservation(number, customer)]
    assert home.json("plane", "1") == {**plane, "pending": 6}

    with home.daemon():
        assert home("wait", "5", "--for", "approved").code == 0
        rejected = home("wait", "6", "--for", "approved", "-o", "json")
        assert rejected.code == 4
        assert home.json("wait", "6") == rejected.document
        decided: dict[str, Any] = {"decided_at": "<time>"}
        assert without_times(home.json("my-page", "--all")) == [
            *(
                reservation(number, customer, status="approved", seat=number, **decided)
                for number, customer in enumerate(CUSTOMERS[:5], 1)
            ),
            reservation(6, "kang", status="rejected", reason="no_seats_left", **decided),
        ]
        assert home.json("plane", "1") == {**plane, "taken": 5, "left": 0}

        cancelled = home.json("cancel", "2", "--wait")
        assert (cancelled["status"], cancelled["seat"]) == ("cancelled", 2)
        again = home.json("reserve", "1", "--customer", "kang", "--wait")
        assert (again["id"], again["status"], again["seat"]) == (7, "approved", 2)

        late = home("reserve", "1", "--customer", "min", "--wait", "-o", "json")
        assert (late.code, late.err) == (4, "")
        assert (late.document["status"], late.document["reason"]) == ("rejected", "no_seats_left")
        assert home.json("status")["daemon"]["running"] is True
    assert home("doctor").code == 0


def test_a_request_is_accepted_without_a_daemon(home: Home):
    home("admin", "add-plane", "--seats", "1")
    answer = home("reserve", "1", "--wait", "--timeout", "100ms")
    assert (answer.code, answer.out, answer.err.splitlines()) == (
        6,
        "1\t1\tme\treceived\t\t\t<time>\t\n",
        [
            "No daemon is running: reservations wait until one is.",
            "hint: airbook daemon",
            "The daemon did not decide within the timeout.",
            "hint: airbook status",
        ],
    )
    quiet = home("wait", "1", "--timeout=0.05", "-o", "json")
    assert (quiet.code, quiet.document["status"]) == (6, "received")
    assert json.loads(quiet.err)["error"] == {
        "code": "timed_out",
        "message": "The daemon did not decide within the timeout.",
        "hint": "airbook status",
    }
    assert home("daemon", "--once").code == 0
    assert home.json("wait", "1", "--for", "approved")["seat"] == 1


def test_a_request_for_an_airplane_that_is_not_there_is_accepted_then_rejected(home: Home):
    assert home.json("reserve", "9")["status"] == "received"
    assert home.json("planes") == []
    home("daemon", "--until-idle")
    found = home.json("show", "1")
    assert (found["status"], found["reason"]) == ("rejected", "no_such_airplane")
    assert refused(home("plane", "9"))[0] == "There is no airplane 9."


def test_an_airplane_added_after_the_request_comes_too_late(home: Home):
    home("reserve", "1")
    home("admin", "add-plane", "--seats", "1")
    home("reserve", "1")
    home("daemon", "--until-idle")
    assert home.json("show", "1")["reason"] == "no_such_airplane"
    assert home.json("show", "2")["status"] == "approved"


def test_waiting_for_the_approval_of_a_cancelled_reservation_fails(home: Home):
    home("admin", "add-plane", "--seats", "1")
    home("reserve", "1")
    home("cancel", "1")
    assert home("wait", "1", "--for", "approved").code == 4
    assert home("wait", "1").code == 0
