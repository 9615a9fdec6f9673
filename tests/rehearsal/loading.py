"""Images on their way from the engine of this machine into the cluster.

REHEARSAL_REGISTRY names a registry, with a path, to push them to. Otherwise REHEARSAL_LOAD is a
command that reads an archive of `docker save` from its standard input. AIRBOOK_IMAGE names an image
of airbook that is there already, instead of that of the last commit.
"""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Mapping

from tests.containers import standins
from tests.containers.building import build, is_built, version
from tests.containers.building import name as name_of_image
from tests.containers.engine import Engine, NoEngineError, find_engine

SECONDS = 600.0
NEXT = "next"


class Images:
    """The images of a rehearsal, by the names that they have in the cluster.

    own: airbook. newer: airbook once more, as its next version. postgres, kafka, prometheus: what
    stands around it. digest: of airbook.
    """

    def __init__(self, engine: Engine) -> None:
        """Build and load all of them. Raises NoEngineError if they cannot be built or loaded."""
        given = os.environ.get("AIRBOOK_IMAGE")
        built = given or (name_of_image() if is_built(engine) else build(engine))
        self.digest = engine.printed("image", "inspect", "--format={{.Id}}", built)
        self.own = loaded(engine, built)
        self.newer = loaded(engine, newer(engine, built))
        around = standins.images(engine)
        self.postgres, self.kafka, self.prometheus = (
            loaded(engine, around[f"{name}_IMAGE"]) for name in ("POSTGRES", "KAFKA", "PROMETHEUS")
        )

    def about(self) -> Mapping[str, str]:
        """Return what the page says of them."""
        stand_ins = [
            one for one in (self.postgres, self.kafka, self.prometheus) if "standin" in one
        ]
        return {
            "airbook": f"{version()}, image `{self.digest}`",
            "PostgreSQL, Kafka, Prometheus": ", ".join(
                f"`{one}`" for one in (self.postgres, self.kafka, self.prometheus)
            )
            + (": made of Debian's packages, without a registry" if stand_ins else ""),
        }


def images() -> Images:
    """Return the images in the cluster. Raises NoEngineError."""
    return Images(find_engine())


def newer(engine: Engine, built: str) -> str:
    """Make the same airbook an image of its own, as a new version would be; return its name."""
    name = f"{built}-{NEXT}"
    text = f"FROM {built}\nLABEL org.opencontainers.image.version={version()}-{NEXT}\n"
    engine.run("build", "--tag", name, "-", given=text.encode())
    return name


def loaded(engine: Engine, name: str) -> str:
    """Bring an image into the cluster; return its name there. Raises NoEngineError."""
    if registry := os.environ.get("REHEARSAL_REGISTRY"):
        there = f"{registry}/{name}"
        engine.run("tag", name, there)
        engine.run("push", there, seconds=SECONDS)
        return there
    command = os.environ.get("REHEARSAL_LOAD")
    if not command:
        hint = "set REHEARSAL_LOAD, for example 'kind load image-archive /dev/stdin'"
        raise NoEngineError(f"it is not said how an image comes into the cluster: {hint}")
    with subprocess.Popen([engine.program, "save", name], stdout=subprocess.PIPE) as saved:
        taken = subprocess.run(
            shlex.split(command),
            stdin=saved.stdout,
            check=False,
            capture_output=True,
            timeout=SECONDS,
        )
    if taken.returncode or saved.returncode:
        said = (taken.stderr or taken.stdout).decode().strip()
        raise NoEngineError(f"{name} does not come into the cluster: {said}")
    return name
