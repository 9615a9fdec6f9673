"""The dashboard in a real browser, served by the real program."""

from __future__ import annotations

import signal
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, closing

import psutil
from aiohttp import web

from tests.support.answers import refused
from tests.support.browser import Browser
from tests.support.home import PATIENCE, Home
from tests.support.ports import reserved_port
from tests.support.waiting import eventually
from tests.tui.screen import played

LEAVE = "document.activeElement.blur()"


def is_listened_on(port: int) -> bool:
    with closing(socket.socket()) as player:
        return player.connect_ex(("127.0.0.1", port)) == 0


@asynccontextmanager
async def stranger(port: int) -> AsyncGenerator[str]:
    """Serve a page of another origin that opens the dashboard's websocket; yield its URL."""

    async def answer(_: web.Request) -> web.Response:
        text = f"<script>new WebSocket('ws://127.0.0.1:{port}/ws')</script>"
        return web.Response(text=text, content_type="text/html")

    app = web.Application()
    app.router.add_get("/", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    [(host, elsewhere)] = runner.addresses
    yield f"http://{host}:{elsewhere}/"
    await runner.cleanup()


def test_a_port_that_is_taken(empty: Home):
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        answer = empty("tui", "--web", "--port", str(other.getsockname()[1]))
    sentence, hint = refused(answer)
    assert answer.code == 2
    assert sentence.endswith("is in use, or needs more rights.")
    assert hint == "hint: airbook tui --help"


@played
async def test_an_airplane_is_added_in_a_browser_but_not_by_another_origin(
    empty: Home, browser: Browser
):
    with (
        reserved_port() as port,
        empty.running("tui", "--web", "--port", str(port)) as server,
    ):
        address = server.stderr.readline().split()[1]
        await eventually(lambda: is_listened_on(port))
        tabs = psutil.Process(server.pid)
        async with browser.tab() as page, stranger(port) as elsewhere:
            await page.open(elsewhere)
            await eventually(lambda: any("403" in error for error in page.errors))
            assert tabs.children() == []

            blank = await page.lines()
            await page.open(address)
            await page.shows("screen: live")
            await page.press("a")  # without a click: the page has the focus
            await page.shows("Add an airplane")
            await page.evaluate(f"{LEAVE}; window.dispatchEvent(new Event('focus'))")
            await page.press("5")
            await page.evaluate(LEAVE)
            await page.click(995, 695)  # beside the last row
            await page.press("Enter")
            await page.shows("Airplane 1 added.")
            assert empty.json("plane", "1")["seats"] == 5
            drawn = await page.lines()
            assert len(set(drawn)) > 10 * len(set(blank))
            assert len(tabs.children()) == 1
        await eventually(lambda: tabs.children() == [])
        server.send_signal(signal.SIGINT)
        assert server.end(PATIENCE).code == 0
