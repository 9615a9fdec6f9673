"""The commands below `views`: how far the views are behind the log, and rebuilding them."""

from __future__ import annotations

from typing import Annotated

import typer

from airbook.application.sorting import Sorting, sort_rows
from airbook.application.text.labels import mark
from airbook.application.text.parsing import refuse
from airbook.application.text.terminal import shown
from airbook.cli.framework.completion import complete_views
from airbook.cli.framework.grammar import Command, group
from airbook.cli.framework.session import session_of
from airbook.cli.framework.sorting import sort_option
from airbook.cli.output.tables import LAGS


def register(app: typer.Typer) -> None:
    """Add the group `views`."""
    views = group(help=mark("The views: how far they have come, and rebuilding them."))
    views.command("status", cls=Command)(status)
    views.command("rebuild", cls=Command)(rebuild)
    app.add_typer(views, name="views")


def status(
    ctx: typer.Context,
    sort: Annotated[Sorting | None, sort_option(LAGS)] = None,
) -> None:
    """Show how far each view is behind the log.

    airbook views status
    """
    session = session_of(ctx)
    session.printer.many(sort_rows(session.airbook.queries.lags(), sort), LAGS)


def rebuild(
    ctx: typer.Context,
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[VIEW]...",
            autocompletion=complete_views,
            help=mark("Which views; all by default."),
        ),
    ] = None,
) -> None:
    """Rebuild views from the log; those in use go on answering meanwhile.

    airbook views rebuild
    airbook views rebuild reservations
    """
    from airbook.cli.output.progress import run_with_progress
    from airbook.projections.rebuild import rebuild as rebuild_views
    from airbook.projections.store import READ_MODELS

    session = session_of(ctx)
    for name in names or ():
        if name not in READ_MODELS:
            sentence = mark("There is no view {name}; there are {names}.")
            refuse(sentence, name=shown(name), names=", ".join(READ_MODELS))
    queries = session.airbook.queries_even_if_damaged()
    chosen = [READ_MODELS[name] for name in names or READ_MODELS]
    run_with_progress(
        rebuild_views(queries.views, chosen),
        session.airbook.log.head(),
        session.label,
        color=session.is_colored(),
    )
    sentence = mark("The views are rebuilt, but the answer could not be printed: {error}")
    session.note_stored(sentence, "airbook views status")
    session.printer.many(queries.lags(), LAGS)
