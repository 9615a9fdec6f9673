"""The pipeline of AWS CodeBuild: what it publishes, and that it publishes nothing after a fault."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from msgspec import yaml

from tests.deploy.programs import Ended, Programs, is_a_script
from tests.support.home import ROOT

SPEC = yaml.decode((ROOT / "buildspec.yaml").read_text())
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
REGISTRY = "123456789012.dkr.ecr.ap-northeast-2.amazonaws.com"
PASSWORD = "a password of twelve hours"
COMMIT = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
GIVEN = {
    "AWS_ACCOUNT_ID": "123456789012",
    "AWS_DEFAULT_REGION": "ap-northeast-2",
    "IMAGE_REPO_NAME": "air/airbook",
    "CODEBUILD_RESOLVED_SOURCE_VERSION": COMMIT,
    "CODEBUILD_WEBHOOK_TRIGGER": "branch/main",
}
# The keys that CodeBuild's reference of version 0.2 names; below a key with None is a user's word.
PHASE = dict.fromkeys(["run-as", "on-failure", "runtime-versions", "commands", "finally"])
KEYS: dict[str, Any] = {
    "version": None,
    "run-as": None,
    "env": dict.fromkeys(
        [
            *("shell", "variables", "parameter-store", "exported-variables", "secrets-manager"),
            "git-credential-helper",
        ]
    ),
    "proxy": dict.fromkeys(["upload-artifacts", "logs"]),
    "batch": None,
    "phases": dict.fromkeys(["install", "pre_build", "build", "post_build"], PHASE),
    "reports": None,
    "artifacts": dict.fromkeys(
        [
            *(
                "files",
                "name",
                "discard-paths",
                "base-directory",
                "exclude-paths",
                "enable-symlinks",
            ),
            *("s3-prefix", "secondary-artifacts"),
        ]
    ),
    "cache": dict.fromkeys(["action", "key", "fallback-keys", "paths"]),
}
COMMANDS = [
    command
    for phase in SPEC["phases"].values()
    for command in [*phase["commands"], *phase.get("finally", [])]
]
TRIED = [
    "make .venv/ready",
    "make lint mypy pyright test-fast",
    "make image",
    "make image-test-short",
]
LOGIN = [
    "aws ecr get-login-password --region ap-northeast-2",
    f"docker login --username AWS --password-stdin {REGISTRY} < {PASSWORD}",
]
LOGOUT = f"docker logout {REGISTRY}"


def published(tag: str) -> list[str]:
    name = f"{REGISTRY}/air/airbook:{tag}"
    return [f"docker tag airbook:{VERSION} {name}", f"docker push {name}"]


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """Make a folder with what the commands read, and a changelog that gives the version a day."""
    folder = tmp_path / "sources"
    folder.mkdir()
    for path in ROOT.iterdir():
        if path.name not in {"CHANGELOG.md", "build", ".git"}:
            (folder / path.name).symlink_to(path)
    (folder / "CHANGELOG.md").write_text(f"## [{VERSION}] - 2026-12-31\n\n- Seats.\n")
    return folder


def programs(folder: Path, fails: str | None = None) -> Programs:
    """Return stand-ins for what would publish or take minutes. fails: how a call begins."""
    prints = {"aws ecr get-login-password": PASSWORD}
    return Programs(folder, "aws", "docker", "make", prints=prints, fails=fails)


def play(stand_ins: Programs, sources: Path, **given: str) -> Ended:
    """Do what CodeBuild does; what a command exports is there for the commands after it."""
    state = sources / "exported"
    environ = {**SPEC["env"]["variables"], **GIVEN, **given}

    def run(command: str) -> int:
        nonlocal environ
        ended = stand_ins.run(f"trap 'env -0 > {state}' EXIT\n{command}", environ, sources)
        environ = dict(one.split("=", 1) for one in state.read_text().split("\0") if one)
        said.append(ended.said)
        return ended.code

    said, code = list[str](), 0
    for name in ("install", "pre_build", "build", "post_build"):
        phase = SPEC["phases"][name]
        failed = next((code for one in phase["commands"] if (code := run(one))), 0)
        for one in phase.get("finally", []):
            run(one)
        code = code or failed
        if failed and (name != "build" or phase.get("on-failure") == "ABORT"):
            break
    return Ended(code, "".join(said))


def unknown(found: Mapping[str, Any], known: Mapping[str, Any], at: str = "") -> Iterator[str]:
    """Yield the keys of a document that CodeBuild does not know."""
    for key, value in found.items():
        if key not in known:
            yield f"{at}{key}"
        elif known[key] is not None:
            yield from unknown(value, known[key], f"{at}{key}.")


def test_each_key_is_one_that_codebuild_knows():
    assert list(unknown(SPEC, KEYS)) == []
    assert SPEC["version"] == 0.2


def test_a_key_that_codebuild_does_not_know_is_found():
    build = {"commands": ["make"], "on_failure": "ABORT"}
    assert list(unknown({"phases": {"build": build}}, KEYS)) == ["phases.build.on_failure"]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_is_one_that_bash_reads(command: str):
    assert SPEC["env"]["shell"] == "bash"
    assert is_a_script(command)


def test_a_push_is_published_under_its_commit(tmp_path: Path, sources: Path):
    stand_ins = programs(tmp_path)
    ended = play(stand_ins, sources)
    assert ended == Ended(0, "")
    assert stand_ins.calls == [*TRIED, *LOGIN, *published(COMMIT), LOGOUT]


def test_a_tag_is_published_under_its_version_too(tmp_path: Path, sources: Path):
    stand_ins = programs(tmp_path)
    ended = play(stand_ins, sources, CODEBUILD_WEBHOOK_TRIGGER=f"tag/v{VERSION}")
    assert ended == Ended(0, "- Seats.\n")
    assert stand_ins.calls == [*TRIED, *LOGIN, *published(COMMIT), *published(VERSION), LOGOUT]


def test_a_tag_of_another_version_ends_the_build_at_once(tmp_path: Path, sources: Path):
    stand_ins = programs(tmp_path)
    ended = play(stand_ins, sources, CODEBUILD_WEBHOOK_TRIGGER="tag/v9.9.9")
    sentence = f"The tag v9.9.9 does not name the version in pyproject.toml, which is {VERSION}.\n"
    assert (ended, stand_ins.calls) == (Ended(1, sentence), [])


@pytest.mark.parametrize("variable", ["AWS_ACCOUNT_ID", "IMAGE_REPO_NAME"])
def test_a_setting_that_is_missing_is_told_before_anything_is_made(
    tmp_path: Path, sources: Path, variable: str
):
    stand_ins = programs(tmp_path)
    ended = play(stand_ins, sources, **{variable: ""})
    sentence = "The project has to set AWS_ACCOUNT_ID and IMAGE_REPO_NAME.\n"
    assert (ended, stand_ins.calls) == (Ended(1, sentence), [])


@pytest.mark.parametrize("fails", [*TRIED, LOGIN[0], "docker login", "docker tag"])
def test_after_a_step_that_fails_nothing_is_published(tmp_path: Path, sources: Path, fails: str):
    stand_ins = programs(tmp_path, fails)
    ended = play(stand_ins, sources, CODEBUILD_WEBHOOK_TRIGGER=f"tag/v{VERSION}")
    assert ended.code != 0
    assert not any(call.startswith("docker push") for call in stand_ins.calls)
    assert PASSWORD not in ended.said


def test_an_image_that_cannot_be_pushed_fails_the_build(tmp_path: Path, sources: Path):
    assert play(programs(tmp_path, "docker push"), sources).code != 0


def test_the_packages_that_pip_has_fetched_are_kept_for_the_next_build():
    assert SPEC["cache"]["paths"] == [f"{SPEC['env']['variables']['PIP_CACHE_DIR']}/**/*"]
