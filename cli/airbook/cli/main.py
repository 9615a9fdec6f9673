"""The run of one command line: from its words to an exit code, without a traceback."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from io import TextIOWrapper
from pathlib import Path
from typing import NoReturn

import typer

from airbook.application.errors import SettingError
from airbook.application.settings import locale_language
from airbook.application.text.labels import Labels
from airbook.cli.framework.app import build
from airbook.cli.framework.options import scan
from airbook.cli.framework.session import Session
from airbook.cli.output.errors import (
    INTERRUPTED,
    PIPE_CLOSED,
    describe_error,
    describe_unprinted,
    print_error,
)
from airbook.cli.output.stdout import Stderr, Stdout, Unprinted

STREAMS = {"stdout": Stdout, "stderr": Stderr}


def run() -> NoReturn:
    """Run the command line of this process, and end the process with its exit code."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        # A stream that was closed when the process began is None; the next file that is opened
        # would take its descriptor.
        stream: TextIOWrapper = getattr(sys, name) or Path(os.devnull).open(mode)  # type: ignore[assignment]  # noqa: SIM115
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")
        kind = STREAMS.get(name)
        setattr(sys, name, kind(stream) if kind else stream)
    try:
        code = main(sys.argv[1:])
    except KeyboardInterrupt:
        code = INTERRUPTED
    sys.stderr.flush()
    os._exit(code)  # the shutdown of the interpreter takes a fifth of a short command's time


def main(words: Sequence[str]) -> int:
    """Run one command line; returns its exit code. words: the arguments of `airbook`."""
    if words[:1] == ["__complete"] or os.environ.get("_AIRBOOK_COMPLETE"):
        from airbook.cli.framework.shell_completion import complete

        code = complete(words, os.environ)
        with suppress(BrokenPipeError, Unprinted):  # a shell shows no errors while it completes
            sys.stdout.flush()
        return code
    flags = scan(words)
    try:
        session = Session(flags, os.environ)
    except SettingError as error:
        language = (
            flags.get("lang") or os.environ.get("AIRBOOK_LANG") or locale_language(os.environ)
        )
        label = Labels(language or "en")
        return print_error(describe_error(error, words), label, flags.get("output") or "plain")
    try:
        return run_in(session, words)
    finally:
        session.close()


def run_in(session: Session, words: Sequence[str]) -> int:
    """Run one command line in a session and print its answer; returns the exit code."""
    try:
        code = execute(session, words)
        sys.stdout.flush()
    except BrokenPipeError:
        return PIPE_CLOSED
    except Unprinted as error:
        report = describe_unprinted(error, session.stored)
        return print_error(report, session.label, session.format)
    return code


def execute(session: Session, words: Sequence[str]) -> int:
    """Run one command line; returns its exit code. Raises BrokenPipeError and Unprinted."""
    try:
        code = build(words)(
            args=list(words), prog_name="airbook", standalone_mode=False, obj=session
        )
        return code if isinstance(code, int) else 0
    except SystemExit as ended:  # Typer exits by itself: after a broken pipe, and after completion
        closed = isinstance(ended.__context__, BrokenPipeError)
        return PIPE_CLOSED if closed else int(ended.code or 0)
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except (BrokenPipeError, Unprinted):
        raise
    except typer.TyperException as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            print(error)
            return 0
        return print_error(describe_error(error, words), session.label, session.format)
    except Exception as error:
        if session.debug:
            raise
        return print_error(describe_error(error, words), session.label, session.format)
