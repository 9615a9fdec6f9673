"""The baseline of the dashboard: a Textual application with a table of 20 rows."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import DataTable

ROWS = 20


class Bare(App[None]):
    def compose(self) -> ComposeResult:
        table = DataTable[str]()
        table.add_columns("No.", "Name", "Seats")
        for number in range(1, ROWS + 1):
            table.add_row(str(number), f"plane {number:02}", "5")
        yield table


if __name__ == "__main__":
    Bare().run()
