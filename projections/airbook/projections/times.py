"""Times in the views: milliseconds in the tables, and the text of `stamp` everywhere else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache

import sqlalchemy as sql

from airbook.eventlog.codec import stamp
from airbook.eventlog.errors import DamagedRow

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)


@lru_cache(maxsize=1_024)  # the events of one commit have the same time
def milliseconds(at: str) -> int:
    """Return the milliseconds from 1970 to a time."""
    return (datetime.fromisoformat(at) - EPOCH) // MILLISECOND


@lru_cache(maxsize=1_024)
def time_after(number: int) -> str:
    """Return the time that is some milliseconds after 1970."""
    return stamp(EPOCH + number * MILLISECOND)


class Time(sql.TypeDecorator[str]):
    """A time as a number, which takes a quarter of the space of its text."""

    impl = sql.BigInteger
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: sql.Dialect) -> int | None:  # noqa: ARG002 -- SQLAlchemy's
        """Convert a time on its way to the database."""
        return None if value is None else milliseconds(value)

    def process_result_value(self, value: int | None, dialect: sql.Dialect) -> str | None:  # noqa: ARG002 -- too
        """Convert a number on its way from the database. Raises DamagedRow."""
        try:
            return None if value is None else time_after(value)
        except (TypeError, OverflowError) as error:
            raise DamagedRow("a time that no event has") from error
