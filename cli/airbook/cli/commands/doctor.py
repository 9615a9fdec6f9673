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
    from airbook.application.maintenance.doctor import examine
    from airbook.cli.output.doctor_report import print_report

    session = session_of(ctx)
    report = examine(session.airbook)
    print_report(report, session.label, session.format)
    if report.findings:
        raise typer.Exit(FINDINGS)
