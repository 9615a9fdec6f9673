"""The OpenAPI document, made from the routes themselves and completed with examples."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version
from inspect import cleandoc
from typing import Any

import msgspec
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.types import Method

from airbook.application.responses import Airplane, Event, Reservation, Status, Why
from airbook.application.text.labels import mark
from airbook.gateway.v1.answers import EVENT_STREAM, JSON
from airbook.gateway.v1.bodies import AirplaneChange, NewAirplane, NewReservation
from airbook.gateway.v1.openapi import examples, headers, problems
from airbook.gateway.v1.openapi.summaries import SUMMARIES
from airbook.gateway.v1.routes import create_router

Json = dict[str, Any]
TYPES = (Airplane, Reservation, Event, Status, Why, NewAirplane, AirplaneChange, NewReservation)
REFERENCE = "#/components/schemas/{name}"
DESCRIPTION = mark(
    "Reservations are requested at any time, decided in the background, and explained to everyone."
)
# Without a token in the store, everybody on the same machine is admitted.
SECURITY: list[Json] = [{"token": []}, {}]


@cache
def openapi_document() -> Json:
    """Return the document, which is built when it is first asked for."""
    config = OpenAPIConfig(
        title="airbook",
        version=version("airbook"),
        description=DESCRIPTION,
        use_handler_docstrings=True,
        operation_id_creator=operation_id,
    )
    document: Json = Litestar([create_router()], openapi_config=config).openapi_schema.to_schema()
    for path, item in document["paths"].items():
        item.pop("head", None)  # HEAD answers as GET does
        for method, operation in item.items():
            complete(operation, method, path)
    document["components"] = {
        "schemas": schemas(),
        "parameters": headers.REQUEST,
        "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
    }
    document["security"] = SECURITY
    return document


def operation_id(handler: HTTPRouteHandler, method: Method, _: object) -> str:
    """Return the name of a route's function; HEAD has one of its own, which is left out."""
    return f"{handler.handler_name}{'_head' if method == 'HEAD' else ''}"


def complete(operation: Json, method: str, path: str) -> None:
    """Complete one operation with its headers, its examples and its problems."""
    name = operation["operationId"]
    operation["summary"] = SUMMARIES[name]
    del operation["description"]
    parameters = [simplified(one) for one in operation.get("parameters", [])]
    named = [*headers.OF_OPERATIONS[name], "language"]
    operation["parameters"] = parameters + [
        {"$ref": f"#/components/parameters/{one}"} for one in named
    ]
    if name in examples.BODIES:
        operation["requestBody"]["content"][JSON]["example"] = examples.BODIES[name]
    status, answer = next(
        (status, found) for status, found in operation["responses"].items() if status[0] == "2"
    )
    answer["content"][JSON]["example"] = examples.ANSWERS[name]
    answer["headers"] = headers.ANSWERED.get(name, {})
    if name == "events":
        answer["content"][EVENT_STREAM] = {
            "schema": {"type": "string"},
            "example": examples.STREAM,
        }
    operation["responses"] = {status: answer, **problems.responses(name, path)}
    if method == "get" and "ETag" in answer["headers"]:
        operation["responses"]["304"] = {
            "description": "Not modified",
            "headers": {"ETag": headers.TAG},
        }


def simplified(parameter: Json) -> Json:
    """Return a parameter without what it is not: a parameter that is left out has no value."""
    schema = parameter["schema"]
    alternatives = schema.pop("oneOf", [{}])
    schema = {**alternatives[0], **schema}
    schema.pop("description", None)
    if schema.get("type") == "integer" and "default" in schema:
        schema["default"] = int(schema["default"])
    kept = {name: parameter[name] for name in ("name", "in", "description", "required")}
    return {**kept, "schema": schema}


def schemas() -> Json:
    """Return the schemas of all bodies, which are those that the answers are encoded by."""
    found: Json = msgspec.json.schema_components(TYPES, ref_template=REFERENCE)[1]
    for schema in found.values():
        schema["description"] = " ".join(cleandoc(schema["description"]).split())
    found[AirplaneChange.__name__]["minProperties"] = 1
    return {**found, "Problem": problems.SCHEMA}
