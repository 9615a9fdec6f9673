"""A token: how it is made, what is stored of it, and how a shown one is recognized.

Only its HMAC-SHA-256 is stored, so that a copy of the database holds nothing that opens a door.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from datetime import datetime
from typing import Literal, get_args

from msgspec import Struct

from airbook.eventlog.codec import stamp

Role = Literal["admin", "customer", "reader", "metrics"]
TokenStatus = Literal["active", "expired", "revoked"]
ROLES: tuple[Role, ...] = get_args(Role)
SECRET_BYTES = 16  # 128 random bits cannot be guessed, so that no slow hash is needed
TOKEN = re.compile(r"airbook_([0-9a-f]{8})_([A-Za-z0-9_-]{22})", re.ASCII)


class StoredToken(Struct, frozen=True):
    """What is stored of a token.

    id: its public part, 8 hexadecimal digits. subject: the name of whom it stands for, who is the
    actor of its commands, and the customer of a customer's token. key, mac: the HMAC of its secret
    part. Times are UTC in ISO 8601; expires_at: null for a token that never expires.
    """

    id: str
    subject: str
    role: Role
    key: bytes
    mac: bytes
    created_at: str
    expires_at: str | None = None
    revoked_at: str | None = None

    def status(self, now: str) -> TokenStatus:
        """Return whether the token can be used at a time. now: UTC in ISO 8601."""
        if self.revoked_at is not None:
            return "revoked"
        is_over = self.expires_at is not None and self.expires_at <= now
        return "expired" if is_over else "active"


def issue(
    subject: str, role: Role, *, now: datetime, until: datetime | None
) -> tuple[StoredToken, str]:
    """Make a token; returns what is stored of it, and its text, which is shown once.

    until: when it expires; None for a token that never does.
    """
    number, secret = secrets.token_hex(4), secrets.token_urlsafe(SECRET_BYTES)
    key = secrets.token_bytes(SECRET_BYTES)
    expires_at = None if until is None else stamp(until)
    token = StoredToken(number, subject, role, key, mac_of(key, secret), stamp(now), expires_at)
    return token, f"airbook_{number}_{secret}"


def parts_of(text: str) -> tuple[str, str] | None:
    """Return the public and the secret part of a token's text; None if it is no token."""
    found = TOKEN.fullmatch(text)
    return (found[1], found[2]) if found else None


def is_secret_of(token: StoredToken, secret: str) -> bool:
    """Return whether a secret belongs to a token; the comparison takes the same time for all."""
    return hmac.compare_digest(mac_of(token.key, secret), token.mac)


def mac_of(key: bytes, secret: str) -> bytes:
    """Return the HMAC-SHA-256 of a secret."""
    return hmac.digest(key, secret.encode(), hashlib.sha256)
