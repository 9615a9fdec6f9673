"""A real browser without a window, told what to do in Chrome's own protocol for developers.

https://chromedevtools.github.io/devtools-protocol/
"""

from __future__ import annotations

import asyncio
import base64
import itertools
import re
import shutil
import tempfile
import zlib
from asyncio import StreamReader
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import Any, cast

from aiohttp import ClientSession, ClientWebSocketResponse

from tests.tui.screen import SECONDS, until

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    "--remote-debugging-port=0",
    "--window-size=1000,700",
)
LISTENING = re.compile(rb"DevTools listening on ws://(127\.0\.0\.1:\d+)/")
SEQUENCE = re.compile(r"\x1b(\[[0-9;?<=>]*[A-Za-z]|\][^\x07]*\x07|.)")


class Page:
    """A tab. drawn: what has come through its websockets; errors: what went wrong with those."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self._answers: dict[int, asyncio.Future[Mapping[str, Any]]] = {}
        self.drawn = b""
        self.errors: list[str] = []

    async def listen(self) -> None:
        """Take what the browser tells, until it ends."""
        async for message in self._socket:
            told = message.json()
            if "id" in told:
                self._answers.pop(told["id"]).set_result(told)
            elif told["method"] == "Network.webSocketFrameReceived":
                frame = told["params"]["response"]
                if frame["opcode"] == 2:
                    self.drawn += base64.b64decode(frame["payloadData"])
            elif told["method"] == "Network.webSocketFrameError":
                self.errors.append(told["params"]["errorMessage"])

    async def tell(self, method: str, **params: Any) -> Any:  # noqa: ANN401 -- JSON
        """Tell the browser to do something; returns what it answers."""
        number = next(self._numbers)
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        await self._socket.send_json({"id": number, "method": method, "params": params})
        told = await asyncio.wait_for(answer, SECONDS)
        assert "error" not in told, (method, told)
        return told["result"]

    async def open(self, url: str) -> None:
        """Open a page."""
        await self.tell("Network.enable")
        await self.tell("Page.navigate", url=url)

    async def press(self, key: str) -> None:
        """Press a key: a letter or a digit, or Enter."""
        text = "\r" if key == "Enter" else key
        code = 13 if key == "Enter" else ord(key.upper())
        pressed = {"key": key, "windowsVirtualKeyCode": code}
        await self.tell("Input.dispatchKeyEvent", type="keyDown", text=text, **pressed)
        await self.tell("Input.dispatchKeyEvent", type="keyUp", **pressed)

    async def click(self, x: int, y: int) -> None:
        """Click somewhere, in pixels."""
        where = {"x": x, "y": y, "button": "left", "clickCount": 1}
        await self.tell("Input.dispatchMouseEvent", type="mousePressed", **where)
        await self.tell("Input.dispatchMouseEvent", type="mouseReleased", **where)

    async def shows(self, text: str) -> None:
        """Wait until a text has been drawn since this was last asked."""
        await until(lambda: text in SEQUENCE.sub("", self.drawn.decode(errors="ignore")))
        self.drawn = b""

    async def lines(self) -> list[bytes]:
        """Take a picture, and give its lines of pixels as PNG packs them."""
        picture = base64.b64decode((await self.tell("Page.captureScreenshot"))["data"])
        width, packed, at = int.from_bytes(picture[16:20]), b"", 8
        while at < len(picture):
            size, kind = int.from_bytes(picture[at : at + 4]), picture[at + 4 : at + 8]
            packed += picture[at + 8 : at + 8 + size] if kind == b"IDAT" else b""
            at += size + 12
        pixels = zlib.decompress(packed)
        length = 1 + width * (4 if picture[25] == 6 else 3)  # RGB, with or without opacity
        return [pixels[start : start + length] for start in range(0, len(pixels), length)]


@asynccontextmanager
async def browser() -> AsyncGenerator[Page]:
    """Run a browser with one empty tab as long as the block lasts."""
    program = shutil.which("chromium")
    assert program, "This test needs a browser: apt-get install chromium"
    with tempfile.TemporaryDirectory(prefix="airbook-", ignore_cleanup_errors=True) as folder:
        process = await asyncio.create_subprocess_exec(
            program,
            *FLAGS,
            f"--user-data-dir={folder}",
            "about:blank",
            stdin=DEVNULL,
            stdout=DEVNULL,
            stderr=PIPE,
            env={"HOME": folder, "PATH": "/usr/bin:/bin"},
        )
        try:
            where = await asyncio.wait_for(listening(cast("StreamReader", process.stderr)), SECONDS)
            async with ClientSession() as session:
                [tab] = [
                    one
                    for one in await (await session.get(f"http://{where}/json/list")).json()
                    if one["type"] == "page"
                ]
                async with session.ws_connect(
                    tab["webSocketDebuggerUrl"], max_msg_size=0
                ) as socket:
                    page = Page(socket)
                    ears = asyncio.create_task(page.listen())
                    yield page
                    ears.cancel()
        finally:
            process.kill()
            await process.wait()


async def listening(told: StreamReader) -> str:
    """Read where the browser listens."""
    while line := await told.readline():
        if found := LISTENING.search(line):
            return found[1].decode()
    raise AssertionError("no browser")
