"""The line for commands: each runs as it would in a shell, if it may be run here."""

# pyright: reportPrivateUsage=false
from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest
from rich.cells import cell_len

from airbook.application.airbook import Airbook
from airbook.application.commands import Order, Reserve
from airbook.application.stores.sqlite import SQLiteStore
from airbook.application.text.labels import Labels
from airbook.application.text.parsing import Mistyped
from airbook.tui.widgets.prompt import Output, Prompt, check, split
from tests.cli.play import Home
from tests.tui.screen import WIDE, Player, dashboard, played, shell_of


async def run(one: Player[Any], line: str, *, until: str = "ended with exit code") -> list[str]:
    """Give a command line; give what it said once that can be read."""
    await one.press("colon")
    await one.until(lambda: isinstance(one.app.screen, Prompt))
    await one.type(line)
    await one.press("enter")
    await one.shows(until)
    output = one.app.screen
    assert isinstance(output, Output)
    return [line.text.rstrip() for line in output.log_lines.lines]


@played
async def test_a_command_says_what_it_says_in_a_shell(five_seats: Home):
    async with dashboard(five_seats, size=WIDE) as one:
        said = await run(one, "planes")
        await one.shows("airbook planes", "ended with exit code 0; Esc closes")
        wanted = five_seats("planes", "-o", "table", COLUMNS="135").out.splitlines()
        assert [line.rstrip() for line in said if line] == [line.rstrip() for line in wanted]
        await one.press("escape")
        await one.until(lambda: one.app.screen is one.screen)
        said = await run(one, "airbook show 99")
        await one.shows("ended with exit code 3")
        assert [line for line in said if line] == [
            "There is no reservation 99.",
            "hint: airbook my-page --all",
        ]


@played
async def test_what_a_command_changes_is_seen_behind_it(five_seats: Home):
    async with dashboard(five_seats) as one:
        await one.turn(2)
        await run(one, 'admin add-plane --seats 7 --name "HL 7777"')
        await one.press("q")
        await one.shows("HL 7777")


@played
async def test_a_long_line_is_shown_whole(five_seats: Home):
    with Airbook(SQLiteStore(five_seats.store)) as airbook:
        airbook.execute_all([Order(Reserve(1, f"customer {number}")) for number in range(1_000)])
    async with dashboard(five_seats) as one:
        lines = await run(one, "my-page --all -o json")
        assert max(map(cell_len, lines)) < 80
        assert [row["id"] for row in json.loads("".join(lines))] == list(range(1, 1_007))


@played
async def test_what_still_runs_is_interrupted_by_escape(five_seats: Home):
    async with dashboard(five_seats, size=WIDE) as one:
        await run(one, "events --follow", until="ReservationRejected")
        await one.shows("running: Esc ends it")
        output = one.app.screen
        assert isinstance(output, Output)
        process = output.process
        assert process is not None
        assert process.returncode is None
        await one.press("escape")
        await one.until(lambda: process.returncode is not None)
        assert one.app.screen is one.screen


@played
async def test_what_still_runs_is_interrupted_by_control_c_and_its_words_stay(
    five_seats: Home,
):
    async with dashboard(five_seats, size=WIDE) as one:
        await run(one, "events --follow", until="ReservationRejected")
        await one.press("ctrl+c")
        await one.shows("ended with exit code 130")
        await one.shows("ReservationRejected")


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("nonsense 1", "There is no command 'nonsense 1'."),
        ("tui", "There is no command 'tui'."),
        ("--lang ko", "There is no command '--lang ko'."),
    ],
)
@played
async def test_what_is_no_command_is_said_to(five_seats: Home, line: str, sentence: str):
    async with dashboard(five_seats) as one:
        await one.press("colon")
        await one.type(line)
        await one.press("enter")
        await one.is_told(sentence)
        assert one.app.screen is one.screen


@played
async def test_a_quotation_mark_that_is_missing_is_asked_for(five_seats: Home):
    async with dashboard(five_seats) as one:
        await one.press("colon")
        await one.type("reserve 1 --customer 'kim")
        await one.press("enter")
        await one.shows("A quotation mark is missing.")
        await one.type("'")
        await one.press("enter")
        await one.shows("Reservation 7", "ended with exit code 0")


@played
async def test_in_the_past_a_command_looks_back_too(five_seats: Home):
    async with dashboard(five_seats, size=WIDE) as one:
        one.screen.as_of = 7
        await one.settle()
        said = "\n".join(await run(one, "show 1"))
        await one.shows("airbook show --as-of 7 1")
        assert ("received" in said, "approved" in said) == (True, False)


@pytest.mark.parametrize(
    ("words", "as_of", "line"),
    [
        (["planes"], None, ["planes"]),
        (["planes"], 0, ["planes", "--as-of", "0"]),
        (["planes", "--as-of", "5"], 7, ["planes", "--as-of", "5"]),
        (["planes", "--as-of=5"], 7, ["planes", "--as-of=5"]),
        (["--help"], 7, ["--help"]),
        (["planes", "--help"], 7, ["planes", "--as-of", "7", "--help"]),
    ],
)
def test_a_command_line_is_made_of_what_was_typed(
    home: Home, words: Sequence[str], as_of: int | None, line: Sequence[str]
):
    shell = shell_of(home, Labels("en"))
    assert check(shell, words, read_only=False, as_of=as_of) == line


@pytest.mark.parametrize(
    ("words", "read_only", "as_of", "sentence"),
    [
        (["reserve", "1"], True, None, "reserve changes the store: here one can only look."),
        (
            ["admin", "add-plane"],
            True,
            7,
            "admin add-plane changes the store: here one can only look.",
        ),
        (["reserve", "1"], False, 7, "reserve is of now: come back from the past first."),
        (["doctor"], False, 7, "doctor is of now: come back from the past first."),
        (["reserve", "--help"], True, None, "reserve changes the store: here one can only look."),
        (
            ["--lang", "en", "reserve", "1", "--customer", "-h"],
            True,
            None,
            "reserve changes the store: here one can only look.",
        ),
    ],
)
def test_what_cannot_be_done_here(
    home: Home, words: Sequence[str], read_only: bool, as_of: int | None, sentence: str
):
    shell = shell_of(home, Labels("en"))
    with pytest.raises(Mistyped) as refused:
        check(shell, words, read_only=read_only, as_of=as_of)
    assert str(refused.value) == sentence


def test_a_line_is_split_while_it_is_typed():
    assert split("reserve 1 --customer 'kim ha") == ["reserve", "1", "--customer", "'kim", "ha"]


@played
async def test_commands_are_completed_and_explained_and_remembered(five_seats: Home):
    async with dashboard(five_seats, size=WIDE) as one:
        await run(one, "planes")
        await one.press("escape", "colon")
        prompt = one.app.screen
        assert isinstance(prompt, Prompt)
        await one.press("up")
        assert prompt.input.value == "planes"
        await one.press("up", "down", "down")
        assert prompt.input.value == ""
        await one.type("parked re")
        await one.until(lambda: prompt.input._suggestion)
        await one.press("tab")
        assert prompt.input.value == "parked retry"
        await one.shows("parked retry [RESERVATION] [--all]   Have the daemon try")
        await one.press("escape")
        await one.until(lambda: one.app.screen is one.screen)
