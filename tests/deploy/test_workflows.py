"""The workflows of GitHub: what critical readers find in them, and what their scripts do."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from msgspec import yaml

from tests.deploy.programs import Ended, Programs, is_a_script
from tests.support.home import ROOT

FOLDER = ROOT / ".github"
WORKFLOWS = sorted((FOLDER / "workflows").iterdir())
TEST, RELEASE = ("test.yml", "release.yml")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
USED = re.compile(r"^ +uses: ([\w/.-]+)@(\S+)(?: # (v\d+\.\d+\.\d+))?$", re.MULTILINE)
MADE_FROM = (
    *("constraints.txt", "pyproject.toml", "hatch_build.py", "compile_modules.py"),
    "tests/deploy/kubernetes/requirements.txt",
)
DIGEST = f"sha256:{'5' * 64}"
IMAGE = "ghcr.io/kim/airbook"
GIVEN = {
    "GITHUB_ACTOR": "kim",
    "GITHUB_REPOSITORY": "Kim/Airbook",
    "GITHUB_REF_NAME": "v0.2.0",
    "TOKEN": "a token of this run",
}


def jobs(name: str) -> dict[str, Any]:
    read: dict[str, Any] = yaml.decode((FOLDER / "workflows" / name).read_text())["jobs"]
    return read


def script(name: str, job: str, step: str) -> str:
    """Return the script of a step, which bash runs until a command fails."""
    [found] = [one["run"] for one in jobs(name)[job]["steps"] if one["name"] == step]
    return f"set -eo pipefail\n{found}"


SCRIPTS = {
    f"{file.name}, {job}: {step['name']}": step["run"]
    for file in WORKFLOWS
    for job, content in jobs(file.name).items()
    for step in content.get("steps", [])
    if "run" in step
}


def findings(root: Path) -> list[str]:
    """Return what zizmor and actionlint say against the workflows of a repository."""
    (root / ".git").mkdir(exist_ok=True)
    programs = Path(sys.executable).parent
    zizmor = ["zizmor", "--quiet", "--no-progress", "--offline", "--pedantic", "--format=plain"]
    found = list[str]()
    for words in ([*zizmor, "--strict-collection", "."], ["actionlint", "-oneline"]):
        ran = subprocess.run(
            [programs / words[0], *words[1:]],
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=root,
        )
        if ran.returncode:
            found.append(ran.stdout)
    return found


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Make a repository with the workflows and nothing else."""
    copytree(FOLDER, tmp_path / ".github")
    return tmp_path


def test_critical_readers_find_nothing(repository: Path):
    assert findings(repository) == []


@pytest.mark.parametrize(
    ("file", "before", "after", "complaint"),
    [
        (TEST, r"(actions/checkout)@\S+ # \S+", r"\1@v7", "unpinned-uses"),
        (TEST, r"\n +with:\n +persist-credentials: false", "", "artipacked"),
        (TEST, r"\npermissions: \{\}\n", "\n", "excessive-permissions"),
        (TEST, r"run: make check", "run: echo ${{ github.head_ref }}", "template-injection"),
        (TEST, r"timeout-minutes: 30", "timeout: 30", 'unexpected key "timeout"'),
        (RELEASE, r"contents: write # .*", "contents: write", "undocumented-permissions"),
        (RELEASE, r"steps\.push\.outputs\.image }}\n", "steps.pull.outputs.image }}\n", "pull"),
        (RELEASE, r"needs: \[test, build\]", "needs: [test, bild]", "bild"),
    ],
)
def test_critical_readers_find_a_fault(
    repository: Path, file: str, before: str, after: str, complaint: str
):
    path = repository / ".github/workflows" / file
    text, count = re.subn(before, after, path.read_text())
    path.write_text(text)
    assert count > 0
    assert complaint in "".join(findings(repository))


def test_an_update_without_a_cooldown_is_found(repository: Path):
    path = repository / ".github/dependabot.yml"
    path.write_text(path.read_text().replace("      default-days: 7\n", ""))
    assert "dependabot-cooldown" in "".join(findings(repository))


def test_an_action_is_one_commit_in_all_workflows_and_its_version_stands_beside_it():
    used = set(USED.findall("".join(file.read_text() for file in WORKFLOWS)))
    assert len(used) == len({action for action, _, _ in used}) >= 7
    assert all(re.fullmatch(r"[0-9a-f]{40}", commit) and version for _, commit, version in used)


def test_the_checks_run_on_each_python_from_the_oldest_that_is_supported():
    pythons = jobs(TEST)["check"]["strategy"]["matrix"]["python"]
    assert pythons == ["3.11", "3.12", "3.13", "3.14"]
    assert PROJECT["requires-python"] == f">={pythons[0]}"


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_is_one_that_bash_reads(name: str):
    assert is_a_script(SCRIPTS[name])


@pytest.mark.parametrize("name", [name for name in SCRIPTS if "make " in SCRIPTS[name]])
def test_a_script_makes_what_there_is_to_make(tmp_path: Path, name: str):
    stand_ins = Programs(tmp_path, "make", "mkdir", "python", "docker")
    environ = {"GITHUB_REF_NAME": "v0.2.0"}
    (tmp_path / "build").mkdir()
    (tmp_path / "Makefile").symlink_to(ROOT / "Makefile")
    for path in MADE_FROM:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).symlink_to(ROOT / path)
    assert stand_ins.run(f"set -e\n{SCRIPTS[name]}", environ, tmp_path) == Ended(0, "")


def test_only_jobs_that_run_no_code_of_others_may_write_or_sign():
    writing = {
        job: content
        for job, content in jobs(RELEASE).items()
        if {"write"} & set(content["permissions"].values())
    }
    assert set(writing) == {"image", "wheel", "release"}
    for content in writing.values():
        scripts = "".join(step.get("run", "") for step in content["steps"])
        assert not re.search(r"\b(checkout|make|pip|python)\b", scripts)
        assert all("checkout" not in step.get("uses", "") for step in content["steps"])


def test_the_image_is_pushed_under_its_version_and_known_by_its_digest(tmp_path: Path):
    output = tmp_path / "output"
    digest = f"{IMAGE}@{DIGEST}"
    stand_ins = Programs(tmp_path, "docker", prints={"docker image inspect": digest})
    environ = {**GIVEN, "GITHUB_OUTPUT": str(output)}
    ended = stand_ins.run(script(RELEASE, "image", "Push the image"), environ, tmp_path)
    assert ended == Ended(0, "")
    assert output.read_text() == f"image={IMAGE}\ndigest={DIGEST}\n"
    assert stand_ins.calls == [
        f"docker login ghcr.io --username kim --password-stdin < {GIVEN['TOKEN']}",
        "docker load --input build/image.tar.gz",
        f"docker tag airbook:0.2.0 {IMAGE}:0.2.0",
        f"docker push {IMAGE}:0.2.0",
        f"docker image inspect --format {{{{index .RepoDigests 0}}}} {IMAGE}:0.2.0",
    ]


def test_an_image_that_is_not_pushed_has_no_digest(tmp_path: Path):
    output = tmp_path / "output"
    stand_ins = Programs(tmp_path, "docker", fails="docker push")
    environ = {**GIVEN, "GITHUB_OUTPUT": str(output)}
    ended = stand_ins.run(script(RELEASE, "image", "Push the image"), environ, tmp_path)
    assert (ended.code, output.exists()) == (1, False)


def test_the_release_has_the_notes_the_distributions_and_the_list_of_packages(tmp_path: Path):
    for name in ("build", "distributions"):
        (tmp_path / name).mkdir()
    for name in ("notes.md", "image.tar.gz", "airbook-0.2.0.cdx.json"):
        (tmp_path / "build" / name).write_text("- Meals.\n")
    for name in ("airbook-0.2.0.tar.gz", "airbook-0.2.0-py3-none-any.whl"):
        (tmp_path / "distributions" / name).touch()
    step = "Publish the notes, the distributions and the list of packages"
    stand_ins = Programs(tmp_path, "gh")
    environ = {**GIVEN, "IMAGE": f"{IMAGE}@{DIGEST}"}
    assert stand_ins.run(script(RELEASE, "release", step), environ, tmp_path) == Ended(0, "")
    assert (tmp_path / "build/notes.md").read_text() == f"- Meals.\n\nImage: `{IMAGE}@{DIGEST}`\n"
    [call] = stand_ins.calls
    assert call == (
        "gh release create v0.2.0 --verify-tag --title airbook 0.2.0 --notes-file build/notes.md "
        "distributions/airbook-0.2.0-py3-none-any.whl distributions/airbook-0.2.0.tar.gz "
        "build/airbook-0.2.0.cdx.json"
    )
