"""The prompt: a command runs as in a shell, if it may run here."""

# pyright: reportPrivateUsage=false
from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest
from rich.cells import cell_len

from airbook.application.text.labels import Labels
from airbook.application.text.parsing import Mistyped
from airbook.tui.session.command_line import checked_command_line, split_unfinished
from airbook.tui.widgets.command_output import CommandOutput
from airbook.tui.widgets.prompt import Prompt
from tests.support.home import Home
from tests.tui.player import Player
from tests.tui.screen import WIDE, dashboard, played, shell_of
from tests.tui.stores import reserve_all


async def run(player: Player[Any], line: str, *, until: str = "ended with exit code") -> list[str]:
    """Run a command line; return its output once a text is displayed."""
    await player.press("colon")
    await player.until(lambda: isinstance(player.app.screen, Prompt))
    await player.type(line)
    await player.press("enter")
    await player.shows(until)
    output = player.app.screen
    assert isinstance(output, CommandOutput)
    return [line.text.rstrip() for line in output.log_lines.lines]


@played
async def test_a_command_prints_the_same_as_in_a_shell(five_seats: Home):
    async with dashboard(five_seats, size=WIDE) as player:
        output = await run(player, "planes")
        await player.shows("airbook planes", "ended with exit code 0; Esc closes")
        expected = five_seats("planes", "-o", "table", COLUMNS="135").out.splitlines()
        assert [line.rstrip() for line in output if line] == [line.rstrip() for line in expected]
        await player.press("escape")
        await player.until(lambda: player.app.screen is player.screen)
        output = await run(player, "airbook show 99")
        await player.shows("ended with exit code 3")
        assert [line for line in output if line] == [
            "There is no reservation 99.",
            "hint: airbook my-page --all",
        ]


@played
async def test_the_page_shows_the_change_of_a_command(five_seats: Home):
    async with dashboard(five_seats) as player:
        await player.turn(2)
        await run(player, 'admin add-plane --seats 7 --name "HL 7777"')
        await player.press("q")
        await player.shows("HL 7777")


@played
async def test_a_long_line_is_shown_whole(five_seats: Home):
    reserve_all(five_seats, (f"customer {number}" for number in range(1_000)))
    async with dashboard(five_seats) as player:
        lines = await run(player, "my-page --all -o json")
        assert max(map(cell_len, lines)) < 80
        assert [row["id"] for row in json.loads("".join(lines))] == list(range(1, 1_007))


@played
async def test_escape_interrupts_a_running_command(five_seats: Home):
    async with dashboard(five_seats, size=WIDE) as player:
        await run(player, "events --follow", until="ReservationRejected")
        await player.shows("running: Esc ends it")
        output = player.app.screen
        assert isinstance(output, CommandOutput)
        process = output.process
        assert process is not None
        assert process.returncode is None
        await player.press("escape")
        await player.until(lambda: process.returncode is not None)
        assert player.app.screen is player.screen


@played
async def test_control_c_interrupts_a_running_command_and_its_output_stays(
    five_seats: Home,
):
    async with dashboard(five_seats, size=WIDE) as player:
        await run(player, "events --follow", until="ReservationRejected")
        await player.press("ctrl+c")
        await player.shows("ended with exit code 130")
        await player.shows("ReservationRejected")


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("nonsense 1", "There is no command 'nonsense 1'."),
        ("tui", "There is no command 'tui'."),
        ("--lang ko", "There is no command '--lang ko'."),
    ],
)
@played
async def test_an_unknown_command_is_refused(five_seats: Home, line: str, sentence: str):
    async with dashboard(five_seats) as player:
        await player.press("colon")
        await player.type(line)
        await player.press("enter")
        await player.gets_notice(sentence)
        assert player.app.screen is player.screen


@played
async def test_a_missing_quotation_mark_is_reported(five_seats: Home):
    async with dashboard(five_seats) as player:
        await player.press("colon")
        await player.type("reserve 1 --customer 'kim")
        await player.press("enter")
        await player.shows("A quotation mark is missing.")
        await player.type("'")
        await player.press("enter")
        await player.shows("Reservation 7", "ended with exit code 0")


@played
async def test_in_the_past_a_command_looks_back_too(five_seats: Home):
    async with dashboard(five_seats, size=WIDE) as player:
        player.screen.as_of = 7
        await player.settle()
        output = "\n".join(await run(player, "show 1"))
        await player.shows("airbook show --as-of 7 1")
        assert ("received" in output, "approved" in output) == (True, False)


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
def test_as_of_is_added_to_a_command_line(
    home: Home, words: Sequence[str], as_of: int | None, line: Sequence[str]
):
    shell = shell_of(home, Labels("en"))
    assert checked_command_line(shell, words, read_only=False, as_of=as_of) == line


@pytest.mark.parametrize(
    ("words", "read_only", "as_of", "sentence"),
    [
        (["reserve", "1"], True, None, "reserve changes the store, and this screen is read-only."),
        (
            ["admin", "add-plane"],
            True,
            7,
            "admin add-plane changes the store, and this screen is read-only.",
        ),
        (
            ["reserve", "1"],
            False,
            7,
            "reserve works on the present only: return from the past first.",
        ),
        (["doctor"], False, 7, "doctor works on the present only: return from the past first."),
        (
            ["reserve", "--help"],
            True,
            None,
            "reserve changes the store, and this screen is read-only.",
        ),
        (
            ["--lang", "en", "reserve", "1", "--customer", "-h"],
            True,
            None,
            "reserve changes the store, and this screen is read-only.",
        ),
    ],
)
def test_a_command_line_that_must_not_run_here_is_refused(
    home: Home, words: Sequence[str], read_only: bool, as_of: int | None, sentence: str
):
    shell = shell_of(home, Labels("en"))
    with pytest.raises(Mistyped) as refused:
        checked_command_line(shell, words, read_only=read_only, as_of=as_of)
    assert str(refused.value) == sentence


def test_an_unfinished_line_is_split():
    assert split_unfinished("reserve 1 --customer 'kim ha") == [
        "reserve",
        "1",
        "--customer",
        "'kim",
        "ha",
    ]


@played
async def test_commands_are_completed_explained_and_recalled(five_seats: Home):
    async with dashboard(five_seats, size=WIDE) as player:
        await run(player, "planes")
        await player.press("escape", "colon")
        prompt = player.app.screen
        assert isinstance(prompt, Prompt)
        await player.press("up")
        assert prompt.input.value == "planes"
        await player.press("up", "down", "down")
        assert prompt.input.value == ""
        await player.type("parked re")
        await player.until(lambda: prompt.input._suggestion)
        await player.press("tab")
        assert prompt.input.value == "parked retry"
        await player.shows("parked retry [RESERVATION] [--all]   Have the daemon try")
        await player.press("escape")
        await player.until(lambda: player.app.screen is player.screen)
