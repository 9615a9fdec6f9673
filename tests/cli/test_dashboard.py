"""What the dashboard is told about the command line."""

from __future__ import annotations

import json
import sys

import pytest
from textual import constants

from airbook.application.as_of import Moment
from airbook.application.text.labels import Labels
from airbook.cli.framework.command_catalog import READING, list_commands
from airbook.tui.session.look import Look
from airbook.tui.session.shell import CommandSpec
from tests.cli.conftest import Inside
from tests.cli.dashboards import Screens
from tests.support.answers import refused
from tests.support.home import Home

WRITING = {
    *("admin add-plane", "admin set-seats", "admin close-plane", "admin open-plane"),
    *("reserve", "cancel", "import", "daemon", "serve", "relay", "intake"),
    *("token create", "token revoke"),
    *("views rebuild", "parked retry", "parked drop", "store init", "store copy"),
}


def test_every_command_is_named_as_reading_or_writing():
    found = list_commands(Labels("en"))
    assert {verb.name for verb in found if verb.writes} == WRITING
    assert {verb.name for verb in found if not verb.writes} == READING


def test_a_command_is_described_as_it_is_typed():
    found = {verb.name: verb for verb in list_commands(Labels("ko"))}
    assert "tui" not in found
    assert [found[name] for name in ("admin add-plane", "show", "parked retry")] == [
        CommandSpec(
            "admin add-plane",
            "예약할 수 있는 항공기를 추가합니다.",
            "--seats N [--name TEXT] [--yes]",
            looks_back=False,
            writes=True,
        ),
        CommandSpec(
            "show",
            "예약 한 건을 보여 줍니다.",
            "RESERVATION [--as-of MOMENT]",
            looks_back=True,
            writes=False,
        ),
        CommandSpec(
            "parked retry",
            "보류한 예약을 데몬이 다시 처리하게 합니다.",
            "[RESERVATION] [--all]",
            looks_back=False,
            writes=True,
        ),
    ]


def test_a_dashboard_needs_a_terminal(home: Home):
    answer = home("tui")
    assert (answer.code, refused(answer)) == (
        2,
        ["The dashboard needs a terminal.", "hint: airbook status"],
    )
    answer = home("tui", "-o", "json")
    assert json.loads(answer.err) == {
        "error": {
            "code": "usage",
            "message": "The dashboard needs a terminal.",
            "hint": "airbook status",
        }
    }


def test_a_browser_needs_no_terminal(
    inside: Inside, screens: Screens, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(constants, "DRIVER", "textual.drivers.web_driver:WebDriver")
    assert inside("tui").code == 9
    assert [name for name, _, _ in screens.opened] == ["dashboard"]


def test_a_dashboard_receives_the_store_the_look_and_the_command_line(
    inside: Inside, terminal: Screens
):
    file = inside.folder / "airbook.toml"
    file.write_text('theme = "light"\nascii = "yes"\n[keys]\nquit = "q"\n')
    url = "postgresql://kim:secret@db/airbook"
    flags = ("--config", str(file), "--store", url, "--lang", "ko")
    answer = inside("tui", "--as-of", "7", *flags, AIRBOOK_OUTPUT="csv")
    assert answer.code == 9
    [(name, (open_airbook, look, shell), moment)] = terminal.opened
    assert (name, moment) == ("dashboard", Moment(position=7))
    assert open_airbook().store.secret_url == url
    label = look.label
    assert (label.language, look) == ("ko", Look(label, "light", ascii=True, keys={"quit": "q"}))
    assert shell.start == (sys.executable, "-m", "airbook.cli")
    assert shell.command(["admin", "add-plane"]).writes
    assert "AIRBOOK_OUTPUT" not in shell.environment
    assert shell.environment == {
        **inside.environment,
        "LANGUAGE": "ko",  # set for libraries that use gettext
        "AIRBOOK_STORE": url,
        "AIRBOOK_LANG": "ko",
        "AIRBOOK_CONFIG": str(file),
    }
