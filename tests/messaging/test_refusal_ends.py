"""A refused connection: a process that has worked waits for its end, for a minute."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest
from confluent_kafka import KafkaError

from airbook.messaging.address import Address
from airbook.messaging.client import ConnectionTrouble, broker_error
from airbook.messaging.error_codes import ALL_DOWN
from airbook.messaging.refusals import REFUSAL_SECONDS, Refusals
from tests.daemon.clock import Clock
from tests.messaging.sent import each_once_or_more_in_order
from tests.messaging.taking_in import customers, request
from tests.support.certificates import certify
from tests.support.home import Home
from tests.support.tls_broker import TlsBroker
from tests.support.waiting import until

REFUSED = KafkaError._AUTHENTICATION


class Told:
    """What is made of the refusals of one user of brokers, on a clock of the test."""

    def __init__(self) -> None:
        self._clock = Clock()
        self.refusals = Refusals(self._clock.monotonic)

    def is_passing(self, *, after: float = 0.0) -> bool:
        """Return whether a refusal that comes after some seconds may end by itself."""
        self._clock.seconds += after
        error = broker_error(
            KafkaError(REFUSED),
            Address("kafka:9093", "airbook"),
            self.refusals,
        )
        assert error.code == "broker_refused"
        return error.passing


def test_a_refusal_is_final_before_any_broker_has_answered() -> None:
    told = Told()
    assert not told.is_passing()


def test_a_refusal_is_final_once_it_has_lasted_a_minute() -> None:
    told = Told()
    told.refusals.end()
    refused = [told.is_passing(after=seconds) for seconds in (600.0, REFUSAL_SECONDS / 2, 29.0)]
    assert (refused, told.is_passing(after=1.0)) == ([True] * 3, False)


def test_an_answer_ends_a_refusal() -> None:
    told = Told()
    told.refusals.end()
    refused = list[bool]()
    for _ in range(4):
        refused += [told.is_passing(), told.is_passing(after=REFUSAL_SECONDS - 1)]
        told.refusals.end()
    assert refused == [True] * 8


@pytest.mark.parametrize(("is_answered", "kept"), [(True, ALL_DOWN), (False, REFUSED)])
def test_a_broker_that_is_away_refuses_nothing(is_answered: bool, kept: int) -> None:
    told = Told()
    trouble = ConnectionTrouble(told.refusals)
    if is_answered:
        told.refusals.end()
    for code in (REFUSED, KafkaError._TRANSPORT, ALL_DOWN):
        trouble.report(KafkaError(code))
    assert trouble.error is not None
    assert trouble.error.code() == kept


class Certificates(NamedTuple):
    """The files of a listener. authority: of the trusted one."""

    authority: Path
    trusted: Path
    other: Path


@pytest.fixture
def certificates(tmp_path: Path) -> Certificates:
    """Create two certificates of different authorities; clients trust one of them."""
    trusted, other = tmp_path / "trusted", tmp_path / "other"
    trusted.mkdir()
    other.mkdir()
    certify(other)
    return Certificates(certify(trusted), trusted / "server.pem", other / "server.pem")


@pytest.fixture
def broker(certificates: Certificates) -> Iterator[TlsBroker]:
    """Run a broker that shows the trusted certificate."""
    with closing(TlsBroker(certificates.trusted, certificates.authority)) as broker:
        broker.start()
        yield broker


@pytest.fixture
def home(tmp_path: Path, certificates: Certificates) -> Home:
    """Return a home with an airplane, which trusts the certificate."""
    home = Home(tmp_path)
    home.environment["AIRBOOK_KAFKA_SECURITY_PROTOCOL"] = "SSL"
    home.environment["AIRBOOK_KAFKA_SSL_CA_LOCATION"] = str(certificates.authority)
    home.json("admin", "add-plane", "--seats", "2")
    return home


def test_a_relay_that_has_sent_outlasts_a_refusal(
    home: Home, broker: TlsBroker, certificates: Certificates
) -> None:
    topic = broker.create_topic(1)
    with home.running("relay", "--to", broker.address(topic)) as relay:
        relay.wait_for_log("relayed")
        broker.show(certificates.other)
        home.json("reserve", "1", "--customer", "kim")
        assert relay.wait_for_log("broker_refused")["level"] == "warning"
        broker.show(certificates.trusted)
        assert relay.wait_for_log("recovered")["trouble"] == "broker_refused"
        assert relay.stop().code == 0
    each_once_or_more_in_order(home, broker, topic)


def test_an_intake_that_was_answered_outlasts_a_refusal(
    home: Home, broker: TlsBroker, certificates: Certificates
) -> None:
    topic = broker.create_topic(1)
    broker.create(f"{topic}.dead-letters", 1)
    with home.running("intake", "--from", broker.address(topic)) as intake:
        intake.wait_for_log("ready")
        broker.show(certificates.other)
        assert intake.wait_for_log("broker_refused")["level"] == "warning"
        broker.show(certificates.trusted)
        broker.send(topic, request("kim"))
        until(lambda: customers(home) == ["kim"], "the request")
        assert intake.stop().code == 0
