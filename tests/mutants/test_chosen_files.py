"""Which files are mutated when none is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.mutants.chosen_files import changed_files, git, product_files


def commit(root: Path, *files: str) -> None:
    for file in files:
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_text(f"after {len(git(root, 'rev-list', '--all'))} commits")
    git(root, "add", ".")
    git(root, "-c", "user.name=kim", "-c", "user.email=kim@example.org", "commit", "-m", "a change")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Create a repository of three commits, with one file changed in each."""
    root = tmp_path / "repository"
    root.mkdir()
    git(root, "init", "--initial-branch", "main")
    commit(root, "domain/airbook/domain/a.py", "domain/airbook/domain/b.py", "README.md")
    commit(root, "domain/airbook/domain/a.py", "tests/test_a.py")
    commit(root, "domain/airbook/domain/b.py", "README.md")
    return root


def test_every_module_of_a_portion_is_a_product_file(root: Path) -> None:
    assert product_files(root) == ["domain/airbook/domain/a.py", "domain/airbook/domain/b.py"]


def test_without_an_upstream_the_last_commit_and_the_working_tree_are_chosen(root: Path) -> None:
    assert changed_files(root, None) == ["domain/airbook/domain/b.py"]
    (root / "domain/airbook/domain/new.py").touch()
    (root / "domain/airbook/domain/b.py").unlink()
    assert changed_files(root, None) == ["domain/airbook/domain/new.py"]


def test_with_an_upstream_everything_that_a_push_would_send_is_chosen(
    root: Path, tmp_path: Path
) -> None:
    clone = tmp_path / "clone"
    git(root, "clone", str(root), str(clone))
    assert changed_files(clone, None) == []
    commit(clone, "domain/airbook/domain/a.py")
    commit(clone, "domain/airbook/domain/c.py")
    commit(root, "domain/airbook/domain/b.py")
    git(clone, "fetch")
    assert changed_files(clone, None) == [
        "domain/airbook/domain/a.py",
        "domain/airbook/domain/c.py",
    ]


def test_a_base_that_is_named_is_the_base(root: Path) -> None:
    assert changed_files(root, "HEAD~2") == product_files(root)
