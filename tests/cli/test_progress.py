"""The progress of a long operation on a terminal: a bar on stderr, which is gone at the end."""

from __future__ import annotations

import re

import pyte
import pytest

from tests.cli.terminal import seen
from tests.support.home import Home

CONTROL = re.compile(r"\x1b\[[?0-9;]*[A-Za-z]")
COLOR = re.compile(r"\x1b\[[0-9;]*m")
BAR_IS_OVER = "\x1b[?25h"  # the cursor is shown again
BAR = re.compile(r"(\w+) [━╸╺ ]* +([0-9]+/[0-9]+)")
REQUESTS = b"1,kim,order-1\n1,lee,order-2\n"
REBUILD = ("views", "rebuild")
REBUILT = "Name          Position  Behind (events)  Behind (seconds)"
COPY = ("store", "copy", "--from", "sqlite:///home/airbook.db", "--to", "sqlite:///copy.db")
COPIED = "Copied and verified: 18 events, 0 keys, 6 customers."
IMPORT = ("import", "requests.csv")
IMPORTED = "Imported: 2 accepted, 0 accepted before, 0 refused."
INTO_A_FILE = ("sh", "-c", 'exec "$@" > answer', "sh")


@pytest.fixture
def begun(home: Home) -> Home:
    """Create a store with the story of five seats, and a file of requests."""
    home.record_five_seats()
    assert home.here("planes").code == 0
    (home.folder / "requests.csv").write_bytes(REQUESTS)
    return home


def drawn(written: str) -> list[tuple[str, str]]:
    """Return what each different bar says: what is counted, and how far it has come."""
    bars = BAR.findall(CONTROL.sub("", written))
    return list(dict.fromkeys(bars))


def left_behind(written: str) -> list[str]:
    """Return the lines that are on the terminal at the end."""
    screen = pyte.Screen(100, 24)
    pyte.Stream(screen).feed(written.replace("\n", "\r\n"))
    return "\n".join(line.rstrip() for line in screen.display).rstrip().splitlines()


@pytest.mark.parametrize(
    ("words", "unit", "goal", "first_line"),
    [
        (REBUILD, "Events", 18, REBUILT),
        (COPY, "Events", 18, COPIED),
        (IMPORT, "Bytes", len(REQUESTS), IMPORTED),
    ],
)
def test_a_bar_shows_how_far_it_has_come_and_disappears(
    begun: Home, words: tuple[str, ...], unit: str, goal: int, first_line: str
):
    written = seen(begun, *words, NO_COLOR="1")
    assert drawn(written) == [(unit, f"0/{goal}"), (unit, f"{goal}/{goal}")]
    lines = left_behind(written)
    assert lines[0] == first_line
    assert drawn("\n".join(lines)) == []


def test_the_bar_has_the_colors_of_the_settings(begun: Home):
    bars = [
        seen(begun, *REBUILD, **settings).partition(BAR_IS_OVER)[0]
        for settings in ({}, {"NO_COLOR": "1"}, {"AIRBOOK_COLOR": "never"})
    ]
    assert [bool(COLOR.search(bar)) for bar in bars] == [True, False, False]


def test_the_bar_is_on_stderr_and_not_in_the_answer(begun: Home):
    written = seen(begun, *REBUILD, under=INTO_A_FILE)
    assert drawn(written) == [("Events", "0/18"), ("Events", "18/18")]
    assert left_behind(written) == []
    answer = (begun.folder / "answer").read_text()
    assert answer == begun.here("views", "status").out
