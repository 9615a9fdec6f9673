"""Errors: one sentence, the command to try next, and an exit code."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from shlex import quote

import pytest

from airbook.cli.output.errors import describe_error
from airbook.eventlog.errors import StoreError
from tests.cli.conftest import Inside
from tests.support.answers import refused
from tests.support.home import Home
from tests.support.stores import by_hand

COPY = "airbook store copy --from FROM --to sqlite:///copy.db"
USAGE = [
    (["nonsense"], "There is no command nonsense.", "airbook --help"),
    (["admin", "nonsense"], "There is no command nonsense.", "airbook admin --help"),
    (["--nonsense"], "There is no option --nonsense.", "airbook --help"),
    (["reserve", "1", "--nonsense"], "There is no option --nonsense.", "airbook reserve --help"),
    (["reserve"], "PLANE is missing.", "airbook reserve --help"),
    (["reserve", "1", "2"], "Too many arguments: 2", "airbook reserve --help"),
    (["admin", "add-plane"], "--seats is missing.", "airbook admin add-plane --help"),
    (["admin", "set-seats", "1"], "N is missing.", "airbook admin set-seats --help"),
    (
        ["wait", "1", "--for", "maybe"],
        "'maybe' is not one of 'decided', 'approved'.",
        "airbook wait --help",
    ),
    (
        ["events", "--format", "xml"],
        "'xml' is not one of 'native', 'seed'.",
        "airbook events --help",
    ),
    (
        ["reserve", "1", "--timeout", "soon"],
        "'soon' is not a duration like 5s, 500ms or 1h30m.",
        "airbook reserve --help",
    ),
    (["reserve", "0"], "Numbers begin at 1.", "airbook reserve --help"),
    (
        ["views", "rebuild", "nonsense"],
        "There is no view 'nonsense'; there are airplanes, reservations, history, totals.",
        "airbook views rebuild --help",
    ),
    (["parked", "retry"], "Name one reservation, or --all.", "airbook parked retry --help"),
    (
        ["parked", "retry", "1", "--all"],
        "Name one reservation, or --all.",
        "airbook parked retry --help",
    ),
    (["planes", "-o"], "The option -o needs a value.", "airbook --help"),
    (["planes", "--home"], "The option --home needs a value.", "airbook --help"),
]


@pytest.mark.parametrize(("words", "sentence", "hint"), USAGE)
def test_usage_errors(inside: Inside, words: list[str], sentence: str, hint: str):
    answer = inside(*words)
    assert (answer.code, refused(answer)) == (2, [sentence, f"hint: {hint}"])


@pytest.mark.parametrize(("words", "sentence", "hint"), USAGE[:-2])
def test_a_usage_error_as_json(inside: Inside, words: list[str], sentence: str, hint: str):
    answer = inside("-o", "json", *words)
    assert (answer.code, answer.out) == (2, "")
    assert json.loads(answer.err) == {"error": {"code": "usage", "message": sentence, "hint": hint}}


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        (["plane", "7"], 3, "no_such_airplane"),
        (["admin", "open-plane", "7"], 3, "no_such_airplane"),
        (["show", "7"], 3, "no_such_reservation"),
        (["cancel", "6"], 4, "already_rejected"),
        (["admin", "set-seats", "1", "1"], 4, "seats_taken"),
        (["parked", "retry", "1"], 4, "not_parked"),
        (["reserve", "1", "--home", "/dev/null/x"], 7, "store_unreachable"),
        (["planes", "--home", "/dev/null/x"], 7, "store_missing"),
    ],
)
def test_programs_get_a_code(five_seats: Inside, words: list[str], code: int, error: str):
    answer = five_seats(*words, "--json")
    assert (answer.code, answer.out) == (code, "")
    told = json.loads(answer.err)["error"]
    assert list(told) == ["code", "message", "hint"]
    assert told["code"] == error


def text(store: Path):
    store.write_text("Dear diary\n" * 500)


def somebody_elses(store: Path):
    with by_hand(store) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")


def newer(store: Path):
    with by_hand(store) as connection:
        connection.execute("PRAGMA application_id = 0x41495242")
        connection.execute("PRAGMA user_version = 999")


def a_folder(store: Path):
    store.mkdir()


@pytest.mark.parametrize(
    "line",
    [
        *("planes", "plane 1", "my-page", "my-page --all", "show 1", "history 1", "why 1"),
        *("events", "status", "views status", "views rebuild", "parked list", "doctor"),
        *("store status", "store check", "wait 1", "cancel 1", "admin close-plane 1"),
    ],
)
def test_reading_creates_no_store(inside: Inside, line: str):
    answer = inside(*line.split())
    assert (answer.code, refused(answer)) == (
        7,
        [f"There is no store at sqlite:///{inside.store} yet.", "hint: airbook store init"],
    )
    assert list(inside.folder.iterdir()) == []


@pytest.mark.parametrize("command", [["reserve", "1"], ["planes"], ["daemon", "--once"]])
@pytest.mark.parametrize(
    ("make", "code", "sentence", "hint"),
    [
        (text, 1, "The store {} is damaged.", COPY.replace("FROM", "sqlite:///{}")),
        (somebody_elses, 1, "The file {} is not an airbook store.", "airbook config show"),
        (newer, 1, "The store {} was made by a newer airbook.", "airbook --version"),
        (a_folder, 7, "The store {} cannot be opened.", "airbook config show"),
    ],
)
def test_a_store_that_is_none(  # noqa: PLR0917 -- pytest passes arguments by name
    inside: Inside,
    make: Callable[[Path], None],
    command: list[str],
    code: int,
    sentence: str,
    hint: str,
):
    inside.store.parent.mkdir()
    make(inside.store)
    answer = inside(*command)
    assert (answer.code, refused(answer)) == (
        code,
        [sentence.format(inside.store), f"hint: {hint.format(inside.store)}"],
    )


def test_a_hint_is_never_the_command_that_failed(five_seats: Inside):
    """The doctor cannot help where it fails itself, and neither can a copy."""
    url = f"sqlite:///{five_seats.folder}/kim's store.db"
    for words, hint in {
        ("doctor",): [f"hint: {COPY.replace('FROM', quote(url))}"],
        ("store", "check"): [f"hint: {COPY.replace('FROM', quote(url))}"],
        ("store", "copy", "--from", url, "--to", "sqlite:///copy.db"): [],
    }.items():
        text(five_seats.folder / "kim's store.db")
        sentence, *hints = refused(five_seats(*words, "--store", url))
        assert (sentence, hints) == (
            f"The store {five_seats.folder}/kim's store.db is damaged.",
            hint,
        )


@pytest.mark.parametrize("words", [("reserve", "1"), ("status",)])
def test_the_status_of_a_busy_store_does_not_hint_at_itself(words: tuple[str, ...]):
    report = describe_error(StoreError("store_busy", "airbook.db"), words)
    assert report.hint == (None if words == ("status",) else "airbook status")


def test_a_store_that_stays_locked(five_seats: Inside, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("airbook.eventlog.sqlite.connection.BUSY_SECONDS", 0.05)
    with by_hand(five_seats.store) as connection:
        connection.execute("BEGIN IMMEDIATE")
        answer = five_seats("reserve", "1")
        assert (answer.code, refused(answer)[1]) == (7, "hint: airbook status")
        with pytest.raises(sqlite3.OperationalError):
            connection.execute("BEGIN")


def test_an_internal_error_is_one_sentence_and_a_traceback_when_debugging(
    five_seats: Inside, monkeypatch: pytest.MonkeyPatch
):
    def broken(*_: object, **__: object):
        raise ZeroDivisionError("x\x1b[31m\u202e")

    monkeypatch.setattr("airbook.application.queries.Queries.airplanes", broken)
    answer = five_seats("planes")
    assert (answer.code, refused(answer)) == (
        1,
        [
            "Something went wrong inside airbook: ZeroDivisionError: x\\u001b[31m\\u202e",
            "hint: AIRBOOK_DEBUG=1 airbook planes",
        ],
    )
    with pytest.raises(ZeroDivisionError):
        five_seats("planes", AIRBOOK_DEBUG="1")


def test_a_traceback_needs_debugging(anew: Home):
    assert anew("store", "init").code == 0
    (anew.folder / "sitecustomize.py").write_text(
        "import airbook.application.queries as p\np.Queries.__init__ = None\n"
    )
    broken = {"PYTHONPATH": str(anew.folder)}
    assert refused(anew("planes", **broken))[0].startswith("Something went wrong inside")
    assert "Traceback" in anew("planes", AIRBOOK_DEBUG="1", **broken).err


def test_an_empty_command_line_shows_help(inside: Inside):
    assert inside().out == inside("--help").out
    assert inside("admin").out == inside("admin", "--help").out
    assert inside().code == inside("admin").code == 0


def test_the_version(inside: Inside):
    assert inside("--version").out.split()[0] == "airbook"
