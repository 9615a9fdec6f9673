"""The hint below an error: the command to try next."""

from __future__ import annotations

from collections.abc import Sequence

from airbook.application.errors import BrokerError
from airbook.domain.refusal import Refused
from airbook.eventlog.errors import StoreError

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
    "tokens_damaged": "airbook token create --help",
    "store_unsafe": "airbook config show",
    "not_parked": "airbook parked list",
    "no_such_token": "airbook token list",
    "needs_tokens": "airbook token create --help",
    "store_foreign": "airbook config show",
    "store_newer": "airbook --version",
    "store_missing": "airbook store init",
    "store_older": "airbook store init",
    "store_uncertain": "airbook status",
    "store_gone": "airbook status",
    "store_wal_gone": "ls -l {file}*",
    "store_replaced": "ls -l {file}*",
    "store_linked": "find / -xdev -samefile {file}",
    "store_name_taken": "airbook config show",
    "store_unfinished": "airbook store copy --help",
    "store_unclosed": "cp -p {file}* FOLDER",
    "broker_unreachable": "kafka-broker-api-versions.sh --bootstrap-server {broker}",
    "broker_refused": "airbook relay --help",
    "access_denied": "kafka-acls.sh --bootstrap-server {broker} --list",
    "topic_missing": "kafka-topics.sh --bootstrap-server {broker} --create --topic {topic}",
    "message_refused": "airbook relay --help",
    "topic_of_other_log": "airbook relay --help",
}
# Other hints for an error that names these values.
HINTS_BY_VALUE = {
    "setting": "AIRBOOK_ALLOW_UNSAFE=1 airbook status",
    "role": "airbook store init --role {role}",
    "rule": "airbook doctor",
    "holder": "ps -o pid,stat,args -p {holder}",
}
PRINT_SQL_HINT = "airbook store init --print-sql"


def find_hint(error: Refused | StoreError | BrokerError, words: Sequence[str]) -> str | None:
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
