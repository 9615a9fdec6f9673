"""Moments of the past: the words for them, the time that each means, and its log position."""

from __future__ import annotations

import time as clock
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airbook.application.as_of import (
    Moment,
    format_local,
    format_moment,
    parse_moment,
    position_at,
    time_at,
)
from airbook.application.text.parsing import Mistyped
from airbook.domain.refusal import Refused
from airbook.eventlog.log import Log
from tests.support.stories import FIVE_SEATS_SIX_CUSTOMERS, NINE, record

HEAD = len(FIVE_SEATS_SIX_CUSTOMERS)
NOW = datetime(2026, 11, 22, 14, 53, 30, 250_000, tzinfo=UTC)
ZONES = ("UTC", "Asia/Seoul", "America/New_York", "Pacific/Kiritimati", "Foo/Bar", "<X>-24:59:59")
PIECES = (
    *("today", "yesterday", "오늘", "어제", "now", "지금", " ", "  ", "-", "+", ":", ".", "T", "Z"),
    *("0", "9", "24", "59", "99", "999999", "1h30m", "500ms", "0.001", "d", "h", "m", "s", "ms"),
    *("2026-11-22", "0001-01-01", "9999-12-31", "09:00", "23:59:59.999999", "+25:00", "-23:59"),
    *("W47", "２", "٣", "\udcff", "\x00", "\n", "e\u0301", "\u202e"),
)
WORDS = st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=5).map("".join))


@contextmanager
def zone(name: str) -> Generator[None]:
    """Set the local time zone for the duration of a block."""
    try:
        with mock.patch.dict("os.environ", TZ=name):
            clock.tzset()
            yield
    finally:
        clock.tzset()


def parsed(word: str) -> Moment | None:
    """Parse a moment; returns None for a text that is none."""
    try:
        return parse_moment(word)
    except Mistyped:
        return None


@given(word=WORDS, name=st.sampled_from(ZONES))
def test_any_text_is_a_moment_with_a_time_or_mistyped(word: str, name: str) -> None:
    with zone(name):
        moment = parsed(word)
        if moment is not None:
            assert parse_moment(format_moment(moment)) == moment
            if moment.position is None:
                at = time_at(moment, NOW)
                assert at.utcoffset() == timedelta()
                assert datetime.fromisoformat(format_local(at)).tzinfo is None


@given(
    word=st.builds(
        "-{}{}{}".format,
        st.one_of(st.just(""), st.integers(0, 999_999).map("{}d".format)),
        st.one_of(st.just(""), st.decimals(0, 999_999, places=3).map("{}m".format)),
        st.decimals(0, 999_999, places=3).map("{}ms".format),
    )
)
def test_a_duration_is_written_so_that_it_is_parsed_to_the_same(word: str) -> None:
    assert parse_moment(format_moment(parse_moment(word))) == parse_moment(word)


@pytest.mark.parametrize(
    ("word", "at"),
    [
        ("22:53", "2026-11-22T22:53:00"),
        ("9:05", "2026-11-22T09:05:00"),
        ("00:00:01", "2026-11-22T00:00:01"),
        ("today 09:00", "2026-11-22T09:00:00"),
        ("오늘 09:00", "2026-11-22T09:00:00"),
        ("yesterday 18:30", "2026-11-21T18:30:00"),
        ("Yesterday  9:00:30", "2026-11-21T09:00:30"),
        ("어제 09:00", "2026-11-21T09:00:00"),
        ("\u110b\u1165\u110c\u1166 09:00", "2026-11-21T09:00:00"),  # 어제 as macOS types it
        ("yesterday", "2026-11-21T23:53:30.250000"),
        ("어제", "2026-11-21T23:53:30.250000"),
        ("today", "2026-11-22T23:53:30.250000"),
        ("오늘", "2026-11-22T23:53:30.250000"),
        ("now", "2026-11-22T23:53:30.250000"),
        ("지금", "2026-11-22T23:53:30.250000"),
        ("-1h30m", "2026-11-22T22:23:30.250000"),
        ("-90s", "2026-11-22T23:52:00.250000"),
        ("-500ms", "2026-11-22T23:53:29.750000"),
        ("-1.5d", "2026-11-21T11:53:30.250000"),
        ("-2d1s", "2026-11-20T23:53:29.250000"),
        ("2026-11-22T09:00", "2026-11-22T09:00:00"),
        ("2026-11-22 09:00+00:00", "2026-11-22T18:00:00"),
    ],
)
def test_the_time_that_a_word_means_in_seoul(word: str, at: str) -> None:
    with zone("Asia/Seoul"):
        found = time_at(parse_moment(word), NOW)
        assert found.astimezone().replace(tzinfo=None).isoformat() == at


def test_local_times_follow_the_clocks_that_are_set_forward_and_back() -> None:
    with zone("Europe/Berlin"):
        skipped, repeated = parse_moment("2026-03-29T02:30"), parse_moment("2026-10-25T02:30")
        assert skipped.at == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
        assert repeated.at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
        now = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)  # 02:30 for the second time
        assert time_at(parse_moment("today"), now) == now
        day_before = datetime(2026, 10, 24, 0, 30, tzinfo=UTC)
        assert time_at(parse_moment("yesterday"), now) == day_before


@pytest.mark.parametrize(
    "word",
    [
        *("", " ", "x", "-", "-5", "-5y", "5m", "+3", "1_0", "１２", "1e3", "-m", "- 5m", "-5m "),
        *("-1m1h", "-1s1s", "-1h30", "-.5s", "24:00", "9:60", "9:0", "yesterday18:30"),
        *(
            "tomorrow",
            "yesterday yesterday",
            "yesterday -1h",
            "yesterday 42",
            "내일",
            "09:00 today",
        ),
        *(
            "2026-11-22T09:00+25:00",
            "2026-02-30",
            "2026-11-22T24:00",
            "today 24:00",
            "10000-01-01",
            "9" * 400,
            "\udcff",
            "now now",
        ),
    ],
)
def test_what_is_no_moment(word: str) -> None:
    with pytest.raises(Mistyped, match="is neither a position nor a time like"):
        parse_moment(word)


@pytest.mark.parametrize(
    ("word", "position"),
    [
        ("-999999d", 0),
        ("0001-01-01", 0),
        ("0001-01-01T00:00+14:00", 0),
        ("2026-11-22T08:59Z", 0),
        ("2026-11-22T09:00:00.0079Z", 7),
        ("-5h", HEAD),
        ("yesterday 23:59", 0),
        ("now", HEAD),
        ("14:53:30", HEAD),
        ("7", 7),
        ("0", 0),
    ],
)
def test_the_position_of_a_moment(any_log: Log, word: str, position: int) -> None:
    record(any_log, *FIVE_SEATS_SIX_CUSTOMERS)
    with zone("UTC"):
        assert position_at(any_log, parse_moment(word), NOW) == position


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("14:53:31", "2026-11-22 14:53:31 lies in the future."),
        ("today 23:00", "2026-11-22 23:00:00 lies in the future."),
        ("9999-12-31T23:59-12:00", "9999-12-31 23:59:00 lies in the future."),
        (f"{HEAD + 1}", f"The last position of the log is {HEAD}."),
    ],
)
def test_the_future_is_refused(any_log: Log, word: str, sentence: str) -> None:
    record(any_log, *FIVE_SEATS_SIX_CUSTOMERS)
    with zone("UTC"), pytest.raises(Refused) as refusal:
        position_at(any_log, parse_moment(word), NOW)
    assert (refusal.value.code, str(refusal.value)) == ("no_such_position", sentence)


def test_a_time_that_a_machine_with_a_fast_clock_has_recorded_is_not_the_future(any_log: Log):
    record(any_log, *FIVE_SEATS_SIX_CUSTOMERS)
    slow = NINE - timedelta(minutes=1)
    assert position_at(any_log, Moment(at=NINE + timedelta(milliseconds=7)), slow) == 7
    with pytest.raises(Refused, match=r"2026-11-22 09:00:01 lies in the future\."):
        position_at(any_log, Moment(at=NINE + timedelta(seconds=1)), slow)


def test_an_empty_log_has_no_future_either(any_log: Log) -> None:
    assert position_at(any_log, parse_moment("now"), NOW) == 0
    with pytest.raises(Refused, match="lies in the future"):
        position_at(any_log, Moment(at=NOW + timedelta(seconds=1)), NOW)
