"""How a commit in one process wakes those who follow the log in others: a byte in a named pipe.

A pipe for each listener, in a folder beside the log. A pipe has no limit on the length of its path
(a socket's is 108 bytes), and writing to one whose listener is gone fails at once.
"""

from __future__ import annotations

import errno
import os
import select
import stat
from contextlib import suppress
from pathlib import Path
from typing import Self


def wake(folder: Path) -> None:
    """Wake every listener below a folder; a wake-up lost is made good by the next timed look."""
    with suppress(OSError):  # the event is stored: nothing may say that it is not
        for name in os.listdir(folder):  # noqa: PTH208 -- each commit pays for this
            if not name.startswith("."):
                wake_one(os.path.join(folder, name))  # noqa: PTH118


def wake_one(pipe: str) -> None:
    """Wake one listener; clear away what one that was killed left behind."""
    try:
        descriptor = os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
    except OSError as error:
        if error.errno == errno.ENXIO:  # nobody listens any more: its process was killed
            with suppress(OSError):
                os.unlink(pipe)  # noqa: PTH108
        return
    try:
        if stat.S_ISFIFO(os.fstat(descriptor).st_mode):
            with suppress(OSError):  # full: it has a wake-up waiting already
                os.write(descriptor, b"!")
    finally:
        os.close(descriptor)


class PipeListener:
    """One who wants to be woken when the log has grown.

    Where no pipe can be made (a read-only folder, a file system without them), waiting is timed
    only.
    """

    def __init__(self, folder: Path) -> None:
        self._descriptor: int | None = None
        name = f"{os.getpid()}-{os.urandom(4).hex()}"
        self._pipe = folder / name
        with suppress(OSError):
            folder.mkdir(mode=0o700, exist_ok=True)
            # Not under its name until it is open: wake_one removes pipes nobody has open.
            unnamed = folder / f".{name}"
            os.mkfifo(unnamed, 0o600)
            # Open for both: a pipe without a writer would be readable (at its end) for ever.
            self._descriptor = os.open(unnamed, os.O_RDWR | os.O_NONBLOCK)
            unnamed.rename(self._pipe)

    def wait(self, seconds: float) -> bool:
        """Sleep until woken, at most that long; tell whether something woke us."""
        sources = [] if self._descriptor is None else [self._descriptor]
        ready, _, _ = select.select(sources, [], [], seconds)
        for descriptor in ready:
            with suppress(BlockingIOError):
                os.read(descriptor, 4096)
        return bool(ready)

    def close(self) -> None:
        """Stop listening and remove the pipe."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
            with suppress(OSError):
                self._pipe.unlink()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
