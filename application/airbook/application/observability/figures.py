"""The figures that one process counts for itself, in the metrics of Prometheus."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime

from prometheus_client import (
    CollectorRegistry,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from airbook.application.observability.decision import Decision
from airbook.application.observability.decision_figures import DecisionFigures
from airbook.eventlog.records import Receipt, Transaction, TransactionResult

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
FAST = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
SIZES = (1, 2, 5, 10, 20, 50, 100, 200, 500)


class Figures:
    """Counts the commits and the decisions of one process; the gateway adds its requests."""

    def __init__(self, *, decides: bool) -> None:
        """decides: whether it is a process that makes decisions."""
        self.decisions = DecisionFigures()
        # A second series for each, which nothing here asks for.
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self.registry = registry = CollectorRegistry()
        if decides:
            registry.register(self.decisions)
        self._transactions = Histogram(
            "airbook_commit_transactions",
            "Transactions that share a commit.",
            registry=registry,
            buckets=SIZES,
        )
        self._commits = Histogram(
            "airbook_commit_seconds",
            "Seconds of a commit, with the wait for the lock of the store.",
            registry=registry,
            buckets=FAST,
        )
        self._syncs = Histogram(
            "airbook_sync_seconds",
            "Seconds until the disk has a commit; for a store in a file.",
            registry=registry,
            buckets=FAST,
        )

    def committed(
        self,
        transactions: Sequence[Transaction],  # noqa: ARG002 -- traces need them
        results: Sequence[TransactionResult],
        seconds: float,
    ) -> None:
        """Count a commit that stored a transaction at least."""
        stored = sum(isinstance(one, Receipt) and not one.repeated for one in results)
        if stored:
            self._transactions.observe(stored)
            self._commits.observe(seconds)

    def synced(self, seconds: float) -> None:
        """Count the end of a transaction."""
        self._syncs.observe(seconds)

    def decided(self, decisions: Sequence[Decision], at: datetime) -> None:
        """Count decisions."""
        self.decisions.decided(decisions, at)

    def visible(
        self,
        decisions: Sequence[Decision],
        decided_at: datetime,  # noqa: ARG002 -- traces need it
        at: datetime,
    ) -> None:
        """Count decisions that can be seen now."""
        self.decisions.visible(decisions, at)

    def exposition(self, *collectors: Collector) -> bytes:
        """Return the text that Prometheus reads: the figures of all workers, and of collectors."""
        together = CollectorRegistry()
        if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
            MultiProcessCollector(together)  # type: ignore[no-untyped-call]
        else:
            together.register(self.registry)
        for one in collectors:
            together.register(one)
        return generate_latest(together)
