"""One run of the command line: its settings, its language, the open store and its output."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import suppress
from functools import cached_property, partial
from typing import TYPE_CHECKING

from airbook.application.airbook import Airbook
from airbook.application.settings import Settings, load
from airbook.application.text import parsing
from airbook.application.text.labels import Labels, mark, set_language
from airbook.cli.output.stdout import Stored
from airbook.eventlog.errors import StoreError

if TYPE_CHECKING:
    import typer

    from airbook.application.log_level import LogLevel
    from airbook.cli.output.render import Printer


FOR_PEOPLE = {"table", "plain"}


class Session:
    """The settings, the store and the output of one run; a command finds it with `session_of`."""

    def __init__(self, flags: Mapping[str, str | None], environment: Mapping[str, str]) -> None:
        """flags: the global options of the command line, by name. Raises SettingError."""
        self._load = partial(load, flags, environment)
        self.settings: Settings = self._load()
        self.label: Labels = set_language(self.settings.value("lang") or "en")
        self.debug = bool(environment.get("AIRBOOK_DEBUG"))
        self.stored: Stored | None = None

    @property
    def format(self) -> str:
        """Return the output format: the setting, else table on a terminal and plain elsewhere."""
        return self.settings.value("output") or ("table" if sys.stdout.isatty() else "plain")

    @cached_property
    def airbook(self) -> Airbook:
        """Open the store of the settings."""
        return Airbook(self.settings.store, actor=lambda: self.actor)

    @cached_property
    def actor(self) -> str:
        """Return the name of the actor of all commands. Raises Mistyped."""
        return parsing.actor(self.settings.actor)

    @cached_property
    def printer(self) -> Printer:
        """Create the printer for stdout, in the output format of this run."""
        from airbook.cli.output.render import Printer

        return Printer(self.format, self.label, color=self.is_colored())

    @property
    def log_level(self) -> LogLevel:
        """Return where the level of the log comes from."""
        from airbook.application.log_level import LogLevel

        return LogLevel(lambda: self._load().value("log_level") or "info", self.settings.file)

    def is_colored(self) -> bool:
        """Return whether output is colored: the setting, with `auto` only on a terminal."""
        choice = self.settings.value("color")
        return choice == "always" or (choice == "auto" and sys.stdout.isatty())

    def print_note(self, english: str, **values: object) -> None:
        """Print a sentence to stderr, apart from the answer.

        english: the label, with {placeholders} for `values`.
        """
        print(self.label(english, values), file=sys.stderr)

    def print_hint(self, command: str) -> None:
        """Print the command to try next, in the formats for people."""
        if self.format in FOR_PEOPLE:
            self.print_note(mark("hint: {command}"), command=command)

    def note_stored(self, english: str, hint: str, **values: object) -> None:
        """Note what is stored now, to be told if the answer cannot be printed; see `Stored`."""
        self.stored = Stored(english, values, hint)

    def warn_without_daemon(self) -> None:
        """Print a warning if no daemon runs; print nothing if the store cannot be read."""
        with suppress(StoreError):
            if self.format in FOR_PEOPLE and self.airbook.heartbeat() is None:
                self.print_note(mark("No daemon is running: reservations wait until one is."))
                self.print_hint("airbook daemon")

    def enable_garbage_collection(self) -> None:
        """Turn garbage collection on again, for a command that runs until it is stopped."""
        import gc

        gc.enable()

    def close(self) -> None:
        """Close the store if it was opened."""
        if "airbook" in self.__dict__:
            self.airbook.close()


def session_of(ctx: typer.Context) -> Session:
    """Return the session in which a command runs."""
    session: Session = ctx.find_root().obj
    return session
