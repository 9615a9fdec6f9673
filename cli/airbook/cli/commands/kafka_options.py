"""The options that the commands for Kafka share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.util import find_spec
from typing import Annotated, Any

import typer

from airbook.application.text.labels import mark
from airbook.cli.output.errors import NotInstalled

ADDRESSES = ("kafka://localhost:9092/",)
SETTINGS = (
    *("security.protocol=SASL_SSL", "security.protocol=SSL", "sasl.mechanism=SCRAM-SHA-512"),
    *("compression.type=lz4", "sasl.username=", "ssl.ca.location="),
)


def complete_addresses(incomplete: str) -> Iterator[str]:
    """List beginnings of addresses."""
    return (one for one in ADDRESSES if one.startswith(incomplete))


def complete_settings(incomplete: str) -> Iterator[str]:
    """List settings of the Kafka client that are often needed."""
    return (one for one in SETTINGS if one.startswith(incomplete))


def address_option(spelling: str, parser: Callable[[str], object]) -> Any:  # noqa: ANN401 -- what typer.Option returns
    """Return the option for the address of a topic."""
    return typer.Option(
        spelling,
        parser=parser,
        metavar="ADDRESS",
        autocompletion=complete_addresses,
        help=mark("The topic: kafka://HOST:PORT/TOPIC."),
    )


Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME=VALUE",
        autocompletion=complete_settings,
        help=mark("A setting of the Kafka client, such as security.protocol=SASL_SSL."),
    ),
]


def require_kafka() -> None:
    """Check that the extra for Kafka is installed. Raises NotInstalled."""
    if find_spec("confluent_kafka") is None:
        raise NotInstalled("kafka")
