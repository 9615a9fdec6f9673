"""Where `airbook` begins: one run, from words to an exit code, without a traceback."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import NoReturn

import typer

from airbook.cli.app import build
from airbook.cli.errors import INTERRUPTED, explain, tell
from airbook.cli.options import scan
from airbook.cli.session import Session
from airbook.runtime.labels import Labels
from airbook.runtime.settings import SettingError


def run() -> NoReturn:
    """Run the command line of this process and end it."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    code = main(sys.argv[1:])
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        code = 141
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)


def main(words: Sequence[str]) -> int:
    """Run one command line; returns its exit code. words: what was typed behind `airbook`."""
    flags = scan(words)
    try:
        session = Session(flags, os.environ)
    except SettingError as error:
        label = Labels(flags.get("lang") or os.environ.get("AIRBOOK_LANG") or "en")
        return tell(explain(error, words), label, flags.get("output") or "plain")
    try:
        return answer(session, words)
    finally:
        session.close()


def answer(session: Session, words: Sequence[str]) -> int:
    """Run one command line in a session; returns its exit code."""
    try:
        code = build(words)(
            args=list(words), prog_name="airbook", standalone_mode=False, obj=session
        )
        return code if isinstance(code, int) else 0
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except BrokenPipeError:
        return 141
    except typer.TyperException as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            print(error)
            return 0
        return tell(explain(error, words), session.label, session.format)
    except Exception as error:
        if session.debug:
            raise
        return tell(explain(error, words), session.label, session.format)
