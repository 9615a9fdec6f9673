"""The sources of the image: what the Dockerfile installs, and what a critical reader finds."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from gettext import GNUTranslations
from pathlib import Path

import pytest

from hatch_build import compile_translations
from tests.containers.bases import named_in_dockerfile
from tests.support.home import ROOT

pytestmark = pytest.mark.unit

DOCKER = ROOT / "docker"
CATALOGS = "application/airbook/application/text/locale"
PINNED = re.compile(r"^(\S+==\S+)(?: ; [^\\]*)? \\\n((?:    --hash=\S+(?: \\)?\n)+)", re.MULTILINE)


def pinned_in(file: Path) -> dict[str, set[str]]:
    """Return the hashes of each package of a file of requirements."""
    return {
        name: set(re.findall(r"sha256:\w+", hashes))
        for name, hashes in PINNED.findall(file.read_text())
    }


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-build.txt"])
def test_the_packages_of_the_image_are_those_that_are_tested(name: str):
    installed, tested = pinned_in(DOCKER / name), pinned_in(ROOT / "constraints.txt")
    assert len(installed) >= 7
    assert installed == {one: tested.get(one) for one in installed}


def test_a_critical_reader_finds_nothing():
    hadolint = Path(sys.executable).with_name("hadolint")
    ran = subprocess.run(
        [hadolint, DOCKER / "Dockerfile"], check=False, capture_output=True, text=True
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


def test_the_bases_can_be_chosen():
    assert named_in_dockerfile() == (
        "gcr.io/distroless/python3-debian12",
        "python:3.11-slim-bookworm",
    )


def test_compiled_translations_do_not_say_when_they_were_compiled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "60")
    shutil.copytree(ROOT / CATALOGS, tmp_path / CATALOGS, ignore=shutil.ignore_patterns("*.mo"))
    compile_translations(tmp_path)
    [compiled] = (tmp_path / CATALOGS).rglob("*.mo")
    with compiled.open("rb") as catalog:
        assert GNUTranslations(catalog).info()["pot-creation-date"] == "1970-01-01 00:01+0000"
