"""Measurements of the long tests, recorded with `record_property` of pytest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import quantiles

Tell = Callable[[str, object], None]


def tell_percentiles(tell: Tell, seconds: Sequence[float]) -> None:
    cuts = quantiles(seconds, n=100)
    tell("p50", f"{cuts[49] * 1000:.0f} ms")
    tell("p99", f"{cuts[98] * 1000:.0f} ms")
