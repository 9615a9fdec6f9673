"""The notes of a release: taken from the changelog, and refused where the files do not agree."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.support.home import ROOT

SECTION = "## [0.2.0] - 2026-12-31\n\n### Added\n\n- Meals.\n"
OLDER = "\n## [0.1.0] - 2026-11-30\n\n- Seats.\n\n[0.1.0]: https://example.org/0.1.0\n"
UNRELEASED = "## [Unreleased]\n\n{}\n"


def notes(folder: Path, changelog: str, tag: str = "v0.2.0") -> tuple[int, str, str]:
    """Run the program for version 0.2.0; returns its exit code and its outputs."""
    (folder / "pyproject.toml").write_text('[project]\nversion = "0.2.0"\n')
    (folder / "CHANGELOG.md").write_text(f"# Changelog\n\n{changelog}")
    ran = subprocess.run(
        [sys.executable, ROOT / "release_notes.py", tag],
        check=False,
        capture_output=True,
        text=True,
        cwd=folder,
    )
    return ran.returncode, ran.stdout, ran.stderr


@pytest.mark.parametrize(
    "changelog",
    [
        pytest.param(SECTION + OLDER, id="before an older version"),
        pytest.param(SECTION, id="alone"),
        pytest.param(UNRELEASED.format("") + SECTION + OLDER, id="below an empty Unreleased"),
        pytest.param(SECTION + "\n[0.2.0]: https://example.org/0.2.0\n", id="with an address"),
    ],
)
def test_the_notes_are_the_section_of_the_version(tmp_path: Path, changelog: str):
    assert notes(tmp_path, changelog) == (0, "### Added\n\n- Meals.\n", "")


@pytest.mark.parametrize(
    ("changelog", "sentence"),
    [
        (OLDER, "CHANGELOG.md has no section for 0.2.0."),
        (UNRELEASED.format("- Meals.") + OLDER, "CHANGELOG.md has no section for 0.2.0."),
        ("## [0.2.0] - 2026-12-31\n" + OLDER, "CHANGELOG.md says nothing about 0.2.0."),
        (
            UNRELEASED.format("- Wine.") + SECTION,
            "CHANGELOG.md has changes under Unreleased, and not under 0.2.0.",
        ),
        *(
            (
                f"## [0.2.0]{day}\n\n- Meals.\n",
                "CHANGELOG.md does not say on which day 0.2.0 is released, like 2026-12-31.",
            )
            for day in ("", " - unreleased", " - 2026-13-01", " - 20261231")
        ),
    ],
)
def test_a_changelog_that_does_not_release_the_version_is_refused(
    tmp_path: Path, changelog: str, sentence: str
):
    assert notes(tmp_path, changelog) == (1, "", f"{sentence}\n")


@pytest.mark.parametrize("tag", ["v0.1.0", "0.2.0", "v0.2.0-rc1", "main"])
def test_a_tag_of_another_version_is_refused(tmp_path: Path, tag: str):
    sentence = f"The tag {tag} does not name the version in pyproject.toml, which is 0.2.0.\n"
    assert notes(tmp_path, SECTION, tag) == (1, "", sentence)


def test_the_changelog_of_airbook_has_notes_once_it_says_the_day(tmp_path: Path):
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    heading = re.compile(rf"^## \[{re.escape(version)}\] - .*$", re.MULTILINE)
    text, found = heading.subn("## [0.2.0] - 2026-12-31", (ROOT / "CHANGELOG.md").read_text())
    code, said, complaint = notes(tmp_path, text)
    assert (found, code, complaint) == (1, 0, "")
    assert said.startswith("### ")
    assert "\n## " not in said
