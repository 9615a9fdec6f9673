"""The intake: what a message asks for is done once; what cannot be done is a dead letter."""

from __future__ import annotations

import json
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest

from airbook.domain.airplane import CreateAirplane
from tests.support.home import Home
from tests.support.kafka_broker import Broker
from tests.support.running import Process
from tests.support.stores import open_log
from tests.support.waiting import until

REQUEST = '{"eventType":"ReservationRequested","timestamp":1708489208869,"airPlaneId":1}'
DEEP = "[" * 100_000


@contextmanager
def intake(home: Home, broker: Broker, topic: str, *more: str) -> Generator[Process]:
    """Run an intake in a group of its own; it must end with exit code 0 when it is asked to."""
    words = ("intake", "--from", broker.address(topic), "--group", f"g-{uuid4().hex}")
    with home.running(*words, *more) as process:
        process.wait_for_log("ready")
        yield process
        answer = process.stop()
        assert (answer.code, answer.out) == (0, ""), answer


def add_airplane(home: Home) -> None:
    with home.airbook() as airbook:
        airbook.execute(CreateAirplane(9))


def requested(home: Home) -> list[dict[str, Any]]:
    """List the reservations by their events, with the names of customers and actors."""
    events = home.json("events")
    with open_log(home.kept) as log:
        names = {one.id: one.name for one in log.registry.customers("", 100)}
    return [
        {
            "type": one["type"],
            "by": one["by"],
            **{name: names.get(value, value) for name, value in one["data"].items()},
        }
        for one in events
        if one["stream"].startswith("reservation")
    ]


def count(home: Home, *, until_there_are: int) -> None:
    with open_log(home.kept) as log:
        until(lambda: log.head() >= until_there_are, f"{until_there_are} events")


def test_requests_and_cancellations_are_executed(home: Home, broker: Broker, topics: str) -> None:
    add_airplane(home)
    broker.send(topics, REQUEST)
    broker.send(topics, '{"eventType":"ReservationRequested","airPlaneId":"1","customer":"김"}')
    with intake(home, broker, topics, "--customer", "guest"):
        count(home, until_there_are=3)
        broker.send(topics, '{"eventType":"ReservationCancelled","reservId":2}')
        count(home, until_there_are=4)
    assert requested(home) == [
        {"type": "ReservationRequested", "by": "me", "airplane": 1, "customer": "guest"},
        {"type": "ReservationRequested", "by": "me", "airplane": 1, "customer": "김"},
        {"type": "ReservationCancelled", "by": "me", "airplane": 1, "seat": None},
    ]
    assert broker.values(f"{topics}.dead-letters") == []


def test_each_message_counts_once_whichever_group_reads_it(
    home: Home, broker: Broker, topics: str
) -> None:
    add_airplane(home)
    broker.send(topics, *[REQUEST] * 3)
    for _ in range(2):
        with intake(home, broker, topics) as process:
            taken = process.wait_for_log("taken_in")
            assert taken["executed"] + taken["repeated"] == 3
    assert len(requested(home)) == 3


def test_a_key_of_its_own_tells_a_message_that_was_sent_twice(
    home: Home, broker: Broker, topics: str
) -> None:
    add_airplane(home)
    broker.send(topics, REQUEST, idempotency_key="order-1")
    broker.send(topics, REQUEST, idempotency_key="order-1")
    broker.send(topics, REQUEST, idempotency_key="order-2")
    broker.send(topics, REQUEST.replace("1}", "7}"), idempotency_key="order-2")
    with intake(home, broker, topics):
        until(lambda: broker.values(f"{topics}.dead-letters"), "the dead letter")
    assert len(requested(home)) == 2
    (dead,) = broker.read(f"{topics}.dead-letters")
    assert (dead.headers["airbook-reason"], dead.headers["idempotency-key"]) == (
        "key_reused",
        "order-2",
    )


def test_what_cannot_be_executed_is_a_dead_letter_and_the_rest_goes_on(
    home: Home, broker: Broker, topics: str
) -> None:
    add_airplane(home)
    bad: Sequence[tuple[str | bytes, str]] = (
        ("", "unreadable"),
        ("no JSON", "unreadable"),
        (b"\xff\xfe", "unreadable"),
        ("{}", "unreadable"),
        ('{"eventType":"SeatsPlease","airPlaneId":1}', "unreadable"),
        ('{"eventType":"ReservationRequested"}', "unreadable"),
        ('{"eventType":"ReservationRequested","airPlaneId":0}', "unreadable"),
        ('{"eventType":"ReservationRequested","airPlaneId":1e99}', "unreadable"),
        ('{"eventType":"ReservationRequested","airPlaneId":"１"}', "unreadable"),
        ('{"eventType":"ReservationRequested","airPlaneId":1,"customer":"\\u202e"}', "unreadable"),
        (f'{{"eventType":"ReservationCancelled","reservId":1,"x":"{"x" * 20_000}"}}', "too_long"),
        (DEEP[:16_000], "unreadable"),
        (DEEP, "too_long"),
        ('{"eventType":"ReservationCancelled","reservId":99}', "no_such_reservation"),
    )
    broker.send(topics, *(message for message, _ in bad), REQUEST)
    with intake(home, broker, topics):
        count(home, until_there_are=2)
        until(lambda: len(broker.values(f"{topics}.dead-letters")) == len(bad), "dead letters")
    dead = broker.read(f"{topics}.dead-letters")
    assert [one.headers["airbook-reason"] for one in dead] == [reason for _, reason in bad]
    assert [one.value for one in dead if one.headers["airbook-reason"] == "too_long"][1] == DEEP
    assert (dead[-1].key, dead[-1].headers["airbook-error"]) == (
        "1",
        "There is no reservation 99.",
    )
    assert dead[0].headers["airbook-from"].startswith(f"{topics}/")
    assert [one["type"] for one in requested(home)] == ["ReservationRequested"]


@pytest.mark.parametrize(("long", "kept"), [(950_000, 850_085), (100_000, 85)])
def test_a_dead_letter_is_cut_so_that_its_topic_takes_it(
    home: Home, broker: Broker, topics: str, long: int, kept: int
) -> None:
    add_airplane(home)
    header = "h" * (999_900 - long)  # a client sends at most 1,000,000 bytes, headers included
    broker.send(topics, "x" * long, note=header)
    broker.send(topics, REQUEST)
    with intake(home, broker, topics):
        count(home, until_there_are=2)
        until(lambda: broker.values(f"{topics}.dead-letters"), "the dead letter")
    (dead,) = broker.read(f"{topics}.dead-letters")
    assert (dead.key, dead.headers["note"] == header) == ("1", True)
    assert (dead.value, dead.headers["airbook-reason"]) == ("x" * kept, "too_long")


@pytest.mark.parametrize("form", ["seed", "native", "cloudevents"])
def test_events_on_the_same_topic_are_no_commands(
    home: Home, broker: Broker, topics: str, form: str
) -> None:
    add_airplane(home)
    to = ("--to", broker.address(topics), "--format", form, "--once")
    assert home("relay", *to).code == 0
    broker.send(topics, '{"eventType":"ReservationApproved","reservId":1}', REQUEST)
    with intake(home, broker, topics) as process:
        taken = process.wait_for_log("taken_in")
        until(lambda: len(requested(home)) == 1, "the request to be executed")
    assert {taken[word] for word in ("rejected", "repeated")} == {0}
    assert broker.values(f"{topics}.dead-letters") == []


def test_the_log_of_an_intake_is_json(home: Home, broker: Broker, topics: str) -> None:
    add_airplane(home)
    with intake(home, broker, topics, "--group", "airlines") as process:
        pass
    assert process.answer is not None
    lines = [json.loads(line) for line in process.answer.err.splitlines()]
    assert [(line["event"], line["level"]) for line in lines] == [
        ("ready", "info"),
        ("stopped", "info"),
    ]
    assert (lines[0]["from"], lines[0]["group"], lines[0]["dead_letter"]) == (
        broker.address(topics),
        "airlines",
        f"{topics}.dead-letters",
    )
