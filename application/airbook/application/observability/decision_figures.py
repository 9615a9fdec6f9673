"""The figures of decisions, counted in plain numbers, because a daemon makes many of them."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import accumulate

from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from airbook.application.observability.decision import Decision
from airbook.domain.reservation import REASONS

BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 600)
# A rate needs the zero before the first decision.
OUTCOMES = (("approved", ""), ("cancelled", ""), *(("rejected", reason) for reason in REASONS))


class Durations:
    """Seconds, counted by the first of BOUNDS that they do not exceed.

    A histogram of the library takes ten times as long for each of them.
    """

    def __init__(self, name: str, explanation: str) -> None:
        self._family = name, explanation
        self._counts = [0] * (len(BOUNDS) + 1)
        self._sum = 0.0

    def add(self, seconds: Iterable[float]) -> None:
        """Count some durations."""
        for one in seconds:
            self._counts[bisect_left(BOUNDS, one)] += 1
            self._sum += one

    def metric(self) -> Metric:
        """Return the histogram."""
        names = (*(str(float(one)) for one in BOUNDS), "+Inf")
        buckets = list(zip(names, accumulate(self._counts), strict=True))
        return HistogramMetricFamily(*self._family, buckets=buckets, sum_value=self._sum)


class DecisionFigures(Collector):
    """Counts the decisions of a daemon, and how long they took."""

    def __init__(self) -> None:
        self._outcomes = Counter[tuple[str, str]]()
        self._decided = Durations(
            "airbook_decision_seconds", "Seconds from a request to its decision."
        )
        self._visible = Durations(
            "airbook_visible_seconds", "Seconds from a request until the views show its decision."
        )

    def decided(self, decisions: Sequence[Decision], at: datetime) -> None:
        """Count decisions. at: their time."""
        self._outcomes.update((one.outcome, one.reason) for one in decisions)
        self._decided.add(seconds_of(decisions, at))

    def visible(self, decisions: Sequence[Decision], at: datetime) -> None:
        """Count decisions that can be seen. at: since when."""
        self._visible.add(seconds_of(decisions, at))

    def collect(self) -> Iterator[Metric]:
        """Yield the figures."""
        family = CounterMetricFamily(
            "airbook_decisions", "Decisions of this process.", labels=["outcome", "reason"]
        )
        for outcome in OUTCOMES:
            family.add_metric(outcome, self._outcomes[outcome])
        yield family
        yield self._decided.metric()
        yield self._visible.metric()


def seconds_of(decisions: Iterable[Decision], at: datetime) -> Iterator[float]:
    """Yield the seconds since each request; 0 if the clock was set back meanwhile."""
    for one in decisions:
        yield max(0.0, (at - datetime.fromisoformat(one.asked_at)).total_seconds())
