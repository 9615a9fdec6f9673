"""The limit of requests: so many a second, and a second of them at once."""

from __future__ import annotations

from contextlib import suppress

import pytest
from litestar.exceptions import TooManyRequestsException

from airbook.gateway.rate_limit import MAX_SENDERS, RateLimit


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def admitted(limit: RateLimit, sender: str, requests: int) -> int:
    """Send requests; returns how many were admitted."""
    count = 0
    for _ in range(requests):
        with suppress(TooManyRequestsException):
            limit.admit(sender)
            count += 1
    return count


def test_a_second_of_requests_comes_at_once_and_then_one_by_one():
    clock = Clock()
    limit = RateLimit(10, clock)
    assert admitted(limit, "kim", 30) == 10
    assert admitted(limit, "lee", 30) == 10
    clock.now += 0.35
    assert admitted(limit, "kim", 30) == 3
    clock.now += 60
    assert admitted(limit, "kim", 30) == 10


def test_less_than_one_a_second():
    clock = Clock()
    limit = RateLimit(0.1, clock)
    assert admitted(limit, "kim", 3) == 1
    with pytest.raises(TooManyRequestsException) as raised:
        limit.admit("kim")
    assert raised.value.headers == {"Retry-After": "10"}
    clock.now += 10
    assert admitted(limit, "kim", 3) == 1


def test_without_a_limit_all_are_admitted():
    assert admitted(RateLimit(0, Clock()), "kim", 1_000) == 1_000


def test_senders_of_long_ago_are_forgotten():
    clock = Clock()
    limit = RateLimit(1, clock)
    for number in range(MAX_SENDERS):
        limit.admit(str(number))
    clock.now += 60
    limit.admit("kim")
    assert len(limit._due) == 1  # pyright: ignore[reportPrivateUsage]
