"""The screens of the image on a terminal: colours, size and Korean."""

from __future__ import annotations

import os
import re

import pytest

from airbook.application.text.labels import Labels
from tests.containers.containers import DAEMON, Machine
from tests.docs.terminal import Terminal

KEYBOARD = re.compile(r"\x1b\[[<>=?]\d*u")  # pyte would draw the last letter
COLUMNS, ROWS = 100, 30


class Screen(Terminal):
    """A terminal that remembers what was written to it."""

    written = ""

    def take(self, written: str) -> None:
        """Draw the output of the command."""
        self.written += written
        super().take(KEYBOARD.sub("", written))


@pytest.fixture
def volume(here: Machine) -> str:
    """Create a store in which a customer with a Korean name has a seat."""
    volume = here.volume()
    daemon = here.start(volume, *DAEMON)
    daemon.await_health()
    assert daemon("admin", "add-plane", "--seats", "5").code == 0
    assert daemon("reserve", "1", "--customer", "이순신", "--wait", "--timeout", "1m").code == 0
    return volume


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("tui",), id="tui"),
        pytest.param(("my-page", "--customer", "이순신"), id="my-page", marks=pytest.mark.long),
    ],
)
def test_the_screens_are_korean_and_coloured(here: Machine, volume: str, words: tuple[str, ...]):
    options = ["--env=AIRBOOK_LANG=ko", "--env=TERM=xterm-256color", "--env=COLORTERM=truecolor"]
    command = here.at_a_terminal(volume, *words, options=options)
    shown = Labels("ko")("screen: live")
    with Screen(f"{command}; echo '<code '$?'>'", os.environ, COLUMNS, ROWS) as terminal:
        lines = terminal.until(lambda lines: any(shown in line for line in lines))
        assert any(shown in line for line in lines), lines
        assert max(map(len, lines)) > COLUMNS - 10  # of all columns, not of 80
        assert "\x1b[38;2;" in terminal.written
        terminal.press("q")
        lines = terminal.until(lambda lines: any("<code 0>" in line for line in lines))
        assert any("<code 0>" in line for line in lines), lines  # pyte has one screen: text stays
