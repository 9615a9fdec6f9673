"""Typed filters are parsed into terms, in both languages; an invalid one says what is possible."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis.strategies import sampled_from, text

from airbook.application import event_filter, reservation_filter, row_filter
from airbook.application.filtering import Fields, Term, codes_with, parse_filter, period
from airbook.application.text.labels import Labels
from airbook.application.text.parsing import Mistyped
from airbook.domain.reservation import REASONS, STATUSES

ENGLISH, KOREAN = Labels("en"), Labels("ko")
FIELDS = reservation_filter.FIELDS
FIRST_WORDS = (
    *("reservation", "plane", "name", "customer", "status", "seat", "reason", "after", "before"),
)
KOREAN_WORDS = ("예약", "항공기", "이름", "고객", "상태", "좌석", "이유", "이후", "이전")
EVENT_WORDS = ("position", "stream", "type", "by", "plane", "reservation", "after", "before")


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("", []),
        ("   ", []),
        ("kim", [("", "kim")]),
        ("  Kim   LEE ", [("", "kim"), ("", "lee")]),
        ("plane:9 status:rejected", [("airplane", "9"), ("status", "rejected")]),
        ("Plane:9", [("airplane", "9")]),
        ("airplane:9 id:7 reservation:8", [("airplane", "9"), ("id", "7"), ("id", "8")]),
        (
            "항공기:9 상태:거절 고객:이서연",
            [("airplane", "9"), ("status", "거절"), ("customer", "이서연")],
        ),
        ("예약:7 이유:마감 좌석:3", [("id", "7"), ("reason", "마감"), ("seat", "3")]),
        ("이후:-1h 이전:42", [("after", "-1h"), ("before", "42")]),
        ('name:"KE 907" kim', [("name", "ke 907"), ("", "kim")]),
        ('"no seats left"', [("", "no seats left")]),
        ('"plane:9"', [("", "plane:9")]),
        ('name:"KE 9', [("name", "ke 9")]),
        ('""', []),
        ("status:", []),
        ('status:"" kim', [("", "kim")]),
        ("09:30", [("", "09:30")]),
        ("after:2026-11-22T09:00", [("after", "2026-11-22T09:00")]),
        (":x", [("", ":x")]),
        ("%_\\", [("", "%_\\")]),
        ("cafe\u0301", [("", "caf\u00e9")]),
    ],
)
def test_terms(typed: str, terms: list[tuple[str, str]]):
    for label in (ENGLISH, KOREAN):
        assert parse_filter(typed, FIELDS, label) == tuple(Term(*term) for term in terms)


@pytest.mark.parametrize(
    ("label", "typed", "sentence"),
    [
        (
            ENGLISH,
            "colour:red",
            f"'colour' is not a field of this list; its fields: {', '.join(FIRST_WORDS)}.",
        ),
        (
            KOREAN,
            "색:빨강",
            f"'색': 이 목록에 없는 필드입니다. 쓸 수 있는 필드: {', '.join(KOREAN_WORDS)}",
        ),
        (
            ENGLISH,
            "status:x",
            "'x' is none of these: received, approved, rejected, cancelled.",
        ),
        (KOREAN, "상태:x", "'x': 쓸 수 없는 값입니다. 쓸 수 있는 값: 접수됨, 승인, 거절, 취소"),
        (ENGLISH, "seat:x", "'x' is not a number of 1 to 9 digits."),
        (ENGLISH, "seat:0", "Numbers begin at 1."),
        (ENGLISH, "plane:1234567890", "'1234567890' is not a number of 1 to 9 digits."),
        (ENGLISH, "\u202ex", "'\\u202ex' has characters that cannot be shown."),
        (ENGLISH, "x" * 501, "A filter has at most 500 characters."),
        (ENGLISH, "\0", "'\\u0000' has characters that cannot be shown."),
        (ENGLISH, "\ud800", "'\\ud800' has characters that cannot be shown."),
    ],
)
def test_an_invalid_filter_of_reservations_says_what_is_possible(
    label: Labels, typed: str, sentence: str
):
    with pytest.raises(Mistyped) as raised:
        reservation_filter.reservation_filter(typed, label)
    assert label(raised.value.sentence, raised.value.values) == sentence


def test_an_invalid_filter_of_events_says_what_is_possible():
    for typed, sentence in (
        (
            "status:x",
            f"'status' is not a field of this list; its fields: {', '.join(EVENT_WORDS)}.",
        ),
        ("stream:x", "'x' is not a stream like airplane-1 or reservation-1."),
        ("type:x", f"'x' is none of these: {', '.join(event_filter.TYPES)}."),
        ("position:x", "'x' is not a number of 1 to 9 digits."),
    ):
        with pytest.raises(Mistyped) as raised:
            event_filter.event_filter(typed, ENGLISH)
        assert ENGLISH(raised.value.sentence, raised.value.values) == sentence


def test_codes_are_found_by_what_is_shown_in_any_language():
    assert codes_with("rejected", STATUSES) == codes_with("거절", STATUSES) == ("rejected",)
    assert codes_with("re", STATUSES) == ("received", "rejected")
    assert codes_with("no seats left", REASONS) == codes_with("no_seats", REASONS)
    assert codes_with("남은 좌석", REASONS) == ("no_seats_left",)
    assert codes_with("%", REASONS) == ()


def test_the_beginning_of_a_time_is_a_period_in_the_local_time_zone(
    monkeypatch: pytest.MonkeyPatch,
):
    import time

    monkeypatch.setenv("TZ", "Asia/Seoul")
    time.tzset()
    try:
        found = {
            word: period(word) for word in ("2026-11", "2026-12", "2026-11-22", "2026-11-22 09")
        }
        minute, second = period("2026-11-22t09:30"), period("2026-11-22 09:30:15")
    finally:
        monkeypatch.undo()
        time.tzset()
    assert found == {
        "2026-11": ("2026-10-31T15:00:00.000Z", "2026-11-30T15:00:00.000Z"),
        "2026-12": ("2026-11-30T15:00:00.000Z", "2026-12-31T15:00:00.000Z"),
        "2026-11-22": ("2026-11-21T15:00:00.000Z", "2026-11-22T15:00:00.000Z"),
        "2026-11-22 09": ("2026-11-22T00:00:00.000Z", "2026-11-22T01:00:00.000Z"),
    }
    assert minute == ("2026-11-22T00:30:00.000Z", "2026-11-22T00:31:00.000Z")
    assert second == ("2026-11-22T00:30:15.000Z", "2026-11-22T00:30:16.000Z")


def test_other_words_are_no_period():
    words = (
        "2026",
        "2026-1",
        "2026-13",
        "2026-02-30",
        "0001-01-01",
        "9999-12-31",
        "09:30",
        "x",
        "",
    )
    found = {word for word in words if period(word)}
    assert found <= {"0001-01-01"}  # whether that day exists in UTC depends on the time zone


def filter_of(of: str, typed: str, label: Labels) -> object:
    match of:
        case "events":
            return event_filter.event_filter(typed, label)
        case "airplanes":
            codes = row_filter.AIRPLANE_CODES
            return row_filter.RowFilter(typed, row_filter.AIRPLANE_FIELDS, codes, label)
        case "parked":
            states = row_filter.PARKED_CODES
            return row_filter.RowFilter(typed, row_filter.PARKED_FIELDS, states, label)
        case _:
            customer = None if of == "reservations" else "kim"
            return reservation_filter.reservation_filter(typed, label, customer=customer)


def sentence_about(of: str, typed: str, label: Labels) -> str:
    """Return why a text is no filter; empty if it is one."""
    try:
        assert filter_of(of, typed, label) is not None
    except Mistyped as error:
        return label(error.sentence, error.values) or "nothing is said"
    return ""


WORDS = [word for words in FIELDS.words.values() for word in words]
TERMS = sampled_from(WORDS).flatmap(lambda word: text().map(lambda value: f"{word}:{value}"))


@given(
    typed=text() | text('ab9 :"-%_T') | TERMS,
    of=sampled_from(["reservations", "own", "events", "airplanes", "parked"]),
    label=sampled_from([ENGLISH, KOREAN]),
)
def test_whatever_is_typed_is_a_filter_or_is_explained(typed: str, of: str, label: Labels):
    assert sentence_about(of, typed, label) != "nothing is said"


def test_the_words_of_the_fields_of_a_list_differ():
    for fields in (
        *(FIELDS, reservation_filter.OWN_FIELDS, event_filter.FIELDS),
        *(row_filter.AIRPLANE_FIELDS, row_filter.PARKED_FIELDS),
    ):
        assert isinstance(fields, Fields)
        for label in (ENGLISH, KOREAN):
            names = [fields.find(word) for word in fields.shown(label).split(", ")]
            assert names == list(fields.words)
