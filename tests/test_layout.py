"""One namespace in portions: a file too many in one of them would hide all the others."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PORTIONS = sorted(folder.parent for folder in ROOT.glob("*/airbook") if folder.is_dir())


def test_every_portion_is_found():
    assert {"cli", "daemon", "domain", "projections", "application", "eventlog"} <= {
        one.name for one in PORTIONS
    }


@pytest.mark.parametrize("portion", PORTIONS, ids=lambda portion: portion.name)
def test_a_portion_holds_one_package_and_nothing_else(portion: Path):
    inside = [one for one in (portion / "airbook").iterdir() if one.name != "__pycache__"]
    assert [one.name for one in inside] == [portion.name]
    assert {one.name for one in portion.iterdir()} <= {"airbook", "__pycache__"}


@pytest.mark.parametrize("portion", PORTIONS, ids=lambda portion: portion.name)
def test_a_package_says_what_it_is_for_and_that_it_is_typed(portion: Path):
    package = portion / "airbook" / portion.name
    assert (package / "__init__.py").read_text().startswith('"""')
    assert (package / "py.typed").exists()


def test_the_namespace_is_nobodys():
    namespace = find_spec("airbook")
    assert namespace is not None
    assert namespace.origin is None
