"""Screens that are shown to a user in a test."""

# pyright: reportPrivateUsage=false, reportUnknownVariableType=false, reportUnknownMemberType=false
# pyright: reportUnknownArgumentType=false
from __future__ import annotations

import asyncio
import functools
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from typing import Any, ParamSpec
from unittest import mock

from rich.console import RenderableType
from textual._compositor import Compositor
from textual._context import visible_screen_stack
from textual.css.model import RuleSet
from textual.screen import Screen

from airbook.application.airbook import Airbook
from airbook.application.as_of import Moment
from airbook.application.text.labels import Labels
from airbook.cli.framework.command_catalog import list_commands
from airbook.tui.screens.app import Screens
from airbook.tui.screens.dashboard import Dashboard
from airbook.tui.screens.my_page import MyPage
from airbook.tui.session.look import Look
from airbook.tui.session.shell import Shell
from tests.support.home import Home
from tests.support.waiting import eventually
from tests.tui.player import Player, ScreenT
from tests.tui.stores import open_airbook as open_store

SMALL, WIDE = (80, 24), (160, 48)
PARSED: dict[str, dict[Any, list[RuleSet]]] = {}  # the styles of each theme, by their sources
P = ParamSpec("P")


def played(story: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """Run an async test in a loop of its own."""

    @functools.wraps(story)
    def play(*args: P.args, **kwargs: P.kwargs) -> None:
        asyncio.run(story(*args, **kwargs))

    return play


def shell_of(home: Home, label: Labels) -> Shell:
    """Return the command line as it runs in a home."""
    environment = {**home.environment, "AIRBOOK_LANG": label.language}
    program, *words = home.command()
    return Shell(lambda: list_commands(label), (str(program), *map(str, words)), environment)


@contextmanager
def parsed_once(app: Screens) -> Generator[None]:
    """Let a program use the styles that an earlier one with the same theme has parsed."""
    theme, parsed = app.theme, app.stylesheet._parse_cache
    for source, rules in PARSED.get(theme, {}).items():
        parsed[source] = rules
    yield
    if app.theme == theme:
        PARSED[theme] = {source: parsed[source] for source in list(parsed.keys())}


def drawn_when_read() -> AbstractContextManager[object]:
    """Draw a screen only when a test reads it.

    Without a terminal, Textual draws each change all the same and throws the drawing away: that
    took a third of the time of these tests. What the player and the pictures read is drawn then.
    """
    draw = Compositor.render_update

    def render_update(
        compositor: Compositor,
        full: bool = False,
        screen_stack: list[Screen[Any]] | None = None,
        simplify: bool = False,
    ) -> RenderableType | None:
        if full:
            return draw(compositor, full, screen_stack, simplify)
        visible_screen_stack.set(screen_stack or [])
        compositor._dirty_regions.clear()
        return None

    return mock.patch.object(Compositor, "render_update", render_update)


@asynccontextmanager
async def shown(
    screen: ScreenT, home: Home, size: tuple[int, int] = SMALL
) -> AsyncGenerator[Player[ScreenT]]:
    """Show a screen while the block runs."""
    app = Screens(screen, screen.look, shell_of(home, screen.label))
    player = Player(screen, app)
    with parsed_once(app), drawn_when_read():
        async with app.run_test(size=size, message_hook=player.note) as pilot:
            player.pilot = pilot
            await eventually(lambda: screen._is_open)
            await eventually(lambda: player.reported is not None or screen.heading.lost)
            await player.rest()
            yield player


@asynccontextmanager
async def dashboard(
    home: Home,
    language: str = "en",
    *,
    size: tuple[int, int] = SMALL,
    moment: Moment | None = None,
    open_airbook: Callable[[], Airbook] | None = None,
    **look: Any,  # noqa: ANN401 -- as Look has it
) -> AsyncGenerator[Player[Dashboard]]:
    """Show the dashboard of a home's store, once its first page is read."""
    opens = open_airbook or (lambda: open_store(home))
    screen = Dashboard(opens, Look(Labels(language), **look), moment)
    async with shown(screen, home, size) as player:
        await eventually(lambda: not screen._is_reading)
        yield player


@asynccontextmanager
async def my_page(
    home: Home,
    customer: str,
    language: str = "en",
    *,
    size: tuple[int, int] = SMALL,
    moment: Moment | None = None,
    **look: Any,  # noqa: ANN401 -- as Look has it
) -> AsyncGenerator[Player[MyPage]]:
    """Show a customer's page."""
    screen = MyPage(
        lambda: open_store(home),
        Look(Labels(language), **look),
        customer,
        moment,
    )
    async with shown(screen, home, size) as player:
        yield player
