"""A store in files: the log, the views, leases, and pipes that wake the subscribers."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from airbook.application.errors import SettingError
from airbook.application.text.labels import mark
from airbook.eventlog.codec import CODEC, Codec
from airbook.eventlog.errors import StoreError
from airbook.eventlog.lease import DAEMON, Lease
from airbook.eventlog.log import Log

if TYPE_CHECKING:
    from airbook.application.tokens.table import Tokens
    from airbook.projections.store import Views


class SQLiteStore:
    """Files in one folder, whose names all begin with the name of the log's file."""

    def __init__(self, path: Path) -> None:
        """path: the file of the log.

        Raises StoreError (store_name_taken) if it would be a file that belongs to another store.
        """
        self.path = path = without_links(path)
        if belongs_to_another(path):
            raise StoreError("store_name_taken", path)
        self.views_path = path.with_name(f"{path.stem}.views{path.suffix}")
        self.tokens_path = path.with_name(f"{path.stem}.tokens{path.suffix}")

    @property
    def url(self) -> str:
        """Return its URL."""
        return f"sqlite:///{self.path}"

    def is_made(self) -> bool:
        """Return whether the file of the log exists and is not empty; True if it cannot be seen."""
        try:
            # Copying a file begins with an empty one: a log made in it would be overwritten.
            return os.stat(self.path).st_size > 0  # noqa: PTH116 -- each command pays for this
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError:
            return True

    def create(self, *, role: str | None = None, reader: str | None = None) -> None:
        """Make the file unless it exists. Raises SettingError for roles."""
        refuse_roles(role, reader)
        self.open_log().close()

    def sql(self, *, role: str | None = None, reader: str | None = None) -> Iterator[str]:
        """Yield the statements that make the log. Raises SettingError for roles."""
        from airbook.eventlog.sqlite.schema import statements

        refuse_roles(role, reader)
        return statements()

    def open_log(self, codec: Codec = CODEC) -> Log:
        """Open the log; its file is created unless it exists. Raises StoreError."""
        from airbook.eventlog.sqlite.recorder import SQLiteRecorder

        return Log(SQLiteRecorder(self.path), codec)

    def has_views(self) -> bool:
        """Return whether there is a file of the views."""
        return self.views_path.exists()

    def open_views(self, log: Log) -> Views:
        """Open the views of a log; their file is created unless it exists. Raises StoreError.

        In a folder that cannot be written, a copy of them is used, which ends with the program.
        """
        from airbook.projections.sqlite import SQLiteDatabase, open_copy
        from airbook.projections.store import Views

        if os.access(self.path.parent, os.W_OK):
            return Views(SQLiteDatabase(self.views_path), log)
        return open_copy(self.views_path, log)

    def discard_views(self) -> None:
        """Remove the files of damaged views, which can be rebuilt. Raises StoreError."""
        from airbook.eventlog.sqlite.errors import translate_errors

        with translate_errors(self.views_path):
            for suffix in ("", "-wal", "-shm"):
                Path(f"{self.views_path}{suffix}").unlink(missing_ok=True)

    def open_tokens(self) -> Tokens:
        """Open the tokens of the gateway; the first token creates their file. Raises StoreError."""
        from airbook.application.tokens.table import TokenFile, Tokens

        return Tokens(TokenFile(self.tokens_path))

    def lease(self, name: str = DAEMON) -> Lease:
        """Return the lease of that name, which a daemon can acquire."""
        from airbook.eventlog.sqlite.lease import FileLease

        return FileLease(self.path.with_name(f"{self.path.name}.{name}"), self.path)

    def lock_trouble(self, waited: float) -> StoreError | None:
        """Return the error of a writer that has waited for a lock; None if none is held."""
        from airbook.eventlog.sqlite.lock_holder import busy, holder_of

        return None if holder_of(self.path) in {None, os.getpid()} else busy(self.path, waited)

    def exposed(self) -> Mapping[Path, int]:
        """List the files that users other than their owner can open, with their modes.

        Raises StoreError.
        """
        from airbook.eventlog.sqlite.errors import translate_errors

        with translate_errors(self.path):
            files = {self.path, *self.path.parent.glob(f"{self.path.stem}.*")}
            modes = {path: stat.S_IMODE(path.stat().st_mode) for path in files if path.is_file()}
        return {path: mode for path, mode in sorted(modes.items()) if mode & 0o077}


def refuse_roles(*roles: str | None) -> None:
    """Raise SettingError if a role is given."""
    if any(roles):
        raise SettingError(
            mark("A SQLite file has no roles: every account that can write it may do everything.")
        )


def without_links(path: Path) -> Path:
    """Return the path that links lead to, where SQLite keeps its files, also if there is no file.

    All files of a store lie beside the file itself, by whatever name it was reached. A link into a
    folder that is not there, perhaps on a disk that is not mounted, is not followed.
    """
    try:
        real = os.path.realpath(path)
    except OSError:  # the current folder was removed
        return path
    return Path(real) if os.path.isdir(os.path.dirname(real)) else path  # noqa: PTH112, PTH120 -- Path's raise without permission


def belongs_to_another(path: Path) -> bool:
    """Return whether a file of this name is a file beside the log of another store."""
    return (
        path.name.endswith(("-wal", "-shm", "-journal"))
        or path.suffix in {".views", ".tokens", ".opened", ".rebuilding", ".subscribers"}
        or path.suffix.startswith((f".{DAEMON}", ".relay-"))
        or path.stem.endswith((".views", ".tokens"))
    )
