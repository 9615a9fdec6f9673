"""Text in two columns, measured in terminal cells: a Hangul syllable takes two."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from airbook.application.text.terminal import wrapped

WIDEST_NAME = 30
GAP = 2


def columns(rows: Sequence[tuple[str, str]], width: int) -> Iterator[str]:
    """Yield the lines of a two-column layout: names on the left, wrapped texts on the right.

    width: cells of a line.
    """
    from rich.cells import cell_len

    indent = min(WIDEST_NAME, max((cell_len(name) for name, _ in rows), default=0)) + GAP
    for name, text in rows:
        first, *rest = wrapped(text, width - indent)
        gap = indent - cell_len(name)
        yield from [f"{name}{' ' * gap}{first}"] if gap >= GAP else [name, " " * indent + first]
        yield from (" " * indent + line for line in rest)
