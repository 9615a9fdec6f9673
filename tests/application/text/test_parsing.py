"""What people type is parsed strictly: a value, or a sentence that says what is wrong with it."""

from __future__ import annotations

import unicodedata
from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airbook.application.text import parsing
from airbook.application.text.labels import Labels
from airbook.application.text.parsing import Mistyped
from airbook.application.text.terminal import shown

PIECES = ("0", "1", "999999", ".5", "d", "h", "m", "s", "ms", "-", "+", " ", "５", "\udcff", "\n")
WORDS = st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=6).map("".join))


@given(word=WORDS)
def test_any_text_is_a_duration_or_mistyped(word: str) -> None:
    with suppress(Mistyped):
        assert parsing.duration(word) >= timedelta()


@pytest.mark.parametrize(
    ("word", "duration"),
    [
        ("5", timedelta(seconds=5)),
        ("0", timedelta()),
        ("0.5", timedelta(milliseconds=500)),
        ("90s", timedelta(seconds=90)),
        ("500ms", timedelta(milliseconds=500)),
        ("1h30m", timedelta(minutes=90)),
        ("2d", timedelta(days=2)),
        ("1.5h", timedelta(minutes=90)),
        ("1d2h3m4s5ms", timedelta(days=1, hours=2, minutes=3, seconds=4, milliseconds=5)),
        ("999999d999999h999999m", timedelta(days=999_999, hours=999_999, minutes=999_999)),
    ],
)
def test_durations(word: str, duration: timedelta) -> None:
    assert parsing.duration(word) == duration
    assert parsing.seconds(word) == duration.total_seconds()


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("어제", "'어제'는"),
        ("내일", "'내일'은"),
        ("\u1102\u1162\u110b\u1175\u11af", "'\u1102\u1162\u110b\u1175\u11af'은"),  # decomposed
        ("-5", "'-5'는"),
        ("-1", "'-1'은"),
        ("soon", "'soon'은"),
        ("x!", "'x!'는"),
        ("", "''는"),
    ],
)
def test_a_korean_particle_fits_the_quoted_text_before_it(text: str, topic: str) -> None:
    assert f"{shown(text):은/는}" == topic
    assert f"{shown(text)}" == f"'{text}'"


def test_the_korean_sentence_for_what_is_no_moment() -> None:
    sentence = "{word} is neither a position nor a time like 2026-11-22T09:00 or -5m."
    assert Labels("ko")(sentence, {"word": shown("그제")}) == (
        "'그제'는 시점으로 읽을 수 없습니다. 예: 42, 2026-11-22T09:00, -5m"
    )


INVISIBLE = {
    "spaces": " \u00a0\u2003\u202f\u3000",
    "zero-width space": "\u200b",
    "joiners": "\u200c\u200d\u2060",
    "byte order mark": "\ufeff",
    "Hangul fillers": "\u3164\u115f\u1160\uffa0",
    "blank Braille": "\u2800",
    "soft hyphen": "\u00ad",
    "grapheme joiner": "\u034f",
    "Khmer vowels": "\u17b4\u17b5",
    "Mongolian selectors": "\u180b\u180e",
    "variation selectors": "\ufe0f\U000e0100",
    "tags": "\U000e0001\U000e0041\U000e007f",
    "musical controls": "\U0001d173",
    "combining marks": "\u0301\u0323",
    "an enclosing mark": "\u20dd",
    "each between spaces": " \u200b \u3164 \u0301 ",
}


@pytest.mark.parametrize("name", INVISIBLE.values(), ids=INVISIBLE)
def test_a_name_of_which_nothing_can_be_seen_is_refused(name: str) -> None:
    with pytest.raises(Mistyped, match=r"^A name needs a character that can be seen\.$"):
        parsing.name(name)
    around = f"{name}k{name}"
    assert parsing.name(around) == unicodedata.normalize("NFC", around)


@pytest.mark.parametrize(
    "name",
    [
        *(
            "김철수",
            "ㅋ",
            "\u1100",
            "e\u0301",
            "👩\u200d✈️",
            "👩\u200d👩\u200d👧",
            "🇰🇷",
            "❤️",
            "🏴\u200d☠️",
        ),
        *("\u0928\u093f", "-", ".", "0", "·", "\u2801", "\U000f0000"),
    ],
)
def test_a_name_of_which_something_can_be_seen_is_accepted(name: str) -> None:
    assert parsing.name(name) == unicodedata.normalize("NFC", name)
