"""`make image`: build the image, with the same digest from the same sources, and describe it."""

from __future__ import annotations

import configparser
import os
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.containers.bases import bases
from tests.containers.engine import Engine, NoEngineError, find_engine
from tests.containers.reproducible import with_one_time
from tests.containers.sbom import write_sbom

ROOT = Path(__file__).parents[2]
BUNDLES = ("PIP_CERT", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")
INDEXES = {"PIP_INDEX_URL": "index-url", "PIP_EXTRA_INDEX_URL": "extra-index-url"}
NO_TIME = "0"
LIMIT = 110_000_000


def version() -> str:
    """Return the version of airbook."""
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"])


def name() -> str:
    """Return the name of the image."""
    return f"airbook:{version()}"


def build(engine: Engine, *, cached: bool = True) -> str:
    """Build the image; return its name. Raises NoEngineError without a base or a network.

    cached: use the layers of an earlier build.
    """
    base, build_base = bases(engine)
    commit, moment = last_commit()
    given = {
        "BASE": base,
        "BUILD_BASE": build_base,
        "VERSION": version(),
        "REVISION": commit,
        "SOURCE_DATE_EPOCH": moment,
    }
    words = ["build", "--network=host", "--file=docker/Dockerfile", f"--tag={name()}"]
    words += [f"--build-arg={key}={value}" for key, value in given.items()]
    words += [] if cached else ["--no-cache"]
    words += [] if engine.is_docker else ["--format=docker", f"--timestamp={moment}"]
    with secrets() as options:
        engine.fetch(*words, *options, str(ROOT), seconds=1800.0)
    if engine.is_docker:
        with_one_time(engine, name(), int(moment))
    return name()


def last_commit() -> tuple[str, str]:
    """Return the hash of the last commit, and its time; neither without a repository."""
    if "SOURCE_DATE_EPOCH" in os.environ:
        return "", os.environ["SOURCE_DATE_EPOCH"]
    ran = subprocess.run(
        ["git", "log", "-1", "--format=%H %ct"],
        check=False,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    commit, _, moment = ran.stdout.strip().partition(" ")
    return commit, moment or NO_TIME


def is_built(engine: Engine) -> bool:
    """Return whether the image of the last commit is there, and nothing in it has changed since."""
    commit, _ = last_commit()
    label = '--format={{index .Config.Labels "org.opencontainers.image.revision"}}'
    ran = engine.run("image", "inspect", label, name(), check=False)
    changed = subprocess.run(
        ["git", "status", "--porcelain", "--", ".", ":!tests", ":!docs", ":!*.yaml", ":!*.yml"],
        check=False,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    is_clean = (changed.returncode, changed.stdout) == (0, "")
    return bool(commit) and is_clean and ran.stdout.decode().strip() == commit


@contextmanager
def secrets() -> Generator[Sequence[str]]:
    """Yield the options that give the index and the CA bundle of this machine to the build."""
    options = list[str]()
    with tempfile.TemporaryDirectory() as folder:
        bundle = next((os.environ[one] for one in BUNDLES if os.environ.get(one)), None)
        if bundle and Path(bundle).is_file():
            options.append(f"--secret=id=ca,src={bundle}")
        indexes = {key: os.environ[one] for one, key in INDEXES.items() if os.environ.get(one)}
        if indexes:
            written = configparser.RawConfigParser()
            written["global"] = indexes
            path = Path(folder, "pip.conf")
            with path.open("w") as file:
                written.write(file)
            options.append(f"--secret=id=pip,src={path}")
        yield options


def size(engine: Engine) -> int:
    """Return the bytes of the image."""
    return int(engine.printed("image", "inspect", "--format={{.Size}}", name()))


def layers(engine: Engine) -> Sequence[str]:
    """Return a line for each layer that holds files: its size, and what made it."""
    shown = engine.printed("history", "--no-trunc", "--format={{.Size}}\t{{.CreatedBy}}", name())
    return [line[:100] for line in shown.splitlines() if not line.startswith(("0B", "0 B"))]


def main() -> int:
    """Build the image and print its layers, its size and its digest."""
    try:
        engine = find_engine()
        build(engine)
    except NoEngineError as error:
        print(f"No image was built: {error}.", file=sys.stderr)
        return 1
    for line in layers(engine):
        print(line)
    print(f"{name()}: {size(engine) / 1e6:.1f} MB")
    print(engine.printed("image", "inspect", "--format={{.Id}}", name()))
    print(write_sbom(engine, name(), ROOT / "build" / f"airbook-{version()}.cdx.json"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
