"""The list of what an image is made of, as CycloneDX writes it in JSON."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Set as AbstractSet
from email.parser import HeaderParser
from pathlib import Path
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

from msgspec import json

from tests.containers.engine import LABEL, Engine

PACKAGES = "/opt/airbook/lib/python3.11/site-packages"
LISTS = "/var/lib/dpkg"
ORIGIN = {"pypi": "pypi", "deb": "deb/debian"}


def write_sbom(engine: Engine, image: str, path: Path) -> str:
    """Write down the packages of Python and of Debian in an image; return what was written."""
    found = packages(engine, image)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(sbom_of(image, found))
    return f"{path.name}: {len(found)} components"


def sbom_of(image: str, found: AbstractSet[tuple[str, str, str]]) -> bytes:
    """Return the list of an image.

    It has no time, and its number is made of its contents: the same image has the same list. An
    attestation takes no list without a number.
    """
    name, _, version = image.partition(":")
    components = [
        {"type": "library", "name": name, "version": release, "purl": url, "bom-ref": url}
        for kind, name, release in sorted(found)
        for url in [f"pkg:{ORIGIN[kind]}/{quote(name)}@{quote(release)}"]
    ]
    itself = {"type": "container", "name": name, "version": version, "bom-ref": image}
    references = [image, *(one["bom-ref"] for one in components)]
    bom = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": uuid5(NAMESPACE_URL, "\n".join(references)).urn,
        "version": 1,
        "metadata": {"component": itself},
        "components": components,
        "dependencies": [{"ref": image, "dependsOn": references[1:]}],
    }
    return json.format(json.encode(bom), indent=2) + b"\n"


def packages(engine: Engine, image: str) -> set[tuple[str, str, str]]:
    """Return the kind, the name and the version of each package in an image."""
    container = engine.printed("create", f"--label={LABEL}", image)
    try:
        python = engine.run("cp", f"{container}:{PACKAGES}", "-").stdout
        debian = engine.run("cp", f"{container}:{LISTS}", "-", check=False).stdout
    finally:
        engine.run("rm", "--volumes", container)
    parse = HeaderParser().parsestr
    found = {
        ("pypi", one["Name"].lower(), one["Version"])
        for one in map(parse, files(python, "/METADATA"))
    }
    for text in files(debian, "/status", "/status.d/"):
        for one in map(parse, text.strip().split("\n\n")):
            if one["Package"]:
                found.add(("deb", one["Package"], one["Version"]))
    return found


def files(archive: bytes, *names: str) -> list[str]:
    """Return the texts of the files of an archive whose paths contain a name."""
    if not archive:
        return []
    with tarfile.open(fileobj=io.BytesIO(archive)) as opened:
        wanted = [one for one in opened if one.isfile() and any(map(one.name.__contains__, names))]
        read = [opened.extractfile(one) for one in wanted]
        return [file.read().decode(errors="replace") for file in read if file]
