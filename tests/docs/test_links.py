"""Links of the documents: each leads to a file that is there, and to a heading in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def prose(document: Path) -> str:
    """Return a document without its blocks of code."""
    return re.sub(r"^ *```.*?^ *```", "", document.read_text(), flags=re.DOTALL | re.MULTILINE)


def anchors(document: Path) -> Iterator[str]:
    """Yield the names of the headings of a document, as GitHub makes them."""
    before = Counter[str]()
    for heading in re.findall(r"^#+ (.+)$", prose(document), re.MULTILINE):
        text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
        name = re.sub(r"[^\w\- ]", "", text).replace(" ", "-")
        yield f"{name}-{before[name]}" if before[name] else name
        before[name] += 1


def leads_somewhere(document: Path, link: str) -> bool:
    """Return whether a link without a scheme leads to a file, and to a heading of it."""
    path, _, anchor = link.partition("#")
    target = document.parent / path if path else document
    return target.exists() and (
        not anchor or target.suffix != ".md" or anchor in set(anchors(target))
    )


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda one: str(one.relative_to(ROOT)))
def test_every_link_within_the_project_leads_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", prose(document))
    own = [one for one in links if not re.match(r"\w+:", one)]
    assert [one for one in own if not leads_somewhere(document, one)] == []
