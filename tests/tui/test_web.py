"""The web server answers its own pages with its key, under its own name, and refuses others."""

# pyright: reportPrivateUsage=false, reportUnknownMemberType=false, reportUnknownArgumentType=false
from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager

import psutil
import pytest
from aiohttp import ClientSession, CookieJar, WSServerHandshakeError
from aiohttp.test_utils import TestServer

from airbook.tui.web import LOOPBACK, GuardedServer
from tests.support.waiting import eventually
from tests.tui.screen import played

REFUSAL = "not without the key"


@asynccontextmanager
async def served() -> AsyncGenerator[GuardedServer]:
    """Run the server while the block runs."""
    pages = GuardedServer("sleep 1", 0, REFUSAL)
    async with TestServer(await pages._make_app(), host=LOOPBACK) as server:
        assert server.port is not None
        pages.port = server.port
        pages.public_url = f"http://{LOOPBACK}:{server.port}"
        yield pages


async def answered(
    path: str, headers: Mapping[str, str], *, first: str = ""
) -> tuple[int, str | None, str]:
    """Request a page; return the status, the header X-Frame-Options, and the text.

    first: the URL that the browser opens before; empty means the address that is printed.
    """
    async with served() as pages, ClientSession(cookie_jar=CookieJar(unsafe=True)) as browser:
        async with browser.get(first.format(port=pages.port) or pages.address) as response:
            assert (response.status, str(response.url.path_qs)) in {(200, "/"), (403, "/?key=x")}
        sent = {name: value.format(port=pages.port) for name, value in headers.items()}
        url = f"{pages.public_url}{path}"
        async with browser.get(url, headers=sent) as response:
            text = await response.text()
            return response.status, response.headers.get("X-Frame-Options"), text


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "http://127.0.0.1:{port}"},
        {"Host": "127.0.0.1:{port}", "Origin": "http://127.0.0.1:{port}"},
    ],
)
@played
async def test_its_own_pages_are_served_and_cannot_be_framed(headers: Mapping[str, str]):
    for path in ("/", "/static/css/xterm.css"):
        status, framed, _ = await answered(path, headers)
        assert (status, framed) == (200, "DENY")


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "evil.example:{port}"},
        {"Host": "127.0.0.1"},
        {"Host": "localhost:{port}"},
        {"Origin": "http://evil.example"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "https://127.0.0.1:{port}"},
        {"Origin": "null"},
        {"Origin": ""},
    ],
    ids=str,
)
@pytest.mark.parametrize("path", ["/", "/ws?width=80&height=24", "/static/css/xterm.css"])
@played
async def test_other_origins_and_hosts_are_refused(headers: Mapping[str, str], path: str):
    assert (await answered(path, headers))[0] == 403


@pytest.mark.parametrize("headers", [{}, {"Cookie": "airbook-{port}=x"}, {"Cookie": "airbook=x"}])
@pytest.mark.parametrize("path", ["/", "/ws?width=80&height=24", "/static/css/xterm.css"])
@played
async def test_requests_without_the_key_are_refused(headers: Mapping[str, str], path: str):
    first = f"http://{LOOPBACK}:{{port}}/?key=x"
    status, _, text = await answered(path, headers, first=first)
    assert (status, text) == (403, REFUSAL)


@played
async def test_a_websocket_is_opened_only_by_its_own_pages():
    before = set(psutil.Process().children())
    async with served() as pages:
        url, own = f"{pages.public_url}/ws?width=80&height=24", {"Origin": pages.public_url}
        key = {f"airbook-{pages.port}": pages.key}
        for cookies, headers in ((key, {"Origin": "http://evil.example"}), ({}, own)):
            async with ClientSession(cookies=cookies, headers=headers) as stranger:
                with pytest.raises(WSServerHandshakeError) as refused:
                    await stranger.ws_connect(url)
                assert refused.value.status == 403
        jar = CookieJar(unsafe=True)  # accepts cookies of an IP address
        async with ClientSession(cookie_jar=jar) as browser:
            await browser.get(pages.address)
            async with browser.ws_connect(url, headers=own) as socket:
                await eventually(lambda: set(psutil.Process().children()) - before or socket.closed)
                assert not socket.closed
    await eventually(lambda: set(psutil.Process().children()) <= before)
