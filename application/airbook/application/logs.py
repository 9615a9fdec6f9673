"""The messages of lasting processes on stderr: text on a terminal, otherwise lines of JSON."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import structlog
from structlog.typing import FilteringBoundLogger, Processor

from airbook.application.errors import SettingError
from airbook.application.log_level import LogLevel

LOOK_SECONDS = 1.0  # between two looks at the configuration file


def configure(level: LogLevel, *, color: bool) -> FilteringBoundLogger:
    """Set up logging and return the logger; its messages are not translated.

    color: use colors on a terminal. Raises SettingError.
    """
    terminal = sys.stderr.isatty()
    renderer: Processor = (
        structlog.dev.ConsoleRenderer(colors=color, sort_keys=False)
        if terminal
        else structlog.processors.JSONRenderer(ensure_ascii=True)
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            renderer,
        ],
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,  # a logger is made for each message, of the level then
    )
    set_level(level.read())
    # Libraries report lost connections with a traceback, each time; airbook says it once.
    logging.lastResort = logging.NullHandler()
    logger: FilteringBoundLogger = structlog.get_logger()
    return logger


def set_level(name: str) -> None:
    """Let messages below a level be dropped. name: debug, info, warning or error."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(number_of(name)))


def number_of(name: str) -> int:
    """Return the number of a level, which is higher the more it drops."""
    return logging.getLevelNamesMapping()[name.upper()]


@contextmanager
def following(level: LogLevel) -> Generator[None]:
    """Let a change of the configuration file change the level of the log for a while.

    The file is looked at every second, and not subscribed to: a mounted file is replaced through a
    link to a folder (https://kubernetes.io/docs/concepts/configuration/configmap/).
    """
    ended = Event()
    thread = Thread(target=follow, args=(level, ended), daemon=True, name="log level")
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def follow(level: LogLevel, ended: Event) -> None:
    """Read the level again whenever the file has changed, until the end."""
    log: FilteringBoundLogger = structlog.get_logger()
    seen = None
    while True:
        # In this order: a file that changes in between is read again.
        if (stamp := stamp_of(level.file)) != seen:
            seen = stamp
            change(level, log)
        if ended.wait(LOOK_SECONDS):
            return


def change(level: LogLevel, log: FilteringBoundLogger) -> None:
    """Read the level that is in force now, set it, and log that it has changed."""
    try:
        now = level.read()
    except SettingError as error:
        log.warning("log_level_unknown", reason=error.sentence.format(**error.values))
        return
    before = logging.getLevelName(log.get_effective_level()).lower()
    if now != before:
        set_level(min(now, before, key=number_of))  # only two levels that drop the message drop it
        log.info("log_level_changed", now=now, before=before)
        set_level(now)


def stamp_of(file: Path) -> tuple[int, int, int] | None:
    """Return what tells two contents of a file apart; None if there is no file to be read."""
    try:
        found = os.stat(file)  # noqa: PTH116 -- Path's raises the same
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
