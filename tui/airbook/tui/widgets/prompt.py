"""The line for commands: every one of the command line, run as it would be there."""

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
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.suggester import SuggestFromList
from textual.widgets import Input, Label, RichLog, Static

from airbook.application.text.labels import Labels, mark
from airbook.application.text.parsing import Mistyped
from airbook.application.text.terminal import shown, visible
from airbook.tui.session.keys import key
from airbook.tui.session.shell import Shell
from airbook.tui.widgets.dialog import Dialog

MOST_LINES = 10_000
CHUNK = 65_536
PATIENCE_SECONDS = 2.0
HELP = {"-h", "--help", "--version"}


class Prompt(Dialog[Sequence[str] | None]):
    """Asks for a command line, with the command's usage below it; gives its words."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", show=False),
        Binding("up", "recall(-1)", show=False),
        Binding("down", "recall(1)", show=False),
        Binding("tab", "complete", show=False, priority=True),
    ]

    def __init__(self, label: Labels, shell: Shell, said: Sequence[str], begun: str = "") -> None:
        """said: command lines given before, the latest last. begun: what is typed already."""
        super().__init__()
        self.label = label
        self.shell = shell
        self.said = [*said, begun]
        self.place = len(said)
        names = [verb.name for verb in shell.verbs]
        self.input = Input(
            begun, compact=True, select_on_focus=False, suggester=SuggestFromList(names)
        )
        self.usage = Static("", classes="usage", markup=False)

    def compose(self) -> ComposeResult:
        """Lay the line out."""
        with Vertical(classes="prompt"):
            yield self.usage
            with Horizontal(classes="prompt-line"):
                yield Static(":", markup=False)
                yield self.input

    def on_mount(self) -> None:
        """Show what there is."""
        self.explain()

    @on(Input.Changed)
    def explain(self) -> None:
        """Show how the command that is being typed is used."""
        verb = self.shell.verb(split(self.input.value))
        text = f"{verb.name} {verb.usage}   {verb.summary}" if verb else self._names()
        self.usage.update(visible(text))

    def _names(self) -> str:
        typed = self.input.value.strip()
        return "  ".join(verb.name for verb in self.shell.verbs if verb.name.startswith(typed))

    @on(Input.Submitted)
    def give(self) -> None:
        """Give the words."""
        try:
            words = shlex.split(self.input.value)
        except ValueError:
            self.usage.update(self.label(mark("A quotation mark is missing.")))
            return
        self.dismiss(words[1:] if words[:1] == ["airbook"] else words or None)

    def action_recall(self, by: int) -> None:
        """Go through what was said before."""
        self.place = max(0, min(self.place + by, len(self.said) - 1))
        self.input.value = self.said[self.place]
        self.input.cursor_position = len(self.input.value)

    def action_complete(self) -> None:
        """Take what is suggested."""
        self.input.action_cursor_right()


def split(text: str) -> list[str]:
    """Split a line that is being typed into words."""
    try:
        return shlex.split(text)
    except ValueError:
        return text.split()


def check(
    shell: Shell, words: Sequence[str], *, read_only: bool, as_of: int | None
) -> Sequence[str]:
    """Make a command line of what was typed: in the past, one that looks back.

    Raises Mistyped for what cannot be done here.
    """
    verbs = shell.meant(words)
    if not verbs and not HELP.issuperset(words) and not shell.is_group(words):
        raise Mistyped(mark("There is no command {word}."), word=shown(" ".join(words)))
    for verb in verbs:
        if verb.writes and read_only:
            sentence = mark("{name} changes the store: here one can only look.")
            raise Mistyped(sentence, name=verb.name)
        if as_of is not None and not verb.looks_back:
            sentence = mark("{name} is of now: come back from the past first.")
            raise Mistyped(sentence, name=verb.name)
    if as_of is None or not verbs or any(word.startswith("--as-of") for word in words):
        return words
    place = next(i for i in range(len(words)) if shell.verb(words[i:]))
    place += len(verbs[0].name.split())
    return [*words[:place], "--as-of", str(as_of), *words[place:]]


class Output(Dialog[None]):
    """Runs a command line and shows what it says, as it says it."""

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
        """Lay it out."""
        with Vertical(classes="output"):
            command = visible(shlex.join(["airbook", *self.words]))
            yield Label(command, classes="dialog-title", markup=False)
            yield self.log_lines
            yield self.state

    def on_mount(self) -> None:
        """Run it, once it is known how wide it is."""
        self.call_after_refresh(self.run_worker, self._run)
        self.log_lines.focus()

    async def _run(self) -> None:
        self.process = await asyncio.create_subprocess_exec(
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
            return  # somebody has closed this
        for line in lines:
            self.log_lines.write(Text(visible(line.expandtabs())))

    async def on_unmount(self) -> None:
        """End what still runs, at once if it does not end when it is interrupted."""
        if self.process is None or not self.interrupt():
            return
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self.process.wait()
        except TimeoutError:
            with suppress(ProcessLookupError):
                self.process.kill()

    def interrupt(self) -> bool:
        """Interrupt what runs, as Ctrl-C does; False if it has ended."""
        if self.process is None or self.process.returncode is not None:
            return False
        with suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGINT)
        return True

    def action_leave(self) -> None:
        """Close this; what runs is interrupted."""
        self.dismiss(None)
