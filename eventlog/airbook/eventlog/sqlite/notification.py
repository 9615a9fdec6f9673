"""Wake-ups between the processes of one SQLite log: a byte in the named pipe of each listener.

The pipes are in a folder beside the log. Unlike a socket, a pipe has no limit of 108 bytes for its
path, and writing to the pipe of a dead listener fails at once.
"""

from __future__ import annotations

import errno
import os
import select
import stat
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Self

# A folder that was changed longer ago than that shows its next change by another time, on any file
# system: the coarsest write times in steps of two seconds.
SETTLED_NANOSECONDS = 3_000_000_000


class PipeNotifier:
    """Wakes the listeners of one log."""

    def __init__(self, folder: Path) -> None:
        """folder: where listeners keep their pipes."""
        self.folder = folder
        self._name = str(folder)
        self._listed: tuple[int, Sequence[str]] = 0, ()  # the time of the folder, and its pipes

    def wake(self) -> None:
        """Wake every listener; a listener that misses a wake-up sees the event at its next poll."""
        try:
            for pipe in self._pipes():
                wake_one(pipe)
        except OSError:
            pass  # the event is stored: an error here must not look like a failed append

    def _pipes(self) -> Sequence[str]:
        """List the pipes; the folder is read again only if it has changed. Raises OSError."""
        changed = os.stat(self._name).st_mtime_ns  # noqa: PTH116 -- each commit pays for this
        listed, pipes = self._listed
        if changed != listed:
            names = os.listdir(self._name)  # noqa: PTH208 -- the same as Path's
            pipes = [f"{self._name}/{name}" for name in names if not name.startswith(".")]
            if time.time_ns() - changed > SETTLED_NANOSECONDS:
                self._listed = changed, pipes
        return pipes

    def listener(self) -> PipeListener:
        """Listen for new events of any process."""
        return PipeListener(self.folder)


def wake_one(pipe: str) -> None:
    """Wake one listener; remove the pipe of a dead listener."""
    try:
        descriptor = os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
    except OSError as error:
        if error.errno == errno.ENXIO:  # no process has it open for reading
            with suppress(OSError):
                os.unlink(pipe)  # noqa: PTH108
        return
    try:
        if stat.S_ISFIFO(os.fstat(descriptor).st_mode):
            with suppress(OSError):  # a full pipe holds a wake-up already
                os.write(descriptor, b"!")
    finally:
        os.close(descriptor)


class PipeListener:
    """Waits for wake-ups in a pipe of its own.

    Where no pipe can be made (a read-only folder, a file system without pipes), `wait` only waits
    for its time to pass.
    """

    def __init__(self, folder: Path) -> None:
        self._descriptor: int | None = None
        name = f"{os.getpid()}-{os.urandom(4).hex()}"
        self._pipe = folder / name
        with suppress(OSError):
            folder.mkdir(mode=0o700, exist_ok=True)
            # The pipe gets its name only when it is open: wake_one removes pipes without a reader.
            unnamed = folder / f".{name}"
            os.mkfifo(unnamed, 0o600)
            # Open for writing too: a pipe without a writer is always readable, at its end.
            self._descriptor = os.open(unnamed, os.O_RDWR | os.O_NONBLOCK)
            unnamed.rename(self._pipe)

    def wait(self, seconds: float) -> bool:
        """Wait for a wake-up, at most so many seconds; return whether one came."""
        sources = [] if self._descriptor is None else [self._descriptor]
        ready, _, _ = select.select(sources, [], [], seconds)
        for descriptor in ready:
            with suppress(BlockingIOError):
                os.read(descriptor, 4096)
        return bool(ready)

    def close(self) -> None:
        """Stop listening, and remove the pipe."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
            with suppress(OSError):
                self._pipe.unlink()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
