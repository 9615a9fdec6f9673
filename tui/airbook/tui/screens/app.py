"""The program that shows the screens: themes, palette, help, and the prompt for commands."""

from __future__ import annotations

import asyncio
import select
import signal
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

from textual.actions import ActionParseResult, parse
from textual.app import App
from textual.binding import Binding, BindingType
from textual.dom import DOMNode
from textual.keys import format_key
from textual.screen import Screen
from textual.scrollbar import ScrollBar

from airbook.application.text.labels import mark
from airbook.application.text.parsing import Mistyped
from airbook.tui.screens.live import Live
from airbook.tui.session.keys import checked_keys, key
from airbook.tui.session.look import THEMES, Look, PlainBar
from airbook.tui.session.reasons import Explains, Reason
from airbook.tui.session.shell import CommandSpec, Shell

SIGNALLED = 128
PANES = 2  # between which the focus moves
ARROWS = {"up": "↑", "down": "↓", "left": "←", "right": "→"}
NAMES = {
    **{name: name.title() for name in ("enter", "tab", "home", "end", *ARROWS)},
    "space": mark("Space"),
    "escape": "Esc",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "f1": "F1",
}


class Screens(App[int], inherit_bindings=False):
    """Shows one main screen, and dialogs on top of it."""

    TITLE = "airbook"
    CSS_PATH = "airbook.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (120, "-wide")]  # noqa: RUF012 -- as Textual has it
    ENABLE_COMMAND_PALETTE = False  # Textual's binding; the key of ours can be configured
    BINDINGS: ClassVar[list[BindingType]] = [
        key("prompt", "prompt"),
        key("help", "help"),
        key("quit", "quit"),
        replace(key("interrupt", "interrupt"), priority=True),
        key("palette", "palette"),
    ]

    def __init__(self, first: Live, look: Look, shell: Shell) -> None:
        """first: the main screen. Raises SettingError for invalid keys."""
        keymap = checked_keys(look.keys)
        super().__init__()
        self.look = look
        self.shell = shell
        self.main_screen = first
        self.history: list[str] = []
        for name in list(self.available_themes):
            self.unregister_theme(name)
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = look.theme
        self._variables = self.get_css_variables()
        self.stylesheet.set_variables(self._variables)
        self.set_keymap(dict(keymap))
        if look.ascii:
            ScrollBar.renderer = PlainBar

    @property
    def fault(self) -> Exception | None:
        """Return the error that ended the program; None if there was none."""
        return self._exception

    def _fatal_error(self) -> None:
        """Close without Textual's traceback; the caller reports the error."""
        self._close_messages_no_wait()

    def refresh_css(self, animate: bool = True) -> None:  # noqa: FBT001, FBT002 -- as of App
        """Apply another theme; Textual also calls this at the start, and would parse all again."""
        variables = self.get_css_variables()
        if variables != self._variables:
            self._variables = variables
            super().refresh_css(animate=animate)

    def on_mount(self) -> None:
        """Exit in order after a signal, or after the terminal or the browser is gone."""
        if self.is_headless:
            return
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, self.exit, SIGNALLED + number)
        terminal = select.poll()
        terminal.register(0, select.POLLHUP)
        self.set_interval(1.0, lambda: self._end_if_gone(terminal))

    def _end_if_gone(self, terminal: select.poll) -> None:
        if terminal.poll(0):
            self.exit(SIGNALLED + signal.SIGHUP)

    def get_default_screen(self) -> Screen[None]:
        """Return the main screen: Textual would put an empty screen below it."""
        return self.main_screen

    def get_key_display(self, binding: Binding) -> str:
        """Return the name of a key as on a keyboard."""
        *modifiers, last = binding.key.split("+")
        name = NAMES.get(last) or format_key(last)
        if not self.look.ascii:
            name = ARROWS.get(last, name)
        return "+".join([*map(str.title, modifiers), self.look.label(name)])

    async def run_action(
        self,
        action: str | ActionParseResult,
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Run an action; if it is impossible, show why. Returns whether anything was done."""
        if await super().run_action(action, default_namespace, namespaces):
            return True
        namespace, name, parameters = parse(action) if isinstance(action, str) else action
        targets: Mapping[str, object] = {"screen": self.screen, "app": self}
        target = targets.get(namespace, default_namespace)
        if not isinstance(target, Explains):
            return False
        if reason := target.reason_against(name, parameters):
            self.main_screen.show_notice(self.look.label(*reason), severity="warning")
        return reason is not None

    def reason_against(self, action: str, parameters: tuple[object, ...]) -> Reason | None:  # noqa: ARG002 -- as of Explains
        """Return that there is no other pane; None for other actions."""
        panes = action in {"focus_next", "focus_previous"} and isinstance(self.screen, Live)
        if panes and len(self.screen.focus_chain) < PANES:
            return Reason(mark("There is no other pane here."))
        return None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the keys that are possible now."""
        return True if self.reason_against(action, parameters) is None else None

    def action_prompt(self, begun: str = "") -> None:
        """Open the prompt. begun: the text that the prompt begins with."""
        from airbook.tui.widgets.prompt import Prompt

        if isinstance(self.screen, Live):
            prompt = Prompt(self.look.label, self.shell, self.history, begun)
            self.push_screen(prompt, self.run_command_line)

    def is_allowed(self, action: str) -> bool:
        """Return whether an action of the main screen may run now."""
        return bool(self.main_screen.check_action(action, ()))

    def run_command(self, spec: CommandSpec) -> None:
        """Run a command; if it has required arguments, open the prompt with its name."""
        if spec.needs_arguments:
            self.action_prompt(f"{spec.name} ")
        else:
            self.run_command_line(spec.name.split())

    def run_command_line(self, words: Sequence[str] | None) -> None:
        """Run a command line, if the checks allow it."""
        from airbook.tui.session.command_line import checked_command_line
        from airbook.tui.widgets.command_output import CommandOutput

        if not words:
            return
        self.history.append(" ".join(words))
        look, screen = self.look, self.main_screen
        try:
            line = checked_command_line(
                self.shell, words, read_only=look.read_only, as_of=screen.as_of
            )
        except Mistyped as error:
            screen.show_notice(look.label(error.sentence, error.values), severity="error")
        else:
            self.push_screen(CommandOutput(look.label, self.shell, line))

    def action_help(self) -> None:
        """List the active keys."""
        from airbook.tui.widgets.help import Help
        from airbook.tui.widgets.help_line import HelpLine

        label = self.look.label
        lines = dict[str, list[str]]()
        for active in self.screen.active_bindings.values():
            if active.binding.description and active.enabled:
                shown = self.get_key_display(active.binding)
                lines.setdefault(label(active.binding.description), []).append(shown)
        keys = [HelpLine("  ".join(keys), what) for what, keys in lines.items()]
        page = getattr(self.screen, "page", None)
        self.push_screen(Help(label, [*keys, *(page.help_lines() if page else ())]))

    def action_palette(self) -> None:
        """Open the palette."""
        from textual.command import CommandPalette

        from airbook.tui.screens.palette import PaletteProvider

        placeholder = self.look.label(mark("search"))
        self.push_screen(CommandPalette(providers=[PaletteProvider], placeholder=placeholder))

    def action_interrupt(self) -> None:
        """Interrupt a running command; if there is none, exit with the code of an interrupt."""
        from airbook.tui.widgets.command_output import CommandOutput

        if isinstance(self.screen, CommandOutput) and self.screen.interrupt():
            return
        self.exit(SIGNALLED + signal.SIGINT)
