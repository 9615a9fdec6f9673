"""Errors as the command line reports them: one sentence, a hint and an exit code."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import typer
from msgspec import json

from airbook.application.errors import BrokerError, SettingError
from airbook.application.text.formatting import error_sentence
from airbook.application.text.labels import Labels, mark
from airbook.application.text.parsing import Mistyped
from airbook.application.text.terminal import visible
from airbook.cli.output.hints import find_hint
from airbook.cli.output.stdout import Stored, Unprinted
from airbook.domain.refusal import Refused
from airbook.eventlog.errors import StoreError, without_password
from airbook.eventlog.log import UnreadableStream
from airbook.eventlog.records import Fenced

FAILED, USAGE, NOT_FOUND, REFUSED, KEY_REUSED, TIMED_OUT, UNREACHABLE, FINDINGS = range(1, 9)
INTERRUPTED, PIPE_CLOSED = 130, 141  # 128 + SIGINT, 128 + SIGPIPE: what a shell reports

EXIT_CODES = {
    "no_such_airplane": NOT_FOUND,
    "no_such_reservation": NOT_FOUND,
    "no_such_position": NOT_FOUND,
    "no_such_token": NOT_FOUND,
    "needs_tokens": USAGE,
    "seats_out_of_range": USAGE,
    "input_unreadable": FAILED,
    "key_reused": KEY_REUSED,
    "timed_out": TIMED_OUT,
    "store_busy": UNREACHABLE,
    "store_unreachable": UNREACHABLE,
    "store_read_only": UNREACHABLE,
    "store_full": FAILED,
    "store_damaged": FAILED,
    "views_damaged": FAILED,
    "views_missing": FAILED,
    "tokens_damaged": FAILED,
    "store_foreign": FAILED,
    "store_newer": FAILED,
    "store_unsafe": FAILED,
    "store_missing": UNREACHABLE,
    "store_older": FAILED,
    "store_uncertain": UNREACHABLE,
    "store_gone": UNREACHABLE,
    "store_wal_gone": FAILED,
    "store_replaced": FAILED,
    "store_linked": FAILED,
    "store_name_taken": USAGE,
    "store_unfinished": FAILED,
    "store_unclosed": UNREACHABLE,
    "broker_unreachable": UNREACHABLE,
    "broker_refused": UNREACHABLE,
    "access_denied": UNREACHABLE,
    "topic_missing": UNREACHABLE,
    "message_refused": FAILED,
    "topic_of_other_log": FAILED,
}

# What needs the packages of an extra; all others are for the dashboard.
NEEDING = {
    "gateway": mark("The gateway needs packages that are not installed."),
    "kafka": mark("Kafka needs packages that are not installed."),
}


class TimedOut(Exception):
    """The awaited decision was not made within the timeout."""


class NoTerminal(Exception):
    """The dashboard was opened without a terminal."""


class NotInstalled(Exception):
    """Packages of an optional part of airbook are missing."""

    def __init__(self, extra: str) -> None:
        """extra: the name of the part in `pip install 'airbook[extra]'`."""
        super().__init__(extra)
        self.extra = extra


class ErrorReport(NamedTuple):
    """An error as it is printed.

    code: its stable name, for programs. sentence: English, with {placeholders} for values. hint:
    the command to try next.
    """

    code: str
    exit_code: int
    sentence: str
    values: Mapping[str, object]
    hint: str | None


def describe_error(error: BaseException, words: Sequence[str]) -> ErrorReport:
    """Describe an error. words: the command line that raised it."""
    match error:
        case Refused() | StoreError() | BrokerError():
            return ErrorReport(
                error.code,
                EXIT_CODES.get(error.code, REFUSED),
                error.sentence,
                {"number": "?", **error.values},
                find_hint(error, words),
            )
        case SettingError():
            return ErrorReport(
                "usage", USAGE, error.sentence, error.values, "airbook config show --help"
            )
        case Fenced():
            return ErrorReport(
                "rebuilding", UNREACHABLE, *error_sentence(error), "airbook views status"
            )
        case UnreadableStream():
            return ErrorReport("unreadable_event", FAILED, *error_sentence(error), "airbook doctor")
        case TimedOut():
            sentence = mark("The daemon did not decide within the timeout.")
            return ErrorReport("timed_out", TIMED_OUT, sentence, {}, "airbook status")
        case NoTerminal():
            sentence = mark("The dashboard needs a terminal.")
            return ErrorReport("usage", USAGE, sentence, {}, "airbook status")
        case NotInstalled():
            dashboard = mark("The dashboard needs packages that are not installed.")
            sentence = NEEDING.get(error.extra, dashboard)
            hint = f"pip install 'airbook[{error.extra}]'"
            return ErrorReport("not_installed", FAILED, sentence, {}, hint)
        case Mistyped():
            return ErrorReport("usage", USAGE, error.sentence, error.values, "airbook --help")
        case typer.BadParameter() | typer.TyperException():
            return describe_usage_error(error)
        case _:
            hint = "AIRBOOK_DEBUG=1 " + " ".join(["airbook", *map(without_password, words)])
            return ErrorReport("internal", FAILED, *error_sentence(error), hint)


def describe_unprinted(error: Unprinted, stored: Stored | None) -> ErrorReport:
    """Describe that the answer could not be printed. stored: what had been stored before."""
    if stored is None:
        stored = Stored(mark("Standard output cannot be written: {error}"))
    values = {**stored.values, "error": error}
    return ErrorReport("answer_not_printed", FAILED, stored.sentence, values, stored.hint)


def describe_usage_error(error: typer.TyperException) -> ErrorReport:
    """Describe an error in the command line itself."""
    from airbook.cli.output.usage import usage_message

    context = getattr(error, "ctx", None)
    hint = f"{context.command_path if context else 'airbook'} --help"
    return ErrorReport("usage", USAGE, *usage_message(error), hint)


def print_error(report: ErrorReport, label: Labels, format: str) -> int:  # noqa: A002
    """Print an error to stderr; returns its exit code.

    format: the output format of the run; json and jsonl print one object.
    """
    message = visible(label(report.sentence, {"number": "?", **report.values}))
    hint = report.hint and visible(report.hint)
    if format in {"json", "jsonl"}:
        error = {"error": {"code": report.code, "message": message, "hint": hint}}
        print(json.encode(error).decode(), file=sys.stderr)
    else:
        print(message, file=sys.stderr)
        if hint:
            print(label(mark("hint: {command}"), {"command": hint}), file=sys.stderr)
    return report.exit_code
