"""Questions to confirm before a command goes on."""

from __future__ import annotations

import sys

import typer

from airbook.application.text.parsing import refuse
from airbook.application.text.terminal import visible
from airbook.cli.framework.session import Session


def confirm(session: Session, question: str, refusal: str, **values: object) -> None:
    """Ask a question on the terminal; the default answer is No, which raises typer.Abort.

    question, refusal: in English, with {placeholders} for `values`. Raises Mistyped with the
    refusal if stdin is no terminal: nobody can be asked there.
    """
    if not sys.stdin.isatty():
        refuse(refusal, **values)
    typer.confirm(visible(session.label(question, values)), abort=True, err=True)
