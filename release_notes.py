"""Print the notes of a release, which are what CHANGELOG.md says of its version.

The workflow of a release runs `python release_notes.py v1.2.3` before it builds or publishes. It
needs no package, and ends with one sentence where the tag and the two files do not agree.
"""

from __future__ import annotations

import re
import sys
import tomllib
from datetime import date
from pathlib import Path

HEADING = re.compile(r"^## \[(?P<version>[^\]]+)\](?: - (?P<day>.+))?$", re.MULTILINE)
ADDRESSES = re.compile(r"^\[[^\]]+\]: .*$\n?", re.MULTILINE)
UNRELEASED = "unreleased"


class NoNotesError(Exception):
    """A version cannot be released; the text says why, in one sentence."""


def notes_of(tag: str, version: str, changelog: str) -> str:
    """Return what a changelog says of a version.

    tag: of the release. version: of the project. changelog: as in "Keep a Changelog".
    Raises NoNotesError if the tag names another version, or if the changelog has no section of
    this version with its day and text, or still has changes of no version.
    """
    if tag != f"v{version}":
        msg = f"The tag {tag} does not name the version in pyproject.toml, which is {version}."
        raise NoNotesError(msg)
    days, texts = sections(changelog)
    if version not in days:
        raise NoNotesError(f"CHANGELOG.md has no section for {version}.")
    if not is_day(days[version]):
        msg = f"CHANGELOG.md does not say on which day {version} is released, like 2026-12-31."
        raise NoNotesError(msg)
    if texts.get(UNRELEASED):
        raise NoNotesError(f"CHANGELOG.md has changes under Unreleased, and not under {version}.")
    if not texts[version]:
        raise NoNotesError(f"CHANGELOG.md says nothing about {version}.")
    return texts[version]


def sections(changelog: str) -> tuple[dict[str, str], dict[str, str]]:
    """Return the day and the text of each version of a changelog; no day is an empty one."""
    headings = list(HEADING.finditer(changelog))
    ends = [*(one.start() for one in headings[1:]), len(changelog)]
    names = [one["version"].lower() for one in headings]
    texts = [changelog[one.end() : end] for one, end in zip(headings, ends, strict=True)]
    return (
        dict(zip(names, (one["day"] or "" for one in headings), strict=True)),
        dict(zip(names, (ADDRESSES.sub("", text).strip() for text in texts), strict=True)),
    )


def is_day(text: str) -> bool:
    """Return whether a text is a day as in 2026-12-31."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def main(tag: str) -> int:
    """Print the notes of a tag, from the files in the current folder."""
    version = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"][
        "version"
    ]
    try:
        notes = notes_of(tag, version, Path("CHANGELOG.md").read_text(encoding="utf-8"))
    except NoNotesError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{notes}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
