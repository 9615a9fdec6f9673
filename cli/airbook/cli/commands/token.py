"""The commands below `token`: who may use the HTTP gateway, and as what."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing, contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from airbook.application.sorting import Sorting, sort_rows
from airbook.application.text import parsing
from airbook.application.text.labels import mark
from airbook.application.tokens.token import Role
from airbook.cli.framework.completion import (
    complete_customers,
    complete_lifetimes,
    complete_tokens,
)
from airbook.cli.framework.grammar import Command, group
from airbook.cli.framework.session import FOR_PEOPLE, Session, session_of
from airbook.cli.framework.sorting import sort_option
from airbook.cli.output.tables import TOKENS
from airbook.domain.refusal import Refused

if TYPE_CHECKING:
    from airbook.application.tokens.table import Tokens


def register(app: typer.Typer) -> None:
    """Add the group `token`."""
    token = group(help=mark("The tokens with which programs and browsers use the gateway."))
    token.command("create", cls=Command)(create)
    token.command("list", cls=Command)(list_)
    token.command("revoke", cls=Command)(revoke)
    app.add_typer(token, name="token")


@contextmanager
def open_tokens(session: Session) -> Generator[Tokens]:
    """Open the tokens of the store of this run. Raises StoreError."""
    with closing(session.settings.store.open_tokens()) as tokens:
        yield tokens


def create(
    ctx: typer.Context,
    subject: Annotated[
        str,
        typer.Argument(
            metavar="SUBJECT",
            parser=parsing.actor,
            autocompletion=complete_customers,
            help=mark("The person or the program that the token stands for."),
        ),
    ],
    role: Annotated[
        Role,
        typer.Option(
            help=mark(
                "What the token allows: everything, the subject's own reservations, reading, or"
                " the figures alone."
            )
        ),
    ],
    expires: Annotated[
        timedelta | None,
        typer.Option(
            parser=parsing.lifetime,
            metavar="DURATION",
            autocompletion=complete_lifetimes,
            help=mark("How long the token can be used, such as 30d, or never."),
        ),
    ] = "90d",  # type: ignore[assignment]  # Typer parses defaults too
) -> None:
    """Make a token. It is shown this once: only a hash of it is stored.

    airbook token create kim --role customer
    airbook token create check-in --role admin --expires 365d
    airbook token create prometheus --role metrics --expires never
    """
    from airbook.application.tokens.issuing import issue_token

    session = session_of(ctx)
    # Tokens of a store that is not there would open the store that is made there later.
    session.airbook.log.head()
    with open_tokens(session) as tokens:
        issued = issue_token(tokens, subject, role, session.airbook.clock(), expires)
    session.printer.one(issued, mark("Token {token_id} of {subject}, {role}: {token}"))
    if session.format in FOR_PEOPLE:
        session.print_note(
            mark("The token is shown this once: keep it where only its user reads it.")
        )


def list_(
    ctx: typer.Context,
    sort: Annotated[Sorting | None, sort_option(TOKENS)] = None,
) -> None:
    """List all tokens, without their secrets.

    airbook token list
    """
    from airbook.application.tokens.issuing import listed

    session = session_of(ctx)
    with open_tokens(session) as tokens:
        found = listed(tokens, session.airbook.clock())
    session.printer.many(sort_rows(found, sort), TOKENS, mark("There are no tokens."))


def revoke(
    ctx: typer.Context,
    token: Annotated[
        str,
        typer.Argument(
            metavar="TOKEN",
            autocompletion=complete_tokens,
            help=mark("The token's id, or the token itself."),
        ),
    ],
) -> None:
    """Let a token never be accepted again; gateways that run notice it within a second.

    airbook token revoke 1f0c22ab
    """
    from airbook.application.tokens.issuing import revoke_token

    session = session_of(ctx)
    with open_tokens(session) as tokens:
        revoked = revoke_token(tokens, token, session.airbook.clock())
    if revoked is None:
        raise Refused("no_such_token", mark("There is no token {token}."), token=shown_id(token))
    session.printer.one(revoked, mark("Token {token_id} of {subject} is revoked."))


def shown_id(word: str) -> str:
    """Return a typed token as an error shows it: never its secret part."""
    from airbook.application.text.terminal import shown
    from airbook.application.tokens.token import parts_of

    parts = parts_of(word)
    return shown(parts[0] if parts else word)
