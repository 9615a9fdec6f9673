"""The headers of every answer: what keeps browsers safe, and what the original sends."""

from __future__ import annotations

from litestar.types import Message, Scope

HeaderPair = tuple[bytes, bytes]
# An answer that has a field of its own keeps it: the page at / has another policy.
SAFE: tuple[HeaderPair, ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cache-control", b"no-store"),
)
SAFE_NAMES = frozenset(name for name, _ in SAFE)
ORIGINAL = ("/admins", "/airplanes", "/reservations", "/customers", "/profile")
VARY: tuple[HeaderPair, ...] = (
    (b"vary", b"Origin"),
    (b"vary", b"Access-Control-Request-Method"),
    (b"vary", b"Access-Control-Request-Headers"),
)


async def complete_headers(message: Message, scope: Scope) -> None:
    """Add the headers of every answer to one, before it is sent."""
    if message["type"] != "http.response.start":
        return
    headers: list[HeaderPair] = list(message["headers"])
    present = SAFE_NAMES.intersection(name for name, _ in headers)
    headers += [pair for pair in SAFE if pair[0] not in present]
    if scope["path"].startswith(ORIGINAL):
        headers = original_headers(headers, message["status"], scope)
    message["headers"] = headers


def original_headers(headers: list[HeaderPair], status: int, scope: Scope) -> list[HeaderPair]:
    """Return headers as the original sends them: bodies come in chunks, and three fields vary."""
    if status < 400 and scope["http_version"] == "1.1":  # noqa: PLR2004
        headers = [pair for pair in headers if pair[0] != b"content-length"]
    return [*headers, *VARY]
