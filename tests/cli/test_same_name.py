"""A second airplane of one name is added only after a confirmation."""

from __future__ import annotations

import pexpect
import pytest

from tests.cli.conftest import Inside
from tests.cli.terminal import on_a_terminal
from tests.support.answers import refused
from tests.support.home import Home

ADD = ("admin", "add-plane", "--seats", "5", "--name")


def names(home: Home) -> list[str]:
    return [one["name"] for one in home.json("planes")]


@pytest.mark.parametrize("name", ["KE 907", "ke 907", " KE 907 "])
def test_where_nobody_can_be_asked_it_is_refused(inside: Inside, name: str):
    inside(*ADD, "KE 907")
    answer = inside(*ADD, name)
    assert (answer.code, refused(answer)) == (
        2,
        [
            "Airplane 1 is called KE 907 already: say --yes to add another one.",
            "hint: airbook admin add-plane --help",
        ],
    )
    korean = inside(*ADD, name, "--lang", "ko")
    assert (korean.code, korean.err.splitlines()[0]) == (
        2,
        "이름이 KE 907인 항공기가 이미 있습니다: 항공기 1. 하나 더 추가하려면 --yes를 지정하세요.",
    )
    assert names(inside) == ["KE 907"]


@pytest.mark.parametrize("yes", ["--yes", "-y"])
def test_the_option_adds_it_without_a_question(inside: Inside, yes: str):
    assert inside(*ADD, "KE 907", yes).code == 0
    assert inside.json(*ADD, "KE 907", yes)["id"] == 2
    assert names(inside) == ["KE 907", "KE 907"]


def test_other_names_and_none_need_no_confirmation(inside: Inside):
    inside(*ADD, "KE 907")
    assert inside(*ADD, "KE 908").code == 0
    for _ in range(2):
        assert inside("admin", "add-plane", "--seats", "5").code == 0
    assert len(names(inside)) == 4


@pytest.mark.parametrize(("answer", "code"), [("y", 0), ("n", 130), ("", 130)])
def test_on_a_terminal_it_asks_and_no_is_the_default(home: Home, answer: str, code: int):
    home(*ADD, "KE 907")
    terminal = on_a_terminal(home, *ADD, "ke 907", TERM="xterm")
    terminal.expect(r"Airplane 1 is called KE 907 already\. Add another one\? \[y/N\]")
    terminal.sendline(answer)
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == code
    assert names(home) == (["KE 907", "ke 907"] if code == 0 else ["KE 907"])
