"""Every command that reads shows a past state with --as-of."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cli.conftest import Inside

# The story of five seats has one event each millisecond; the first is at 9:00:00.001.
NINE = "2026-11-22T09:00:00"
HEAD = 18


def look(inside: Inside, *words: str) -> Any:  # noqa: ANN401 -- JSON
    answer = inside(*words, "-o", "json")
    assert (answer.code, answer.err) == (0, ""), words
    return answer.document


@pytest.mark.parametrize(
    ("position", "taken", "pending"), [(1, 0, 0), (4, 0, 3), (7, 0, 6), (8, 1, 6), (11, 2, 4)]
)
def test_an_airplane_is_shown_as_it_was(
    five_seats: Inside, position: int, taken: int, pending: int
) -> None:
    then = {"taken": taken, "pending": pending, "left": 5 - taken}
    expected = {"id": 1, "name": None, "seats": 5, **then, "status": "open"}
    assert look(five_seats, "plane", "1", "--as-of", str(position)) == expected
    assert look(five_seats, "planes", "--as-of", str(position)) == [expected]


def test_before_the_first_event_there_is_nothing(five_seats: Inside) -> None:
    assert look(five_seats, "planes", "--as-of", "0") == []
    assert look(five_seats, "my-page", "--all", "--as-of", "0") == []
    assert look(five_seats, "events", "--as-of", "0") == []
    answer = five_seats("show", "1", "--as-of", "0")
    assert (answer.code, answer.err.splitlines()) == (
        3,
        [
            "Nothing had happened yet at position 0.",
            "There is no reservation 1.",
            "hint: airbook my-page --all",
        ],
    )


@pytest.mark.parametrize(
    ("position", "status"), [(7, "received"), (17, "received"), (18, "rejected")]
)
def test_a_reservation_is_shown_and_explained_as_it_was(
    five_seats: Inside, position: int, status: str
) -> None:
    then = ("--as-of", str(position))
    assert look(five_seats, "show", "6", *then)["status"] == status
    assert look(five_seats, "why", "6", *then)["status"] == status
    assert look(five_seats, "my-page", "--all", *then)[-1]["status"] == status
    events = [7, 18] if status == "rejected" else [7]
    assert [one["position"] for one in look(five_seats, "history", "6", *then)] == events


def test_the_log_is_shown_up_to_then(five_seats: Inside) -> None:
    found = look(five_seats, "events", "--as-of", "5", "--since", "2")
    assert [one["position"] for one in found] == [3, 4, 5]


def test_status_counts_as_of_then(five_seats: Inside) -> None:
    found = look(five_seats, "status", "--as-of", "12")
    counts = {"received": 4, "approved": 2, "rejected": 0, "cancelled": 0}
    assert (found["position"], found["reservations"]) == (12, counts)


@pytest.mark.parametrize(
    ("moment", "position"),
    [
        (f"{NINE}.000Z", 0),
        (f"{NINE}.001Z", 1),
        (f"{NINE}.0079Z", 7),
        (f"{NINE}.008", 8),
        ("2026-11-22T18:00:00.008+09:00", 8),
        ("2026-11-22", 0),
        ("2026-11-22 09:00:00.018", HEAD),
        ("0", 0),
        ("18", HEAD),
    ],
)
def test_a_time_is_the_last_event_by_then(five_seats: Inside, moment: str, position: int) -> None:
    found = look(five_seats, "events", "--as-of", moment)
    assert [one["position"] for one in found] == [*range(1, position + 1)]


def test_how_long_ago_is_counted_from_now(inside: Inside) -> None:
    inside("admin", "add-plane", "--seats", "5")
    assert len(look(inside, "planes", "--as-of", "-0s")) == 1
    for ago in ("-1h30m", "-30m", "-90s", "-7d", "-999999d", "yesterday", "어제 23:59"):
        assert look(inside, "planes", "--as-of", ago) == []


def test_people_see_that_the_answer_is_a_past_state(five_seats: Inside) -> None:
    answer = five_seats("planes", "--as-of", "8", "-o", "table")
    assert answer.err == "As of position 8, 2026-11-22 09:00:00.\n"
    korean = five_seats("planes", "--as-of", "8", "--lang", "ko", "-o", "table")
    assert korean.err == "위치 8, 2026-11-22 09:00:00 시점의 상태입니다.\n"


def test_people_see_which_time_a_word_stands_for(five_seats: Inside) -> None:
    words = ("planes", "--as-of", "2026-11-22 09:00:00.008", "-o", "table")
    assert five_seats(*words).err == (
        "As of 2026-11-22 09:00:00: position 8, recorded at 2026-11-22 09:00:00.\n"
    )
    assert five_seats(*words, "--lang", "ko").err == (
        "2026-11-22 09:00:00 시점의 상태입니다. 마지막 이벤트: 위치 8, 2026-11-22 09:00:00.\n"
    )


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("planes", "There were no airplanes yet.\n"),
        ("my-page --all", "There were no reservations yet.\n"),
        ("my-page --customer kim", "kim had no reservations.\n"),
        ("events", "The log was empty.\n"),
        ("events --since 3", "No events had followed position 3 yet.\n"),
    ],
)
def test_before_the_first_event_people_read_a_plain_statement(
    five_seats: Inside, command: str, answer: str
) -> None:
    words = (*command.split(), "--as-of", "2026-11-22T08:59", "-o", "table")
    assert five_seats(*words)[:3] == (
        0,
        answer,
        "Nothing had happened yet by 2026-11-22 08:59:00.\n",
    )
    korean = five_seats(*words, "--lang", "ko")
    assert korean.err == "2026-11-22 08:59:00까지는 아직 아무 일도 없었습니다.\n"
    assert korean.out.startswith("그때는")


@pytest.mark.parametrize(
    ("moment", "sentence", "korean"),
    [
        ("19", "The last position of the log is 18.", "로그의 마지막 위치는 18입니다."),
        (
            "9999-12-31",
            "9999-12-31 00:00:00 lies in the future.",
            "아직 오지 않은 시각입니다: 9999-12-31 00:00:00",
        ),
    ],
)
def test_the_future_is_refused(five_seats: Inside, moment: str, sentence: str, korean: str) -> None:
    for words in ("planes", "plane 1", "my-page --all", "show 1", "why 1", "events", "status"):
        answer = five_seats(*words.split(), "--as-of", moment)
        hint = "" if words == "events" else "hint: airbook events\n"  # the command that failed
        assert answer[:3] == (3, "", f"{sentence}\n{hint}")
    assert five_seats("planes", "--as-of", moment, "--lang", "ko").err.startswith(f"{korean}\n")


@pytest.mark.parametrize(
    "moment",
    [
        *("", "x", "-5", "-5y", "5m", "+3", "1_0", "１２", "1e3", "9" * 400, "-m", "24:00"),
        *("yesterday18:30", "tomorrow", "2026-11-22T09:00+25:00", "-1m1h"),
    ],
)
def test_an_invalid_moment_is_a_usage_error(five_seats: Inside, moment: str) -> None:
    answer = five_seats("planes", f"--as-of={moment}")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.count("\n") == 2


def test_following_and_as_of_exclude_each_other(five_seats: Inside) -> None:
    for words in (("events", "--follow"), ("status", "--watch")):
        answer = five_seats(*words, "--as-of", "3")
        assert (answer.code, answer.err.splitlines()[0]) == (
            2,
            f"{words[1]} shows what comes, --as-of what was: say one of them.",
        )
