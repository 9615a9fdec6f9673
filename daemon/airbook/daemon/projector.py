"""The projector: applies new events to the views and rebuilds views that are out of date."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence

from airbook.application.airbook import Airbook
from airbook.eventlog.errors import StoreError
from airbook.eventlog.records import Fenced
from airbook.projections.database import AlreadyRebuilding
from airbook.projections.rebuild import rebuild
from airbook.projections.store import Views

SCHEMA_CHECK_SECONDS = 1.0
REBUILD_RETRY_SECONDS = 30.0
LOCK_SECONDS = 0.5  # decisions wait while the projector waits for a lock


def ignore(*_: object, **__: object) -> None:
    """Report nothing."""


class Projector:
    """Applies one batch of events in each step, so that decisions need not wait long."""

    def __init__(self, airbook: Airbook, report: Callable[..., object] = ignore) -> None:
        """report: called with an event of the daemon's log and its fields."""
        self.airbook = airbook
        self._report = report
        self._reported: Sequence[str] = ()
        self._rebuilding: Iterator[int] | None = None
        self._check_at = 0.0

    @property
    def position(self) -> int:
        """Return the lowest checkpoint of the views. Raises StoreError."""
        return self.views.position()

    @property
    def views(self) -> Views:
        """Open the views; replace damaged or removed views by empty ones. Raises StoreError."""
        try:
            if self.airbook.queries.views.database.is_gone():
                self.airbook.close_queries()
            queries = self.airbook.queries
        except StoreError as error:
            if error.code != "views_damaged":
                raise
            queries = self.airbook.queries_even_if_damaged()
        queries.views.database.wait_at_most(LOCK_SECONDS)
        return queries.views

    def step(self) -> bool:
        """Apply the next events to the views, and to the shadow tables of a rebuild.

        Returns whether there may be more events to apply. Raises StoreError.
        """
        views, moved = self.views, False
        try:
            moved = views.catch_up() > 0
            self._rebuild_if_out_of_date(views)
            if self._rebuilding is not None:
                moved = True
                if next(self._rebuilding, None) is None:
                    self._rebuilding = None
        except AlreadyRebuilding:
            self._rebuilding = None
        except Fenced:  # another projector applied the events first
            moved = True
        except StoreError as error:
            if self._rebuilding is not None:
                # A read transaction can block the rebuild for long, so the next one is tried late.
                self._rebuilding, self._check_at = None, time.monotonic() + REBUILD_RETRY_SECONDS
            if error.code != "views_damaged":
                raise
            self.airbook.close_queries()
            self.airbook.store.discard_views()
        return moved

    def _rebuild_if_out_of_date(self, views: Views) -> None:
        if self._rebuilding is None and time.monotonic() >= self._check_at:
            self._check_at = time.monotonic() + SCHEMA_CHECK_SECONDS
            self._report_another_log(views)
            if read_models := views.out_of_date():
                self._rebuilding = rebuild(views, read_models)

    def _report_another_log(self, views: Views) -> None:
        """Report once that views did not come from this log, and are rebuilt therefore."""
        found = views.of_another_log()
        if found and not self._reported:
            head = self.airbook.log.head()
            self._report("views_of_another_log", views=found, position=head)
        self._reported = found
