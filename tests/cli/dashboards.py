"""A stand-in for the screens."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from airbook.application.as_of import Moment


class Screens:
    """Screens that end at once, with exit code 9, and record their arguments."""

    def __init__(self) -> None:
        self.opened: list[tuple[str, tuple[Any, ...], Any]] = []

    def dashboard(self, *handed: object, moment: Moment | None) -> int:
        self.opened.append(("dashboard", handed, moment))
        return 9

    def my_page(self, *handed: object, moment: Moment | None) -> int:
        self.opened.append(("my page", handed, moment))
        return 9

    def make_server(self, *handed: object) -> SimpleNamespace:
        """Stand in for the web server of the dashboard."""
        self.opened.append(("pages", handed, None))
        return SimpleNamespace(address="http://here/?key=k", serve=lambda: None)
