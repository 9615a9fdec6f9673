"""The fixtures of the tests of faults."""

from __future__ import annotations

from tests.faults.disks import small_disk
from tests.faults.homes import distant, home, served

__all__ = ["distant", "home", "served", "small_disk"]
