"""The orders of a list: which one follows when a key is pressed or a heading is clicked."""

from __future__ import annotations

from collections.abc import Sequence

from airbook.eventlog.selection import SortOrder


def next_order(order: SortOrder, columns: Sequence[str], first: SortOrder) -> SortOrder:
    """Return the reversed order, then the order by the next column, and so on.

    columns: the visible ones. first: the order with which the list begins; every other column
    begins in ascending order.
    """
    if order.column in columns and order == beginning(order.column, first):
        return reverse(order)
    after = columns.index(order.column) + 1 if order.column in columns else 0
    return beginning(columns[after % len(columns)], first)


def clicked_order(order: SortOrder, column: str, first: SortOrder) -> SortOrder:
    """Return the order after a click on the heading of a column."""
    return reverse(order) if order.column == column else beginning(column, first)


def reverse(order: SortOrder) -> SortOrder:
    """Return the reversed order."""
    return SortOrder(order.column, not order.descending)


def beginning(column: str, first: SortOrder) -> SortOrder:
    """Return the order with which a column begins."""
    return first if column == first.column else SortOrder(column, descending=False)
