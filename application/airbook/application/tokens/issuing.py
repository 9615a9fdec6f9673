"""Making, listing and revoking tokens."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from airbook.application.responses import IssuedToken, Token
from airbook.application.tokens.table import Tokens
from airbook.application.tokens.token import Role, StoredToken, issue, parts_of
from airbook.eventlog.codec import stamp


def issue_token(
    tokens: Tokens, subject: str, role: Role, now: datetime, lifetime: timedelta | None
) -> IssuedToken:
    """Make and store a token. Raises StoreError.

    lifetime: how long the token can be used; None if it never expires.
    """
    until = None if lifetime is None else now + lifetime
    token, text = issue(subject, role, now=now, until=until)
    tokens.add(token)
    return IssuedToken(
        token.id, token.subject, token.role, token.created_at, token.expires_at, text
    )


def listed(tokens: Tokens, now: datetime) -> Sequence[Token]:
    """List all tokens with their status, oldest first. Raises StoreError."""
    return [response(token, now) for token in tokens.all()]


def revoke_token(tokens: Tokens, word: str, now: datetime) -> Token | None:
    """Revoke a token; returns None if there is none. Raises StoreError.

    word: its id, or its text. A token that was revoked before keeps the time of it.
    """
    parts = parts_of(word)
    token_id = parts[0] if parts else word
    tokens.revoke(token_id, stamp(now))
    found = tokens.find(token_id)
    return None if found is None else response(found, now)


def response(token: StoredToken, now: datetime) -> Token:
    """Return what is shown of a stored token."""
    return Token(
        token.id,
        token.subject,
        token.role,
        token.status(stamp(now)),
        token.created_at,
        token.expires_at,
        token.revoked_at,
    )
