"""Executing the commands of some messages in one commit, and burying those that were refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from confluent_kafka import Message as Received

from airbook.application.airbook import Airbook
from airbook.application.commands import CommandResult, Order
from airbook.domain.refusal import Refused
from airbook.eventlog.log import UnreadableStream
from airbook.eventlog.records import Receipt
from airbook.messaging.commands import Rejection, order_of
from airbook.messaging.formats import Headers, Message

Outcome = Receipt | Rejection | None  # None: the message is an event, and no command
WORDS = ("executed", "repeated", "rejected", "events")  # of outcomes


def execute(
    airbook: Airbook, messages: Sequence[Received], customer: str, topic_id: str
) -> Sequence[Outcome]:
    """Execute the commands in messages; returns the outcome of each message, in order.

    See `order_of` for customer and topic_id. Raises StoreError.
    """
    found = [order_of(message, customer, topic_id) for message in messages]
    results = iter(execute_all(airbook, [one for one in found if isinstance(one, Order)]))
    return [next(results) if isinstance(one, Order) else one for one in found]


def execute_all(airbook: Airbook, orders: Sequence[Order]) -> Sequence[Receipt | Rejection]:
    """Execute commands in one commit, or one by one if a stream cannot be read."""
    try:
        results = airbook.execute_all(orders) if orders else ()
    except UnreadableStream as error:
        if len(orders) == 1:
            return [Rejection("unreadable_event", str(error))]
        return [result for order in orders for result in execute_all(airbook, [order])]
    return [settled(one) for one in results]


def settled(result: CommandResult) -> Receipt | Rejection:
    """Return the outcome of a command. Raises StoreError: the message is then read again."""
    match result:
        case Receipt():
            return result
        case Refused():
            return Rejection(result.code, str(result))
        case UnreadableStream():
            return Rejection("unreadable_event", str(result))
        case _:
            raise result


def count(outcomes: Sequence[Outcome]) -> Mapping[str, int]:
    """Return how many messages had each outcome, by its word."""
    return Counter(map(word_of, outcomes))


def word_of(outcome: Outcome) -> str:
    """Return what was done with a message: repeated means that it was executed before."""
    match outcome:
        case Receipt(repeated=True):
            return "repeated"
        case Receipt():
            return "executed"
        case Rejection():
            return "rejected"
        case _:
            return "events"


# Bytes of a dead letter without its reason: a client sends at most 1,000,000.
LONGEST = 900_000


def dead_letters(messages: Sequence[Received], outcomes: Sequence[Outcome]) -> Sequence[Message]:
    """Return the dead letters of messages that were not executed."""
    return list(letters(messages, outcomes))


def letters(messages: Sequence[Received], outcomes: Sequence[Outcome]) -> Iterator[Message]:
    """Yield each rejected message as it came, with the reason and its place in more headers."""
    for message, outcome in zip(messages, outcomes, strict=True):
        if isinstance(outcome, Rejection):
            place = f"{message.topic()}/{message.partition()}/{message.offset()}"
            reasons = (
                ("airbook-reason", outcome.code.encode()),
                ("airbook-error", outcome.sentence.encode("utf-8", "replace")),
                ("airbook-from", place.encode()),
            )
            came = cast("Headers", message.headers() or ())
            yield shortened(Message(message.key(), message.value(), came), reasons)


def shortened(message: Message, reasons: Headers) -> Message:
    """Return a message with more headers; cut, where the client itself would refuse it."""
    headers = message.headers if size_of(message.headers) <= LONGEST else ()
    room = LONGEST - size_of(headers)
    key = message.key if len(message.key or b"") <= room else None
    room -= len(key or b"")
    return Message(key, message.value and message.value[:room], (*headers, *reasons))


def size_of(headers: Headers) -> int:
    """Return the bytes of headers; each also has two lengths of at most five bytes."""
    return sum(len(name.encode()) + len(value or b"") + 10 for name, value in headers)
