"""The relay: what stands on the topic, in each format, and where the next relay goes on."""

from __future__ import annotations

import json

import pytest

from airbook.domain.airplane import AirplaneCreated, SeatsChanged
from airbook.domain.reservation import ReservationRequested
from tests.support.answers import Answer
from tests.support.home import Home
from tests.support.kafka_broker import Broker, Kept
from tests.support.stores import open_log
from tests.support.stories import (
    FIVE_SEATS_SIX_CUSTOMERS,
    StoryEvent,
    at,
    of_airplane,
    of_reservation,
    record,
)
from tests.support.tampering import tamper

LATER = (
    *of_airplane(2, AirplaneCreated(seats=3)),
    *of_reservation(7, ReservationRequested(2, "customer 7")),
    *of_airplane(1, SeatsChanged(seats=6)),
)


@pytest.fixture
def story(home: Home) -> Home:
    tell(home, *FIVE_SEATS_SIX_CUSTOMERS)
    return home


def tell(home: Home, *story: StoryEvent) -> None:
    with open_log(home.kept) as log:
        record(log, *story)


def relay(home: Home, broker: Broker, topic: str, *more: str) -> Answer:
    """Send what the log holds; the relay must succeed."""
    answer = home("relay", "--to", broker.address(topic), "--once", *more)
    assert (answer.code, answer.out) == (0, ""), answer
    return answer


def positions(broker: Broker, topic: str) -> list[int]:
    return [json.loads(one)["position"] for one in broker.values(topic)]


def test_the_walkthrough_of_the_original_stands_on_the_topic(
    story: Home, broker: Broker, topic: str
) -> None:
    relay(story, broker, topic, "--format", "seed")
    kept = broker.read(topic)
    printed = story("events", "--format", "seed").raw.decode()
    assert "".join(f"{one.value}\n" for one in kept) == printed
    assert len(kept) == 18
    assert {(one.key, one.headers["content-type"]) for one in kept} == {
        ("1", "application/json; charset=UTF-8")
    }


def test_native_messages_are_the_events_as_they_are_listed(
    story: Home, broker: Broker, topic: str
) -> None:
    relay(story, broker, topic)
    listed = story("events", "-o", "jsonl").raw.decode().splitlines()
    assert broker.values(topic) == listed
    assert len(listed) == 18


def test_an_event_as_a_cloud_event(home: Home, broker: Broker, topic: str) -> None:
    tell(home, *FIVE_SEATS_SIX_CUSTOMERS[:2])
    relay(home, broker, topic, "--format", "cloudevents")
    with open_log(home.kept) as log:
        source, digest = f"urn:airbook:log:{log.identity}", log.digest_at(2)
    _, requested = broker.read(topic)
    assert json.loads(requested.value) == {
        "specversion": "1.0",
        "id": "2",
        "source": source,
        "type": "airbook.ReservationRequested",
        "time": at(2),
        "subject": "reservation-1",
        "datacontenttype": "application/json",
        "partitionkey": "1",
        "streamversion": 1,
        "data": {"airplane": 1, "customer": "customer 1"},
    }
    assert (requested.key, requested.headers) == (
        "1",
        {
            "airbook-log": f"2 {digest}",
            "content-type": "application/cloudevents+json; charset=UTF-8",
        },
    )


def test_an_actor_is_named_by_an_id_because_a_topic_forgets_nobody(
    home: Home, broker: Broker, topic: str
) -> None:
    home.json("admin", "add-plane", "--seats", "1")
    relay(home, broker, topic)
    (created,) = broker.values(topic)
    with open_log(home.kept) as log:
        (actor,) = log.registry.actors.all("", 10)
    assert (json.loads(created)["by"], actor[1]) == (actor[0], "me")


def test_a_relay_goes_on_where_the_last_one_ended(story: Home, broker: Broker, topic: str) -> None:
    relay(story, broker, topic)
    relay(story, broker, topic)
    tell(story, *LATER)
    relay(story, broker, topic)
    assert sorted(positions(broker, topic)) == list(range(1, 22))
    with open_log(story.kept) as log:
        assert log.registry.checkpoints() == {f"relay {broker.address(topic)}": 21}


def test_a_named_relay_goes_on_at_another_address(story: Home, broker: Broker, topic: str) -> None:
    relay(story, broker, topic, "--name", "bus")
    other = broker.create_topic()
    tell(story, *LATER)
    relay(story, broker, other, "--name", "bus")
    assert sorted(positions(broker, other)) == [19, 20, 21]


def test_events_are_sent_again_from_a_position_and_the_checkpoint_stays(
    story: Home, broker: Broker, topic: str
) -> None:
    relay(story, broker, topic)
    relay(story, broker, topic, "--from", "17")
    relay(story, broker, topic)
    assert positions(broker, topic) == [*range(1, 19), 17, 18]


def test_each_airplane_has_one_partition_and_keeps_its_order(
    home: Home, broker: Broker, topic: str
) -> None:
    airplanes, requests = range(1, 9), range(1, 65)
    tell(
        home,
        *(one for number in airplanes for one in of_airplane(number, AirplaneCreated(seats=9))),
        *(
            one
            for number in requests
            for one in of_reservation(number, ReservationRequested(number % 8 + 1, "customer 1"))
        ),
    )
    relay(home, broker, topic)
    kept = broker.read(topic)
    places = {one.key: one.partition for one in kept}
    assert {(one.key, one.partition) for one in kept} == set(places.items())
    assert {number: of_key(kept, str(number)) for number in airplanes} == {
        number: [number, *(8 + one for one in requests if one % 8 + 1 == number)]
        for number in airplanes
    }
    assert len(set(places.values())) > 1


def of_key(kept: list[Kept], key: str) -> list[int]:
    return [json.loads(one.value)["position"] for one in kept if one.key == key]


def test_an_unreadable_event_is_sent_with_the_airplane_of_its_reservation(
    home: Home, broker: Broker, topic: str
) -> None:
    tell(home, *FIVE_SEATS_SIX_CUSTOMERS)
    tamper(home.kept, "UPDATE stored_events SET topic = 'Strange.v9' WHERE {position} = 9")
    relay(home, broker, topic)
    sent = [(one.key, json.loads(one.value)["type"]) for one in broker.read(topic)]
    assert sent[8] == ("1", "Strange")
