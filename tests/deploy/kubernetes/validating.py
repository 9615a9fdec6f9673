"""A program that checks documents against schemas: those of Kubernetes, Istio and the operator.

It runs apart from the tests, with packages that must not be in their environment: a gateway loads
pydantic wherever it can. It reads lists of documents as JSON, and prints a list of faults for each.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from importlib import import_module
from typing import Any, TypeAlias

Json: TypeAlias = "dict[str, Json] | list[Json] | str | float | bool | None"

VERSIONS = ("1.30", "1.37")  # of Kubernetes: the oldest that the manifests need, and the newest
MODELS = {  # by the version of an API
    "monitoring.coreos.com/v1": "cloudcoil.models.prometheus_operator.v1",
    "networking.istio.io/v1": "cloudcoil.models.istio.networking.v1",
    "security.istio.io/v1": "cloudcoil.models.istio.security.v1",
}


def faults(document: dict[str, Any]) -> list[str]:
    """List what is wrong with a document: its kind, its fields, or their values."""
    try:
        if module := MODELS.get(document["apiVersion"]):
            check_by_model(getattr(import_module(module), document["kind"]), document)
        else:
            check_by_schema(document)
    except Exception as error:  # noqa: BLE001 -- each library has errors of its own
        name = f"{document['kind']}/{document['metadata']['name']}"
        said = getattr(error, "message", None) or str(error)
        return [f"{name}: {said}"]
    return []


def check_by_model(model: Any, document: dict[str, Json]) -> None:  # noqa: ANN401 -- of pydantic
    """Check a document by a model, which leaves out the fields that it does not know."""
    known = model.model_validate(document).model_dump(
        mode="json", by_alias=True, exclude_unset=True
    )
    kept = dict(leaves(known))
    if lost := [path for path, value in leaves(document) if kept.get(path) != value]:
        raise ValueError(f"{', '.join(lost)}: unknown, or of another type")


def leaves(value: Json, path: str = "") -> Iterator[tuple[str, Json]]:
    """Yield the path of each value in a document that has no others in it, and the value."""
    if isinstance(value, dict) and value:
        for name, inner in value.items():
            yield from leaves(inner, f"{path}.{name}")
    elif isinstance(value, list) and value:
        for index, inner in enumerate(value):
            yield from leaves(inner, f"{path}[{index}]")
    else:
        yield path, value


def check_by_schema(document: dict[str, Json]) -> None:
    """Check a document of Kubernetes itself, in the oldest and in the newest version."""
    validate = import_module("kubernetes_validate").validate
    for version in VERSIONS:
        validate(document, version, strict=True)


if __name__ == "__main__":
    checked = [[*map(faults, documents)] for documents in json.load(sys.stdin)]
    json.dump([[one for found in each for one in found] for each in checked], sys.stdout)
