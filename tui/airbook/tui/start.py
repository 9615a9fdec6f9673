"""Entry points that show the screens."""

from __future__ import annotations

from collections.abc import Callable

from airbook.application.airbook import Airbook
from airbook.application.as_of import Moment
from airbook.tui.screens.app import Screens
from airbook.tui.screens.dashboard import Dashboard
from airbook.tui.screens.live import Live
from airbook.tui.session.look import Look
from airbook.tui.session.shell import Shell


def dashboard(
    open_airbook: Callable[[], Airbook], look: Look, shell: Shell, *, moment: Moment | None
) -> int:
    """Show the dashboard until the user leaves it, and return an exit code.

    open_airbook: opens the store; called again after the store was lost. moment: the moment to look
    back to; None shows the present. Raises SettingError for invalid keys.
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
    """Show a customer's page until the user leaves it, and return an exit code; see `dashboard`."""
    from airbook.tui.screens.my_page import MyPage

    return show(MyPage(open_airbook, look, customer, moment), look, shell)


def show(first: Live, look: Look, shell: Shell) -> int:
    """Show a screen until the user leaves it. Raises the error that ended the program, if any."""
    screens = Screens(first, look, shell)
    code = screens.run()
    if screens.fault is not None:
        raise getattr(screens.fault, "error", screens.fault)  # a worker's failure wraps it
    return code or 0
