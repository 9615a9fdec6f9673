"""The figures of the verifier, in the metrics of Prometheus."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from airbook.daemon.verifier import Verifier


class ChainFigures(Collector):
    """Exposes what a verifier has found."""

    def __init__(self, verifier: Verifier) -> None:
        self._verifier = verifier

    def collect(self) -> Iterator[Metric]:
        """Yield the figures."""
        yield GaugeMetricFamily(
            "airbook_chain_broken_commits",
            "Commits that are not what was stored.",
            value=self._verifier.broken,
        )
        yield CounterMetricFamily(
            "airbook_chain_verified_events",
            "Events compared with the digests of their commits.",
            value=self._verifier.events,
        )
        finished = GaugeMetricFamily(
            "airbook_chain_verified_timestamp_seconds",
            "When the last comparison of the whole log ended, in seconds since 1970.",
        )
        if self._verifier.finished is not None:
            finished.add_metric([], self._verifier.finished)
        yield finished
