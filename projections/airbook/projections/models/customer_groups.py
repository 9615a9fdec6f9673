"""Reservations in the order of their customers' names, which are not in the views."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple


class Group(NamedTuple):
    """Neighbouring reservations of a list.

    customers: the customers that they belong to; more than one if these have no names. length: how
    many reservations. offset, limit: which of them, by number.
    """

    customers: Sequence[str | None]
    length: int
    offset: int
    limit: int

    @property
    def is_whole(self) -> bool:
        """Return whether the group has all reservations of one customer."""
        return len(self.customers) == 1 and self.limit == self.length


def groups(
    counts: Mapping[str | None, int], names: Sequence[str], *, descending: bool
) -> list[Group]:
    """Group the reservations of a list; those of customers without a name are the last ones.

    counts: the number of reservations of each customer. names: the ids of all customers by name.
    """
    ordered = reversed(names) if descending else names
    found = [Group((one,), counts[one], 0, counts[one]) for one in ordered if one in counts]
    named = {group.customers[0] for group in found}
    others = {customer: count for customer, count in counts.items() if customer not in named}
    if others:
        count = sum(others.values())
        found.append(Group(tuple(others), count, 0, count))
    return found


def parts(found: Sequence[Group], first: int, limit: int) -> Iterator[Group]:
    """Yield the parts of groups that lie in a window."""
    place = 0
    for group in found:
        offset = max(0, first - place)
        length = min(group.length, first + limit - place) - offset
        if length > 0:
            yield group._replace(offset=offset, limit=length)
        place += group.length
        if place >= first + limit:
            return
