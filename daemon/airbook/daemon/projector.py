"""The projector: applies new events to the views and rebuilds views that are out of date."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress

from airbook.application.airbook import Airbook
from airbook.eventlog.errors import StoreError
from airbook.eventlog.records import Fenced
from airbook.projections.database import AlreadyRebuilding
from airbook.projections.other_versions import UnusedTables
from airbook.projections.rebuild import rebuild
from airbook.projections.store import Views

SCHEMA_CHECK_SECONDS = 1.0
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
        self._out_of_date = False
        self._check_at = 0.0
        self._unused_tables = UnusedTables()

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

    @property
    def is_rebuilt(self) -> bool:
        """Return whether no view was out of date when that was last checked."""
        return not self._out_of_date

    def step(self) -> bool:
        """Apply the next events to the views that are not out of date.

        Returns whether there may be more events to apply. Raises StoreError.
        """
        try:
            return self.views.catch_up() > 0
        except Fenced:  # another projector applied the events first
            return True
        except StoreError as error:
            self._rebuilding = None  # it fills tables of views that may be replaced
            self._replace_damaged(error)
        return False

    def rebuild(self) -> bool:
        """Apply the next events to the shadow tables of a rebuild, if a view is out of date.

        Returns whether a rebuild has come further. Raises StoreError.
        """
        moved = False
        try:
            self._begin_if_out_of_date(self.views)
            if self._rebuilding is not None:
                moved = True
                if next(self._rebuilding, None) is None:
                    self._rebuilding, self._out_of_date = None, False
        except AlreadyRebuilding:
            self._rebuilding = None
        except Fenced:  # another rebuild has emptied or used up the shadow tables
            moved = True
        except StoreError as error:
            self._rebuilding, self._check_at = None, 0.0
            self._replace_damaged(error)
        return moved

    def _replace_damaged(self, error: StoreError) -> None:
        """Discard views that are damaged; raise any other error."""
        if error.code != "views_damaged":
            raise error
        self.airbook.close_queries()
        self.airbook.store.discard_views()

    def _begin_if_out_of_date(self, views: Views) -> None:
        if self._rebuilding is None and time.monotonic() >= self._check_at:
            self._check_at = time.monotonic() + SCHEMA_CHECK_SECONDS
            self._report_another_log(views)
            read_models = views.out_of_date()
            self._out_of_date = bool(read_models)
            if read_models:
                self._rebuilding = rebuild(views, read_models)
            else:
                self._remove_unused(views)

    def _remove_unused(self, views: Views) -> None:
        """Remove the views that no version fills any more; a failure is no trouble of this one."""
        with suppress(StoreError):
            if removed := self._unused_tables.remove(views, time.monotonic()):
                self._report("unused_views_removed", tables=removed)

    def _report_another_log(self, views: Views) -> None:
        """Report once that views did not come from this log, and are rebuilt therefore."""
        found = views.of_another_log()
        if found and not self._reported:
            head = self.airbook.log.head()
            self._report("views_of_another_log", views=found, position=head)
        self._reported = found
