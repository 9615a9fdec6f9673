"""The part of docs/http.md about today's dialect: every example prints what the page says."""

from __future__ import annotations

import re
from collections.abc import Iterator

from airbook.gateway.v1.routes import ROUTES
from tests.gateway.documented import OPTIONS, Command, commands_in, http
from tests.gateway.server import Gateway, serving
from tests.support.home import ROOT, Home

PAGE = ROOT / "docs" / "http-v1.md"
SHOWN = ("content-type", "etag", "link", "location", "preference-applied")
VARYING = {
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z": "<time>",
    r"\bc[0-9a-f]{16}\b": "<customer>",
}


def printed_by(command: Command, gateway: Gateway, home: Home) -> str:
    """Run HTTPie against a gateway; returns the status, the SHOWN headers and the body."""
    program, *words = command.words
    assert program == "http", command
    own = f"127.0.0.1:{gateway.port}"
    whole = [] if "--body" in words or "--quiet" in words else ["--print=hb"]
    words = [word.replace("localhost:8080", own) for word in words]
    text = http([*OPTIONS, *whole, *words], home.environment)
    if not whole:
        return text.strip("\n")
    head, _, body = text.partition("\n\n")
    status, *headers = head.split("\n")
    shown = [one for one in headers if one.partition(":")[0] in SHOWN]
    return "\n".join([status, *shown, "", body]).strip("\n")


def without_what_varies(text: str) -> str:
    for pattern, word in VARYING.items():
        text = re.sub(pattern, word, text)
    return text


def examples() -> Iterator[str]:
    """Yield the method and the path of each example, without its query."""
    for command in commands_in(PAGE):
        method, address = [word for word in command.words[1:] if not word.startswith("-")][:2]
        yield f"{method} {address.removeprefix('localhost:8080').partition('?')[0]}"


def test_every_example_prints_what_the_page_says(home: Home):
    with serving(home) as gateway, home.daemon():
        printed = [
            (" ".join(one.words), without_what_varies(printed_by(one, gateway, home)))
            for one in commands_in(PAGE)
        ]
    assert printed == [
        (" ".join(one.words), without_what_varies(one.printed)) for one in commands_in(PAGE)
    ]


def test_every_route_has_an_example():
    found = set(examples())
    without = [
        f"{method} {path}"
        for route in ROUTES
        for path in (f"/api/v1{one}" for one in route.paths)
        for method in sorted({str(one) for one in route.http_methods} - {"HEAD"})
        if not any(
            re.fullmatch(f"{method} {re.sub(r'{[^}]*}', '[^/]+', path)}", one) for one in found
        )
    ]
    assert without == []
