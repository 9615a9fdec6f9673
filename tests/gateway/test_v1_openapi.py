"""The OpenAPI document says what the gateway does, and a page shows it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from airbook.gateway.v1.openapi.document import openapi_document
from airbook.gateway.v1.routes import ROUTES
from tests.gateway.server import Gateway, serving
from tests.gateway.test_roles import ROLES, company
from tests.support.home import ROOT, Home

CONFIGURATION = Path(__file__).with_name("schemathesis.toml")


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (method.upper(), path, operation)
        for path, item in openapi_document()["paths"].items()
        for method, operation in item.items()
    ]


def test_every_route_is_documented_with_an_example_of_each_answer():
    documented = {(method, path) for method, path, _ in operations()}
    routes = {
        (method, f"/api/v1{path.replace(':str', '')}")
        for route in ROUTES
        for path in route.paths
        for method in route.http_methods - {"HEAD"}
    }
    assert documented == routes
    for *_, operation in operations():
        for status, response in operation["responses"].items():
            for content in response.get("content", {}).values():
                assert "example" in content or content["examples"], (operation, status)
        statuses = operation["responses"].keys()
        assert {"401", "403", "406", "422", "429", "500", "503"} <= statuses


def test_the_document_is_served(gateway: Gateway):
    reply = gateway.get("/openapi.json")
    media_type = "application/vnd.oai.openapi+json"
    assert (reply.status, reply.header("content-type")) == (200, media_type)
    assert reply.document == openapi_document()
    assert reply.document["openapi"] == "3.1.0"


def test_the_page_loads_nothing(gateway: Gateway):
    english, korean = (gateway.get("/openapi", accept_language=one) for one in ("en", "ko"))
    for reply, language in ((english, "en"), (korean, "ko")):
        assert (reply.status, reply.header("content-language")) == (200, language)
        assert (reply.header("content-security-policy") or "").startswith("default-src 'none'; ")
        page = reply.body.decode()
        assert f'<html lang="{language}">' in page
        links = re.findall(r'(?:href|src)="([^"]*)"', page)
        names = {operation["operationId"] for *_, operation in operations()}
        assert set(links) == {"/openapi.json", *(f"#{name}" for name in names)}
        assert not re.findall(r"<(?:script|img|link|iframe|object)|url\(|@import", page)
        for method, path, _ in operations():
            assert f"<code>{method} {path}</code></h2>" in page
    assert (
        "Request a seat; with Prefer: wait=2, answer once it is decided." in english.body.decode()
    )
    assert "항공기를 번호순으로 보여 줍니다." in korean.body.decode()


@pytest.mark.parametrize("role", ["anybody", *filter(None, ROLES)])
def test_no_request_that_schemathesis_invents_fails_or_is_undocumented(
    home: Home, tmp_path: Path, role: str
):
    """Send valid and invalid requests, and follow what their answers lead to.

    anybody: without a token, to a store without tokens.
    """
    headers = company(home, (role,) if role in ROLES else ()).get(role, {})
    document = tmp_path / "openapi.json"
    document.write_text(json.dumps(openapi_document()))
    with serving(home) as gateway, home.daemon():
        found = subprocess.run(
            [
                *(Path(sys.executable).with_name("schemathesis"), "--config-file", CONFIGURATION),
                *("run", document, "--url", gateway.base, "--no-color"),
                *(word for pair in headers.items() for word in ("--header", ":".join(pair))),
            ],
            cwd=tmp_path,
            env={**os.environ, "HOME": str(tmp_path), "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert found.returncode == 0, found.stdout + found.stderr
        health = gateway.get("/actuator/health").document["components"]
    assert (health["store"]["status"], health["daemon"]["status"]) == ("UP", "UP")
