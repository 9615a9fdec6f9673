"""A store that another process has locked: the dialog stays, and the command is executed once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from textual.widgets import Input

from airbook.application.commands import Reserve
from airbook.application.responses import Airplane
from airbook.application.stores.postgres import PostgresStore
from airbook.application.stores.store import Store
from airbook.application.text.labels import Labels
from airbook.domain.airplane import CloseAirplane, CreateAirplane
from tests.faults.silencing import falls_silent
from tests.support.home import Home
from tests.support.locking import locked
from tests.support.postgres_server import Server
from tests.support.proxy import Proxy
from tests.tui.player import Player
from tests.tui.screen import dashboard, my_page, played

WAITING = "Waiting for the store: it is done once it answers. Esc gives up."
GIVING_UP = "Giving up, unless the store may have it already: then it is completed."
GIVEN_UP = "Given up: nothing is stored."
POLLS = 3


class Story(NamedTuple):
    """A command: the keys that give it, what stays typed meanwhile, and the notice at its end."""

    keys: Sequence[str]
    typed: Sequence[str]
    notice: str


DASHBOARD: Mapping[str, Story] = {
    "form": Story(["a", "7", "tab", "K", "enter"], ["7", "K"], "Airplane 3 added."),
    "request": Story(["2", "n", *"lee", "enter"], ["1", "lee"], "Reservation 2 is received."),
    "question": Story(["3", "x", "y"], [], "Reservation 1 is cancelled."),
    "no dialog": Story(["2", "end", "c"], [], "Airplane 2 is open."),
}


@pytest.fixture
def home(store: Store, tmp_path: Path) -> Home:
    """Return a home on each kind of store, with an open and a closed airplane, and a request."""
    home = Home(tmp_path, store.secret_url if isinstance(store, PostgresStore) else None)
    begin(home)
    return home


def begin(home: Home) -> None:
    with home.airbook() as airbook:
        airbook.execute(CreateAirplane(5, "KE 907"))
        airbook.execute(CreateAirplane(7))
        airbook.execute(CloseAirplane(), 2)
        airbook.execute(Reserve(1, "kim"))


def head(home: Home) -> int:
    with home.airbook() as airbook:
        return airbook.log.head()


async def ticks(player: Player[Any]) -> None:
    """Wait until the screen has read the state of the store several times."""
    before = len(player.answered)
    await player.until(lambda: len(player.answered) >= before + POLLS)
    assert not player.screen.heading.has_class("-lost")


async def press(player: Player[Any], keys: Sequence[str]) -> None:
    """Press keys, each when the screen has done what the one before asked for."""
    for key in keys:
        await player.press(key)
        if len(player.app.screen_stack) == 1:
            await player.settle()


def typed(player: Player[Any]) -> list[str]:
    return [one.value for one in player.app.screen.query(Input)]


@pytest.mark.parametrize("story", DASHBOARD.values(), ids=DASHBOARD.keys())
@played
async def test_a_command_waits_for_a_locked_store_and_is_executed_once(home: Home, story: Story):
    before = head(home)
    async with dashboard(home) as player:
        with locked(home.kept):
            await press(player, story.keys)
            await player.shows(WAITING.partition(".")[0])
            await ticks(player)
            assert (typed(player), head(home)) == (list(story.typed), before)
            await player.press("enter", "y")  # they change nothing
            await ticks(player)
            assert (typed(player), head(home), player.notices) == (list(story.typed), before, [])
        await player.gets_notice(story.notice)
        await player.until(lambda: player.app.screen is player.screen)
    assert head(home) == before + 1


@pytest.mark.parametrize("language", ["en", "ko"])
@played
async def test_a_choice_waits_for_a_locked_store_and_is_executed_once(home: Home, language: str):
    before, label = head(home), Labels(language)
    async with my_page(home, "kim", language) as player:
        with locked(home.kept):
            await player.press("n")
            await player.shows("KE 907")
            await player.press("k", "e", "enter")
            await player.shows(label(WAITING)[:20])
            await ticks(player)
            assert (typed(player), head(home)) == (["ke"], before)
        await player.gets_notice(label("Reservation {number} is received.", {"number": 2}))
    assert head(home) == before + 1


@played
async def test_a_command_is_given_up_once_it_is_certain_that_nothing_is_stored(home: Home):
    before = head(home)
    async with dashboard(home) as player:
        with locked(home.kept):
            await press(player, ["a", "7", "enter"])
            await player.shows(WAITING.partition(".")[0])
            await player.press("escape")
            await player.shows(GIVING_UP.partition(":")[0])
            await player.until(lambda: player.complaint == GIVEN_UP)
            assert typed(player) == ["7", ""]
            await player.press("0")  # the field is focused again
            assert typed(player) == ["70", ""]
        await ticks(player)
        assert (head(home), player.notices) == (before, [])
        await player.press("enter")
        await player.gets_notice("Airplane 3 added.")
    with home.airbook() as airbook:
        assert airbook.queries.airplanes()[2:] == [Airplane(3, None, 70, 0, 0, 70, "open")]


@pytest.mark.parametrize("name", ["question", "no dialog"])
@played
async def test_a_question_is_given_up_with_a_notice(home: Home, name: str):
    before = head(home)
    async with dashboard(home) as player:
        with locked(home.kept):
            await press(player, DASHBOARD[name].keys)
            await player.shows(WAITING.partition(".")[0])
            await player.press("escape")
            await player.gets_notice(GIVEN_UP)
            await player.until(lambda: player.app.screen is player.screen)
        await ticks(player)
    assert head(home) == before


@played
async def test_a_command_waits_for_a_server_that_is_started_again(
    database: str, server: Server, tmp_path: Path
):
    home = served(database, tmp_path)
    async with dashboard(home) as player:
        await player.press("a", "7")
        server.stop()
        await player.press("enter")
        await player.shows(WAITING.partition(".")[0])
        await player.until(lambda: player.screen.heading.has_class("-lost"))
        assert typed(player) == ["7", ""]
        server.start()
        await player.gets_notice("Airplane 3 added.")
        await player.until(lambda: not player.screen.heading.has_class("-lost"))
    assert head(home) == 5


@played
async def test_a_command_that_may_be_stored_is_completed_and_not_executed_twice(
    database: str, proxy: Proxy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    near = served(database, tmp_path)
    home = Home(tmp_path, proxy.url(database))
    async with dashboard(home) as player:
        await player.press("a", "7")
        falls_silent(monkeypatch, proxy.go_silent)
        await player.press("enter")
        await player.shows(WAITING.partition(".")[0])
        await player.until(proxy.holds.is_set)  # the COMMIT is on its way
        await player.press("escape")
        await player.shows(GIVING_UP.partition(":")[0])
        await player.until(lambda: player.screen.heading.has_class("-lost"))
        proxy.speak()
        await player.gets_notice("Airplane 3 added.")
    assert head(near) == 5


def served(database: str, folder: Path) -> Home:
    """Return a home with its store on a server."""
    PostgresStore(database).create()
    home = Home(folder, database)
    begin(home)
    return home
