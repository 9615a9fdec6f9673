"""The base of the pages whose rows are few, so that the page filters and sorts them itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from airbook.application.row_filter import RowFilter
from airbook.application.sorting import Sorting, sort_rows
from airbook.application.text.labels import Labels
from airbook.tui.pages.page import Page


class ShortList(Page):
    """A page whose query returns all rows.

    CODES_OF: the codes that some fields of a filter can have.
    """

    CODES_OF: ClassVar[Mapping[str, Sequence[str]]] = {}

    def __init__(self, label: Labels, *, id: str) -> None:  # noqa: A002 -- Textual's word
        super().__init__(label, id=id)
        self.set_filter("")

    def show_rows(self, rows: Sequence[Any]) -> None:
        """Show the rows that match the filter, in the chosen order; the cursor stays on its row."""
        self.show_all(sort_rows(self.row_filter.select(rows), Sorting(*self.row_list.order)))

    def set_filter(self, text: str) -> None:
        """Set the filter of the list. Raises Mistyped."""
        self.row_filter = RowFilter(text, self.FIELDS, self.CODES_OF, self.label)
