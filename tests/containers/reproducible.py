"""One time for everything in an image, so that the same contents have the same digest.

The files of the image have one time already. The engine adds the times at which it made the layers;
newer builders take SOURCE_DATE_EPOCH for them, the one in Debian's docker does not.
"""

from __future__ import annotations

import io
import json
import tarfile
from datetime import UTC, datetime
from hashlib import sha256
from typing import TypedDict

from tests.containers.engine import Engine


def with_one_time(engine: Engine, name: str, moment: int) -> None:
    """Replace an image by the same with other times. moment: in seconds since 1970."""
    saved = io.BytesIO(engine.run("save", name).stdout)
    rewritten = io.BytesIO()
    with tarfile.open(fileobj=saved) as before, tarfile.open(fileobj=rewritten, mode="w") as after:
        contents = {one.name: before.extractfile(one) for one in before if one.isfile()}
        [image] = json.loads(read(contents["manifest.json"]))
        config = json.loads(read(contents[image["Config"]]))
        if created_at(config, datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")):
            return
        text = json.dumps(config).encode()
        image["Config"] = f"{sha256(text).hexdigest()}.json"
        add(after, image["Config"], text)
        for layer in image["Layers"]:
            add(after, layer, read(contents[layer]))
        add(after, "manifest.json", json.dumps([image]).encode())
    engine.run("load", given=rewritten.getvalue())


class Config(TypedDict):
    """What is read of the configuration of an image."""

    created: str
    history: list[dict[str, object]]


def created_at(config: Config, time: str) -> bool:
    """Give the configuration of an image one time; return whether it had it already."""
    before = json.dumps(config)
    config["created"] = time
    for one in config["history"]:
        one["created"] = time
    return json.dumps(config) == before


def read(file: object) -> bytes:
    """Return the contents of a file of an archive."""
    assert isinstance(file, (io.BufferedReader, tarfile.ExFileObject))
    return file.read()


def add(archive: tarfile.TarFile, name: str, contents: bytes) -> None:
    """Add a file to an archive."""
    info = tarfile.TarInfo(name)
    info.size = len(contents)
    archive.addfile(info, io.BytesIO(contents))
