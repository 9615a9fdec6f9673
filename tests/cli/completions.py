"""What a shell is offered: asked as its script asks, in a process of its own."""

from __future__ import annotations

from tests.support.home import Home


def offered(home: Home, *words: str, **settings: str | None) -> list[str]:
    """List what can stand in place of the last word, each with a tab and a description.

    words: the command line after `airbook`, the last word as far as it is typed.
    """
    answer = home("__complete", "fish", *words, **settings)
    assert (answer.code, answer.err) == (0, ""), answer
    lines = [line for line in answer.out.splitlines() if line]
    return [line.removeprefix("value\t").removeprefix("open\t").rstrip("\t") for line in lines]


def values(home: Home, *words: str, **settings: str | None) -> list[str]:
    """List what can stand in place of the last word, without descriptions."""
    return [line.partition("\t")[0] for line in offered(home, *words, **settings)]
