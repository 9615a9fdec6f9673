"""The projector: keeps the views up with the log, and rebuilds those that are out of date."""

from __future__ import annotations

from collections.abc import Iterator

from airbook.domain.change import Fenced
from airbook.projections.rebuild import AlreadyRebuilding, rebuild
from airbook.projections.views import Views


class Projector:
    """Moves the views forward a batch at a time, so that deciding never waits long."""

    def __init__(self, views: Views) -> None:
        self.views = views
        self._rebuilding: Iterator[int] | None = None

    @property
    def position(self) -> int:
        """Tell how far all views have come."""
        return self.views.position()

    def step(self) -> bool:
        """Apply the next facts, here and to what is rebuilt; tells whether there may be more."""
        try:
            moved = self.views.catch_up() > 0
            if self._rebuilding is None and not moved and (stale := self.views.out_of_date()):
                self._rebuilding = rebuild(self.views, stale)
            if self._rebuilding is not None:
                moved = next(self._rebuilding, None) is not None
                self._rebuilding = self._rebuilding if moved else None
                return True
        except AlreadyRebuilding:
            self._rebuilding = None
            return False
        except Fenced:  # another projector was quicker; what it wrote is right
            return True
        return moved
