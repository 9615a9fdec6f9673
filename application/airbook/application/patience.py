"""Patience: how a lasting process rides out the troubles of its store or broker that pass."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import NamedTuple, TypeVar

from msgspec import Struct
from structlog.typing import FilteringBoundLogger

from airbook.application.errors import BrokerError, Failure
from airbook.application.observability.progress import Progress
from airbook.eventlog.errors import StoreError

Result = TypeVar("Result")
ToldTrouble = tuple[str, str, str]  # the code of an error, and the kind and name of its place

GONE = {"store_gone", "store_wal_gone"}  # the file of the log, while it is open
# An operator makes room, removes the other name, or ends the program with the other file.
PASSING = {"store_full", "store_linked", "store_replaced"}
BUSY_SECONDS = 60.0  # how long a daemon that ends by itself waits for a busy store


class Pauses(NamedTuple):
    """How long an activity rests after an error: at first, and after many errors, in seconds."""

    first: float
    longest: float


PAUSES = Pauses(0.1, 5.0)
# A rebuild that fails has read the log in vain, and what blocks it can last for long.
PAUSES_BETWEEN_REBUILDS = Pauses(30.0, 3600.0)


class Spell(Struct):
    """The troubles of one activity, from its first error until it succeeds.

    told: the troubles that were logged, or that another activity had logged; the last is the
    present one.
    """

    began: float
    retry_at: float
    pause: float = 0.0
    told: list[ToldTrouble] = []


def is_passing(error: Failure) -> bool:
    """Return whether a trouble of the log may end by itself, or by an administrator's action.

    All others are final, for example a store of a newer airbook: to wait would help nobody.
    """
    return error.passing or error.code in PASSING


def is_of_views(error: Failure) -> bool:
    """Return whether a trouble keeps only the views back: they can be rebuilt, and are tried again.

    A log that was taken away is a trouble of the decisions too.
    """
    return error.code not in GONE


class Patience:
    """Lets each activity of a process fail and try again, so that the other activities go on.

    A trouble is logged once, however many activities have it, and so is its end. The pauses between
    the tries grow. Whatever is not a passing trouble is raised. failures: the error of each
    activity that was given up, in a process that ends by itself. progress: has a report of each
    attempt.
    """

    def __init__(
        self,
        log: FilteringBoundLogger,
        *,
        lasting: bool,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """lasting: whether the process runs until it is stopped; otherwise it gives up early."""
        self._log = log
        self._lasting = lasting
        self._monotonic = monotonic
        self.progress = Progress(monotonic)
        self._spells: dict[str, Spell] = {}
        self.failures: dict[str, Failure] = {}

    def attempt(
        self,
        activity: str,
        work: Callable[[], Result],
        passes: Callable[[Failure], bool] = is_passing,
        pauses: Pauses = PAUSES,
        is_over: Callable[[], bool] = lambda: True,
    ) -> Result | None:
        """Do the work of an activity; returns None if it fails, rests or was given up.

        passes: returns whether a trouble may end by itself; another one is raised. is_over: asked
        after work without an error, returns whether the trouble before it has ended.
        """
        self.progress.beat()
        spell = self._spells.get(activity)
        if activity in self.failures or (spell and self._monotonic() < spell.retry_at):
            return None
        self.progress.begin(activity)
        try:
            result = work()
        except (StoreError, BrokerError) as error:
            self.progress.fail(activity, error)
            if not passes(error):
                raise
            self._note(activity, error, pauses)
            return None
        if is_over():
            self.forget(activity)
        return result

    def has_trouble(self, activity: str) -> bool:
        """Return whether the last attempt of an activity failed."""
        return activity in self._spells

    def forget(self, *activities: str) -> None:
        """End the troubles of activities; log the end of those that no other activity has."""
        for activity in activities:
            self.progress.succeed(activity)
            if spell := self._spells.pop(activity, None):
                code, kind, place = trouble = spell.told[-1]
                seconds = round(self._monotonic() - spell.began, 1)
                if not self._is_told(trouble):
                    fields = {"trouble": code, kind: place, "after_seconds": seconds}
                    self._log.info("recovered", **fields)

    def _note(self, activity: str, error: Failure, pauses: Pauses) -> None:
        now = self._monotonic()
        spell = self._spells.get(activity) or Spell(now, now)
        if not (self._lasting or (error.code == "store_busy" and now < spell.began + BUSY_SECONDS)):
            self.failures[activity] = error
            self._spells.pop(activity, None)  # the activity is not tried again
            return
        kind = "store" if isinstance(error, StoreError) else "broker"
        trouble = (error.code, kind, str(error.values[kind]))
        if not (trouble in spell.told or self._is_told(trouble)):
            self._log.warning(error.code, **error.values)
        self._spells[activity] = spell
        spell.told = [*(one for one in spell.told if one != trouble), trouble]
        spell.pause = min(2 * spell.pause or pauses.first, pauses.longest)
        # Random, so that the daemons of a store do not all try at the same moment.
        spell.retry_at = now + random.uniform(spell.pause / 2, spell.pause)  # noqa: S311

    def _is_told(self, trouble: ToldTrouble) -> bool:
        return any(trouble in spell.told for spell in self._spells.values())
