"""A headless browser, driven with the Chrome DevTools Protocol.

https://chromedevtools.github.io/devtools-protocol/
"""

from __future__ import annotations

import asyncio
import base64
import itertools
import re
import shutil
import subprocess
import tempfile
import time
import zlib
from collections.abc import AsyncGenerator, Generator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, ClientWebSocketResponse

from tests.support.waiting import SCREEN_POLL_SECONDS, SCREEN_SECONDS, eventually, until

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    "--remote-debugging-port=0",
)
WINDOW: Mapping[str, Any] = {"width": 1000, "height": 700}
SEQUENCE = re.compile(r"\x1b(\[[0-9;?<=>]*[A-Za-z]|\][^\x07]*\x07|.)")


class BrowserTab:
    """A connection to a browser tab, or to the whole browser.

    drawn: the bytes that its websockets received. errors: the websockets' errors.
    """

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self._answers: dict[int, asyncio.Future[Mapping[str, Any]]] = {}
        self.drawn = b""
        self.errors: list[str] = []

    async def listen(self) -> None:
        """Handle the messages of the browser until the connection ends."""
        async for message in self._socket:
            received = message.json()
            if "id" in received:
                self._answers.pop(received["id"]).set_result(received)
            elif received["method"] == "Network.webSocketFrameReceived":
                frame = received["params"]["response"]
                if frame["opcode"] == 2:
                    self.drawn += base64.b64decode(frame["payloadData"])
            elif received["method"] == "Network.webSocketFrameError":
                self.errors.append(received["params"]["errorMessage"])

    async def call(self, method: str, **params: Any) -> Any:  # noqa: ANN401 -- JSON
        """Call a method of the protocol and return its result."""
        number = next(self._numbers)
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        await self._socket.send_json({"id": number, "method": method, "params": params})
        reply = await asyncio.wait_for(answer, SCREEN_SECONDS)
        assert "error" not in reply, (method, reply)
        return reply["result"]

    async def open(self, url: str) -> None:
        """Open a URL."""
        await self.call("Network.enable")
        await self.call("Page.navigate", url=url)

    async def press(self, key: str) -> None:
        """Press a key: a letter, a digit, Tab or Enter."""
        text = {"Enter": "\r", "Tab": "\t"}.get(key, key)
        code = ord(text.upper())
        pressed = {"key": key, "windowsVirtualKeyCode": code}
        await self.call("Input.dispatchKeyEvent", type="keyDown", text=text, **pressed)
        await self.call("Input.dispatchKeyEvent", type="keyUp", **pressed)

    async def click(self, x: int, y: int) -> None:
        """Click at a point, in pixels."""
        where = {"x": x, "y": y, "button": "left", "clickCount": 1}
        await self.call("Input.dispatchMouseEvent", type="mousePressed", **where)
        await self.call("Input.dispatchMouseEvent", type="mouseReleased", **where)

    async def evaluate(self, script: str) -> Any:  # noqa: ANN401 -- JSON
        """Evaluate a JavaScript expression, await its promise, and return its value."""
        answer = await self.call(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    async def wait_for(self, script: str) -> None:
        """Wait until a JavaScript expression is true, on this page or on the next one."""
        deadline = time.monotonic() + SCREEN_SECONDS
        found = None
        while not found:
            assert time.monotonic() < deadline, script
            with suppress(AssertionError):  # a page that is being left cannot be asked
                found = await self.evaluate(f"Boolean({script})")
            await asyncio.sleep(SCREEN_POLL_SECONDS)

    async def shows(self, text: str) -> None:
        """Wait until a text has been drawn since the last call."""
        await eventually(lambda: text in SEQUENCE.sub("", self.drawn.decode(errors="ignore")))
        self.drawn = b""

    async def lines(self) -> list[bytes]:
        """Take a screenshot and return its lines of pixels, as PNG packs them."""
        picture = base64.b64decode((await self.call("Page.captureScreenshot"))["data"])
        width, packed, at = int.from_bytes(picture[16:20]), b"", 8
        while at < len(picture):
            size, kind = int.from_bytes(picture[at : at + 4]), picture[at + 4 : at + 8]
            packed += picture[at + 8 : at + 8 + size] if kind == b"IDAT" else b""
            at += size + 12
        pixels = zlib.decompress(packed)
        length = 1 + width * (4 if picture[25] == 6 else 3)  # RGB, with or without opacity
        return [pixels[start : start + length] for start in range(0, len(pixels), length)]


class Browser:
    """A browser that runs. host: the address at which it listens."""

    def __init__(self, host: str, path: str) -> None:
        """path: of the websocket of the whole browser."""
        self._host, self._path = host, path

    @asynccontextmanager
    async def tab(self) -> AsyncGenerator[BrowserTab]:
        """Open an empty tab, which shares nothing with others, while the block runs."""
        async with ClientSession() as session, self._connection(session, self._path) as whole:
            profile = await whole.call("Target.createBrowserContext", disposeOnDetach=True)
            tab = await whole.call("Target.createTarget", url="about:blank", **WINDOW, **profile)
            path = f"/devtools/page/{tab['targetId']}"
            async with self._connection(session, path) as browser_tab:
                yield browser_tab

    @asynccontextmanager
    async def _connection(self, session: ClientSession, path: str) -> AsyncGenerator[BrowserTab]:
        async with session.ws_connect(f"ws://{self._host}{path}", max_msg_size=0) as socket:
            tab = BrowserTab(socket)
            listener = asyncio.create_task(tab.listen())
            yield tab
            listener.cancel()


@contextmanager
def running(pixels: float = 1) -> Generator[Browser]:
    """Run a browser while the block runs.

    pixels: of the screen for each pixel of a page, in one direction: 2 on a fine display.
    """
    program = shutil.which("chromium")
    assert program, "This test needs a browser: apt-get install chromium"
    with tempfile.TemporaryDirectory(prefix="airbook-", ignore_cleanup_errors=True) as folder:
        process = subprocess.Popen(
            [
                *(program, *FLAGS, f"--force-device-scale-factor={pixels}"),
                *(f"--user-data-dir={folder}", "about:blank"),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={"HOME": folder, "PATH": "/usr/bin:/bin"},
        )
        try:
            listening = Path(folder, "DevToolsActivePort")  # written once the browser listens
            until(lambda: listening.exists() and listening.read_text(), "a browser")
            port, path = listening.read_text().split()
            yield Browser(f"127.0.0.1:{port}", path)
        finally:
            process.kill()
            process.wait()
