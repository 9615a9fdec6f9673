"""Running `import`, and reading what it has requested."""

from __future__ import annotations

from tests.cli.conftest import Inside
from tests.support.answers import Answer
from tests.support.home import Home
from tests.support.stores import execute

NOBODY = "No daemon is running: reservations wait until one is.\nhint: airbook daemon\n"


KIM_AND_LEE = [(1, "kim", "a"), (2, "lee", "b")]


def imported(inside: Inside, contents: bytes, *words: str, **settings: str) -> Answer:
    """Import a file with these contents."""
    (inside.folder / "requests").write_bytes(contents)
    return inside("import", "requests", *words, **settings)


def requested(home: Home) -> list[tuple[int, str, str | None]]:
    """Return airplane, customer and key of every reservation in the store."""
    keys: dict[int, str] = dict(execute(home.store, "SELECT number, key FROM keys"))
    return [
        (one["airplane"], one["customer"], keys.get(one["id"]))
        for one in sorted(home.json("my-page", "--all"), key=lambda one: int(one["id"]))
    ]


NUMBER = "{} is not a number of 1 to 9 digits."


LONG = "The line is longer than 4096 bytes."
