"""Where the screens begin."""

from __future__ import annotations

from collections.abc import Callable

from airbook.application.airbook import Airbook
from airbook.application.as_of import Moment
from airbook.tui.screens.app import Screens
from airbook.tui.screens.dashboard import Dashboard
from airbook.tui.screens.live import Live
from airbook.tui.session.look import Look
from airbook.tui.session.shell import Shell

__all__ = ["Look", "dashboard", "my_page"]


def dashboard(
    open_airbook: Callable[[], Airbook], look: Look, shell: Shell, *, moment: Moment | None
) -> int:
    """Show the dashboard until it is left; returns an exit code.

    open_book: opens the store; asked again when it was lost. moment: where to look back to.
    Raises SettingError for keys that cannot be.
    """
    return show(Dashboard(open_airbook, look, moment), look, shell)


def my_page(
    open_airbook: Callable[[], Airbook],
    look: Look,
    shell: Shell,
    customer: str,
    *,
    moment: Moment | None,
) -> int:
    """Show a customer's page until it is left; returns an exit code. Otherwise like `dashboard`."""
    from airbook.tui.screens.my_page import MyPage

    return show(MyPage(open_airbook, look, customer, moment), look, shell)


def show(first: Live, look: Look, shell: Shell) -> int:
    """Show a screen until it is left; what went wrong inside is raised here."""
    screens = Screens(first, look, shell)
    code = screens.run()
    if screens.fault is not None:
        raise getattr(screens.fault, "error", screens.fault)  # a worker's failure wraps it
    return code or 0
