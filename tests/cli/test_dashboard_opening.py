"""How the screens are opened, and when they are not."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from airbook.application.airbook import Airbook
from airbook.application.as_of import Moment, format_moment, parse_moment
from airbook.application.settings import CHOICES
from airbook.cli.commands import screens as screens_module
from airbook.tui.session.look import Look
from tests.cli.conftest import Inside
from tests.cli.dashboards import Screens
from tests.cli.terminal import seen
from tests.support.answers import refused
from tests.support.home import Home

NOTHING = "me has no reservations.\n"


def without(monkeypatch: pytest.MonkeyPatch, package: str) -> None:
    """Pretend that a package is not installed."""

    def find_spec(name: str) -> str | None:
        return None if name == package else name

    monkeypatch.setattr(screens_module, "find_spec", find_spec)


def test_options_come_before_settings(inside: Inside, terminal: Screens):
    settings = {"AIRBOOK_THEME": "light", "AIRBOOK_ASCII": "no"}
    inside("tui", "--theme", "contrast", "--ascii", "--read-only", **settings)
    [(_, (_, look, _), moment)] = terminal.opened
    assert (look, moment) == (Look(look.label, "contrast", ascii=True, read_only=True), None)


def test_the_default_store_is_passed_on_too(inside: Inside, terminal: Screens):
    inside("tui")
    [(_, (_, _, shell), _)] = terminal.opened
    assert shell.environment["AIRBOOK_STORE"] == f"sqlite:///{inside.store}"
    assert "AIRBOOK_CONFIG" not in shell.environment


def test_an_error_before_a_screen_opens_is_printed_as_usual(
    inside: Inside, terminal: Screens, monkeypatch: pytest.MonkeyPatch
):
    def open_at_once(open_airbook: Callable[[], Airbook], *_: object, moment: Moment | None) -> int:
        return open_airbook().log.head()

    monkeypatch.setattr(sys.modules["airbook.tui.start"], "dashboard", open_at_once)
    answer = inside("tui")
    assert (answer.code, refused(answer)[1]) == (7, "hint: airbook store init")
    answer = inside("tui", "--store", "nowhere")
    assert (answer.code, refused(answer)[1]) == (2, "hint: airbook config show --help")


def test_the_themes_are_the_choices_of_the_setting():
    assert tuple(screens_module.Theme) == CHOICES["theme"]


def test_a_browser_opens_the_same_dashboard(inside: Inside, screens: Screens):
    options = ("--as-of", "-1m30s", "--theme", "light", "--read-only", "--ascii")
    assert inside("tui", "--web", "--port", "8080", *options).code == 0
    answer = inside("tui", "--web")
    assert (answer.code, answer.err) == (
        0,
        "Open http://here/?key=k in a browser here; Ctrl-C ends.\n",
    )
    [(_, (line, environment, port, _), _), (_, (bare, _, default, _), _)] = screens.opened
    assert (line, port) == ((sys.executable, "-m", "airbook.cli", "tui", *options), 8080)
    assert (bare, default) == ((sys.executable, "-m", "airbook.cli", "tui"), 8000)
    assert environment["AIRBOOK_STORE"] == f"sqlite:///{inside.store}"


@pytest.mark.parametrize(
    "word",
    [
        *("0", "42", "-0s", "-90s", "-5m", "-999999h", "-7d", "-1h30m", "-999999d999999h"),
        *("2026-11-22T09:00:00.5+09:00", "22:53", "어제 09:00", "today", "now"),
    ],
)
def test_a_moment_is_written_so_that_it_reads_the_same(word: str):
    assert parse_moment(format_moment(parse_moment(word))) == parse_moment(word)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--port", "8080"], "--port is for --web only."),
        (["--web", "--port", "0"], "Ports go from 1 to 65535."),
        (["--web", "--port", "65536"], "Ports go from 1 to 65535."),
        (["--theme", "pink"], "'pink' is not one of 'dark', 'light', 'contrast'."),
        (
            ["--as-of", "soon"],
            "'soon' is neither a position nor a time like 2026-11-22T09:00 or -5m.",
        ),
    ],
)
def test_invalid_options(inside: Inside, terminal: Screens, options: list[str], sentence: str):
    answer = inside("tui", *options)
    assert (answer.code, refused(answer)) == (2, [sentence, "hint: airbook tui --help"])
    assert terminal.opened == []


def test_a_package_that_is_missing_is_named(
    inside: Inside, terminal: Screens, monkeypatch: pytest.MonkeyPatch
):
    sentence = "The dashboard needs packages that are not installed."
    without(monkeypatch, "textual_serve")
    answer = inside("tui", "--web")
    assert (answer.code, refused(answer)) == (
        1,
        [sentence, "hint: pip install 'airbook[web]'"],
    )
    without(monkeypatch, "textual")
    answer = inside("tui")
    assert (answer.code, refused(answer)) == (
        1,
        [sentence, "hint: pip install 'airbook[tui]'"],
    )
    assert terminal.opened == []


def test_my_page_opens_a_screen_on_a_terminal(empty: Inside, terminal: Screens):
    assert empty("my-page").code == 9
    assert empty("my-page", "--customer", "kim", "--as-of", "0").code == 9
    [(name, (_, look, shell, mine), now), (_, (*_, kims), then)] = terminal.opened
    assert (name, mine, now, kims, then) == ("my page", "me", None, "kim", Moment(position=0))
    assert look == Look(look.label)
    assert shell.command(["my-page"]).name == "my-page"


@pytest.mark.parametrize(
    ("options", "settings"),
    [
        (["-o", "table"], {}),
        (["--json"], {}),
        (["--all"], {}),
        (["--limit", "1"], {}),
        ([], {"AIRBOOK_OUTPUT": "plain"}),
    ],
)
def test_my_page_prints_a_list_when_an_option_asks_for_it(
    empty: Inside, terminal: Screens, options: list[str], settings: dict[str, str]
):
    assert empty("my-page", *options, **settings).code == 0
    assert terminal.opened == []


def test_my_page_prints_a_list_when_the_file_sets_a_format(empty: Inside, terminal: Screens):
    (empty.folder / "airbook.toml").write_text('output = "table"')
    assert empty("my-page", "--config", "airbook.toml").out == NOTHING
    assert terminal.opened == []


def test_my_page_prints_without_a_terminal_and_without_textual(
    empty: Inside, screens: Screens, monkeypatch: pytest.MonkeyPatch
):
    assert empty("my-page").code == 0
    monkeypatch.setattr(screens_module, "is_on_terminal", lambda: True)
    without(monkeypatch, "textual")
    assert empty("my-page").code == 0
    assert screens.opened == []


def test_a_terminal_that_shows_text_alone_gets_the_list(home: Home):
    home("store", "init")
    assert NOTHING in seen(home, "my-page", TERM="dumb")
    assert NOTHING in seen(home, "my-page", "--limit", "1")
