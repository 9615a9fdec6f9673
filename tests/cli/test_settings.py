"""The origin of settings: a flag, else the environment, else the file, else the default."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from airbook.application.settings import load
from tests.cli.conftest import Inside
from tests.support.answers import Answer, refused

FILE = """
home = "from-file"
output = "csv"
lang = "ko"
color = "never"
log_level = "error"
customer = "file"
actor = "file"
allow_unsafe = "yes"
theme = "light"
ascii = "yes"

[keys]
quit = "ctrl+x,q"
"""


def settings_of(answer: Answer) -> dict[str, tuple[str, str]]:
    return {one["name"]: (one["value"], one["origin"]) for one in answer.document}


def write(inside: Inside, contents: str) -> Path:
    file = inside.folder / "airbook.toml"
    file.write_text(contents, "utf-8")
    return file


def test_defaults(inside: Inside):
    found = settings_of(
        inside(
            *("config", "show", "--json"),
            AIRBOOK_ACTOR=None,
            AIRBOOK_HOME=None,
            AIRBOOK_CUSTOMER=None,
            LANG=None,
        )
    )
    assert found.pop("actor") == found["customer"]
    home = inside.folder / ".local/share/airbook"
    assert (found.pop("customer")[1], found) == (
        "default",
        {
            "home": (str(home), "default"),
            "store": (f"sqlite:///{home}/airbook.db", "default"),
            "output": ("json", "flag"),
            "lang": ("en", "default"),
            "color": ("auto", "default"),
            "log_level": ("info", "default"),
            "allow_unsafe": ("no", "default"),
            "theme": ("dark", "default"),
            "ascii": ("no", "default"),
            "config": (str(inside.folder / ".config/airbook/config.toml"), "default"),
        },
    )


def test_the_file_beats_defaults(inside: Inside):
    file = write(inside, FILE)
    lines = inside(
        *("config", "show", "--config", str(file)),
        AIRBOOK_ACTOR=None,
        AIRBOOK_HOME=None,
        AIRBOOK_CUSTOMER=None,
        LANG=None,
    ).out.splitlines()
    assert "home,from-file,file" in lines
    assert {line.rpartition(",")[2] for line in lines if "config" not in line} == {
        *("origin", "file", "default")
    }
    assert [line for line in lines if line.endswith("default")] == [
        "store,sqlite:///from-file/airbook.db,default",
    ]


def test_the_environment_beats_the_file_and_a_flag_beats_both(inside: Inside):
    file = write(inside, FILE)
    environment = {
        "AIRBOOK_CONFIG": str(file),
        "AIRBOOK_OUTPUT": "json",
        "AIRBOOK_LANG": "en",
        "AIRBOOK_COLOR": "always",
        "AIRBOOK_LOG_LEVEL": "debug",
        "AIRBOOK_STORE": "sqlite:///there.db",
        "AIRBOOK_ALLOW_UNSAFE": "1",
        "AIRBOOK_THEME": "contrast",
        "AIRBOOK_ASCII": "0",
    }
    found = settings_of(inside("config", "show", **environment))
    assert {name: origin for name, (_, origin) in found.items() if name != "config"} == {
        **dict.fromkeys(("home", "store", "output", "lang", "color"), "environment"),
        **dict.fromkeys(("log_level", "customer", "actor", "allow_unsafe"), "environment"),
        **dict.fromkeys(("theme", "ascii"), "environment"),
    }
    flags = ("--home=here", "--store", "sqlite:///x.db", "-ojson", "--lang", "en")
    more = ("--color=auto", "--log-level", "warning", "--actor", "park")
    found = settings_of(inside(*flags, "config", "show", *more, **environment))
    assert {name: value for name, value in found.items() if name != "config"} == {
        "home": ("here", "flag"),
        "store": (f"sqlite:///{inside.folder}/x.db", "flag"),
        "output": ("json", "flag"),
        "lang": ("en", "flag"),
        "color": ("auto", "flag"),
        "log_level": ("warning", "flag"),
        "customer": ("me", "environment"),
        "actor": ("park", "flag"),
        "allow_unsafe": ("1", "environment"),
        "theme": ("contrast", "environment"),
        "ascii": ("0", "environment"),
    }


def test_keys_come_from_the_file_alone(inside: Inside):
    file = write(inside, FILE)
    environment = {**inside.environment, "AIRBOOK_KEYS": "x", "AIRBOOK_KEYS_QUIT": "x"}
    assert load({"config": str(file)}, environment).keys == {"quit": "ctrl+x,q"}
    assert load({}, environment).keys == {}


@pytest.mark.parametrize("line", ['keys = "q"', "keys = 5", "[keys]\nquit = 5", "[[keys]]"])
def test_keys_are_a_table_of_texts(inside: Inside, line: str):
    file = write(inside, line)
    answer = inside("planes", "--config", str(file))
    sentence = f"The configuration file {file} must set keys to a table of texts."
    assert (answer.code, refused(answer)) == (2, [sentence, "hint: airbook config show --help"])


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "ko_KR.UTF-8"}, "ko"),
        ({"LANG": "ko_KR.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "ko_KR.UTF-8"}, "ko"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LC_ALL": "ko", "AIRBOOK_LANG": "en"}, "en"),
    ],
)
def test_the_language_follows_the_locale(
    inside: Inside, environment: dict[str, str], language: str
):
    assert settings_of(inside("config", "show", "--json", **environment))["lang"][0] == language


@pytest.mark.parametrize(
    ("environment", "flags", "color"),
    [
        ({"NO_COLOR": "1"}, [], ("never", "environment")),
        ({"TERM": "dumb"}, [], ("never", "environment")),
        ({"NO_COLOR": ""}, [], ("auto", "default")),
        ({"NO_COLOR": "1"}, ["--color", "always"], ("always", "flag")),
        ({"NO_COLOR": "1", "AIRBOOK_COLOR": "auto"}, [], ("auto", "environment")),
    ],
)
def test_colours_can_be_turned_off(
    inside: Inside, environment: dict[str, str], flags: list[str], color: tuple[str, str]
):
    found = settings_of(inside("config", "show", "--json", *flags, **environment))
    assert found["color"] == color


def test_global_options_stand_anywhere(five_seats: Inside):
    answers = {
        five_seats(*words).raw
        for words in (
            ("-o", "json", "show", "6"),
            ("show", "-o", "json", "6"),
            ("show", "6", "-o", "json"),
            ("show", "6", "-ojson"),
            ("show", "6", "--output=json"),
            ("--json", "show", "6"),
            ("show", "6", "--json"),
            ("-o", "csv", "show", "6", "-o", "json"),
        )
    }
    assert len(answers) == 1
    assert answers.pop().startswith(b'{"id":6,')


def test_a_store_may_be_elsewhere(inside: Inside):
    store = inside.folder / "else where" / "100%41?.db"
    inside("admin", "add-plane", "--seats", "5", "--store", f"sqlite:///{store}")
    assert store.exists()
    assert inside.json("planes", AIRBOOK_STORE=f"sqlite:///{store}")[0]["seats"] == 5
    assert not inside.store.exists()


@pytest.mark.parametrize(
    ("flags", "sentence"),
    [
        (["-o", "yaml"], "yaml is not one of table, plain, json, jsonl, csv (output)."),
        (["--lang", "fr"], "fr is not one of en, ko (lang)."),
        (["--color", "maybe"], "maybe is not one of auto, always, never (color)."),
        (["--log-level=loud"], "loud is not one of debug, info, warning, error (log_level)."),
        (["--store", "x"], "The store x is neither sqlite:///PATH nor postgresql://…."),
        (
            ["--store", "sqlite:///"],
            "The store sqlite:/// is neither sqlite:///PATH nor postgresql://….",
        ),
        (["--home", "~nobody-here/x"], "The path ~nobody-here/x cannot be used."),
        (["--config", "~nobody-here/x"], "The path ~nobody-here/x cannot be used."),
    ],
)
def test_an_invalid_setting(inside: Inside, flags: list[str], sentence: str):
    answer = inside("planes", *flags)
    assert (answer.code, refused(answer)) == (2, [sentence, "hint: airbook config show --help"])


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"AIRBOOK_THEME": "pink"}, "pink is not one of dark, light, contrast (theme)."),
        (
            {"AIRBOOK_ASCII": "maybe"},
            "maybe is not one of 1, y, yes, t, true, on, 0, n, no, f, false, off (ascii).",
        ),
    ],
)
def test_an_invalid_variable(inside: Inside, settings: dict[str, str], sentence: str):
    answer = inside("planes", **settings)
    assert (answer.code, refused(answer)) == (2, [sentence, "hint: airbook config show --help"])


def test_an_empty_variable_is_ignored(empty: Inside):
    names = ("AIRBOOK_CONFIG", "AIRBOOK_STORE", "AIRBOOK_OUTPUT", "AIRBOOK_LANG")
    assert empty("planes", **dict.fromkeys(names, "")).code == 0


def test_the_demonstration_leaves_a_configured_store_alone(tmp_path: Path):
    mine = tmp_path / "mine.db"
    (tmp_path / "airbook").mkdir()
    (tmp_path / "airbook" / "config.toml").write_text(f'store = "sqlite:///{mine}"')
    play = [sys.executable, "-m", "airbook.cli", "demo"]
    done = subprocess.run(play, env={**os.environ, "XDG_CONFIG_HOME": str(tmp_path)}, check=False)
    assert (done.returncode, mine.exists()) == (0, False)
