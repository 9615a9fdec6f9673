"""Accounts and encryption: the second listener of Apache Kafka demands both."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.messaging.taking_in import customers, request
from tests.support import apache_kafka
from tests.support.apache_kafka import ACCOUNT, PASSWORD, ApacheKafka
from tests.support.certificates import create_authority
from tests.support.home import Home

VARIABLE = "AIRBOOK_KAFKA_SASL_PASSWORD"
BEGINNING = "The connection to the Kafka broker at {} is refused: "


@pytest.fixture(scope="module")
def kafka() -> Iterator[ApacheKafka]:
    """Run Apache Kafka."""
    with apache_kafka.running() as broker:
        yield broker


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Return a home with an airplane, and with the right password in the environment."""
    home = Home(tmp_path)
    home.environment[VARIABLE] = PASSWORD
    home.json("admin", "add-plane", "--seats", "2")
    return home


def settings(authority: Path, mechanism: str = "SCRAM-SHA-512") -> list[str]:
    """Return the options of a client. authority: the certificate that it trusts."""
    chosen = {
        "security.protocol": "SASL_SSL",
        "sasl.mechanism": mechanism,
        "sasl.username": ACCOUNT,
        "ssl.ca.location": str(authority),
    }
    return [word for name, value in chosen.items() for word in ("--set", f"{name}={value}")]


@pytest.mark.parametrize("mechanism", ["SCRAM-SHA-512", "PLAIN"])
def test_an_account_relays_and_takes_in(kafka: ApacheKafka, home: Home, mechanism: str) -> None:
    topic, secured = kafka.create_topic(), settings(kafka.authority, mechanism)
    kafka.create(f"{topic}.dead-letters", 1)
    address = f"kafka://{kafka.secured}/{topic}"
    with home.running("relay", "--to", address, *secured) as relay:
        assert relay.wait_for_log("relayed")["position"] == 1
        assert relay.stop().code == 0
    kafka.send(topic, request("kim"))
    with home.running("intake", "--from", address, "--group", mechanism, *secured) as intake:
        taken = intake.wait_for_log("taken_in")
        assert intake.stop().code == 0
    assert {name: taken[name] for name in ("executed", "rejected")} == {
        "executed": 1,
        "rejected": 0,
    }
    assert customers(home) == ["kim"]


@pytest.mark.parametrize("command", ["relay --to", "relay --once --to", "intake --from"])
def test_a_wrong_password_ends_a_process(kafka: ApacheKafka, home: Home, command: str) -> None:
    home.environment[VARIABLE] = "another word"
    address = f"kafka://{kafka.secured}/{kafka.create_topic()}"
    answer = home(*command.split(), address, *settings(kafka.authority))
    *_, sentence, hint = answer.err.splitlines()
    assert (answer.code, sentence.partition(": ")[0] + ": ", hint) == (
        7,
        BEGINNING.format(kafka.secured),
        "hint: airbook relay --help",
    )
    assert "invalid credentials" in sentence
    assert PASSWORD not in answer.err


@pytest.mark.parametrize("command", ["relay --to", "relay --once --to", "intake --from"])
def test_a_certificate_that_is_not_trusted_ends_a_process(
    kafka: ApacheKafka, home: Home, command: str
) -> None:
    address = f"kafka://{kafka.secured}/{kafka.create_topic()}"
    other = create_authority(home.folder, "other")
    answer = home(*command.split(), address, *settings(other))
    *_, sentence, _ = answer.err.splitlines()
    assert (answer.code, sentence.startswith(BEGINNING.format(kafka.secured))) == (7, True)
    assert "certificate verify failed" in sentence


def test_an_account_is_waited_for_while_its_broker_is_away(kafka: ApacheKafka, home: Home) -> None:
    address = f"kafka://{kafka.secured}/{kafka.create_topic()}"
    kafka.kill()
    with home.running("relay", "--to", address, *settings(kafka.authority)) as relay:
        relay.wait_for_log("broker_unreachable")
        kafka.start()
        relay.wait_for_log("relayed")
        assert relay.stop().code == 0
