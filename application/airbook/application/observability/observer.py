"""What watches a process: its figures for Prometheus, its traces for OpenTelemetry, or nothing."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from importlib.util import find_spec
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from airbook.application.airbook import Airbook
from airbook.application.errors import SettingError
from airbook.application.observability.decision import Decision, Observer
from airbook.application.observability.health import Answer
from airbook.application.text.labels import mark
from airbook.eventlog.records import Transaction, TransactionResult

if TYPE_CHECKING:
    from airbook.application.observability.figures import Figures
    from airbook.application.observability.traces import Traces


COLLECTOR = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
WORKERS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
NOT_INSTALLED = Answer(501, "text/plain", b"Figures need airbook[metrics].\n")


class Observers:
    """Several observers as one.

    figures: the one that counts for Prometheus, if there is one. traces: the one that makes spans.
    """

    def __init__(self, figures: Figures | None = None, traces: Traces | None = None) -> None:
        self._observers: list[Observer] = [one for one in (figures, traces) if one]
        self.figures = figures
        self.traces = traces

    def close(self) -> None:
        """Send what was observed and not sent yet."""
        if self.traces:
            self.traces.close()

    def __bool__(self) -> bool:
        return bool(self._observers)

    def committed(
        self,
        transactions: Sequence[Transaction],
        results: Sequence[TransactionResult],
        seconds: float,
    ) -> None:
        """Tell every observer of a commit, which no trouble of an observer makes doubtful."""
        for one in self._observers:
            with suppress(Exception):
                one.committed(transactions, results, seconds)

    def synced(self, seconds: float) -> None:
        """Tell every observer of the end of a transaction of SQLite; see `committed`."""
        for one in self._observers:
            with suppress(Exception):
                one.synced(seconds)

    def decided(self, decisions: Sequence[Decision], at: datetime) -> None:
        """Tell every observer of decisions; see `committed`."""
        for one in self._observers:
            with suppress(Exception):
                one.decided(decisions, at)

    def visible(self, decisions: Sequence[Decision], decided_at: datetime, at: datetime) -> None:
        """Tell every observer of decisions that can be seen; see `committed`."""
        for one in self._observers:
            with suppress(Exception):
                one.visible(decisions, decided_at, at)


def exposing(observing: Observers, airbook: Airbook) -> Callable[[], Answer]:
    """Return a function that answers Prometheus.

    airbook: the store once more, because the function is called by another thread.
    """
    if observing.figures is None:
        return lambda: NOT_INSTALLED
    from airbook.application.observability.figures import MEDIA_TYPE
    from airbook.application.observability.store_figures import StoreFigures

    figures, store = observing.figures, StoreFigures(airbook)
    return lambda: Answer(200, MEDIA_TYPE, figures.exposition(store))


def observers(service: str, *, figures: bool, decides: bool = False) -> Observers:
    """Return the observers of a process.

    service: the name of the process in traces, which are made if OTEL_… names a collector. figures:
    whether somebody can ask for them; they also need the package of Prometheus. decides: whether
    the process makes decisions. Raises SettingError
    if there is a collector, and the package of OpenTelemetry is not installed.
    """
    counted = traced = None
    if figures and find_spec("prometheus_client"):
        from airbook.application.observability.figures import Figures

        counted = Figures(decides=decides)
    if is_tracing(os.environ):
        if not find_spec("opentelemetry"):
            raise SettingError(mark("Traces need one more package: pip install 'airbook[tracing]'"))
        from airbook.application.observability.traces import Traces

        traced = Traces(service)
    return Observers(counted, traced)


@contextmanager
def figures_together() -> Generator[None]:
    """Let the processes that are forked in a block share their figures, in files of a folder.

    The library of Prometheus reads the name of the folder when it is loaded, in the forked process.
    """
    with TemporaryDirectory(prefix="airbook-figures-") as folder:
        os.environ[WORKERS_FOLDER] = folder
        yield


def is_tracing(environment: Mapping[str, str]) -> bool:
    """Return whether the variables of OpenTelemetry name a collector, and nothing turns it off."""
    is_off = environment.get("OTEL_SDK_DISABLED", "").lower() == "true"
    return not is_off and any(environment.get(name) for name in COLLECTOR)
