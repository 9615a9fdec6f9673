"""A dialog that runs a command line in a process and shows its output as it arrives."""

from __future__ import annotations

import asyncio
import shlex
import signal
from asyncio import StreamReader
from asyncio.subprocess import PIPE, STDOUT, Process
from codecs import getincrementaldecoder
from collections.abc import Sequence
from contextlib import suppress
from typing import ClassVar, cast

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Label, RichLog

from airbook.application.text.labels import Labels, mark
from airbook.application.text.terminal import visible
from airbook.tui.session.keys import key
from airbook.tui.session.shell import Shell
from airbook.tui.widgets.dialog import Dialog

MOST_LINES = 10_000
CHUNK = 65_536  # bytes read at once
KILL_AFTER_SECONDS = 2.0


class CommandOutput(Dialog[None]):
    """Runs a command line, and shows its output as it arrives."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("back", "leave"),
        Binding("q", "leave", show=False),
    ]

    def __init__(self, label: Labels, shell: Shell, words: Sequence[str]) -> None:
        super().__init__()
        self.label = label
        self.shell = shell
        self.words = words
        self.log_lines = RichLog(max_lines=MOST_LINES, min_width=1, wrap=True)
        self.state = Label(label(mark("running: Esc ends it")), classes="dialog-hint", markup=False)
        self.process: Process | None = None

    def compose(self) -> ComposeResult:
        """Compose the command line, the output and the state of the process."""
        with Vertical(classes="output"):
            command = visible(shlex.join(["airbook", *self.words]))
            yield Label(command, classes="dialog-title", markup=False)
            yield self.log_lines
            yield self.state

    def on_mount(self) -> None:
        """Start the process once the width of the output is known."""
        self.call_after_refresh(self.run_worker, self._run)
        self.log_lines.focus()

    async def _start(self) -> Process:
        return await asyncio.create_subprocess_exec(
            *self.shell.start,
            *self.words,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=PIPE,
            stderr=STDOUT,
            env={
                **self.shell.environment,
                "AIRBOOK_OUTPUT": "table",  # as on a terminal of this width
                "AIRBOOK_COLOR": "never",
                "COLUMNS": str(max(40, self.log_lines.content_size.width - 1)),
            },
        )

    async def _run(self) -> None:
        self.process = await self._start()
        stdout = cast("StreamReader", self.process.stdout)
        decoder = getincrementaldecoder("utf-8")("backslashreplace")
        begun = ""
        while chunk := await stdout.read(CHUNK):
            *lines, begun = (begun + decoder.decode(chunk)).split("\n")
            self._show(*lines)
        if begun:
            self._show(begun)
        code = await self.process.wait()
        if self.is_attached:
            ended = self.label(mark("ended with exit code {code}; Esc closes"), {"code": code})
            self.state.update(ended)

    def _show(self, *lines: str) -> None:
        if not self.is_attached:
            return  # the dialog is closed
        for line in lines:
            self.log_lines.write(Text(visible(line.expandtabs())))

    async def on_unmount(self) -> None:
        """Interrupt a running process; kill it if it has not ended after KILL_AFTER_SECONDS."""
        if self.process is None or not self.interrupt():
            return
        try:
            async with asyncio.timeout(KILL_AFTER_SECONDS):
                await self.process.wait()
        except TimeoutError:
            with suppress(ProcessLookupError):
                self.process.kill()

    def interrupt(self) -> bool:
        """Send SIGINT to the process, as Ctrl-C does; return False if the process has ended."""
        if self.process is None or self.process.returncode is not None:
            return False
        with suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGINT)
        return True

    def action_leave(self) -> None:
        """Close the dialog; `on_unmount` interrupts the process."""
        self.dismiss(None)
