"""The program round the screens: themes, the palette, help, and the line for commands."""

from __future__ import annotations

import asyncio
import select
import signal
from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from textual.app import App
from textual.binding import Binding, BindingType
from textual.keys import format_key
from textual.screen import Screen
from textual.scrollbar import ScrollBar

from airbook.application.text.labels import mark
from airbook.application.text.parsing import Mistyped
from airbook.tui.screens.live import Live
from airbook.tui.session.keys import checked, key
from airbook.tui.session.look import THEMES, Look, PlainBar
from airbook.tui.session.shell import Shell, Verb

SIGNALLED = 128
NAMES = {
    **{name: name.title() for name in ("enter", "space", "tab", "up", "down", "left", "right")},
    **{name: name.title() for name in ("home", "end")},
    "escape": "Esc",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "f1": "F1",
}


class Screens(App[int], inherit_bindings=False):
    """Shows one screen, and what is opened on top of it."""

    TITLE = "airbook"
    CSS_PATH = "airbook.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (120, "-wide")]  # noqa: RUF012 -- as Textual has it
    ENABLE_COMMAND_PALETTE = False  # Textual's own binding; ours can have another key
    BINDINGS: ClassVar[list[BindingType]] = [
        key("prompt", "prompt"),
        key("help", "help"),
        key("quit", "quit"),
        replace(key("interrupt", "interrupt"), priority=True),
        key("palette", "palette"),
    ]

    def __init__(self, first: Live, look: Look, shell: Shell) -> None:
        """first: the screen that is shown. Raises SettingError for keys that cannot be."""
        keymap = checked(look.keys)
        super().__init__()
        self.look = look
        self.shell = shell
        self.first = first
        self.said: list[str] = []
        for name in list(self.available_themes):
            self.unregister_theme(name)
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = look.theme
        self.set_keymap(dict(keymap))
        if look.ascii:
            ScrollBar.renderer = PlainBar

    @property
    def fault(self) -> Exception | None:
        """Give what went wrong inside, if the program ended by that."""
        return self._exception

    def _fatal_error(self) -> None:
        """Leave without Textual's traceback: whoever started this tells the error."""
        self._close_messages_no_wait()

    def on_mount(self) -> None:
        """End in order, whoever asks for it: a signal, a terminal or a browser that is gone."""
        if self.is_headless:
            return
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, self.exit, SIGNALLED + number)
        terminal = select.poll()
        terminal.register(0, select.POLLHUP)
        self.set_interval(1.0, lambda: self._end_without(terminal))

    def _end_without(self, terminal: select.poll) -> None:
        if terminal.poll(0):
            self.exit(SIGNALLED + signal.SIGHUP)

    def get_default_screen(self) -> Screen[None]:
        """Begin with the screen itself, not with an empty one behind it."""
        return self.first

    def get_key_display(self, binding: Binding) -> str:
        """Name a key as it stands on a keyboard, in letters that every font has."""
        *modifiers, last = binding.key.split("+")
        return "+".join([*map(str.title, modifiers), NAMES.get(last) or format_key(last)])

    def action_prompt(self, begun: str = "") -> None:
        """Ask for a command line."""
        from airbook.tui.widgets.prompt import Prompt

        if isinstance(self.screen, Live):
            prompt = Prompt(self.look.label, self.shell, self.said, begun)
            self.push_screen(prompt, self.run_words)

    def command(self, verb: Verb) -> None:
        """Run a command; one that takes words is asked for first."""
        if verb.asks:
            self.action_prompt(f"{verb.name} ")
        else:
            self.run_words(verb.name.split())

    def run_words(self, words: Sequence[str] | None) -> None:
        """Run a command line, if it may be run here."""
        from airbook.tui.widgets.prompt import Output, check

        if not words:
            return
        self.said.append(" ".join(words))
        look, first = self.look, self.first
        try:
            line = check(self.shell, words, read_only=look.read_only, as_of=first.as_of)
        except Mistyped as error:
            first.say(look.label(error.sentence, error.values), severity="error")
        else:
            self.push_screen(Output(look.label, self.shell, line))

    def action_help(self) -> None:
        """List the keys that do something here."""
        from airbook.tui.widgets.help import Help, Line

        label = self.look.label
        lines = dict[str, list[str]]()
        for active in self.screen.active_bindings.values():
            if active.binding.description and active.enabled:
                shown = self.get_key_display(active.binding)
                lines.setdefault(label(active.binding.description), []).append(shown)
        self.push_screen(Help(label, [Line("  ".join(k), what) for what, k in lines.items()]))

    def action_palette(self) -> None:
        """Find an action or a command by its name."""
        from textual.command import CommandPalette

        from airbook.tui.screens.palette import Everything

        placeholder = self.look.label(mark("search"))
        self.push_screen(CommandPalette(providers=[Everything], placeholder=placeholder))

    def action_interrupt(self) -> None:
        """End as an interrupted program does; a command that runs is interrupted first."""
        from airbook.tui.widgets.prompt import Output

        if isinstance(self.screen, Output) and self.screen.interrupt():
            return
        self.exit(SIGNALLED + signal.SIGINT)
