"""The palette: finds the actions of the keys, the themes and the commands by their names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import NamedTuple, Protocol, cast

from textual.actions import parse
from textual.binding import ActiveBinding, Binding
from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.markup import escape
from textual.theme import Theme

from airbook.application.text.terminal import visible
from airbook.tui.session.keys import KEYS
from airbook.tui.session.look import Look
from airbook.tui.session.shell import CommandSpec, Shell

MOVES = {"down", "up", "page_down", "page_up", "first", "last", "next_pane", "previous_pane"}


class PaletteProgram(Protocol):
    """The parts of the program that the palette uses. theme: the name of the current theme."""

    look: Look
    shell: Shell
    theme: str

    @property
    def available_themes(self) -> Mapping[str, Theme]:
        """Return the themes by their names."""
        ...

    def is_allowed(self, action: str) -> bool:
        """Return whether an action of the main screen may run now."""
        ...

    def get_key_display(self, binding: Binding) -> str:
        """Return the name of a binding's key."""
        ...

    def simulate_key(self, key: str) -> None:
        """Press a key."""
        ...

    def run_command(self, spec: CommandSpec) -> None:
        """Run a command of the command line."""
        ...


class Entry(NamedTuple):
    """One line of the palette. run: does what the entry names."""

    name: str
    summary: str
    run: Callable[[], object]


class PaletteProvider(Provider):
    """Finds entries by any letters of their names."""

    @property
    def program(self) -> PaletteProgram:
        """Return the program that the palette belongs to."""
        return cast("PaletteProgram", self.app)

    def entries(self) -> Iterator[Entry]:
        """List all entries: actions, themes, commands."""
        program, label = self.program, self.program.look.label
        listed = set[str | None](MOVES)
        for active in self.screen.active_bindings.values():
            binding = active.binding
            if self._is_possible(active) and binding.id in KEYS and binding.id not in listed:
                listed.add(binding.id)
                keys = program.get_key_display(binding)
                press = partial(program.simulate_key, binding.key)
                yield Entry(label(binding.description), keys, press)
        for theme in program.available_themes:
            yield Entry(f"theme {theme}", "", partial(setattr, program, "theme", theme))
        for spec in program.shell.commands:
            summary = f"{spec.usage}  {spec.summary}".strip()
            yield Entry(spec.name, summary, partial(program.run_command, spec))

    def _is_possible(self, active: ActiveBinding) -> bool:
        """Return whether an action is possible; `screen.` now means the palette to Textual."""
        namespace, name, _ = parse(active.binding.action)
        return active.enabled and (namespace != "screen" or self.program.is_allowed(name))

    async def discover(self) -> Hits:
        """List all entries before a letter is typed."""
        for entry in self.entries():
            yield DiscoveryHit(entry.name, entry.run, entry.name, escape(visible(entry.summary)))

    async def search(self, query: str) -> Hits:
        """List the entries whose names match."""
        matcher = self.matcher(query)
        for entry in self.entries():
            if score := matcher.match(entry.name):
                name, summary = matcher.highlight(entry.name), escape(visible(entry.summary))
                yield Hit(score, name, entry.run, entry.name, summary)
