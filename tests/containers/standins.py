"""The images of the stack; where no registry answers, stand-ins that run the same programs."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from tests.containers.bases import mirror, mmdebstrap, pulls
from tests.containers.engine import Engine
from tests.support.kafka_broker import TANSU

FOLDER = Path(__file__).parent / "standins"
FILE = Path(__file__).parents[2] / "docker/compose.postgres.yaml"
SUITE = "bookworm"
AIRBOOK = "AIRBOOK_IMAGE"
PACKAGES = ("postgresql-15", "haproxy", "prometheus", "netbase")
WITHOUT = ("/usr/share/doc/*", "/usr/share/man/*", "/usr/share/locale/*")
NO_CLUSTER = (
    'mkdir -p "$1/etc/postgresql-common"'
    ' && echo "create_main_cluster = false" > "$1/etc/postgresql-common/createcluster.conf"'
)


def images(engine: Engine) -> Mapping[str, str]:
    """Return the image for each variable of the compose file but that of airbook.

    A variable of the environment names an image that is used as it is. Raises NoEngineError if an
    image can neither be pulled nor made.
    """
    named = dict(re.findall(r"\$\{(\w+_IMAGE):-([^}]+)\}", FILE.read_text()))
    named.pop(AIRBOOK)
    return {
        variable: os.environ.get(variable) or image(engine, variable, own)
        for variable, own in named.items()
    }


def image(engine: Engine, variable: str, own: str) -> str:
    """Return an image of the stack if it is there or can be pulled, else its stand-in."""
    if engine.has_image(own) or pulls(engine, own):
        return own
    return stand_in(engine, variable.removesuffix("_IMAGE").lower())


def stand_in(engine: Engine, target: str) -> str:
    """Build the stand-in that is a target of the Dockerfile; returns its name."""
    name = f"airbook-standin-{target}:{SUITE}"
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(FOLDER, folder, dirs_exist_ok=True)
        shutil.copy2(TANSU, folder)
        words = (f"--target={target}", f"--tag={name}", f"--build-arg=PROGRAMS={programs(engine)}")
        engine.fetch("build", *words, folder)
    return name


def programs(engine: Engine) -> str:
    """Return the image with the programs of all stand-ins, made of packages if it is missing."""
    made_of = sha256(repr((SUITE, PACKAGES, WITHOUT)).encode()).hexdigest()[:12]
    name = f"airbook-standin-programs:{made_of}"
    if engine.has_image(name):
        return name
    with tempfile.TemporaryDirectory() as folder:
        packed = Path(folder, "programs.tar")
        mmdebstrap(
            *("--variant=minbase", "--components=main"),
            *(f"--dpkgopt=path-exclude={pattern}" for pattern in WITHOUT),
            *(f"--include={','.join(PACKAGES)}", f"--essential-hook={NO_CLUSTER}"),
            *(SUITE, str(packed), *mirror()),
        )
        engine.run("import", str(packed), name)
    return name
