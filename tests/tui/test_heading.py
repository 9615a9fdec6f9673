"""The heading: no sign contradicts another one, in any language and width."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from rich.cells import cell_len

from tests.support.home import Home
from tests.tui.screen import dashboard, played

# The end of the heading at each width; narrower screens leave out what matters least.
WITHOUT_DAEMON: Mapping[str, Mapping[int, str]] = {
    "en": {
        120: "no daemon: requests wait  lag 0  screen: live",
        80: "no daemon: requests wait  lag 0  screen: live",
        50: "no daemon  lag 0  screen: live",
        36: "no daemon  screen: live",
        24: "screen: live",
    },
    "ko": {
        120: "데몬 없음: 요청 대기 중  지연 0  화면: 실시간",
        80: "데몬 없음: 요청 대기 중  지연 0  화면: 실시간",
        50: "데몬 없음  지연 0  화면: 실시간",
        36: "데몬 없음  화면: 실시간",
        24: "화면: 실시간",
    },
}


@pytest.mark.parametrize("ascii_only", [False, True])
@pytest.mark.parametrize("language", WITHOUT_DAEMON)
@played
async def test_a_live_screen_is_not_mistaken_for_a_running_daemon(
    five_seats: Home, language: str, ascii_only: bool
):
    async with dashboard(five_seats, language, ascii=ascii_only) as player:
        for width, signs in WITHOUT_DAEMON[language].items():
            await player.pilot.resize_terminal(width, 24)
            await player.rest()
            await player.until(lambda signs=signs: player.heading.endswith(signs))  # type: ignore[misc]
            before = player.heading.removesuffix(signs)
            assert (before.endswith("  "), cell_len(player.heading) <= width) == (True, True)


@pytest.mark.parametrize(
    ("language", "paused"), [("en", "screen: PAUSED"), ("ko", "화면: 일시 정지")]
)
@played
async def test_a_paused_screen_says_that_the_screen_is_paused(
    five_seats: Home, language: str, paused: str
):
    async with dashboard(five_seats, language) as player:
        with five_seats.daemon():
            await player.press("p")
            daemon = player.screen.label("daemon {age} s", {"age": "0."}).rstrip("s초 ")
            await player.until(lambda: daemon in player.heading)
            assert player.heading.endswith(paused)
            await player.press("p")
            assert player.heading.endswith(player.screen.label("screen: live"))
