"""Decisions as observers are told of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from airbook.eventlog.recorder import CommitObserver


class Decision(Struct, frozen=True):
    """A decision that was committed.

    outcome: approved, rejected or cancelled. reason: of a rejection; else "". asked: the position
    of the event that asked for it. asked_at: the time of that event, as `stamp` writes it.
    trace: the traceparent in that event.
    """

    reservation: int
    outcome: str
    reason: str
    asked: int
    asked_at: str
    trace: str | None = None


class Observer(CommitObserver, Protocol):
    """Is told what a process does."""

    def decided(self, decisions: Sequence[Decision], at: datetime) -> None:
        """Note decisions that were committed. at: their time, UTC."""
        ...

    def visible(self, decisions: Sequence[Decision], decided_at: datetime, at: datetime) -> None:
        """Note that the views show decisions. at: since when, UTC."""
        ...
