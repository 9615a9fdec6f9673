"""Errors as the command line reports them: one sentence, a hint and an exit code."""

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
    "store_foreign": FAILED,
    "store_newer": FAILED,
    "store_unsafe": FAILED,
    "store_missing": UNREACHABLE,
    "store_older": FAILED,
    "store_uncertain": UNREACHABLE,
    "store_gone": UNREACHABLE,
    "store_wal_gone": FAILED,
    "store_linked": FAILED,
    "store_name_taken": USAGE,
    "store_unfinished": FAILED,
    "store_unclosed": UNREACHABLE,
}

HINTS = {
    "no_such_airplane": "airbook planes",
    "no_such_reservation": "airbook my-page --all",
    "no_such_position": "airbook events",
    "unknown_column": "airbook import --help",
    "repeated_column": "airbook import --help",
    "input_unreadable": "airbook my-page --all",
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
    "store_damaged": "airbook store copy --from {url} --to sqlite:///copy.db",
    "views_damaged": "airbook views rebuild",
    "views_missing": "airbook store init",
    "store_unsafe": "airbook config show",
    "not_parked": "airbook parked list",
    "store_foreign": "airbook config show",
    "store_newer": "airbook --version",
    "store_missing": "airbook store init",
    "store_older": "airbook store init",
    "store_uncertain": "airbook status",
    "store_gone": "airbook status",
    "store_wal_gone": "ls -l {file}*",
    "store_linked": "find / -xdev -samefile {file}",
    "store_name_taken": "airbook config show",
    "store_unfinished": "airbook store copy --help",
    "store_unclosed": "cp -p {file}* FOLDER",
}
# Other hints for an error that names these values.
HINTS_BY_VALUE = {
    "setting": "AIRBOOK_ALLOW_UNSAFE=1 airbook status",
    "role": "airbook store init --role {role}",
    "holder": "ps -o pid,stat,args -p {holder}",
}
PRINT_SQL_HINT = "airbook store init --print-sql"


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
        case Refused() | StoreError():
            # AIRBOOK_ALLOW_UNSAFE accepts settings of a server, and no other unsafe store.
            return ErrorReport(
                error.code,
                EXIT_CODES.get(error.code, REFUSED),
                *error_sentence(error),
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
            sentence = mark("The dashboard needs packages that are not installed.")
            hint = f"pip install 'airbook[{error.extra}]'"
            return ErrorReport("not_installed", FAILED, sentence, {}, hint)
        case Mistyped():
            return ErrorReport("usage", USAGE, error.sentence, error.values, "airbook --help")
        case typer.BadParameter() | typer.TyperException():
            return describe_usage_error(error)
        case _:
            hint = "AIRBOOK_DEBUG=1 " + " ".join(["airbook", *map(without_password, words)])
            return ErrorReport("internal", FAILED, *error_sentence(error), hint)


def find_hint(error: Refused | StoreError, words: Sequence[str]) -> str | None:
    """Return the command to try next; None if that same command has just failed."""
    # AIRBOOK_ALLOW_UNSAFE accepts settings of a server, and no other unsafe store.
    by_value = (hint for name, hint in HINTS_BY_VALUE.items() if name in error.values)
    hint = next(by_value, HINTS.get(error.code))
    if hint is None or is_own(hint, words):
        # An account without the right to create the store can hand the statements to its owner.
        return PRINT_SQL_HINT if "role" in error.values else None
    from shlex import quote

    store = str(error.values.get("store", ""))
    url = quote(store if "://" in store else f"sqlite:///{store}")
    role = quote(str(error.values.get("role", "")))
    file = quote(store.removeprefix("sqlite:///"))
    values = {"number": "?", **error.values, "role": role, "url": url, "file": file}
    return hint.format(**values)


def is_own(hint: str, words: Sequence[str]) -> bool:
    """Return whether a hint names the command of a command line; its help is another command."""
    program, *commands = hint.partition(" -")[0].split()
    places = range(len(words) - len(commands) + 1)
    return (
        program == "airbook"
        and bool(commands)
        and not hint.endswith("--help")
        and any([*words[at : at + len(commands)]] == commands for at in places)
    )


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
