"""The commands below `config`: the settings of this run."""

from __future__ import annotations

from typing import Annotated

import typer

from airbook.application.responses import Setting
from airbook.application.sorting import Sorting, sort_rows
from airbook.application.text.labels import mark
from airbook.cli.framework.grammar import Command, group
from airbook.cli.framework.session import session_of
from airbook.cli.framework.sorting import sort_option
from airbook.cli.output.tables import SETTINGS


def register(app: typer.Typer) -> None:
    """Add the group `config`."""
    config = group(help=mark("The settings."))
    config.command("show", cls=Command)(show)
    app.add_typer(config, name="config")


def show(
    ctx: typer.Context,
    sort: Annotated[Sorting | None, sort_option(SETTINGS)] = None,
) -> None:
    """Show every setting, and where it comes from: flag, environment, file or default.

    airbook config show
    """
    session = session_of(ctx)
    settings = session.settings
    in_force = {
        "home": str(settings.home),
        "store": settings.store.url,
        "output": session.format,
        "customer": settings.customer,
        "actor": settings.actor,
    }
    found = [
        Setting(name, in_force.get(name, setting.value), setting.origin)
        for name, setting in settings.values.items()
    ]
    found.append(Setting("config", str(settings.file), settings.file_origin))
    session.printer.many(sort_rows(found, sort), SETTINGS)
