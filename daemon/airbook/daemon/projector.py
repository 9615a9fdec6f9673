"""The projector: keeps the views up with the log, and rebuilds those that are out of date."""

from __future__ import annotations

import time
from collections.abc import Iterator

from airbook.application.airbook import Airbook
from airbook.eventlog.errors import StoreError
from airbook.eventlog.records import Fenced
from airbook.projections.database import AlreadyRebuilding
from airbook.projections.rebuild import rebuild
from airbook.projections.store import Views

EXAMINE_SECONDS = 1.0
REST_SECONDS = 30.0


class Projector:
    """Moves the views forward a batch at a time, so that deciding never waits long."""

    def __init__(self, airbook: Airbook) -> None:
        self.airbook = airbook
        self._rebuilding: Iterator[int] | None = None
        self._examine_at = 0.0

    @property
    def position(self) -> int:
        """Tell how far all views have come."""
        return self.views.position()

    @property
    def views(self) -> Views:
        """Open the views; damaged or taken away, they are begun anew: the log has it all."""
        try:
            if self.airbook.queries.views.database.is_gone():
                self.airbook.close_queries()
            pages = self.airbook.queries
        except StoreError as error:
            if error.code != "views_damaged":
                raise
            pages = self.airbook.queries_even_if_damaged()
        return pages.views

    def step(self) -> bool:
        """Apply the next events, here and to what is rebuilt; tells whether there may be more."""
        views, moved = self.views, False
        try:
            moved = views.catch_up() > 0
            self._examine(views)
            if self._rebuilding is not None:
                moved = True
                if next(self._rebuilding, None) is None:
                    self._rebuilding = None
        except AlreadyRebuilding:
            self._rebuilding = None
        except Fenced:  # another projector was quicker; what it wrote is right
            moved = True
        except StoreError as error:
            if self._rebuilding is not None:  # somebody reads for long: not at once again
                self._rebuilding, self._examine_at = None, time.monotonic() + REST_SECONDS
            if error.code != "views_damaged":
                raise
            self.airbook.close_queries()
            self.airbook.store.discard_views()
        return moved

    def _examine(self, views: Views) -> None:
        if self._rebuilding is None and time.monotonic() >= self._examine_at:
            self._examine_at = time.monotonic() + EXAMINE_SECONDS
            if stale := views.out_of_date():
                self._rebuilding = rebuild(views, stale)
