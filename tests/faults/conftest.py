"""The fixtures of the tests of faults."""

from __future__ import annotations

from tests.faults.homes import distant, home, served

__all__ = ["distant", "home", "served"]
