"""The image: its size, its contents, its digest, and how quickly a command starts in it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.containers.building import LIMIT, build, last_commit, size, version
from tests.containers.containers import Machine
from tests.containers.engine import LABEL, Engine
from tests.containers.sbom import write_sbom

MARK = f"--label={LABEL}"
PYTHON = "--entrypoint=/opt/airbook/bin/python"


def test_the_image_is_small_and_says_what_it_is(engine: Engine, image: str):
    [found] = json.loads(engine.printed("image", "inspect", image))
    config = found["Config"]
    commit, _ = last_commit()
    assert config["Labels"] == {
        "org.opencontainers.image.title": "airbook",
        "org.opencontainers.image.description": (
            "Airplane seats: reserved at any time, decided in the background, "
            "explained to everyone."
        ),
        "org.opencontainers.image.licenses": "MIT",
        "org.opencontainers.image.version": version(),
        "org.opencontainers.image.revision": commit,
    }
    assert (config["User"], config["Volumes"]) == ("10001:10001", {"/data": {}})
    assert size(engine) <= LIMIT


def test_the_image_holds_only_what_airbook_needs(here: Machine):
    code = (
        "import importlib.util as u, os, shutil\n"
        "print([one for one in ('sh', 'bash', 'pip', 'gcc', 'apt', 'dpkg') if shutil.which(one)])\n"
        "print([one for one in ('pip', 'setuptools', 'hatchling') if u.find_spec(one)])\n"
        "print(any(one.startswith('PIP') for one in os.environ))"
    )
    ran = here.engine.printed("run", "--rm", MARK, PYTHON, here.image, "-c", code)
    assert ran.splitlines() == ["[]", "[]", "False"]


def test_a_command_finds_everything_that_it_loads_compiled(here: Machine):
    code = (
        "import sys, importlib.machinery as m\n"
        "read = m.SourceFileLoader.source_to_code\n"
        "def compile(self, data, path, **k):\n"
        "    print(path); return read(self, data, path, **k)\n"
        "m.SourceFileLoader.source_to_code = compile\n"
        "sys.argv = ['airbook', 'reserve', '1', '--customer', 'kim']\n"
        "import airbook.cli.start as start\n"
        "start.run()"
    )
    ran = here.engine.run("run", "--rm", MARK, PYTHON, here.image, "-c", code)
    assert ran.stdout.decode().split("\t")[:4] == ["1", "1", "kim", "received"]


def test_what_is_in_the_image_is_listed(engine: Engine, image: str, tmp_path: Path):
    path = tmp_path / "image.cdx.json"
    write_sbom(engine, image, path)
    listed = {one["name"] for one in json.loads(path.read_text())["components"]}
    assert listed >= {"airbook", "sqlalchemy", "litestar", "confluent-kafka", "dumb-init"}


@pytest.mark.long
def test_the_same_sources_have_the_same_digest(engine: Engine, image: str):
    digest = engine.printed("image", "inspect", "--format={{.Id}}", image)
    assert digest == engine.printed(
        "image", "inspect", "--format={{.Id}}", build(engine, cached=False)
    )
