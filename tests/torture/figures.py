"""Measurements of the long tests, recorded with `record_property` of pytest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import quantiles

Record = Callable[[str, object], None]


def record_percentiles(record: Record, seconds: Sequence[float]) -> None:
    cuts = quantiles(seconds, n=100)
    record("p50", f"{cuts[49] * 1000:.0f} ms")
    record("p99", f"{cuts[98] * 1000:.0f} ms")
