"""Images on their way from the engine of this machine into the cluster.

REHEARSAL_REGISTRY names a registry, with a path, to push them to. Otherwise REHEARSAL_LOAD is a
command that reads an archive of `docker save` from its standard input. AIRBOOK_IMAGE names an image
of airbook that is there already, instead of that of the last commit.
"""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Collection, Mapping

from tests.containers import standins
from tests.containers.building import build, is_built, version
from tests.containers.building import name as name_of_image
from tests.containers.engine import Engine, NoEngineError, find_engine

SECONDS = 600.0
NEXT = "next"


class Images:
    """The images of a rehearsal, by the names that they have in the cluster.

    own: airbook. newer: airbook once more, as its next version. postgres, kafka, prometheus: what
    stands around it.
    """

    def __init__(self, engine: Engine, there: Collection[str]) -> None:
        """Build and load all of them. Raises NoEngineError if they cannot be built or loaded.

        there: the names of those that the cluster has.
        """
        built = os.environ.get("AIRBOOK_IMAGE") or own(engine)
        self._around = standins.images(engine)
        named = [self._around[f"{name}_IMAGE"] for name in ("POSTGRES", "KAFKA", "PROMETHEUS")]
        self._digest = engine.printed("image", "inspect", "--format={{.Id}}", built)
        self.own, self.newer, self.postgres, self.kafka, self.prometheus = (
            loaded(engine, one, there) for one in (built, newer(engine, built), *named)
        )

    def about(self) -> Mapping[str, str]:
        """Return what the page says of them."""
        around = [name for part, name in self._around.items() if part != "PROXY_IMAGE"]
        made = any("standin" in name for name in around)
        said = ", ".join(f"`{name}`" for name in around)
        packaged = " (made of Debian's packages)" if made else ""
        return {"airbook": f"{version()}, image `{self._digest}`", "around it": said + packaged}


def images(there: Collection[str]) -> Images:
    """Return the images in the cluster. Raises NoEngineError. there: those that it has."""
    return Images(find_engine(), there)


def own(engine: Engine) -> str:
    """Return the image of the last commit, which is built unless it is there."""
    return name_of_image() if is_built(engine) else build(engine)


def newer(engine: Engine, built: str) -> str:
    """Make the same airbook an image of its own, as a new version would be; return its name."""
    name = f"{built}-{NEXT}"
    text = f"FROM {built}\nLABEL org.opencontainers.image.version={version()}-{NEXT}\n"
    engine.run("build", "--tag", name, "-", given=text.encode())
    return name


def loaded(engine: Engine, name: str, there: Collection[str]) -> str:
    """Bring an image into the cluster; return its name there. Raises NoEngineError.

    The name ends with the digest, so that an image of another build is never taken for it.
    """
    digest = engine.printed("image", "inspect", "--format={{.Id}}", name).partition(":")[2]
    registry = os.environ.get("REHEARSAL_REGISTRY")
    named = f"{registry}/{name}-{digest[:12]}" if registry else f"{name}-{digest[:12]}"
    if any(one.endswith(named) for one in there):
        return named
    engine.run("tag", name, named)
    if registry:
        engine.run("push", named, seconds=SECONDS)
    else:
        load(engine, named)
    return named


def load(engine: Engine, name: str) -> None:
    """Give an image to the command of REHEARSAL_LOAD. Raises NoEngineError if that fails."""
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
