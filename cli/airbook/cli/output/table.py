"""Tables for people, printed to stdout: aligned, colored, and no wider than the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from airbook.application.responses import Response
from airbook.application.text.formatting import HEADINGS, TRANSLATED, fields_of, format_fields
from airbook.application.text.labels import Labels
from airbook.application.text.terminal import visible
from airbook.cli.output.layout import GAP, Layout
from airbook.cli.output.stdout import stdout_width

# Select Graphic Rendition, https://ecma-international.org/publications-and-standards/standards/ecma-48/
BOLD, DIM, RED, GREEN, YELLOW = "1", "2", "31", "32", "33"
COLORS = {
    "received": YELLOW,
    "approved": GREEN,
    "rejected": RED,
    "cancelled": DIM,
    "closed": RED,
    "open": GREEN,
}


class TablePrinter:
    """A printer of one table; its columns grow with the rows."""

    def __init__(self, columns: Sequence[str], label: Labels, *, color: bool) -> None:
        """columns: the fields that are shown. color: whether headings and codes are colored."""
        self.columns = columns
        self.label = label
        self.color = color
        self.headings = [label(HEADINGS[column]) for column in columns]
        self.layout = Layout(columns, self.headings)

    def print(self, responses: Sequence[Response], *, headed: bool = True) -> None:
        """Print rows. headed: whether the headings come first."""
        rows = [self.cells(response) for response in responses]
        for cells in rows:
            self.layout.add(cells)
        widths = self.layout.widths(stdout_width())
        if headed:
            self._print_row(self.headings, [BOLD] * len(widths), widths)
            # Hyphens: box-drawing characters are two cells wide in some Asian fonts.
            print("-" * (sum(widths) + GAP * (len(widths) - 1)))
        for response, cells in zip(responses, rows, strict=True):
            self._print_row(cells, self._colors(response), widths)

    def cells(self, response: Response) -> list[str]:
        """Return the texts of a row."""
        words = format_fields(response, self.label)
        return [visible(words[column]) for column in self.columns]

    def _colors(self, response: Response) -> list[str]:
        """Return the colors of a row: codes have one, names and other free text have none."""
        fields = fields_of(response)
        return [
            COLORS.get(str(fields[column]), "") if column in TRANSLATED else ""
            for column in self.columns
        ]

    def _print_row(
        self, cells: Sequence[str], colors: Sequence[str], widths: Sequence[int]
    ) -> None:
        """Print the lines of a row."""
        for line in self.layout.lines(cells, widths):
            texts = zip(line, colors, strict=True)
            print((" " * GAP).join(self._painted(text, color) for text, color in texts))

    def _painted(self, text: str, color: str) -> str:
        """Return a text in a color, if the table is colored."""
        return f"\x1b[{color}m{text}\x1b[0m" if self.color and color and text.strip() else text
