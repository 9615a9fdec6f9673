"""The projector: keeps the views up with the log, and rebuilds those that are out of date."""

from __future__ import annotations

from collections.abc import Iterator

from airbook.domain.log import Fenced
from airbook.projections.rebuild import rebuild
from airbook.projections.views import Views


class Projector:
    """Moves the views forward a batch at a time, so that deciding never waits long."""

    def __init__(self, views: Views) -> None:
        self.views = views
        stale = views.out_of_date()
        self._rebuilding: Iterator[int] | None = rebuild(views, stale) if stale else None

    @property
    def position(self) -> int:
        """Tell how far all views have come."""
        return self.views.position()

    def step(self) -> bool:
        """Apply the next facts; tells whether there may be more to do."""
        try:
            if self._rebuilding is not None:
                if next(self._rebuilding, None) is None:
                    self._rebuilding = None
                return True
            return self.views.catch_up() > 0
        except Fenced:  # another projector was quicker; what it wrote is right
            self._rebuilding = None
            return True
