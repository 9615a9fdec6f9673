"""The pages served to a browser: to nobody else's pages, and under no other name."""

# pyright: reportPrivateUsage=false, reportUnknownMemberType=false, reportUnknownArgumentType=false
from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest
from aiohttp import ClientSession, WSServerHandshakeError, web
from aiohttp.test_utils import TestClient, TestServer

from airbook.tui.web import LOOPBACK, OwnPages
from tests.tui.screen import played


async def status_of(path: str, headers: Mapping[str, str]) -> tuple[int, str | None]:
    """Ask for a page of a server; give the answer's status, and whether it may be framed."""
    pages = OwnPages("true", 0)
    async with TestServer(await pages._make_app(), host=LOOPBACK) as server:
        assert server.port is not None
        pages.port = server.port
        pages.public_url = f"http://{LOOPBACK}:{server.port}"
        told = {name: value.format(port=server.port) for name, value in headers.items()}
        client: TestClient[web.Request, None] = TestClient(server)
        async with client, client.get(path, headers=told) as response:
            return response.status, response.headers.get("X-Frame-Options")


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
    assert await status_of("/", headers) == (200, "DENY")
    status, framed = await status_of("/static/css/xterm.css", headers)
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
async def test_others_are_refused(headers: Mapping[str, str], path: str):
    assert (await status_of(path, headers))[0] == 403


@played
async def test_a_socket_is_opened_by_its_own_pages_alone():
    pages = OwnPages("true", 0)
    async with TestServer(await pages._make_app(), host=LOOPBACK) as server:
        assert server.port is not None
        pages.port = server.port
        url = f"http://{LOOPBACK}:{server.port}/ws?width=80&height=24"
        async with ClientSession() as session:
            with pytest.raises(WSServerHandshakeError) as refused:
                await session.ws_connect(url, origin="http://evil.example")
            assert refused.value.status == 403
            own = f"http://{LOOPBACK}:{server.port}"
            async with session.ws_connect(url, origin=own) as socket:
                await asyncio.sleep(0)
                assert not socket.closed
