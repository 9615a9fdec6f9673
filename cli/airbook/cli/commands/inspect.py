"""Looking inside: the doctor, the views, what is parked, and the settings."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from airbook.application import outcome
from airbook.application.responses import Setting
from airbook.application.text.labels import mark
from airbook.application.text.parsing import identity, refuse
from airbook.application.text.terminal import shown
from airbook.cli.commands.reserve import Number
from airbook.cli.framework.grammar import Command, group
from airbook.cli.framework.session import Session, session_of
from airbook.cli.output.errors import FINDINGS
from airbook.domain.refusal import Refused

LAG = ("name", "position", "lag_events", "lag_seconds")
PARKED = ("reservation", "position", "state", "at", "error")
SETTING = ("name", "value", "origin")


def register(app: typer.Typer) -> None:
    """Add the commands; some of them in groups of their own."""
    views = group(help=mark("The views: how far they have come, and rebuilding them."))
    views.command("status", cls=Command)(views_status)
    views.command("rebuild", cls=Command)(views_rebuild)
    app.add_typer(views, name="views")
    parked = group(help=mark("Reservations that could not be settled."))
    parked.command("list", cls=Command)(parked_list)
    parked.command("retry", cls=Command)(parked_retry)
    parked.command("drop", cls=Command)(parked_drop)
    app.add_typer(parked, name="parked")
    app.command("doctor", cls=Command)(doctor)
    config = group(help=mark("The settings."))
    config.command("show", cls=Command)(config_show)
    app.add_typer(config, name="config")


def doctor(ctx: typer.Context) -> None:
    """Check every promise against the log; exit 8, with a line for each finding, if one is broken.

    airbook doctor
    """
    from airbook.application.maintenance.doctor import examine
    from airbook.cli.commands.diagnosis import tell

    session = session_of(ctx)
    report = examine(session.airbook)
    tell(session, report)
    if report.findings:
        raise typer.Exit(FINDINGS)


def views_status(ctx: typer.Context) -> None:
    """Show how far each view is behind the log.

    airbook views status
    """
    session = session_of(ctx)
    session.printer.many(session.airbook.queries.lags(), LAG)


def views_rebuild(
    ctx: typer.Context,
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[VIEW]...", help=mark("Which views; all by default.")),
    ] = None,
) -> None:
    """Rebuild views from the log; those in use go on answering meanwhile.

    airbook views rebuild
    airbook views rebuild reservations
    """
    from airbook.cli.output.progress import counted
    from airbook.projections.rebuild import rebuild
    from airbook.projections.store import READ_MODELS

    session = session_of(ctx)
    for name in names or ():
        if name not in READ_MODELS:
            sentence = mark("There is no view {name}; there are {names}.")
            refuse(sentence, name=shown(name), names=", ".join(READ_MODELS))
    pages = session.airbook.queries_even_if_damaged()
    wanted = [READ_MODELS[name] for name in names or READ_MODELS]
    counted(session, rebuild(pages.views, wanted), session.airbook.log.head())
    session.printer.many(pages.lags(), LAG)


def parked_list(ctx: typer.Context) -> None:
    """List reservations that are put aside, and why.

    airbook parked list
    """
    session = session_of(ctx)
    session.printer.many(outcome.parked(session.airbook), PARKED, mark("Nothing is parked."))


def parked_retry(
    ctx: typer.Context,
    reservation: Annotated[
        int | None,
        typer.Argument(metavar="RESERVATION", parser=identity, help=mark("The reservation.")),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help=mark("Every parked reservation."))
    ] = False,
) -> None:
    """Have the daemon try a parked reservation again.

    airbook parked retry 500
    airbook parked retry --all
    """
    session = session_of(ctx)
    for number in chosen(session, reservation, everything=everything):
        if not session.airbook.log.retry(number):
            raise not_parked(number)
        session.say(mark("Reservation {number} will be tried again."), number=number)
    session.warn_without_daemon()


def parked_drop(
    ctx: typer.Context,
    reservation: Number,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help=mark("Do not ask for confirmation."))
    ] = False,
) -> None:
    """Leave a parked reservation undecided for good.

    airbook parked drop 500
    """
    session = session_of(ctx)
    if reservation not in {one.reservation for one in session.airbook.log.registry.parked()}:
        raise not_parked(reservation)
    if not yes and not sys.stdin.isatty():
        refuse(mark("Nobody can be asked here: say --yes."))
    question = mark("Leave reservation {number} undecided for good?")
    if not yes:
        typer.confirm(session.label(question, {"number": reservation}), abort=True)
    session.airbook.log.drop(reservation)
    session.say(mark("Reservation {number} is dropped."), number=reservation)


def chosen(session: Session, number: int | None, *, everything: bool) -> list[int]:
    """Name the reservations meant: one, or all that are parked."""
    if (number is None) is not everything:
        refuse(mark("Name one reservation, or --all."))
    if number is not None:
        return [number]
    return [one.reservation for one in session.airbook.log.registry.parked() if not one.dropped]


def not_parked(number: int) -> Refused:
    """Say that a reservation is not put aside."""
    return Refused("not_parked", mark("Reservation {number} is not parked."), number=number)


def config_show(ctx: typer.Context) -> None:
    """Show every setting, and where it was said: flag, environment, file or default.

    airbook config show
    """
    session = session_of(ctx)
    settings = session.settings
    in_force = {
        "home": str(settings.home),
        "store": settings.store.url,
        "output": session.format,
        "customer": settings.customer,
    }
    found = [
        Setting(name, in_force.get(name, said.value), said.origin)
        for name, said in settings.values.items()
    ]
    found.append(Setting("config", str(settings.file), settings.file_origin))
    session.printer.many(found, SETTING)
