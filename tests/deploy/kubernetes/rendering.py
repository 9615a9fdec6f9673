"""The overlays as kubectl renders them, and what is in them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from msgspec import yaml

ROOT = Path(__file__).parents[3]
KUBERNETES = ROOT / "deploy/kubernetes"
OVERLAYS = sorted(one.name for one in (KUBERNETES / "overlays").iterdir())
Document = dict[str, Any]
Documents = Sequence[Document]
WITH_PODS = ("Deployment", "Job")


def render(folder: Path) -> list[Document]:
    """Render a folder with the kubectl of the development environment; returns its documents."""
    kubectl = Path(sys.executable).parent / "kubectl"
    ended = subprocess.run(
        [kubectl, "kustomize", folder], capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stderr) == (0, ""), ended.stderr
    return [yaml.decode(one) for one in ended.stdout.split("\n---\n")]


@cache
def overlay(name: str) -> Documents:
    """Return the documents of one of OVERLAYS, which must not be changed."""
    return tuple(render(KUBERNETES / "overlays" / name))


def name_of(document: Document) -> str:
    """Return the kind and the name of a document: Service/airbook-gateway."""
    return f"{document['kind']}/{document['metadata']['name']}"


def named(documents: Documents, name: str) -> Document:
    """Return the document with this kind and name."""
    [found] = [one for one in documents if name_of(one) == name]
    return found


def of_kind(documents: Documents, *kinds: str) -> list[Document]:
    """Return the documents of some kinds."""
    return [one for one in documents if one["kind"] in kinds]


def pods(documents: Documents) -> Iterator[tuple[str, Document]]:
    """Yield the name of each document that makes pods, with the specification of its pods."""
    for one in of_kind(documents, *WITH_PODS):
        yield name_of(one), one["spec"]["template"]["spec"]


def containers(documents: Documents) -> Iterator[tuple[str, Document]]:
    """Yield each container with its name: Deployment/airbook-gateway/gateway."""
    for name, pod in pods(documents):
        for container in (*pod.get("initContainers", ()), *pod["containers"]):
            yield f"{name}/{container['name']}", container
