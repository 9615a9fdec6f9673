"""Commands on a terminal: tables, colours, questions and Ctrl-C."""

from __future__ import annotations

import subprocess
import sys
from typing import cast

import pexpect
import pytest

from tests.cli.terminal import on_a_terminal, seen
from tests.support.home import PATIENCE, Home
from tests.support.stores import by_hand

SOMETHING = "INSERT INTO parked VALUES (1, 1, 'no reason', '2026-11-22T09:00:00.000Z', 0, 0)"


@pytest.fixture
def plane(home: Home) -> Home:
    home("admin", "add-plane", "--seats", "5", "--name", "[/]")
    return home


def test_a_terminal_gets_tables_and_sentences(plane: Home):
    assert seen(plane, "plane", "1") == ("Airplane 1: open. 5 seats, 0 taken, 0 pending, 5 left.\n")
    table = seen(plane, "planes", NO_COLOR="1")
    assert [line.split() for line in table.splitlines()][::2] == [
        ["No.", "Name", "Seats", "Taken", "Pending", "Left", "Status"],
        ["1", "[/]", "5", "0", "0", "5", "open"],
    ]
    assert seen(plane, "planes", "-o", "plain") == "1\t[/]\t5\t0\t0\t5\topen\n"


def test_colours_follow_the_settings(plane: Home):
    assert "\x1b[32mopen" in seen(plane, "planes")
    assert "\x1b[32mopen" in seen(plane, "planes", "--color", "always", NO_COLOR="1")
    for settings in ({"NO_COLOR": "1"}, {"TERM": "dumb"}, {"AIRBOOK_COLOR": "never"}):
        assert "\x1b" not in seen(plane, "planes", **settings)
    assert "\x1b" not in seen(plane, "planes", "-o", "json", "--color", "always")


def test_colours_can_be_had_without_a_terminal(plane: Home):
    assert "\x1b" not in plane("planes", "-o", "table").out
    assert "\x1b[32mopen" in plane("planes", "-o", "table", "--color", "always").out


@pytest.mark.parametrize(
    "words",
    [["events", "--follow"], ["wait", "1", "--timeout", "60s"], ["status", "--watch"]],
)
def test_ctrl_c_ends_with_130_and_no_output(plane: Home, words: list[str]):
    plane("reserve", "1")
    terminal = on_a_terminal(plane, *words, TERM="xterm", NO_COLOR="1")
    if words[0] == "wait":
        terminal.expect("airbook daemon")
    else:
        terminal.expect("airplane-1" if words[0] == "events" else "Parked: 0")
    terminal.sendintr()
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert (terminal.exitstatus, terminal.signalstatus) == (130, None)
    assert "Traceback" not in cast("str", terminal.before)


def test_an_interrupt_at_any_moment_ends_without_a_traceback(plane: Home):
    plane("reserve", "1")
    interrupted = (
        "import gc, signal, sys\n"
        "signal.signal(signal.SIGALRM, signal.default_int_handler)\n"
        "from airbook.cli.start import run\n"
        "seconds = float(sys.argv.pop(1))\n"
        # The first line of `run` starts the timer: before that, nothing catches an interrupt.
        "gc.disable = lambda: signal.setitimer(signal.ITIMER_REAL, seconds)\n"
        "run()\n"
    )
    for seconds in (0.0001, 0.005, 0.02, 0.05, 0.1, 0.2, 0.4):
        ran = subprocess.run(
            [sys.executable, "-c", interrupted, str(seconds), "wait", "1", "--timeout", "60s"],
            env=plane.environment,
            capture_output=True,
            check=False,
            text=True,
            timeout=PATIENCE,
        )
        assert (ran.returncode, "Traceback" in ran.stderr) == (130, False)


@pytest.mark.parametrize(("answer", "code"), [("y", 0), ("n", 130), ("", 130)])
def test_dropping_asks_for_confirmation_and_no_is_the_default(plane: Home, answer: str, code: int):
    with by_hand(plane.store) as connection:
        connection.execute(SOMETHING)
    terminal = on_a_terminal(plane, "parked", "drop", "1", TERM="xterm")
    terminal.expect(r"Leave reservation 1 undecided for good\? \[y/N\]")
    terminal.sendline(answer)
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == code
    with by_hand(plane.store) as connection:
        dropped = connection.execute("SELECT dropped FROM parked").fetchone()[0]
    assert dropped == (code == 0)
