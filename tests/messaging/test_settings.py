"""The address of a topic, and the settings of the Kafka client: typed, in variables, in a file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from airbook.application.settings import load
from airbook.application.text.parsing import Mistyped
from airbook.cli.commands import kafka_options
from airbook.messaging.address import Address, address, settings_of
from tests.support.answers import refused
from tests.support.home import Home

TABLE = """
[kafka]
security.protocol = "SASL_SSL"
sasl.username = "file"
"ssl.ca.location" = "/etc/ca.pem"
"""


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("kafka://localhost:9092/airbook", Address("localhost:9092", "airbook")),
        ("kafka://a:1,b-2.c:65535/x.y_z-1", Address("a:1,b-2.c:65535", "x.y_z-1")),
        ("kafka://[::1]:9092/t", Address("[::1]:9092", "t")),
    ],
)
def test_an_address(word: str, found: Address) -> None:
    assert address(word) == found
    assert str(found) == word


@pytest.mark.parametrize(
    "word",
    [
        *("", "kafka://", "kafka://localhost/airbook", "kafka://localhost:9092", "http://a:1/b"),
        *("kafka://a:1/", "kafka://a:1/b/c", "kafka://a:1/b c", "kafka://a:1/b\n", "kafka://:1/b"),
    ],
)
def test_what_is_no_address(word: str) -> None:
    with pytest.raises(Mistyped, match="is not an address"):
        address(word)


def test_a_typed_setting_comes_before_a_variable_and_a_variable_before_the_file(
    tmp_path: Path,
) -> None:
    file = tmp_path / "airbook.toml"
    file.write_text(TABLE)
    variables = {"AIRBOOK_KAFKA_SASL_USERNAME": "variable", "AIRBOOK_KAFKA_SASL_PASSWORD": "pw"}
    known = load({"config": str(file)}, variables).kafka
    assert settings_of(["security.protocol=SSL"], known) == {
        "security.protocol": "SSL",
        "sasl.username": "variable",
        "sasl.password": "pw",
        "ssl.ca.location": "/etc/ca.pem",
    }


ACCOUNT = "AIRBOOK_KAFKA_SASL_USERNAME, AIRBOOK_KAFKA_SASL_PASSWORD"
REFUSED: Mapping[tuple[str, ...], tuple[str, str]] = {
    ("relay", "--to", "kafka://kim:pw@a:1/b"): (
        f"A Kafka address names no account: set {ACCOUNT} in the environment.",
        "hint: airbook relay --help",
    ),
    ("relay", "--to", "kafka://a:1/b", "--set", "sasl.password=pw"): (
        "Others can read a command line: set AIRBOOK_KAFKA_SASL_PASSWORD in the environment.",
        "hint: airbook relay --help",
    ),
    ("relay", "--to", "kafka://a:1/b", "--set", "acks=1"): (
        "The Kafka setting acks is airbook's own.",
        "hint: airbook config show --help",
    ),
    ("intake", "--from", "kafka://a:1/b", "--set", "acks"): (
        "'acks' is not a setting like NAME=VALUE.",
        "hint: airbook intake --help",
    ),
    ("intake", "--from", "kafka://a:1/b", "--set", "fast=yes"): (
        'The Kafka client does not accept its settings: No such configuration property: "fast"',
        "hint: airbook config show --help",
    ),
    ("intake", "--from", "kafka://a:1/b", "--dead-letter", "a/b"): (
        "'a/b' cannot be the name of a topic.",
        "hint: airbook intake --help",
    ),
}


@pytest.mark.parametrize("words", REFUSED, ids=lambda words: words[-1])
def test_what_is_refused(words: tuple[str, ...], tmp_path: Path) -> None:
    home = Home(tmp_path)
    answer = home(*words)
    assert (answer.code, tuple(refused(answer))) == (2, REFUSED[words])


def missing(_: str) -> None:
    """Find no package."""


def test_without_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kafka_options, "find_spec", missing)
    answer = Home(tmp_path).here("relay", "--to", "kafka://a:1/b")
    assert (answer.code, refused(answer)) == (
        1,
        [
            "Kafka needs packages that are not installed.",
            "hint: pip install 'airbook[kafka]'",
        ],
    )
