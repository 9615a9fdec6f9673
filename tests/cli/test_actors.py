"""The actor of commands: from a flag, the environment, the file, or the user who is logged in."""

from __future__ import annotations

import os
import pwd

import pytest

from airbook.cli.commands.screens import environment_of, opener
from airbook.cli.framework.session import Session
from airbook.domain.airplane import CreateAirplane
from airbook.tui.session.look import Look
from tests.cli.completions import values
from tests.cli.conftest import Inside
from tests.support.answers import refused
from tests.support.home import Home

LOGIN = pwd.getpwuid(os.getuid()).pw_name


def actors_of(home: Home) -> list[str | None]:
    return [one["by"] for one in home.json("events")]


def test_the_actor_in_real_processes(home: Home):
    assert home("admin", "add-plane", "--seats", "1", AIRBOOK_ACTOR=None).code == 0
    assert home("reserve", "1", "--customer", "lee", AIRBOOK_ACTOR="kim").code == 0
    assert home("--actor", "boss", "reserve", "1", "--customer", "lee").code == 0
    assert home("daemon", "--until-idle", "--actor", "boss").code == 0
    assert home("cancel", "1", "--actor=lee").code == 0
    assert [(one["by"], one["cause"]) for one in home.json("events")] == [
        (LOGIN, None),
        ("kim", None),
        ("boss", None),
        ("daemon", 2),
        ("daemon", 2),
        ("daemon", 3),
        ("lee", None),
    ]
    assert home("history", "1").out.splitlines()[-1].split("\t")[5:7] == ["lee", ""]
    sentence = "예약 1: 승인된 뒤 고객이 좌석을 반납했습니다.\n"
    assert home("why", "1", "-o", "table", "--lang", "ko").out == sentence


def test_the_setting_in_the_file(inside: Inside):
    file = inside.folder / "airbook.toml"
    file.write_text('actor = "park"\n', "utf-8")
    settings = {"AIRBOOK_CONFIG": str(file), "AIRBOOK_ACTOR": None}
    inside("admin", "add-plane", "--seats", "1", **settings)
    inside("admin", "set-seats", "1", "2", AIRBOOK_CONFIG=str(file), AIRBOOK_ACTOR="kim")
    assert actors_of(inside) == ["park", "kim"]


def test_imported_requests_are_those_of_the_importer(inside: Inside):
    (inside.folder / "requests.csv").write_text("1,kim\n1,lee\n")
    assert inside("import", "requests.csv", "--actor", "boss").code == 0
    assert actors_of(inside) == ["boss", "boss"]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("daemon", "The name 'daemon' is that of the daemon: say another one with --actor."),
        ("Daemon", "The name 'Daemon' is that of the daemon: say another one with --actor."),
        ("x" * 81, "A name has 1 to 80 characters."),
        ("", "A name has 1 to 80 characters."),
        (" ", "A name needs a character that can be seen."),
        ("a\x1bb", r"'a\u001bb' has characters that cannot be shown."),
    ],
)
def test_a_name_that_nobody_can_have_is_refused_before_anything_is_stored(
    inside: Inside, name: str, sentence: str
):
    inside("store", "init")
    for words in (("admin", "add-plane", "--seats", "1"), ("reserve", "1")):
        answer = inside(*words, "--actor", name)
        assert (answer.code, refused(answer)[0]) == (2, sentence)
    assert inside.json("events") == []


def test_reading_needs_no_actor(inside: Inside):
    inside("admin", "add-plane", "--seats", "1")
    assert inside("planes", AIRBOOK_ACTOR="daemon").code == 0
    assert inside("events", "--actor", "daemon").code == 0


def test_the_actors_are_offered_by_the_beginning_of_their_names(inside: Inside):
    for name in ("kim", "Kim Lee", "boss"):
        inside("admin", "add-plane", "--seats", "1", "--actor", name)
    assert values(inside, "reserve", "1", "--actor", "k") == ["kim"]
    assert values(inside, "reserve", "1", "--actor", "") == ["Kim Lee", "boss", "kim"]


def test_people_see_the_actor_and_the_cause_if_one_is_recorded(inside: Inside):
    inside("admin", "add-plane", "--seats", "1", "--actor", "kim")
    table = inside("events", "-o", "table").out.splitlines()
    assert table[0].split() == ["Position", "At", "Stream", "Type", "By", "Contents"]
    assert "kim" in table[2]
    inside("reserve", "1")
    inside("daemon", "--until-idle")
    headings = inside("history", "1", "-o", "table", "--lang", "ko").out.splitlines()[0]
    assert headings.split() == ["위치", "시각", "스트림", "종류", "작업자", "원인", "내용"]


def test_the_screens_act_as_the_same_actor(inside: Inside):
    inside("store", "init")
    session = Session({"actor": "kim"}, inside.environment)
    open_airbook = opener(session, Look(session.label))
    with open_airbook() as airbook:
        airbook.execute(CreateAirplane(1))
    assert actors_of(inside) == ["kim"]
    assert environment_of(session)["AIRBOOK_ACTOR"] == "kim"


def test_a_screen_that_changes_nothing_needs_no_actor(inside: Inside):
    session = Session({"actor": "daemon"}, inside.environment)
    opener(session, Look(session.label, read_only=True))
