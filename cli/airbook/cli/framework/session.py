"""One run of the command line: its settings, its language, the book it opens, and its output."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING

from airbook.application.airbook import Airbook
from airbook.application.settings import Settings, load
from airbook.application.text.labels import Labels, mark, set_language
from airbook.eventlog.errors import StoreError

if TYPE_CHECKING:
    import typer

    from airbook.cli.output.render import Printer


FOR_PEOPLE = {"table", "plain"}


class Session:
    """What a command needs to answer."""

    def __init__(self, flags: Mapping[str, str | None], environment: Mapping[str, str]) -> None:
        """flags: the global options that were said. Raises SettingError."""
        self.settings: Settings = load(flags, environment)
        self.label: Labels = set_language(self.settings.value("lang") or "en")
        self.debug = bool(environment.get("AIRBOOK_DEBUG"))

    @property
    def format(self) -> str:
        """Tell how to print: as was said, else for people on a terminal and for pipes elsewhere."""
        return self.settings.value("output") or ("table" if sys.stdout.isatty() else "plain")

    @cached_property
    def airbook(self) -> Airbook:
        """Open the store that was said."""
        return Airbook(self.settings.store)

    @cached_property
    def printer(self) -> Printer:
        """Open stdout in the format that was said."""
        from airbook.cli.output.render import Printer

        return Printer(self.format, self.label, color=self.is_colored())

    def is_colored(self) -> bool:
        """Tell whether colours were asked for, or are welcome."""
        choice = self.settings.value("color")
        return choice == "always" or (choice == "auto" and sys.stdout.isatty())

    def say(self, english: str, **values: object) -> None:
        """Tell a person something that is no part of the answer."""
        print(self.label(english, values), file=sys.stderr)

    def hint(self, command: str) -> None:
        """Name the command to try next; programs need none."""
        if self.format in FOR_PEOPLE:
            self.say(mark("hint: {command}"), command=command)

    def warn_without_daemon(self) -> None:
        """Say so when nobody decides what waits, if that can be found out."""
        with suppress(StoreError):
            if self.format in FOR_PEOPLE and self.airbook.heartbeat() is None:
                self.say(mark("No daemon is running: reservations wait until one is."))
                self.hint("airbook daemon")

    def stay(self) -> None:
        """Prepare for a command that goes on until it is stopped."""
        import gc

        gc.enable()

    def close(self) -> None:
        """Close what was opened."""
        if "airbook" in self.__dict__:
            self.airbook.close()


def session_of(ctx: typer.Context) -> Session:
    """Find the session a command runs in."""
    session: Session = ctx.find_root().obj
    return session
