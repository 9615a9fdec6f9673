"""The figures of a store, read from it whenever Prometheus asks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from threading import Lock

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from airbook.application.airbook import Airbook
from airbook.application.observability.pending import oldest_pending
from airbook.application.relays import RelayProgress, list_relays
from airbook.application.responses import ViewLag
from airbook.domain.reservation import STATUSES
from airbook.eventlog.errors import StoreError
from airbook.projections.models import airplanes, totals

MOST_AIRPLANES = 100  # with a label of their own
MOST_RELAYS = 20
REST = "other"


class StoreFigures(Collector):
    """Reads the log and the views of a store, which belongs to this object alone.

    The views are read as they are, without catching up: how far they are behind is a figure too. A
    store that does not answer has one figure, which says so.
    """

    def __init__(self, airbook: Airbook) -> None:
        self._airbook = airbook
        self._asking = Lock()

    def describe(self) -> Iterator[Metric]:
        """Yield nothing, so that registering reads no store."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """Yield the figures."""
        found = list[Metric]()
        with self._asking:
            try:
                self._airbook.check_is_there()
                for part in (
                    self._log,
                    self._disk,
                    self._daemon,
                    self._views,
                    self._view_lags,
                    self._relay_lags,
                ):
                    found += part()
                is_up = 1
            except StoreError:
                is_up = 0
                with suppress(StoreError):
                    self._airbook.close()  # the next time opens what is there by then
        yield gauge("airbook_store_up", "Whether the store answers.", is_up)
        yield from found

    def _log(self) -> Iterator[Metric]:
        log = self._airbook.log
        yield gauge("airbook_log_head_position", "Position of the last event.", log.head())
        parked = sum(not one.dropped for one in log.registry.parked())
        yield gauge("airbook_parked_reservations", "Reservations that are parked.", parked)
        oldest, seconds = oldest_pending(log), 0.0
        if oldest is not None:
            since = datetime.fromisoformat(oldest.at)
            seconds = max(0.0, (self._airbook.clock() - since).total_seconds())
        explanation = "Age of the oldest request without a decision; 0 if there is none."
        yield gauge("airbook_oldest_pending_seconds", explanation, seconds)

    def _disk(self) -> Iterator[Metric]:
        diagnostics = self._airbook.log.diagnostics
        yield gauge("airbook_store_bytes", "Size of the store.", diagnostics.describe()[1])
        explanation = (
            "Bytes that the store can still take of its file system; for a store in a file."
        )
        free = GaugeMetricFamily("airbook_store_disk_free_bytes", explanation)
        explanation = "Size of this file system; for a store in a file."
        size = GaugeMetricFamily("airbook_store_disk_size_bytes", explanation)
        if (disk := diagnostics.disk()) is not None:
            free.add_metric([], disk[0])
            size.add_metric([], disk[1])
        yield from (free, size)

    def _daemon(self) -> Iterator[Metric]:
        heartbeats = self._airbook.log.diagnostics.heartbeats().values()
        explanation = "Leases that a living daemon holds; 0 if none is running."
        yield gauge("airbook_daemon_leases", explanation, len(heartbeats))
        age = GaugeMetricFamily(
            "airbook_daemon_heartbeat_age_seconds", "Age of the oldest heartbeat of these daemons."
        )
        if heartbeats:
            age.add_metric([], max(0.0, *(one.age() for one in heartbeats)))
        yield age

    def _views(self) -> Iterator[Metric]:
        with self._airbook.queries.views.reading() as connection:
            counted = airplanes.seat_counts(connection, MOST_AIRPLANES)
            counts = totals.totals(connection)
        seats = GaugeMetricFamily(
            "airbook_seats",
            f"Seats by airplane and state; beyond {MOST_AIRPLANES} airplanes, the rest together.",
            labels=["airplane", "state"],
        )
        for one in counted:
            airplane = REST if one.id is None else str(one.id)
            seats.add_metric([airplane, "taken"], one.taken)
            seats.add_metric([airplane, "left"], one.seats - one.taken)
        yield seats
        yield gauge("airbook_airplanes", "Airplanes.", counts.airplanes)
        reservations = GaugeMetricFamily(
            "airbook_reservations",
            "Reservations by their present status; received ones are pending.",
            labels=["status"],
        )
        for status in STATUSES:
            reservations.add_metric([status], getattr(counts, status))
        yield reservations

    def _view_lags(self) -> Iterator[Metric]:
        yield from lags("view", "Events that a view has not applied.", self._airbook.queries.lags())

    def _relay_lags(self) -> Iterator[Metric]:
        found = list_relays(self._airbook.log, self._airbook.clock(), MOST_RELAYS)
        yield from lags("relay", "Events that a relay has not sent.", found)


def lags(
    label: str, explanation: str, found: Iterable[ViewLag | RelayProgress]
) -> Iterator[Metric]:
    """Yield how far views or relays are behind. label: with their names. explanation: of events."""
    events = GaugeMetricFamily(f"airbook_{label}_lag_events", explanation, labels=[label])
    seconds = GaugeMetricFamily(
        f"airbook_{label}_lag_seconds", "Age of the first of these events.", labels=[label]
    )
    for one in found:
        events.add_metric([one.name], one.lag_events)
        seconds.add_metric([one.name], one.lag_seconds)
    yield events
    yield seconds


def gauge(name: str, explanation: str, value: float) -> Metric:
    """Return a figure without labels."""
    return GaugeMetricFamily(name, explanation, value=value)
