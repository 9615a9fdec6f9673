"""Which airplanes one approver decides, when several share them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple
from zlib import crc32

from airbook.domain.approval import APPROVER

SHARED = re.compile(rf"{APPROVER}-([1-9][0-9]*)-of-([1-9][0-9]*)", re.ASCII)


class Partition(NamedTuple):
    """The nth of so many shares of all airplanes, from 1."""

    number: int = 1
    of: int = 1

    @property
    def suffix(self) -> str:
        """Tell it from the others in a name; one share of one needs no telling."""
        return "" if self.of == 1 else f"-{self.number}-of-{self.of}"

    @property
    def follower(self) -> str:
        """Give the name its position in the log is tracked under."""
        return APPROVER + self.suffix

    def owns(self, airplane: int) -> bool:
        """Tell whether an airplane is in this share; the same on every machine, for ever."""
        return crc32(str(airplane).encode()) % self.of == self.number - 1


EVERYTHING = Partition()


def approved_to(tracked: Mapping[str, int]) -> int:
    """Tell up to which position all requests are settled, however many approvers shared them.

    tracked: positions by follower. Approvers that share cover the log as far as the last of them
    has come; one that has not begun has come nowhere.
    """
    shares: dict[int, dict[int, int]] = {}
    for name, position in tracked.items():
        if found := SHARED.fullmatch(name):
            shares.setdefault(int(found[2]), {})[int(found[1])] = position
    complete = [min(reached.values()) for of, reached in shares.items() if len(reached) == of]
    return max(tracked.get(APPROVER, 0), *complete, 0)
