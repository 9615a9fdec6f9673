"""Waiting for another store in the place of a store that was taken away."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress

from structlog.typing import FilteringBoundLogger

from airbook.application.airbook import Airbook
from airbook.application.patience import GONE
from airbook.eventlog.errors import StoreError

LOOK_SECONDS = 0.25


def why_gone(airbook: Airbook, error: StoreError) -> StoreError | None:
    """Return the error of a store that was taken away, which can be the cause of another error."""
    if error.code in GONE:
        return error
    try:
        airbook.check_is_there()
    except StoreError as found:
        return found if found.code in GONE else None
    return None


def await_store(
    airbook: Airbook, log: FilteringBoundLogger, is_stopping: Callable[[], bool]
) -> None:
    """Close a store that was taken away, and wait until there is one in its place or until stopped.

    A file that is still being written is no store yet: it is opened again until it is one.
    """
    said = ""
    while not is_stopping():
        with suppress(StoreError):
            airbook.close()
        try:
            if airbook.store.is_made():
                airbook.check_is_finished()
                return
        except StoreError as error:
            if error.code != said:
                log.warning(error.code, **error.values)
            said = error.code
        time.sleep(LOOK_SECONDS)
