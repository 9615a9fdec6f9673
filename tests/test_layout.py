"""The layout of the source files: portions of one namespace, short files, and no way round Log."""

from __future__ import annotations

import ast
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PORTIONS = sorted(folder.parent for folder in ROOT.glob("*/airbook") if folder.is_dir())
FILES = sorted(file for portion in PORTIONS for file in portion.rglob("*.py"))
OTHER_FOLDERS = {"benchmarks", "deploy", "docker", "docs", "tests"}
MOST_LINES = 250


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_every_portion_is_found() -> None:
    names = {one.name for one in PORTIONS}
    assert names == {
        "application",
        "cli",
        "daemon",
        "domain",
        "eventlog",
        "gateway",
        "messaging",
        "projections",
        "tui",
    }


def test_every_folder_with_a_program_is_a_portion() -> None:
    folders = {file.relative_to(ROOT).parts[0] for file in ROOT.glob("[!.]*/**/*.py")}
    assert folders - OTHER_FOLDERS == {one.name for one in PORTIONS}


@pytest.mark.parametrize("portion", PORTIONS, ids=name_of)
def test_a_portion_holds_one_package_and_nothing_else(portion: Path) -> None:
    """A file `airbook/__init__.py` in one portion would hide all the others."""
    inside = [one for one in (portion / "airbook").iterdir() if one.name != "__pycache__"]
    assert [one.name for one in inside] == [portion.name]
    assert {one.name for one in portion.iterdir()} <= {"airbook", "__pycache__"}


@pytest.mark.parametrize("portion", PORTIONS, ids=name_of)
def test_a_package_has_a_docstring_and_is_typed(portion: Path) -> None:
    package = portion / "airbook" / portion.name
    assert (package / "__init__.py").read_text().startswith('"""')
    assert (package / "py.typed").exists()


def test_the_namespace_has_no_file() -> None:
    namespace = find_spec("airbook")
    assert namespace is not None
    assert namespace.origin is None


def test_no_file_is_too_long() -> None:
    lines = {name_of(file): len(file.read_text().splitlines()) for file in FILES}
    assert {file: count for file, count in lines.items() if count > MOST_LINES} == {}


def test_only_the_event_log_uses_the_recorder_of_a_log() -> None:
    used = [
        f"{name_of(file)}:{node.lineno}"
        for file in FILES
        if file.relative_to(ROOT).parts[0] != "eventlog"
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in {"_recorder", "recorder"}
    ]
    assert used == []
