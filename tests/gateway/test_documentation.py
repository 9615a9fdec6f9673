"""docs/http.md: every example prints what the page says, and every route has an example."""

from __future__ import annotations

import re
from collections.abc import Iterator

from airbook.gateway.seed.routes import ROUTES
from tests.gateway.documented import commands_in, printed_by, printed_in
from tests.gateway.server import serving
from tests.support.home import ROOT, Home

PAGE = ROOT / "docs" / "http.md"


def requests() -> Iterator[str]:
    """Yield the method and the path of each example, without its query."""
    for command in commands_in(PAGE):
        if command.words[0] == "http":
            method, address = [word for word in command.words[1:] if not word.startswith("-")][:2]
            yield f"{method} {address.removeprefix('localhost:8080')}"


def test_every_example_prints_what_the_page_says(home: Home):
    with serving(home) as gateway:
        printed = printed_by(PAGE, gateway, home)
    assert printed == printed_in(PAGE)


def test_every_route_of_the_original_has_an_example():
    examples = set(requests())
    without = [
        f"{method} {path}"
        for route in ROUTES
        for path in route.paths
        for method in sorted({str(one) for one in route.http_methods} - {"HEAD"})
        if not any(
            re.fullmatch(f"{method} {re.sub(r'{[^}]*}', '[^/?]+', path)}", one) for one in examples
        )
    ]
    assert without == []
