"""Printing of responses: tables for people, tab-separated text for pipes, JSON and CSV."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import structs

from airbook.application.responses import Reservation, Response
from airbook.application.text.formatting import (
    FREE,
    HEADINGS,
    NUMBERS,
    RESERVATION_SENTENCES,
    TRANSLATED,
    encode,
    fields_of,
    format_fields,
    format_value,
)
from airbook.application.text.labels import Labels
from airbook.application.text.terminal import visible

if TYPE_CHECKING:
    from rich.table import Table

COLORS = {
    "received": "yellow",
    "approved": "green",
    "rejected": "red",
    "cancelled": "dim",
    "closed": "red",
    "open": "green",
}
MIN_FOLDED = 12  # cells, the smallest width of a column that is folded
GAP = 2  # cells between columns


class Printer:
    """A printer of responses to stdout, in one output format."""

    def __init__(self, format: str, label: Labels, *, color: bool) -> None:  # noqa: A002
        """format: table, plain, json, jsonl or csv. color: whether tables are colored."""
        self.format = format
        self.label = label
        self.color = color

    def one(self, response: Response, sentence: str) -> None:
        """Print one response.

        sentence: English, with {placeholders} for its fields; the table format prints it.
        """
        if self.format == "table":
            print(visible(self.label(sentence, format_fields(response, self.label))))
        elif self.format in {"json", "jsonl"}:
            print(encode(response))
        else:
            self.many([response], ())

    def reservation(self, found: Reservation) -> None:
        """Print a reservation, with the sentence of its status."""
        self.one(found, RESERVATION_SENTENCES[found.status])

    def many(self, responses: Sequence[Response], columns: Sequence[str], empty: str = "") -> None:
        """Print a list of responses.

        columns: the fields that a table shows. empty: the label that a table shows instead of no
        rows.
        """
        match self.format:
            case "table" if not responses:
                print(self.label(empty))
            case "table":
                self.table(responses, columns)
            case "json":
                print(encode(list(responses)))
            case "csv":
                print_csv(responses)
            case _:
                self.lines(responses)

    def lines(self, responses: Iterable[Response]) -> None:
        """Print each response on a line of its own, and flush stdout."""
        for response in responses:
            match self.format:
                case "json" | "jsonl":
                    print(encode(response))
                case "csv":
                    print_csv([response], header=False)
                case _:
                    print(
                        "\t".join(
                            visible(format_value(value)) for value in fields_of(response).values()
                        )
                    )
        sys.stdout.flush()

    def table(self, responses: Sequence[Response], columns: Sequence[str]) -> None:
        """Print a table; its cells are plain text, never markup of Rich."""
        from rich.box import Box
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        # The rule is of hyphens: box-drawing characters are two cells wide in some Asian fonts.
        ruled = Box("    \n    \n -- \n" + "    \n" * 5, ascii=True)
        table = Table(box=ruled, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
        rows = [
            (fields_of(response), format_fields(response, self.label)) for response in responses
        ]
        room = self._add_columns(table, columns, [words for _, words in rows])
        for fields, words in rows:
            cells = [
                Text(visible(words[column]), style=color_of(column, fields[column]))
                for column in columns
            ]
            table.add_row(*cells)
        console = Console(
            color_system="standard" if self.color else None,  # None: no bold text either
            force_terminal=self.color,
            no_color=False,  # else Rich obeys NO_COLOR even with --color always
            highlight=False,
            emoji=False,
        )
        # A narrow terminal wraps the lines: Rich would leave columns out.
        console.width = max(console.width, room)
        console.print(table)

    def _add_columns(
        self, table: Table, columns: Sequence[str], rows: Sequence[Mapping[str, str]]
    ) -> int:
        """Add the columns to a table; returns the smallest width of the table, in cells."""
        from rich.cells import cell_len
        from rich.text import Text

        room = 0
        for column in columns:
            heading = self.label(HEADINGS[column])
            widest = max(cell_len(text) for text in (heading, *(words[column] for words in rows)))
            least = min(widest, MIN_FOLDED) if column in FREE else widest
            room += least + GAP
            table.add_column(
                Text(heading),
                justify="right" if column in NUMBERS else "left",
                min_width=least,
                overflow="fold",
            )
        return room


def color_of(column: str, value: object) -> str:
    """Return the color of a code; names and other free text have none."""
    return COLORS.get(str(value), "") if column in TRANSLATED else ""


def print_csv(responses: Sequence[Response], *, header: bool = True) -> None:
    """Print responses as CSV (RFC 4180), a row each. header: whether the field names come first."""
    import csv

    writer = csv.writer(sys.stdout)
    for response in responses[: int(header)]:
        writer.writerow(structs.asdict(response))
    for response in responses:
        writer.writerow(visible(format_value(value)) for value in fields_of(response).values())
