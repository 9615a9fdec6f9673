"""Completion offers what can be typed next: commands, options, choices, and what the store has."""

from __future__ import annotations

import pytest

from airbook.application.text.labels import Labels
from tests.cli.completions import offered, values
from tests.cli.conftest import Inside
from tests.support.home import Home
from tests.support.stores import by_hand, store_as_is

FORMATS = ["table", "plain", "json", "jsonl", "csv"]
UNREADABLE = b'{"at":"2026-11-22T09:00:00.000Z","data":{"airplane":"one"}}'


@pytest.fixture
def filled(inside: Inside) -> Home:
    inside("admin", "add-plane", "--seats", "5", "--name", "KE 907")
    inside("admin", "add-plane", "--seats", "2")
    inside("reserve", "1", "--customer", "kim")
    inside("reserve", "2", "--customer", "lee")
    return inside


@pytest.mark.parametrize("command", ["reserve", "plane", "admin set-seats", "admin close-plane"])
def test_airplanes(filled: Home, command: str):
    assert values(filled, *command.split(), "") == ["1", "2"]


@pytest.mark.parametrize("command", ["cancel", "show", "history", "why", "wait"])
def test_reservations(filled: Home, command: str):
    assert values(filled, *command.split(), "2") == ["2"]


def test_what_a_number_stands_for(filled: Home):
    assert offered(filled, "reserve", "") == ["1\tKE 907 5/5", "2\t2/2"]
    assert offered(filled, "show", "") == ["2\tlee received", "1\tkim received"]
    filled("daemon", "--until-idle")
    assert offered(filled, "reserve", "") == ["1\tKE 907 4/5", "2\t1/2"]
    assert offered(filled, "show", "1") == ["1\tkim approved"]


def test_the_newest_of_many(inside: Inside):
    inside("admin", "add-plane", "--seats", "5")
    (inside.folder / "many.csv").write_text("airplane\n" + "1\n" * 120)
    inside("import", "many.csv", "--customer", "kim")
    assert values(inside, "show", "") == [str(number) for number in range(120, 70, -1)]
    assert values(inside, "show", "1") == [
        *(str(number) for number in range(120, 99, -1)),
        *(str(number) for number in range(19, 9, -1)),
        "1",
    ]
    assert values(inside, "show", "01") == values(inside, "show", "one") == []


def test_customers_by_the_beginning_of_their_names(inside: Inside):
    for name in ("Kim Lee", "kim", "김서연", '김 "민준"', "이서연"):
        inside("reserve", "1", "--customer", name)
    for command in (("reserve", "1"), ("my-page",)):
        assert values(inside, *command, "--customer", "김") == ['김 "민준"', "김서연"]
        assert values(inside, *command, "--customer=Kim") == ["--customer=Kim Lee"]
        assert values(inside, *command, "--customer", "Lee") == []


def test_at_most_fifty_customers(inside: Inside):
    requests = "".join(f"1,customer {number:03}\n" for number in range(60))
    (inside.folder / "many.csv").write_text(f"airplane,customer\n{requests}")
    inside("import", "many.csv", "--customer", "kim")
    expected = [f"customer {number:03}" for number in range(50)]
    assert values(inside, "my-page", "--customer", "") == expected


def test_parked_reservations(filled: Home):
    with by_hand(filled.store) as connection:
        connection.execute("INSERT INTO parked VALUES (2, 4, 'no such thing', '-', 0, 0)")
        connection.execute("INSERT INTO parked VALUES (1, 3, 'odd', '-', 0, 1)")
    for command in ("retry", "drop"):
        assert offered(filled, "parked", command, "") == [
            "1\tdropped: odd",
            "2\tparked: no such thing",
        ]
        assert values(filled, "parked", command, "2") == ["2"]


def test_commands_and_options(filled: Home):
    assert values(filled, "m") == ["my-page"]
    assert values(filled, "views", "") == ["status", "rebuild"]
    assert values(filled, "planes", "--o") == ["--output"]
    assert values(filled, "planes", "") == []


@pytest.mark.parametrize("words", [["planes"], ["admin", "add-plane"], []])
def test_global_options(inside: Inside, words: list[str]):
    assert values(inside, *words, "-o", "") == FORMATS
    assert values(inside, *words, "--output", "js") == ["json", "jsonl"]
    assert values(inside, *words, "--output=js") == ["--output=json", "--output=jsonl"]
    assert values(inside, *words, "-o=js") == ["-o=json", "-o=jsonl"]
    assert values(inside, *words, "-ojs") == ["-ojson", "-ojsonl"]
    assert values(inside, *words, "--lang", "") == ["en", "ko"]
    assert values(inside, *words, "--home", "") == ["folders"]
    assert values(inside, *words, "--config=") == ["files"]


def test_an_option_after_flags_that_share_its_dash(inside: Inside):
    assert values(inside, "events", "-fojs") == ["-fojson", "-fojsonl"]
    assert values(inside, "events", "-fo", "js") == ["json", "jsonl"]


def test_an_option_is_offered_once(inside: Inside):
    remaining = values(inside, "planes", "-o", "json", "--lang=ko", "--")
    assert not {"--output", "--lang"} & set(remaining)
    assert {"--color", "--as-of"} <= set(remaining)


def test_a_value_that_is_the_name_of_a_command_or_begins_with_a_dash(filled: Home):
    assert values(filled, "--home", "status", "rese") == ["reserve"]
    assert values(filled, "planes", "--as-of", "-") == ["-5m", "-1h", "-1d"]
    assert values(filled, "planes", "--as-of", "-1h", "-o", "c") == ["csv"]
    assert values(filled, "reserve", "-", "-o", "c") == ["csv"]


def test_after_a_mistake(filled: Home):
    assert values(filled, "planes", "--nope", "-o", "c") == ["csv"]
    assert values(filled, "-o", "nope", "reserve", "") == ["1", "2"]
    assert values(filled, "--lang", "xx", "reserve", "") == ["1", "2"]
    assert values(filled, "nope", "rese") == ["reserve"]
    assert values(filled, "planes", "too", "many", "") == []
    assert values(filled, "planes", "--json=") == values(filled, "planes", "--nope=") == []


def test_after_two_dashes_every_word_is_an_argument(filled: Home):
    assert values(filled, "show", "--", "") == ["2", "1"]
    assert values(filled, "planes", "--", "--out") == values(filled, "planes", "--", "-") == []
    assert values(filled, "--", "--out") == []
    assert values(filled, "--", "plan") == ["planes", "plane"]


def test_stores(inside: Inside):
    (inside.folder / "db" / "deep").mkdir(parents=True)
    (inside.folder / "db" / "a b.db").touch()
    (inside.folder / "db" / ".hidden").touch()
    for words in (["--store"], ["store", "copy", "--from"], ["store", "copy", "--to"]):
        assert values(inside, *words, "") == ["sqlite:///", "postgresql://"]
        assert values(inside, *words, "sqlite:///d") == ["sqlite:///db/"]
        inner = ["sqlite:///db/a b.db", "sqlite:///db/deep/"]
        assert values(inside, *words, "sqlite:///db/") == inner
        assert values(inside, *words, "sqlite:///~/db/d") == ["sqlite:///~/db/deep/"]
        assert values(inside, *words, "sqlite:///nowhere/") == []
        assert values(inside, *words, "postgresql://") == ["postgresql://"]


def test_the_store_of_the_typed_line_is_read(filled: Home):
    empty = str(filled.folder / "empty")
    assert values(filled, "--home", empty, "reserve", "") == []
    assert values(filled, f"--home={empty}", "reserve", "") == []
    assert values(filled, "--store", f"sqlite:///{filled.store}", "reserve", "") == ["1", "2"]
    assert values(filled, "reserve", "--home", empty, "") == []


def test_words_in_korean_and_codes_in_english(filled: Home):
    assert offered(filled, "show", "1", AIRBOOK_LANG="ko") == ["1\tkim 접수됨"]
    assert offered(filled, "--lang", "ko", "show", "1") == ["1\tkim 접수됨"]
    assert offered(filled, "--json", LC_ALL="ko_KR.UTF-8") == [
        f"--json\t{Labels('ko')('The same as -o json.')}"
    ]
    assert values(filled, "-o", "", AIRBOOK_LANG="ko") == FORMATS


def test_an_event_that_cannot_be_read_has_no_description(filled: Home):
    store_as_is(filled.store, "reservation-3", 1, "ReservationRequested.v1", UNREADABLE)
    store_as_is(filled.store, "airplane-2", 2, "SeatAssigned.v1", UNREADABLE)
    with by_hand(filled.store) as connection:
        connection.execute("UPDATE numbers SET last = 3 WHERE kind = 'reservation'")
    assert offered(filled, "show", "") == ["3", "2\tlee received", "1\tkim received"]
    assert offered(filled, "plane", "") == ["1\tKE 907 5/5", "2"]
