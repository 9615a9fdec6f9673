"""The glossary: it names every public class of the domain and of the event log."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import get_args

import pytest

from airbook.domain.decider import Command, Event

ROOT = Path(__file__).parents[2]
FILES = sorted(
    file.relative_to(ROOT)
    for room in ("domain", "eventlog")
    for file in (ROOT / room).rglob("*.py")
)
NAMED = set(re.findall(r"`(\w+)`", (ROOT / "docs/glossary.md").read_text()))
OF_DECIDERS = {one.__name__ for one in (*get_args(Event), *get_args(Command))}


def public_classes(file: Path) -> set[str]:
    module = ast.parse((ROOT / file).read_text())
    classes = {node.name for node in module.body if isinstance(node, ast.ClassDef)}
    return {name for name in classes if not name.startswith("_")}


@pytest.mark.parametrize("file", FILES, ids=str)
def test_the_glossary_names_every_public_class(file: Path) -> None:
    assert sorted(public_classes(file) - OF_DECIDERS - NAMED) == []
