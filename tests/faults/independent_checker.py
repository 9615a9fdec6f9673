"""A checker that reads the database of a store directly, and uses no code of airbook.

`python -m tests.faults.independent_checker STORE` prints each broken promise of a store, which is
the path of a file or the URL of a database on a server.
"""

from __future__ import annotations

import re
import sqlite3
import sys
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

import psycopg

from tests.faults.independent_ledger import Ledger, Row

APPROVER = re.compile(r"approver(-(?P<number>\d+)-of-(?P<of>\d+))?")
SQLITE = {
    "events": "SELECT rowid, originator_id, originator_version, topic, state"
    " FROM stored_events ORDER BY rowid",
    "checkpoints": "SELECT application_name, notification_id FROM tracking",
    "keys": "SELECT key, number, position FROM keys",
    "numbers": "SELECT kind, last FROM numbers",
    "parked": "SELECT reservation FROM parked",
}
POSTGRESQL = {
    "events": "SELECT notification_id, originator_id, originator_version, topic, state"
    " FROM airbook.stored_events ORDER BY notification_id",
    "checkpoints": "SELECT application_name, notification_id FROM airbook.notification_tracking",
    "keys": "SELECT key, number, position FROM airbook.keys",
    "numbers": "SELECT kind, last FROM airbook.numbers",
    "parked": "SELECT reservation FROM airbook.parked",
}

# In a store of the first schema, the keys are in a table of this name.
OLD = "commands"
OLD_ON_SQLITE = f"SELECT 1 FROM sqlite_schema WHERE name = '{OLD}'"  # noqa: S608
OLD_ON_POSTGRESQL = f"SELECT 1 FROM pg_tables WHERE schemaname = 'airbook' AND tablename = '{OLD}'"  # noqa: S608

Ask = Callable[[str], list[tuple[Any, ...]]]
Tables = Mapping[str, list[tuple[Any, ...]]]


class Kept(NamedTuple):
    """What a client was told and wrote down: an event of a stream, where it is, under which key."""

    stream: str
    event: str
    position: int = 0  # 0: it was not told
    key: str = ""


def check(store: str | Path, acknowledged: Iterable[Kept] = ()) -> Ledger:
    """Read a whole store in one transaction; the result has every broken promise."""
    with reading(str(store)) as tables:
        return checked(tables, acknowledged)


@contextmanager
def reading(store: str) -> Generator[Tables]:
    """Return the tables of a store as they are in one transaction that writes nothing."""
    if store.startswith("postgresql:"):
        with closing(psycopg.connect(store)) as server:
            server.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            server.read_only = True
            yield tables_of(
                lambda query: server.execute(query.encode()).fetchall(),
                POSTGRESQL,
                OLD_ON_POSTGRESQL,
            )
    else:
        with closing(sqlite3.connect(f"file:{quote(store)}?mode=ro", uri=True)) as file:
            file.execute("BEGIN")
            yield tables_of(lambda query: file.execute(query).fetchall(), SQLITE, OLD_ON_SQLITE)


def tables_of(ask: Ask, queries: Mapping[str, str], old: str) -> Tables:
    """Return the rows of each table. old: finds the table of keys of the first schema."""
    keys = queries["keys"].replace("keys", OLD) if ask(old) else queries["keys"]
    return {name: ask(query) for name, query in {**queries, "keys": keys}.items()}


def checked(tables: Tables, acknowledged: Iterable[Kept]) -> Ledger:
    ledger = Ledger()
    for row in tables["events"]:
        ledger.apply(Row(*row))
    nothing_is_passed_over(ledger, tables)
    registry_fits(ledger, tables)
    ledger.keys = {key: number for key, number, _ in tables["keys"]}
    stored = set(ledger.events.values())
    for one in acknowledged:
        there = ledger.events.get(one.position) if one.position else (one.stream, one.event)
        if there != (one.stream, one.event) or there not in stored:
            ledger.report(f"{one.event} of {one.stream} was acknowledged and is lost", one.position)
        if one.key and ledger.keys.get(one.key) != int(one.stream.rpartition("-")[2]):
            ledger.report(f"key {one.key!r} of {one.stream} was acknowledged and is lost")
    return ledger


def settled_up_to(checkpoints: Mapping[str, int]) -> int:
    """Return the position before which nothing is pending, for one approver or several."""
    whole, shares = 0, dict[str, dict[str, int]]()
    for name, position in checkpoints.items():
        match = APPROVER.fullmatch(name)
        if match and match["of"]:
            shares.setdefault(match["of"], {})[match["number"]] = position
        elif match:
            whole = position
    complete = [min(one.values()) for of, one in shares.items() if len(one) == int(of)]
    return max(whole, *complete, 0)


def nothing_is_passed_over(ledger: Ledger, tables: Tables) -> None:
    """Check that all is settled before the checkpoint, and that no seat is held for nothing."""
    settled = settled_up_to(dict(tables["checkpoints"]))
    parked = {number for (number,) in tables["parked"]}
    if settled > ledger.head:
        ledger.report(f"the approver's checkpoint is {settled}, beyond the last event")
    for number, request in ledger.requests.items():
        if request.status == "received" and request.position <= settled and number not in parked:
            ledger.report(f"reservation {number} was passed over", request.position)
    for airplane, plane in ledger.airplanes.items():
        for seat, number in plane.holders.items():
            holder = ledger.requests.get(number)
            waits = holder and holder.status == "cancelled" and holder.ended > settled
            if holder and holder.status != "approved" and not waits and number not in parked:
                state = f"{holder.status} and holds seat {seat} of airplane {airplane}"
                ledger.report(f"reservation {number} is {state}")


def registry_fits(ledger: Ledger, tables: Tables) -> None:
    """Check that keys name events that exist, and that no number can be given twice."""
    for key, number, position in tables["keys"]:
        stream, _ = ledger.events.get(position, ("no event", ""))
        if stream.rpartition("-")[2] != str(number):
            ledger.report(f"key {key!r} names {number}, and there is {stream}", position)
    last: dict[str, int] = dict(tables["numbers"])
    for stream, _ in ledger.events.values():
        kind, _, number = stream.partition("-")
        if number.isdigit() and int(number) > last.get(kind, 0):
            ledger.report(f"{stream} is beyond the last {kind}, {last.get(kind, 0)}")
            last[kind] = int(number)


if __name__ == "__main__":
    problems = check(sys.argv[1]).problems
    print(*problems, sep="\n")
    sys.exit(bool(problems))
