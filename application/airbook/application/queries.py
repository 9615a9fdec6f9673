"""The queries of every front: each reads the views and returns responses."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

import sqlalchemy as sql

from airbook.application.as_of import time_of
from airbook.application.event_responses import event_responses
from airbook.application.responses import Airplane, Daemon, Event, Reservation, Status, ViewLag
from airbook.application.snapshots import Snapshots
from airbook.domain.refusal import Refused
from airbook.domain.reservation import REASONS, STATUSES
from airbook.eventlog.codec import stamp
from airbook.eventlog.log import Log
from airbook.projections.models import airplanes, history, reservations, totals
from airbook.projections.models.reservation_row import ReservationRow
from airbook.projections.store import Views

SECOND = len("2026-11-22T09:00:00")


class Queries:
    """Reads the views of one log; an answer holds every event committed before the query."""

    def __init__(
        self,
        log: Log,
        views: Views,
        *,
        url: str,
        clock: Callable[[], datetime],
        daemon: Callable[[], Daemon],
    ) -> None:
        """log: the log. views: its views, which `close` closes.

        url: the store's, without a password. clock: returns the current time in UTC. daemon:
        returns whether a daemon is running.
        """
        self.log = log
        self.views = views
        self.url = url
        self.clock = clock
        self._daemon = daemon
        self._snapshots = Snapshots(log, views, lambda: daemon().running)

    def catch_up(self) -> None:
        """Bring the views up to the head of the log; see `Snapshots`."""
        self._snapshots.catch_up()

    def together(self) -> AbstractContextManager[None]:
        """Let the queries of a block read one snapshot; see `Snapshots`."""
        return self._snapshots.together()

    def reading(self) -> AbstractContextManager[sql.Connection]:
        """Open a transaction that reads the views, caught up with the log; see `Snapshots`."""
        return self._snapshots.reading()

    def airplanes(self, *, as_of: int | None = None) -> list[Airplane]:
        """List all airplanes by number. as_of: a log position; None means now."""
        with self.reading() as connection:
            return [airplane_response(row) for row in airplanes.airplanes(connection, as_of=as_of)]

    def airplane(self, number: int, *, as_of: int | None = None) -> Airplane:
        """Find one airplane. Raises Refused (no_such_airplane)."""
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
        """List reservations by number.

        customer: a name; None lists the reservations of all customers. limit: list only this many,
        the newest; None lists all. as_of: a log position; None means now.
        """
        known = (
            None if customer is None else self.log.registry.customer_ids([customer]).get(customer)
        )
        if customer is not None and known is None:
            return []
        with self.reading() as connection:
            rows = reservations.reservations(connection, customer=known, limit=limit, as_of=as_of)
        return self.reservation_responses(rows)

    def reservation(self, number: int, *, as_of: int | None = None) -> Reservation:
        """Find one reservation. Raises Refused (no_such_reservation)."""
        with self.reading() as connection:
            row = reservations.reservation_row(connection, number, as_of=as_of)
        if row is None:
            raise Refused.no_such_reservation().about(number)
        return self.reservation_responses([row])[0]

    def reservation_responses(self, rows: Sequence[ReservationRow]) -> list[Reservation]:
        """Convert rows of reservations to responses, with the names of their customers."""
        ids = [row.customer for row in rows if row.customer is not None]
        names = self.log.registry.customer_names(ids)
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
        """List all events of one reservation. Raises Refused (no_such_reservation)."""
        with self.reading() as connection:
            events = history.history(connection, self.log, number, as_of=as_of)
        if not events:
            raise Refused.no_such_reservation().about(number)
        return event_responses(self.log, events)

    def rejections(self, *, as_of: int | None = None) -> Mapping[str, int]:
        """Count rejected reservations by reason. as_of: a log position; None means now."""
        with self.reading() as connection:
            counts = totals.totals(connection, as_of=as_of)
        return {reason: getattr(counts, reason) for reason in REASONS}

    def decided_by_second(self, seconds: int = 60, *, as_of: int | None = None) -> list[int]:
        """Count the decisions (approved or rejected) in each of the last seconds, oldest first.

        seconds: how many counts to return. as_of: a log position, whose event is in the last of
        these seconds; None means now.
        """
        last = self.clock()
        if as_of is not None:
            at = time_of(self.log, as_of)
            if at is None:
                return [0] * seconds
            last = datetime.fromisoformat(at)
        end = last.replace(microsecond=0) + timedelta(seconds=1)
        times = [stamp(end - timedelta(seconds=ago)) for ago in range(seconds, -1, -1)]
        with self.reading() as connection:
            found = reservations.decided_by_second(connection, times[0], times[-1], as_of=as_of)
        return [found.get(time[:SECOND], 0) for time in times[:-1]]

    def lags(self) -> list[ViewLag]:
        """List how far each view is behind the log: in events, and by their age in seconds."""
        head = self.log.head()
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
        pending = self.log.after(position, limit=1)
        if not pending:
            return 0.0
        since = datetime.fromisoformat(pending[0].at)
        return round(max(0.0, (self.clock() - since).total_seconds()), 3)

    def status(self, *, as_of: int | None = None) -> Status:
        """Count airplanes and reservations, and describe the daemon, the views and the store.

        as_of: a log position for the counts; None means now. The daemon, the lags and the number
        of parked reservations are always the present ones; lags are measured before catching up.
        """
        lags, daemon = self.lags(), self._daemon()
        # Read before the counts: they hold every event up to the position, perhaps later ones too.
        position = self.log.head() if as_of is None else as_of
        with self.reading() as connection:
            counts = totals.totals(connection, as_of=as_of)
        return Status(
            store=self.url,
            position=position,
            daemon=daemon,
            views=lags,
            airplanes=counts.airplanes,
            reservations={status: getattr(counts, status) for status in STATUSES},
            parked=sum(not one.dropped for one in self.log.registry.parked()),
            unfinished=self.log.registry.is_unfinished(),
        )

    def close(self) -> None:
        """Close the views."""
        self.views.close()


def airplane_response(row: airplanes.AirplaneRow) -> Airplane:
    """Convert a row of an airplane to a response, with the seats left."""
    left = row.seats - row.taken
    return Airplane(row.id, row.name, row.seats, row.taken, row.pending, left, row.status or "open")
