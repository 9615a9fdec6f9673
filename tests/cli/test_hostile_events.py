"""Events that were written without airbook are shown as text, and stop no command."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import Inside
from tests.support.answers import OBEYED
from tests.support.stores import by_hand, store_as_is

EVIL = "\x1b[31m\x1b]0;x\x07\x9b31m\u202e\u2066[/]\u2028\x7f"
AT = "2026-11-22T09:00:00.000Z"
EVIL_SEPARATORS = "\x1b\x9b\u202e\u2028"  # of date and time: most parsers take any character
COMMANDS = (
    *(["planes"], ["plane", "1"], ["my-page", "--all"], ["show", "1"], ["history", "1"]),
    *(["why", "1"], ["wait", "1", "--timeout", "0"], ["events"], ["parked", "list"]),
    *(["doctor"], ["status"], ["views", "status"], ["config", "show"]),
    *(["planes", "--as-of", "3"], ["events", "--format", "seed"]),
    *(["show", "4"], ["history", "4"], ["why", "4"], ["cancel", "4"], ["plane", "3"]),
)
CODES = {"wait 1 --timeout 0": 6, "doctor": 8, "show 4": 3, "why 4": 3, "cancel 4": 1}


def store(inside: Inside, stream: str, version: int, topic: str, data: str, *, at: str = AT):
    state = f'{{"at":{json.dumps(at)},"data":{data}}}'
    store_as_is(inside.store, stream, version, topic, state.encode())


@pytest.fixture
def evil(inside: Inside) -> Inside:
    """Fill a log with events that airbook never writes."""
    inside("reserve", "1", "--customer", "kim")
    escaped, raw = json.dumps(EVIL), json.dumps(EVIL, ensure_ascii=False).replace("\x7f", "\\u007f")
    store(inside, "airplane-1", 1, "AirplaneCreated.v1", f'{{"seats":2,"name":{escaped}}}')
    store(inside, "airplane-2", 1, "AirplaneCreated.v1", f'{{"seats":2,"name":{raw}}}')
    store(inside, "airplane-3", 1, "AirplaneCreated.v1", f'{{"seats": 2 ,\n\t"name":{raw}}}')
    store(inside, "airplane-1", 2, "SeatsChanged.v1", '{"seats":3}', at=EVIL)
    store(inside, f"{EVIL}-1", 1, f"{EVIL}.v1", "{}")
    store(inside, EVIL, 1, "AirplaneCreated.v1", '{"seats":2}')
    store(inside, "reservation-4", 1, "AirplaneCreated.v1", f'{{"seats":2,"name":{escaped}}}')
    store(inside, "reservation-5", 1, f"Requested{EVIL}.v1", f'{{"x":{escaped}}}')
    store(inside, "airplane-4", 1, "AirplaneCreated.v1", "[" * 200_000 + "]" * 200_000)
    store(inside, "airplane-5", 1, "AirplaneCreated.v1", '{"seats":2,"seats":3,"name":"twice"}')
    store(inside, "airplane-6", 1, "AirplaneCreated.v1", '{"seats":NaN}')
    store(inside, "airplane-7", 1, "AirplaneCreated.v1", '{"seats":"\\ud800"}')
    store(inside, "airplane-8", 1, "AirplaneCreated.v1", '{"name":"none"}')
    store(inside, "airplane-" + "9" * 5_000, 1, "AirplaneCreated.v1", '{"seats":2}')
    store(inside, "airplane-10", 1, "AirplaneCreated.v1", f'{{"seats":2,{escaped}:{escaped}}}')
    store(inside, "airplane-11", 1, "AirplaneCreated.v1", f'{{"seats":2,"name":"{"x" * 501}"}}')
    store(inside, "airplane-12", 1, "AirplaneCreated.v1", '{"seats":2,"name":"\\u0000"}')
    for version, sign in enumerate(EVIL_SEPARATORS, 3):
        at = AT.replace("T", sign)
        store(inside, "airplane-1", version, "SeatsChanged.v1", '{"seats":3}', at=at)
    store(inside, "airplane-13", 1, "AirplaneClosed.v1", "{}", at="0001-01-01T00:00:00.000+14:00")
    store_as_is(inside.store, "airplane-9", 1, "AirplaneCreated.v1", b'{"at":"\xff","data":"\xfe"}')
    with by_hand(inside.store) as connection:
        connection.execute("UPDATE customers SET name = ?", (EVIL,))
        parked = (5, 10, EVIL, AT)
        connection.execute("INSERT INTO parked VALUES (?, ?, ?, ?, 0, 0)", parked)
    return inside


@pytest.mark.parametrize("output", ["table", "plain", "json", "jsonl", "csv"])
def test_no_control_character_reaches_a_terminal(evil: Inside, output: str):
    separators = str.maketrans("", "", {"plain": "\t", "csv": "\r\t"}.get(output, ""))
    for command in COMMANDS:
        answer = evil(*command, "-o", output)
        shown = answer.raw.decode().translate(separators)
        if command == ["doctor"]:
            shown = shown.replace("\t", "")
        assert answer.code == CODES.get(" ".join(command), 0), (command, answer)
        assert not OBEYED.search(shown), (command, shown)
        assert not OBEYED.search(answer.err), (command, answer.err)
        assert "Traceback" not in answer.err


def test_json_has_every_character_escaped(evil: Inside):
    names = [plane["name"] for plane in evil.json("planes")]
    assert names[:3] == [EVIL, EVIL, EVIL]
    assert evil.json("my-page", "--all")[0]["customer"] == EVIL
    events = [json.loads(line) for line in evil("events", "-o", "jsonl").raw.decode().splitlines()]
    assert [event["position"] for event in events] == list(range(1, len(events) + 1))


def test_the_daemon_goes_on(evil: Inside):
    answer = evil("daemon", "--until-idle")
    assert (answer.code, "Traceback" in answer.err) == (0, False)
    assert not OBEYED.search(answer.err)
    evil("reserve", "2", "--customer", "lee")
    evil("daemon", "--until-idle")
    assert evil.json("my-page", "--customer", "lee")[0]["status"] == "approved"


@pytest.mark.parametrize(
    "number", [2**63, 2**64, 10**400, -1, 0], ids=lambda number: str(number)[:9]
)
def test_numbers_that_no_database_can_hold(inside: Inside, number: int):
    inside("admin", "add-plane", "--seats", "5")
    request = f'{{"airplane":{number},"customer":"x"}}'
    store(inside, "reservation-1", 1, "ReservationRequested.v1", request)
    store(inside, "airplane-1", 2, "SeatsChanged.v1", f'{{"seats":{number}}}')
    store(inside, "airplane-2", 1, "AirplaneCreated.v1", '{"seats":5}')
    assert inside("daemon", "--until-idle").code == 0
    assert [plane["id"] for plane in inside.json("planes")] == [1, 2]
    assert inside("my-page", "--all").code == 0
