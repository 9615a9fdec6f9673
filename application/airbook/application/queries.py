"""What fronts ask of the views, in the shapes they print."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sql
from msgspec import Raw

from airbook.application.as_of import time_of
from airbook.application.responses import Airplane, Event, Reservation, Status, ViewLag
from airbook.domain.refusal import Refused
from airbook.domain.reservation import REASONS, STATUSES
from airbook.eventlog.codec import stamp
from airbook.eventlog.records import Fenced
from airbook.projections.database import AlreadyRebuilding
from airbook.projections.models import airplanes, history, reservations, totals
from airbook.projections.models.reservation_row import ReservationRow
from airbook.projections.rebuild import rebuild

if TYPE_CHECKING:
    from airbook.application.airbook import Airbook

DAEMON_PATIENCE_SECONDS = 0.25
REBUILDER_PATIENCE_SECONDS = 5.0
POLL_SECONDS = 0.002
SECOND = len("2026-11-22T09:00:00")


class Queries:
    """Queries that see every event committed before they were asked."""

    def __init__(self, airbook: Airbook) -> None:
        self.airbook = airbook
        self.views = airbook.store.open_views(airbook.log)
        self._reading: sql.Connection | None = None

    def catch_up(self) -> None:
        """Bring the views up to the log: by the daemon that projects, or else by ourselves.

        Raises AlreadyRebuilding if another process keeps rebuilding views that are out of date.
        """
        head = self.airbook.log.head()
        deadline = time.monotonic() + DAEMON_PATIENCE_SECONDS * (
            self.airbook.heartbeat() is not None
        )
        while self.views.position() < head and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)
        while (stale := self.views.out_of_date()) or self.views.position() < head:
            try:
                if stale:
                    deque(rebuild(self.views, stale), maxlen=0)
                else:
                    self.views.catch_up()
            except AlreadyRebuilding:
                if time.monotonic() > deadline + REBUILDER_PATIENCE_SECONDS:
                    raise
                time.sleep(POLL_SECONDS)
            except Fenced:
                continue

    @contextmanager
    def reading(self) -> Generator[sql.Connection]:
        """Read the views, caught up, as of one moment; inside another, as of the same moment."""
        if self._reading is not None:
            yield self._reading
            return
        self.catch_up()
        with self.views.reading() as connection:
            self._reading = connection
            try:
                yield connection
            finally:
                self._reading = None

    def airplanes(self, *, as_of: int | None = None) -> list[Airplane]:
        """List all airplanes by number. as_of: a log position; None means now."""
        with self.reading() as connection:
            return [airplane_response(row) for row in airplanes.airplanes(connection, as_of=as_of)]

    def airplane(self, number: int, *, as_of: int | None = None) -> Airplane:
        """Show one airplane. Raises Refused (no_such_airplane)."""
        with self.reading() as connection:
            row = airplanes.airplane_row(connection, number, as_of=as_of)
        if row is None:
            raise Refused.no_such_airplane().about(number)
        return airplane_response(row)

    def reservations(
        self,
        *,
        customer: str | None = None,
        limit: int | None = None,
        as_of: int | None = None,
    ) -> list[Reservation]:
        """List reservations by number; with a limit, the newest so many.

        customer: a name; None means everybody's. as_of: a log position; None means now.
        """
        known = (
            None
            if customer is None
            else self.airbook.log.registry.customer_ids([customer]).get(customer)
        )
        if customer is not None and known is None:
            return []
        with self.reading() as connection:
            rows = reservations.reservations(connection, customer=known, limit=limit, as_of=as_of)
        return self.reservation_responses(rows)

    def reservation(self, number: int, *, as_of: int | None = None) -> Reservation:
        """Show one reservation. Raises Refused (no_such_reservation)."""
        with self.reading() as connection:
            row = reservations.reservation_row(connection, number, as_of=as_of)
        if row is None:
            raise Refused.no_such_reservation().about(number)
        return self.reservation_responses([row])[0]

    def reservation_responses(self, rows: Sequence[ReservationRow]) -> list[Reservation]:
        """Show rows of reservations, with the names of their customers."""
        ids = [row.customer for row in rows if row.customer is not None]
        names = self.airbook.log.registry.customer_names(ids)
        return [
            Reservation(
                row.id,
                row.airplane,
                names.get(row.customer or ""),
                row.status,
                row.seat,
                row.reason,
                row.received_at,
                row.decided_at,
            )
            for row in rows
        ]

    def history(self, number: int, *, as_of: int | None = None) -> list[Event]:
        """List what happened to one reservation. Raises Refused (no_such_reservation)."""
        with self.reading() as connection:
            rows = history.history(connection, number, as_of=as_of)
        if not rows:
            raise Refused.no_such_reservation().about(number)
        return [
            Event(
                row.position, row.stream, row.version, row.type, row.at, Raw(row.contents.encode())
            )
            for row in rows
        ]

    def rejections(self, *, as_of: int | None = None) -> Mapping[str, int]:
        """Count rejected reservations by reason. as_of: a log position; None means now."""
        with self.reading() as connection:
            counts = totals.totals(connection, as_of=as_of)
        return {reason: getattr(counts, reason) for reason in REASONS}

    def decided_by_second(self, seconds: int = 60, *, as_of: int | None = None) -> list[int]:
        """Count what was approved or rejected in each of the last so many seconds, oldest first.

        as_of: a log position, the last second is that of its event; None means now.
        """
        last = self.airbook.clock()
        if as_of is not None:
            at = time_of(self.airbook, as_of)
            if at is None:
                return [0] * seconds
            last = datetime.fromisoformat(at)
        end = last.replace(microsecond=0) + timedelta(seconds=1)
        times = [stamp(end - timedelta(seconds=ago)) for ago in range(seconds, -1, -1)]
        with self.reading() as connection:
            found = reservations.decided_by_second(connection, times[0], times[-1], as_of=as_of)
        return [found.get(time[:SECOND], 0) for time in times[:-1]]

    def lags(self) -> list[ViewLag]:
        """Tell how far each view is behind the log, in events and in seconds of the log's time."""
        head = self.airbook.log.head()
        return [
            ViewLag(
                one.view,
                one.position,
                max(0, head - one.position),
                self._age(one.position) if one.position < head else 0.0,
            )
            for one in self.views.checkpoints()
        ]

    def _age(self, position: int) -> float:
        pending = self.airbook.log.after(position, limit=1)
        if not pending:
            return 0.0
        since = datetime.fromisoformat(pending[0].at)
        return round(max(0.0, (self.airbook.clock() - since).total_seconds()), 3)

    def status(self, *, as_of: int | None = None) -> Status:
        """Show the whole store at a glance; lags are those found, before catching up.

        as_of: a log position to count at; None means now. Daemon, lags and what is parked are of
        now in any case.
        """
        lags, alive = self.lags(), self.airbook.daemon()
        with self.reading() as connection:
            counts = totals.totals(connection, as_of=as_of)
        return Status(
            store=self.airbook.store.url,
            position=self.airbook.log.head() if as_of is None else as_of,
            daemon=alive,
            views=lags,
            airplanes=counts.airplanes,
            reservations={status: getattr(counts, status) for status in STATUSES},
            parked=sum(not one.dropped for one in self.airbook.log.registry.parked()),
        )

    def close(self) -> None:
        """Close the views."""
        self.views.close()


def airplane_response(row: airplanes.AirplaneRow) -> Airplane:
    """Show an airplane's row with the seats left."""
    left = row.seats - row.taken
    return Airplane(row.id, row.name, row.seats, row.taken, row.pending, left, row.status or "open")
