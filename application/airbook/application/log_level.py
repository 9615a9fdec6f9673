"""The level of the log of a lasting process, which can change while the process runs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from msgspec import Struct


class LogLevel(Struct, frozen=True):
    """Where the level of a log comes from.

    read: returns the level that is in force now: debug, info, warning or error. It raises
    SettingError if a setting cannot be used. file: the configuration file, which need not exist.
    """

    read: Callable[[], str]
    file: Path
