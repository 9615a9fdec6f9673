"""The doctor: checks of everything that airbook promises."""

from __future__ import annotations

import typer

from airbook.cli.framework.grammar import Command
from airbook.cli.framework.session import session_of
from airbook.cli.output.errors import FINDINGS


def register(app: typer.Typer) -> None:
    """Add the command `doctor`."""
    app.command("doctor", cls=Command)(doctor)


def doctor(ctx: typer.Context) -> None:
    """Check every promise against the log; exit 8, with a line for each finding, if one is broken.

    airbook doctor
    """
    from airbook.application.maintenance.doctor import examination
    from airbook.cli.output.doctor_report import print_report
    from airbook.cli.output.progress import run_with_progress
    from airbook.eventlog.salvage import last_position

    session = session_of(ctx)
    airbook = session.airbook
    report = run_with_progress(
        examination(airbook), last_position(airbook.log), session.label, color=session.is_colored()
    )
    print_report(report, session.label, session.format)
    if report.findings:
        raise typer.Exit(FINDINGS)
