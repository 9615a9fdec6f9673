"""An older backup of a log that is restored beside the newer views."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from pathlib import Path

import psycopg

from tests.faults.promises import is_healthy, is_sound
from tests.support.home import SUFFIXES, Home

SAVED_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'airbook'"
# As an administrator restores a dump: without the triggers that keep events from being removed.
UNGUARDED = "SET session_replication_role = replica"


def back_up(home: Home) -> None:
    """Save the log of a store that no process has open, and not its views."""
    if home.url is None:
        shutil.copy(home.store, home.folder / "backup.db")
        return
    with psycopg.connect(home.url, autocommit=True) as server:
        server.execute("DROP SCHEMA IF EXISTS saved CASCADE")
        server.execute("CREATE SCHEMA saved")
        for (table,) in server.execute(SAVED_TABLES).fetchall():
            server.execute(f"CREATE TABLE saved.{table} AS TABLE airbook.{table}".encode())


def restore(home: Home) -> None:
    """Put the saved log back, and leave the views as they are."""
    if home.url is None:
        for suffix in SUFFIXES[1:]:
            Path(f"{home.store}{suffix}").unlink(missing_ok=True)
        shutil.copy(home.folder / "backup.db", home.store)
        return
    with psycopg.connect(home.url) as server:
        server.execute(UNGUARDED)
        for (table,) in server.execute(SAVED_TABLES).fetchall():
            server.execute(f"TRUNCATE airbook.{table}".encode())
            insert = f"INSERT INTO airbook.{table} SELECT * FROM saved.{table}"  # noqa: S608
            server.execute(insert.encode())


def older_log_beside_newer_views(home: Home, *, grown: int, decided: bool, seed: int) -> None:
    """Restore a backup; every answer is that of the restored log, however long it has grown.

    grown: how many requests follow the restore. decided: whether a daemon decides them before the
    first question is asked.
    """
    print(f"seed {seed}")
    chance = random.Random(seed)
    live(home, chance, 6)
    back_up(home)
    live(home, chance, 12)
    shows_the_log(home)
    restore(home)
    live(home, chance, grown, decided=decided)
    shows_the_log(home)
    is_healthy(home)
    assert home.run("daemon", "--until-idle").code == 0
    shows_the_log(home)
    is_healthy(home)


def live(home: Home, chance: random.Random, requests: int, *, decided: bool = True) -> None:
    """Create an airplane, request and cancel reservations at random, and decide them."""
    assert home.here("admin", "add-plane", "--seats", str(chance.randint(1, 4))).code == 0
    for number in range(requests):
        words = ("reserve", str(chance.randint(1, 3)), "--customer", f"customer {number % 3}")
        assert home.here(*words).code == 0
        if chance.random() < 1 / 4:
            assert home.here("cancel", str(chance.randint(1, 1 + number))).code in {0, 3, 4}
    if decided:
        assert home.run("daemon", "--until-idle").code == 0


def shows_the_log(home: Home) -> None:
    """Compare what the commands show with the log, which the independent checker has read."""
    ledger = is_sound(home)
    pending = Counter(one.airplane for one in ledger.requests.values() if one.status == "received")
    planes = [
        (number, one.seats, len(one.holders), pending[number], one.status)
        for number, one in sorted(ledger.airplanes.items())
        if one.status != "missing"
    ]
    shown = [
        (one["id"], one["seats"], one["taken"], one["pending"], one["status"])
        for one in home.json("planes")
    ]
    assert shown == planes
    reservations = {
        number: (one.airplane, one.status, one.seat, one.reason)
        for number, one in ledger.requests.items()
    }
    listed = {
        one["id"]: (one["airplane"], one["status"], one["seat"], one["reason"])
        for one in home.json("my-page", "--all")
    }
    assert listed == reservations
