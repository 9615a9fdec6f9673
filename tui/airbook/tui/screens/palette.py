"""The palette: every action of the keys, and every command of the command line, by its name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, cast

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.markup import escape

from airbook.application.text.terminal import visible
from airbook.tui.session.keys import KEYS

if TYPE_CHECKING:
    from airbook.tui.screens.app import Screens


MOVES = {"down", "up", "page_down", "page_up", "first", "last", "next_pane", "previous_pane"}


class Entry(NamedTuple):
    """What can be chosen."""

    name: str
    summary: str
    do: Callable[[], object]


class Everything(Provider):
    """Finds actions and commands by any letters of their names."""

    @property
    def screens(self) -> Screens:
        """Give the program the palette belongs to."""
        return cast("Screens", self.app)

    def entries(self) -> Iterator[Entry]:
        """List all there is."""
        app, label = self.screens, self.screens.look.label
        listed = set[str | None](MOVES)
        for active in self.screen.active_bindings.values():
            binding = active.binding
            name = binding.action.rpartition(".")[2].partition("(")[0]
            if binding.id in KEYS and binding.id not in listed and app.first.check_action(name, ()):
                listed.add(binding.id)
                keys = app.get_key_display(binding)
                do = partial(app.simulate_key, binding.key)
                yield Entry(label(binding.description), keys, do)
        for theme in app.available_themes:
            yield Entry(f"theme {theme}", "", partial(setattr, app, "theme", theme))
        for verb in app.shell.verbs:
            told = f"{verb.usage}  {verb.summary}".strip()
            yield Entry(verb.name, told, partial(app.command, verb))

    async def discover(self) -> Hits:
        """List everything before anything is typed."""
        for entry in self.entries():
            yield DiscoveryHit(entry.name, entry.do, entry.name, escape(visible(entry.summary)))

    async def search(self, query: str) -> Hits:
        """Find what matches."""
        matcher = self.matcher(query)
        for entry in self.entries():
            if score := matcher.match(entry.name):
                shown, summary = matcher.highlight(entry.name), escape(visible(entry.summary))
                yield Hit(score, shown, entry.do, entry.name, summary)
