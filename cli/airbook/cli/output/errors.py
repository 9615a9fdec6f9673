"""What is said when something goes wrong: one sentence, a hint, and an exit code."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import typer
from msgspec import json

from airbook.application.errors import SettingError
from airbook.application.text.formatting import error_sentence
from airbook.application.text.labels import Labels, mark
from airbook.application.text.parsing import Mistyped
from airbook.application.text.terminal import visible
from airbook.cli.output.usage import fault_of
from airbook.domain.refusal import Refused
from airbook.eventlog.errors import StoreError, without_password
from airbook.eventlog.log import UnreadableStream
from airbook.eventlog.records import Fenced

FAILED, USAGE, NOT_FOUND, REFUSED, CONFLICT, IN_VAIN, UNREACHABLE, FINDINGS = range(1, 9)
INTERRUPTED, PIPE_CLOSED = 130, 141  # 128 + the signal that another program would have died of

EXIT_CODES = {
    "no_such_airplane": NOT_FOUND,
    "no_such_reservation": NOT_FOUND,
    "no_such_position": NOT_FOUND,
    "seats_out_of_range": USAGE,
    "key_reused": CONFLICT,
    "timed_out": IN_VAIN,
    "store_busy": UNREACHABLE,
    "store_unreachable": UNREACHABLE,
    "store_read_only": UNREACHABLE,
    "store_full": FAILED,
    "store_damaged": FAILED,
    "views_damaged": FAILED,
    "store_foreign": FAILED,
    "store_newer": FAILED,
    "store_unsafe": FAILED,
    "store_missing": UNREACHABLE,
    "store_older": FAILED,
    "store_uncertain": UNREACHABLE,
}

HINTS = {
    "no_such_airplane": "airbook planes",
    "no_such_reservation": "airbook my-page --all",
    "no_such_position": "airbook events",
    "airplane_closed": "airbook planes",
    "seats_taken": "airbook planes",
    "seats_out_of_range": "airbook admin add-plane --help",
    "already_rejected": "airbook why {number}",
    "already_cancelled": "airbook history {number}",
    "key_reused": "airbook reserve --help",
    "timed_out": "airbook status",
    "store_busy": "airbook status",
    "store_unreachable": "airbook config show",
    "store_read_only": "airbook config show",
    "store_full": "df -h",
    "store_damaged": "airbook doctor",
    "views_damaged": "airbook views rebuild",
    "store_unsafe": "airbook config show",
    "not_parked": "airbook parked list",
    "store_foreign": "airbook config show",
    "store_newer": "airbook --version",
    "store_missing": "airbook store init",
    "store_older": "airbook store init",
    "store_uncertain": "airbook status",
}
ALLOWED = "AIRBOOK_ALLOW_UNSAFE=1 airbook status"


class TimedOut(Exception):
    """What was waited for has not come."""


class NoTerminal(Exception):
    """There is nothing to draw a screen on."""


class NotInstalled(Exception):
    """A part of airbook was left out. extra: what pip calls it."""

    def __init__(self, extra: str) -> None:
        super().__init__(extra)
        self.extra = extra


class Told(NamedTuple):
    """An error as it is told: code and exit code for programs, the rest for people."""

    code: str
    exit_code: int
    sentence: str
    values: Mapping[str, object]
    hint: str | None


def explain(error: BaseException, words: Sequence[str]) -> Told:
    """Find the words for an error. words: the command line it came from."""
    match error:
        case Refused() | StoreError():
            # Whoever knows better may allow a server's setting, and nothing else that is unsafe.
            hint = ALLOWED if "setting" in error.values else HINTS.get(error.code)
            return Told(
                error.code,
                EXIT_CODES.get(error.code, REFUSED),
                *error_sentence(error),
                hint and hint.format(**{"number": "?", **error.values}),
            )
        case SettingError():
            return Told("usage", USAGE, error.sentence, error.values, "airbook config show --help")
        case Fenced():
            return Told("rebuilding", UNREACHABLE, *error_sentence(error), "airbook views status")
        case UnreadableStream():
            return Told("unreadable_event", FAILED, *error_sentence(error), "airbook doctor")
        case TimedOut():
            sentence = mark("Waited in vain: the daemon has not come to it yet.")
            return Told("timed_out", IN_VAIN, sentence, {}, "airbook status")
        case NoTerminal():
            sentence = mark("The dashboard needs a terminal.")
            return Told("usage", USAGE, sentence, {}, "airbook status")
        case NotInstalled():
            sentence = mark("The dashboard needs packages that are not installed.")
            hint = f"pip install 'airbook[{error.extra}]'"
            return Told("not_installed", FAILED, sentence, {}, hint)
        case Mistyped():
            return Told("usage", USAGE, error.sentence, error.values, "airbook --help")
        case typer.BadParameter() | typer.TyperException():
            return explain_usage(error)
        case _:
            hint = "AIRBOOK_DEBUG=1 " + " ".join(["airbook", *map(without_password, words)])
            return Told("internal", FAILED, *error_sentence(error), hint)


def explain_usage(error: typer.TyperException) -> Told:
    """Find the words for a command line that is wrong."""
    context = getattr(error, "ctx", None)
    hint = f"{context.command_path if context else 'airbook'} --help"
    return Told("usage", USAGE, *fault_of(error), hint)


def tell(told: Told, label: Labels, format: str) -> int:  # noqa: A002 -- the option's name
    """Say it on stderr, as JSON if the answer would have been JSON; returns the exit code."""
    message = visible(label(told.sentence, {"number": "?", **told.values}))
    hint = told.hint and visible(told.hint)
    if format in {"json", "jsonl"}:
        error = {"error": {"code": told.code, "message": message, "hint": hint}}
        print(json.encode(error).decode(), file=sys.stderr)
    else:
        print(message, file=sys.stderr)
        if hint:
            print(label(mark("hint: {command}"), {"command": hint}), file=sys.stderr)
    return told.exit_code
