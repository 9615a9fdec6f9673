"""The letters in a real browser: none is cut, whatever fonts the machine has."""

# pyright: reportPrivateUsage=false, reportUnknownMemberType=false
from __future__ import annotations

import json
import shlex
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest
from aiohttp.test_utils import TestServer

from airbook.tui.web import LOOPBACK, GuardedServer
from tests.support.browser import BrowserTab, running
from tests.tui.screen import played

# The highest and the deepest letters.
LETTERS = (
    "AÁÄÅÀÂÈÊÎÑÒÓÔÕÖŐŠÙÚÛÜŰŴÝŽbdfhklĥĺgjpqyçķļņŗţQ|()[]{}/$@_ĀĒĪŌ가각힣됨없음한글뷁쀍읆예약취소"
)
IN_A_ROW = 20
# A letter each three cells, in every second row, some bold; at last a light cell.
TEXT = (
    "\x1b[?25l\x1b[97m"
    + "".join(
        f"\x1b[{5 + 2 * (n // IN_A_ROW)};{1 + 3 * (n % IN_A_ROW)}H"
        f"\x1b[{1 if n < len(LETTERS) else 22}m{letter}"
        for n, letter in enumerate(2 * LETTERS)
    )
    + "\x1b[H\x1b[107m \x1b[49mend"
)
# Draws a text as a program of textual-serve does, and ends when the server asks it to.
PROGRAM = """
import os, sys
text = sys.argv[1].encode()
print("__GANGLION__", flush=True)
os.write(1, b"D" + len(text).to_bytes(4, "big") + text)
while (read := os.read(0, 4096)) and b"quit" not in read:
    pass
"""
# Finds the letters that reach the first or the last row of pixels of their cell.
FIND = """
(async (letters, inARow) => {
    const terminal = document.querySelector(".xterm-text-layer").getContext("2d");
    const countLight = (left, top, width, height) => {
        const pixels = terminal.getImageData(left, top, width, height).data;
        return [...Array(width * height).keys()].filter(
            (n) => Math.max(...pixels.slice(4 * n, 4 * n + 3)) > 48).length;
    };
    let width = 0, height = 0;
    while (!(width && height)) {  // until the light cell is drawn
        await new Promise(requestAnimationFrame);
        width = countLight(0, 0, 60, 1), height = countLight(0, 0, 1, 60);
    }
    const [drawn, cut] = [[], []];
    letters.forEach((letter, n) => {
        const left = 3 * (n % inARow) * width, top = (4 + 2 * Math.floor(n / inARow)) * height;
        if (countLight(left, top, 3 * width, height))
            drawn.push(letter);
        if (countLight(left, top, 3 * width, 1) + countLight(left, top + height - 1, 3 * width, 1))
            cut.push(letter);
    });
    return [drawn, cut];
})
"""


@asynccontextmanager
async def page_showing(text: str, pixels: float) -> AsyncGenerator[BrowserTab]:
    """Show a text in a browser. pixels: of the screen for each pixel of the page."""
    pages = GuardedServer(shlex.join([sys.executable, "-c", PROGRAM, text]), 0, "")
    with running(pixels) as browser:
        async with (
            TestServer(await pages._make_app(), host=LOOPBACK) as server,
            browser.tab() as page,
        ):
            assert server.port is not None
            pages.port = server.port
            pages.public_url = f"http://{LOOPBACK}:{server.port}"
            await page.open(pages.address)
            await page.shows("end")
            yield page


@pytest.mark.parametrize("pixels", [1, 1.5, 2])
@played
async def test_no_letter_is_cut(pixels: float):
    async with page_showing(TEXT, pixels) as page:
        drawn, cut = await page.evaluate(f"{FIND}({json.dumps([*(2 * LETTERS)])}, {IN_A_ROW})")
    assert (drawn, cut) == ([*(2 * LETTERS)], [])
