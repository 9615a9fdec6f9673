"""Pictures of the screens are compared; `--snapshot-update` replaces them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

import pytest
from pytest_textual_snapshot import SVGImageExtension  # type: ignore[import-untyped]
from textual.pilot import Pilot

from airbook.application.text.labels import Labels
from airbook.tui.screens.dashboard import Dashboard
from airbook.tui.screens.live import Live
from airbook.tui.screens.my_page import MyPage
from airbook.tui.session.look import Look
from tests.support.home import Home
from tests.tui.posing import busy_day, keep_still, open_still, still
from tests.tui.screen import SMALL, WIDE

SVGImageExtension.file_extension = "svg"  # syrupy renamed this attribute in version 5
SnapCompare = Callable[..., bool]


class View(NamedTuple):
    """The settings of a picture: language, size, theme."""

    language: str
    size: tuple[int, int]
    theme: str

    def __str__(self) -> str:
        return f"{self.language}-{self.size[0]}x{self.size[1]}-{self.theme}"


# Two views of each scene; together the scenes cover all combinations of language, size and theme.
TWICE = (
    (View("en", SMALL, "dark"), View("ko", WIDE, "light")),
    (View("ko", SMALL, "dark"), View("en", WIDE, "light")),
    (View("en", SMALL, "light"), View("ko", WIDE, "dark")),
    (View("ko", SMALL, "light"), View("en", WIDE, "dark")),
)
# The keys that lead to each scene.
DASHBOARD: Mapping[str, tuple[str, ...]] = {
    "overview": (),
    "airplanes": ("2", "down"),
    "reservations": ("3", "down", "down", "down", "enter"),
    "events": ("4", "down", "down", "enter"),
    "system": ("5",),
    "filter": ("3", "slash", *"[/]"),
    "past": ("3", "t", *["left"] * 12),
    "form": ("a", *"5001", "enter"),
    "confirmation": ("3", "down", "down", "x"),
    "help": ("2", "question_mark"),
    "palette": ("ctrl+p",),
    "prompt": ("colon", *"why"),
}
MY_PAGE: Mapping[str, tuple[str, ...]] = {"my page": ("enter",), "choice": ("n",)}


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Textual take a picture of a screen that is still, without watching the processor.

    Where other programs run, the processor seems busy, and each pause lasts a second.
    """

    async def proceed(*_: float) -> None:
        pass

    monkeypatch.setattr("textual.pilot.wait_for_idle", proceed)


@pytest.fixture
def busy(home: Home) -> Home:
    """Return a home whose store has events of every type."""
    busy_day(home)
    return home


def views(scenes: Iterable[str]) -> list[Any]:
    """Return two views of each scene."""
    return [
        pytest.param(scene, view, id=f"{scene}-{view}")
        for number, scene in enumerate(scenes)
        for view in TWICE[number % len(TWICE)]
    ]


def look(view: View) -> Look:
    return Look(Labels(view.language), view.theme)


def looks_the_same(
    snap_compare: SnapCompare, screen: Live, keys: tuple[str, ...], size: tuple[int, int]
) -> bool:
    async def pose(pilot: Pilot[int]) -> None:
        await keep_still(pilot, screen, *keys)

    return snap_compare(still(screen), terminal_size=size, run_before=pose)


@pytest.mark.parametrize(("scene", "view"), views(DASHBOARD))
def test_the_dashboard_looks_as_it_did(
    busy: Home, snap_compare: SnapCompare, scene: str, view: View
):
    screen = Dashboard(open_still(busy), look(view))
    assert looks_the_same(snap_compare, screen, DASHBOARD[scene], view.size)


@pytest.mark.parametrize(("scene", "view"), views(MY_PAGE))
def test_my_page_looks_as_it_did(busy: Home, snap_compare: SnapCompare, scene: str, view: View):
    screen = MyPage(open_still(busy), look(view), "kim")
    assert looks_the_same(snap_compare, screen, MY_PAGE[scene], view.size)


def test_ascii_looks_as_it_did(busy: Home, snap_compare: SnapCompare):
    screen = Dashboard(open_still(busy), Look(Labels("en"), "contrast", ascii=True))
    assert looks_the_same(snap_compare, screen, ("t", "left"), SMALL)


def test_a_store_that_is_not_there_looks_as_it_did(home: Home, snap_compare: SnapCompare):
    screen = Dashboard(open_still(home), Look(Labels("ko"), read_only=True))
    assert looks_the_same(snap_compare, screen, (), SMALL)
