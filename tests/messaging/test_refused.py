"""Which errors of the Kafka client end a process, and that they are what is reported."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from confluent_kafka import KafkaError

from airbook.application.text.labels import Labels
from airbook.cli.output.errors import describe_error
from airbook.messaging.address import Address
from airbook.messaging.client import ConnectionTrouble, broker_error
from airbook.messaging.error_codes import ALL_DOWN, TIMED_OUT
from airbook.messaging.refusals import Refusals
from tests.support.certificates import certify, create_authority
from tests.support.home import Home
from tests.support.ports import reserved_port

PLACE = Address("kafka:9093", "airbook")
UNTRUSTED = KafkaError._SSL
MISSING = KafkaError.UNKNOWN_TOPIC_OR_PART
DENIED = KafkaError.GROUP_AUTHORIZATION_FAILED
WRONG = KafkaError.SASL_AUTHENTICATION_FAILED


@pytest.mark.parametrize(
    ("code", "expected", "passing"),
    [
        (WRONG, "broker_refused", False),
        (UNTRUSTED, "broker_refused", False),
        (DENIED, "access_denied", True),
        (MISSING, "topic_missing", True),
        (ALL_DOWN, "broker_unreachable", True),
    ],
)
def test_only_a_refusal_ends_a_process(code: int, expected: str, passing: bool) -> None:
    error = broker_error(KafkaError(code), PLACE, Refusals())
    assert (error.code, error.passing) == (expected, passing)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        (
            "en",
            (
                "The Kafka broker at kafka:9093 does not let this account use the topic airbook or"
                " the group: Broker: Group authorization failed"
            ),
        ),
        (
            "ko",
            (
                "Kafka 브로커 kafka:9093: 이 계정에는 토픽 airbook 또는 그룹을 사용할 권한이"
                " 없습니다: Broker: Group authorization failed"
            ),
        ),
    ],
)
def test_an_account_may_lack_a_right_to_the_topic_or_to_the_group(
    language: str, sentence: str
) -> None:
    error = broker_error(KafkaError(DENIED), PLACE, Refusals())
    report = describe_error(error, ("intake",))
    assert (Labels(language)(report.sentence, report.values), report.hint) == (
        sentence,
        "kafka-acls.sh --bootstrap-server kafka:9093 --list",
    )


@pytest.mark.parametrize(
    ("reported", "kept"),
    [
        ([WRONG, ALL_DOWN], WRONG),  # its only connection was closed, because it was refused
        ([ALL_DOWN, WRONG], WRONG),
        ([WRONG, UNTRUSTED], UNTRUSTED),
        ([TIMED_OUT], None),  # the client goes on by itself
    ],
)
def test_a_refusal_is_not_hidden_by_what_follows_from_it(
    reported: list[int], kept: int | None
) -> None:
    trouble = ConnectionTrouble(Refusals())
    for code in reported:
        trouble.report(KafkaError(code))
    assert (trouble.error and trouble.error.code()) == kept
    assert trouble.is_refusal() == (kept is not None)


@pytest.fixture
def listener(tmp_path: Path) -> Iterator[str]:
    """Run a server of TLS, whose clients do not get as far as the protocol of Kafka."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    certify(tmp_path)
    with reserved_port() as port:
        words = ("-accept", f"127.0.0.1:{port}", "-cert", tmp_path / "server.pem", "-www")
        process = subprocess.Popen(
            ("openssl", "s_server", *words),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        with process:
            yield f"127.0.0.1:{port}"
            process.kill()


@pytest.mark.parametrize("command", ["relay --to", "relay --once --to", "intake --from"])
def test_a_certificate_that_is_not_trusted_ends_a_process(
    tmp_path: Path, listener: str, command: str
) -> None:
    home, other = Home(tmp_path), create_authority(tmp_path, "other")
    home.json("admin", "add-plane", "--seats", "2")
    chosen = ("security.protocol=SSL", f"ssl.ca.location={other}")
    settings = [word for one in chosen for word in ("--set", one)]
    answer = home(*command.split(), f"kafka://{listener}/airbook", *settings)
    *_, sentence, hint = answer.err.splitlines()
    beginning = f"The connection to the Kafka broker at {listener} is refused: "
    assert (answer.code, sentence.startswith(beginning), hint) == (
        7,
        True,
        "hint: airbook relay --help",
    )
    assert "certificate verify failed" in sentence
