"""Completion offers the numbers in the store, in the protocol of each shell."""

from __future__ import annotations

import pytest

from tests.support.home import Home
from tests.support.stores import by_hand

EVIL = "\\$(touch /tmp/x) `y` \x1b[31m\u202e \"'"


@pytest.fixture
def filled(home: Home) -> Home:
    home("admin", "add-plane", "--seats", "5", "--name", "KE 907")
    home("admin", "add-plane", "--seats", "2")
    home("reserve", "1", "--customer", "kim")
    home("reserve", "2", "--customer", "lee")
    return home


def bash(home: Home, line: str) -> list[str]:
    words = line.split(" ")
    asked = {"COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1)}
    answer = home(**asked, _AIRBOOK_COMPLETE="complete_bash")
    assert answer.err == ""
    return answer.out.split()


def zsh(home: Home, line: str) -> str:
    answer = home(_TYPER_COMPLETE_ARGS=line, _AIRBOOK_COMPLETE="complete_zsh")
    assert answer.err == ""
    return answer.out


def fish(home: Home, line: str) -> list[str]:
    asked = {"_TYPER_COMPLETE_ARGS": line, "_TYPER_COMPLETE_FISH_ACTION": "get-args"}
    answer = home(**asked, _AIRBOOK_COMPLETE="complete_fish")
    assert answer.err == ""
    return answer.out.splitlines()


@pytest.mark.parametrize("command", ["reserve", "plane", "admin set-seats", "admin close-plane"])
def test_airplanes(filled: Home, command: str):
    assert bash(filled, f"airbook {command} ") == ["1", "2"]


@pytest.mark.parametrize("command", ["cancel", "show", "history", "why", "wait"])
def test_reservations(filled: Home, command: str):
    assert bash(filled, f"airbook {command} 2") == ["2"]


def test_what_a_number_stands_for(filled: Home):
    assert fish(filled, "airbook reserve ") == ["1\tKE 907 5/5", "2\t2/2"]
    assert fish(filled, "airbook show ") == ["1\tkim received", "2\tlee received"]
    assert '"1":"kim received"' in zsh(filled, "airbook show ")


def test_commands_and_options(filled: Home):
    assert "my-page" in bash(filled, "airbook m")
    assert "--output" in bash(filled, "airbook planes --o")


def test_the_home_of_the_typed_line_is_read(filled: Home):
    empty = filled.folder / "empty"
    assert bash(filled, f"airbook --home {empty} reserve ") == []


def test_an_invalid_store_offers_nothing_and_prints_nothing(home: Home):
    home.store.parent.mkdir()
    home.store.write_text("Dear diary\n" * 500)
    assert bash(home, "airbook reserve ") == []
    assert bash(home, "airbook --lang xx show ") == []


def test_nothing_that_a_shell_evaluates_is_offered(filled: Home):
    with by_hand(filled.store) as connection:
        connection.execute("UPDATE customers SET name = ? WHERE name = 'kim'", (EVIL,))
    for offered in (zsh(filled, "airbook show "), "\n".join(fish(filled, "airbook show "))):
        assert not set("\x1b\u202e$`\\") & set(offered), offered


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_each_shell(home: Home, shell: str):
    answer = home("--show-completion", shell, _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1")
    assert (answer.code, answer.err) == (0, "")
    assert f"complete_{shell}" in answer.out
