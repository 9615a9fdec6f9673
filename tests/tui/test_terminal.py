"""The screens on a real terminal: wide characters, ASCII, mouse, size, no colours."""

from __future__ import annotations

import re

import pytest
from rich.cells import cell_len

from airbook.application.text.labels import Labels
from tests.support.home import Home
from tests.tui.tmux import in_tmux

NAMES = ("kim", "이순신", "홍길동전", "Ada", "강감찬 장군", "é")
COLOUR = re.compile(r"[34]8;2;(\d+);(\d+);(\d+)m")
SEQUENCE = re.compile(r"\x1b\[([\d;]*)m")
PLAIN = {"", "0", "1", "2", "4", "7", "39", "49"}  # no colours, or the terminal's own


@pytest.fixture
def korean_names(empty: Home) -> Home:
    """Record the story of five seats with names of different widths."""
    empty.record_five_seats(NAMES)
    return empty


def cell(line: str, text: str) -> int:
    """Return the cell of a line in which a text begins."""
    return cell_len(line[: line.index(text)])


def test_korean_tables_are_aligned(korean_names: Home):
    label = Labels("ko")
    with in_tmux(korean_names, "tui", AIRBOOK_LANG="ko") as tmux:
        tmux.shows(label("screen: live"))
        tmux.press("3")
        lines = tmux.shows(*NAMES, label("Customer"))
    [heading] = [line for line in lines if label("Customer") in line]
    rows = [line for line in lines if any(f" {name} " in line for name in NAMES)]
    assert len(rows) == 6
    assert max(cell_len(line) for line in lines) <= 80
    column = {name: cell(heading, label(name)) for name in ("Customer", "Status", "Seat", "Reason")}
    for row, name in zip(rows, reversed(NAMES), strict=True):
        assert cell(row, f" {name} ") + 1 == column["Customer"]
        status = label("rejected" if name == NAMES[-1] else "approved")
        assert cell(row, f" {status} ") + 1 == column["Status"]
    seats = [row for row in rows if label("approved") in row]
    assert {cell_len(row.rstrip()) for row in seats} == {column["Seat"] + cell_len(label("Seat"))}
    assert cell(rows[0], label("no seats left")) == column["Reason"]


def test_ascii_draws_only_ascii(korean_names: Home):
    displayed = list[str]()
    with in_tmux(korean_names, "tui", "--ascii") as tmux:
        tmux.shows("screen: live")
        for keys, shown in {
            "1": "Pending",
            "2": "Taken",
            "3": "kim",
            "Enter": "were taken",
            "4": "SeatAssigned",
            "5": "Daemons",
            "t": "Position 18",
            "?": "search",
            "Escape": "Position 18",
            "b": "screen: live",
            "C-p": "search",
        }.items():
            tmux.press(keys)
            displayed += tmux.shows(shown)
    text = "\n".join(displayed)
    for name in NAMES:
        text = text.replace(name, "")
    assert sorted({character for character in text if not character.isascii()}) == []


def test_a_tab_is_turned_to_with_the_mouse(five_seats: Home):
    with in_tmux(five_seats, "tui") as tmux:
        tmux.shows("screen: live", "5 System")
        with tmux.attached() as terminal:
            column, row = tmux.place("4 Events")
            terminal.send(f"\x1b[<0;{column};{row}M\x1b[<0;{column};{row}m")
            tmux.shows("SeatAssigned", "ReservationRejected")


def test_a_larger_terminal_shows_more(five_seats: Home):
    with in_tmux(five_seats, "tui") as tmux:
        tmux.shows("screen: live")
        tmux.press("3")
        assert not any("Decided" in line for line in tmux.shows("kang", "Quit"))
        tmux.resize(200, 60)
        lines = tmux.shows("Decided", "Quit")
        assert len(lines) == 60
        assert "Quit" in lines[-1]
        assert lines[0].endswith("screen: live")
        assert len(lines[0]) >= 198
        tmux.press("Enter")
        lines = tmux.shows("all 5 seats of airplane 1 were taken")
        [explained] = [line for line in lines if "were taken" in line]
        assert "kang" in "".join(lines[:10])
        assert explained.index("Reservation 6") > 100  # beside the list, not below it


def test_no_color_draws_no_colours(five_seats: Home):
    with in_tmux(five_seats, "tui") as tmux:
        tmux.shows("5/5")
        assert not are_grey(tmux.colours())
    with in_tmux(five_seats, "tui", NO_COLOR="1") as tmux:
        tmux.shows("5/5")
        assert are_grey(tmux.colours())


def are_grey(drawn: str) -> bool:
    """Return whether everything is drawn in black, grey or white."""
    colours = COLOUR.findall(drawn)
    others = SEQUENCE.findall(COLOUR.sub("m", drawn))
    assert all(code in PLAIN for sequence in others for code in sequence.split(";")), others
    return all(red == green == blue for red, green, blue in colours)
