"""The relay among faults: killed, doubled, without its broker, on a log that was replaced."""

from __future__ import annotations

import json
import random
import shutil
import signal
import time

import pytest

from airbook.application.commands import Order, Reserve
from airbook.domain.airplane import CreateAirplane
from tests.messaging.relaying import relaying_while_killed
from tests.messaging.sent import each_once_or_more_in_order
from tests.support.answers import refused
from tests.support.home import Home
from tests.support.kafka_broker import Broker, OwnBroker
from tests.support.stores import open_log
from tests.support.waiting import until


def add_airplane(home: Home) -> None:
    with home.airbook() as airbook:
        airbook.execute(CreateAirplane(9))


def reserve(home: Home, times: int = 1) -> None:
    with home.airbook() as airbook:
        airbook.execute_all([Order(Reserve(1, "kim"))] * times)


def reached(home: Home) -> int:
    """Return the checkpoint of the only relay."""
    with open_log(home.kept) as log:
        return sum(log.registry.checkpoints().values())


def test_no_event_is_lost_while_relays_are_killed(home: Home, broker: Broker, topic: str) -> None:
    relaying_while_killed(home, broker, topic, kills=3, seed=random.randrange(1_000_000))


def test_a_relay_stands_by_and_takes_over(home: Home, broker: Broker, topic: str) -> None:
    add_airplane(home)
    words = ("relay", "--to", broker.address(topic))
    with home.running(*words) as first:
        until(lambda: reached(home) == 1, "the first relay to send")
        with home.running(*words) as second:
            second.wait_for_log("standing_by")
            first.kill()
            assert second.wait_for_log("ready")["position"] == 1
            reserve(home)
            until(lambda: reached(home) == 2, "the second relay to send")
            assert second.stop().code == 0
    assert each_once_or_more_in_order(home, broker, topic) == 0


def test_a_relay_is_no_daemon(home: Home, broker: Broker, topic: str) -> None:
    add_airplane(home)
    with home.running("relay", "--to", broker.address(topic)) as relay:
        relay.wait_for_log("ready")
        assert home.json("status")["daemon"] == {"running": False, "heartbeat_age_seconds": None}
        relay.send_signal(signal.SIGINT)
        assert relay.end().code == 0


@pytest.fixture
def restored(tmp_path: object, home: Home, broker: Broker, topic: str) -> Home:
    """Return a home whose events were sent, and whose log was then replaced by an older backup."""
    add_airplane(home)
    if home.url is not None:
        pytest.skip("a file is replaced")
    relay_once(home, broker, topic)
    shutil.copy(home.store, home.folder / "backup.db")
    reserve(home, 3)
    relay_once(home, broker, topic)
    return home


def relay_once(home: Home, broker: Broker, topic: str, *more: str) -> None:
    answer = home("relay", "--to", broker.address(topic), "--once", *more)
    assert answer.code == 0, answer


def sentence(broker: Broker, topic: str, position: int = 4, begin: int = 2) -> str:
    return (
        f"The topic {topic} at {broker.server} holds event {position} of another log: this one was"
        f" replaced, perhaps by an older backup. With --from {begin} it is sent all the same."
    )


def restore(home: Home) -> None:
    (home.folder / "backup.db").replace(home.store)


def test_a_relay_on_an_older_backup_stops(restored: Home, broker: Broker, topic: str) -> None:
    restore(restored)
    reserve(restored, 5)
    answer = restored("relay", "--to", broker.address(topic), "--once")
    assert (answer.code, refused(answer)) == (
        1,
        [sentence(broker, topic), "hint: airbook relay --help"],
    )
    relay_once(restored, broker, topic, "--from", "2")
    relay_once(restored, broker, topic)
    assert reached(restored) == 6


def test_a_running_relay_notices_that_its_log_is_an_older_one(
    restored: Home, broker: Broker, topic: str
) -> None:
    with restored.running("relay", "--to", broker.address(topic)) as relay:
        relay.wait_for_log("ready")
        restore(restored)
        relay.wait_for_log("store_gone")
        answer = relay.end()
    assert (answer.code, answer.err.splitlines()[-2]) == (
        1,
        sentence(broker, topic),
    )


def test_a_position_that_no_log_can_have_is_of_another_log(
    home: Home, broker: Broker, topic: str
) -> None:
    add_airplane(home)
    broker.send(topic, "{}", airbook_log=f"{2**63} aa")
    answer = home("relay", "--to", broker.address(topic), "--once")
    assert (answer.code, refused(answer)) == (
        1,
        [sentence(broker, topic, 2**63, 1), "hint: airbook relay --help"],
    )


def test_a_relay_waits_for_its_broker_and_says_it_once(home: Home, mortal: OwnBroker) -> None:
    add_airplane(home)
    with home.running("relay", "--to", mortal.address("late")) as relay:
        told = relay.wait_for_log("broker_unreachable")
        assert (told["broker"], told["level"]) == (mortal.server, "warning")
        mortal.start()
        relay.wait_for_log("ready")
        until(lambda: reached(home) == 1, "the first event to be sent")
        mortal.kill()
        reserve(home)
        relay.wait_for_log("broker_unreachable")
        time.sleep(1)
        mortal.start()
        until(lambda: reached(home) == 2, "the second event to be sent")
        relay.wait_for_log("recovered")
        answer = relay.stop()
    events = [json.loads(line)["event"] for line in answer.err.splitlines()]
    # Once for each outage; on a busy machine, a new broker may be slow to answer once more.
    unreachable = events.count("broker_unreachable")
    assert (answer.code, events.count("recovered")) == (0, unreachable)
    assert [one.split(",")[0] for one in mortal.values("late")] == ['{"position":2']


def test_a_relay_that_ends_by_itself_reports_the_broker(home: Home) -> None:
    add_airplane(home)
    answer = home("relay", "--to", "kafka://127.0.0.1:1/airbook", "--once")
    sentence, hint = refused(answer)
    assert (answer.code, sentence.partition(": ")[0], hint) == (
        7,
        "No Kafka broker answers at 127.0.0.1:1",
        "hint: kafka-broker-api-versions.sh --bootstrap-server 127.0.0.1:1",
    )


def test_a_relay_waits_for_its_store(home: Home, broker: Broker, topic: str) -> None:
    if home.url is not None:
        pytest.skip("the database has its tables already")
    with home.running("relay", "--to", broker.address(topic)) as relay:
        relay.wait_for_log("store_missing")
        add_airplane(home)
        relay.wait_for_log("ready")
        until(lambda: reached(home) == 1, "the event to be sent")
        assert relay.stop().code == 0
