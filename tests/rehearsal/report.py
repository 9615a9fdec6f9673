"""The report of a rehearsal: what each point measured, and the page that is written of it."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

PASSED, FAILED, NOT_PLAYED = "passed", "**failed**", "could not run"

INTRODUCTION = (
    "`make rehearsal` played these points on a real cluster and wrote this page; no figure is"
    " written by hand. It runs against the cluster that `kubectl` points at."
)


class NotPossibleError(Exception):
    """A point cannot run on this cluster; the text says why, and how it is checked instead."""


@dataclass
class Notes:
    """What a point measures and says while it runs."""

    figures: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    remarks: list[str] = field(default_factory=list[str])

    def figure(self, name: str, value: object) -> None:
        """Note a measured value, and show it."""
        self.figures.append((name, str(value)))
        print(f"    {name}: {value}", flush=True)

    def remark(self, sentence: str) -> None:
        """Note what a reader of the figures must know."""
        self.remarks.append(sentence)
        print(f"    {sentence}", flush=True)


@dataclass(frozen=True)
class Played:
    """A point that has ended. result: PASSED, FAILED or NOT_PLAYED."""

    number: int
    title: str
    result: str
    seconds: float
    notes: Notes

    def lines(self) -> list[str]:
        """Return the section of the page."""
        head = [f"## {self.number}. {self.title}", ""]
        said = [f"{self.result.strip('*').capitalize()}, after {self.seconds:.0f} s."]
        said += self.notes.remarks
        table = [f"| {name} | {value} |" for name, value in self.notes.figures]
        return [*head, " ".join(said), *(["", "| | |", "|---|---|", *table] if table else []), ""]


def page(played: Sequence[Played], about: Mapping[str, str]) -> str:
    """Return the whole page. about: the versions and lengths, by name."""
    lines = [
        "# The rehearsal",
        "",
        INTRODUCTION,
        "",
        "| | |",
        "|---|---|",
        *(f"| {name} | {value} |" for name, value in about.items()),
        "",
        "| | point | result |",
        "|---|---|---|",
        *(f"| {one.number} | {one.title} | {one.result} |" for one in played),
        "",
    ]
    for one in played:
        lines += one.lines()
    return "\n".join(lines).rstrip() + "\n"


def today() -> str:
    """Return the date and the time, in UTC."""
    return time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime())


def milliseconds(seconds: float) -> str:
    """Return seconds as a text in milliseconds."""
    return f"{seconds * 1000:,.0f} ms"
