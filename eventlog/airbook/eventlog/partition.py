"""Partitions: which airplanes one approver decides when several approvers share them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple
from zlib import crc32

APPROVER = "approver"  # the subscriber that decides all airplanes
SHARED = re.compile(rf"{APPROVER}-([1-9][0-9]*)-of-([1-9][0-9]*)", re.ASCII)


class Partition(NamedTuple):
    """One of several shares of all airplanes. number: from 1. of: how many shares there are."""

    number: int = 1
    of: int = 1

    @property
    def suffix(self) -> str:
        """Return the ending of the names of its lease and subscriber; "" without partitions."""
        return "" if self.of == 1 else f"-{self.number}-of-{self.of}"

    @property
    def subscriber(self) -> str:
        """Return the name of its approver's checkpoint."""
        return APPROVER + self.suffix

    def owns(self, airplane: int) -> bool:
        """Return whether an airplane belongs to this partition; all machines agree on it."""
        return crc32(str(airplane).encode()) % self.of == self.number - 1


WHOLE = Partition()


def settled_up_to(checkpoints: Mapping[str, int]) -> int:
    """Return the position up to which every request is settled, by one approver or by several.

    checkpoints: positions by subscriber. Approvers that share the airplanes have settled the log up
    to the lowest of their checkpoints; if one of them has no checkpoint, they count for nothing.
    """
    shares: dict[int, dict[int, int]] = {}
    for name, position in checkpoints.items():
        if found := SHARED.fullmatch(name):
            shares.setdefault(int(found[2]), {})[int(found[1])] = position
    complete = [min(reached.values()) for of, reached in shares.items() if len(reached) == of]
    return max(checkpoints.get(APPROVER, 0), *complete, 0)
