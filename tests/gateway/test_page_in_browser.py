"""The page at / in a real browser: signing in, live changes, the keyboard, and axe's rules."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import pytest

from tests.gateway.server import Gateway, serving
from tests.support.browser import Browser, BrowserTab
from tests.support.home import Home
from tests.tui.screen import played

AXE = (files("axe_core_python") / "axe.min.js").read_text()
NAMES = "found => found.violations.map(one => [one.id, one.nodes.map(node => node.html)])"
# The colors of many elements take long, and all sections have the same.
NO_COLORS = "document, {rules: {'color-contrast': {enabled: false}}}"
COLORS = (
    "{include: [['header'], ['nav'], ['section:has(#airplanes)']]}, {runOnly: ['color-contrast']}"
)


async def text_of(tab: BrowserTab) -> str:
    return str(await tab.evaluate("document.body.innerText"))


async def show(tab: BrowserTab, gateway: Gateway, width: int, path: str = "/") -> None:
    """Open a path in a window of that many pixels, and wait until it is loaded."""
    await tab.call(
        "Emulation.setDeviceMetricsOverride",
        width=width,
        height=900,
        deviceScaleFactor=1,
        mobile=width < 600,
    )
    await tab.open(f"{gateway.base}{path}")
    await tab.wait_for(f"document.readyState === 'complete' && location.port == {gateway.port}")


async def violations(tab: BrowserTab, asked: str = "") -> Any:  # noqa: ANN401 -- JSON
    """Return what axe finds on the page. asked: the arguments of `axe.run`."""
    await tab.evaluate(f"{AXE}; null")
    return await tab.evaluate(f"axe.run({asked}).then({NAMES})")


@played
async def test_a_customer_signs_in_reserves_and_sees_the_decision(
    five_seats: Home, browser: Browser
):
    token = five_seats.json("token", "create", "kim", "--role", "customer")["token"]
    with serving(five_seats) as gateway:
        async with browser.tab() as tab:
            await show(tab, gateway, 390)
            await tab.evaluate(f"document.getElementById('token').value = '{token}'")
            await tab.evaluate("document.forms[0].requestSubmit()")
            await tab.wait_for("document.getElementById('reserve')")
            await tab.evaluate("document.querySelector('main form').requestSubmit()")
            await tab.wait_for("document.querySelector('[data-status=received]')")
            assert "Reservation 7 is received." in await text_of(tab)
            await tab.evaluate("window.unchanged = true")
            five_seats("daemon", "--until-idle")
            await tab.wait_for("document.querySelector('#reservation-7[data-status=rejected]')")
            await tab.wait_for("document.getElementById('said').innerText.includes('rejected')")
            assert await tab.evaluate("window.unchanged")  # the page was not loaded anew
            assert await tab.evaluate("document.cookie") == ""


@played
async def test_a_change_keeps_the_focus_of_the_keyboard(five_seats: Home, browser: Browser):
    with serving(five_seats) as gateway:
        async with browser.tab() as tab:
            await show(tab, gateway, 1280)
            await tab.evaluate("document.getElementById('cancel-1').focus()")
            five_seats("admin", "add-plane", "--seats", "3", "--name", "later")
            await tab.wait_for("document.getElementById('airplanes').innerText.includes('later')")
            five_seats("reserve", "1", "--customer", "late")
            await tab.wait_for("document.getElementById('reservation-7')")
            assert await tab.evaluate("document.activeElement.id") == "cancel-1"
            await tab.press("Tab")
            assert await tab.evaluate("document.activeElement.id") != "cancel-1"


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("width", [390, 1280])
@played
async def test_axe_finds_nothing_and_nothing_is_cut_off(
    five_seats: Home, browser: Browser, width: int, language: str
):
    five_seats("admin", "add-plane", "--seats", "1000", "--name", "이름이 아주 긴 항공기 " * 3)
    with serving(five_seats) as gateway:
        async with browser.tab() as tab:
            await show(tab, gateway, width, f"/?lang={language}")
            await tab.wait_for(f"document.documentElement.lang === '{language}'")
            assert await violations(tab) == []
            assert await tab.evaluate("document.documentElement.scrollWidth") <= width
        five_seats("token", "create", "kim", "--role", "customer")
        async with browser.tab() as tab:
            await show(tab, gateway, width, f"/?lang={language}")
            await tab.wait_for("document.getElementById('token') || location.reload()")
            assert await violations(tab) == []


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("width", [390, 1280])
@played
async def test_axe_finds_nothing_on_the_page_of_the_routes(
    gateway: Gateway, browser: Browser, width: int, language: str
):
    async with browser.tab() as tab:
        await tab.call("Network.enable")
        await tab.call("Network.setExtraHTTPHeaders", headers={"Accept-Language": language})
        await show(tab, gateway, width, "/openapi")
        assert await tab.evaluate("document.documentElement.lang") == language
        assert await tab.evaluate("document.querySelectorAll('main section').length") == 12
        opened = "document.querySelectorAll('section:has(#airplanes) details')"
        await tab.evaluate(f"{opened}.forEach(one => one.open = true)")
        assert await violations(tab, NO_COLORS) == []
        assert await violations(tab, COLORS) == []
        assert await tab.evaluate("document.documentElement.scrollWidth") <= width
