"""The command that runs the HTTP gateway."""

from __future__ import annotations

import errno
from contextlib import closing
from typing import Annotated

import typer

from airbook.application.airbook import Airbook
from airbook.application.text import parsing
from airbook.application.text.labels import mark
from airbook.application.text.terminal import shown
from airbook.cli.commands.screens import require
from airbook.cli.framework.completion import complete_durations
from airbook.cli.framework.grammar import Command
from airbook.cli.framework.session import Session, session_of
from airbook.domain.refusal import Refused

PORT = "8080"


def register(app: typer.Typer) -> None:
    """Add the command `serve`."""
    app.command("serve", cls=Command)(serve)


def serve(
    ctx: typer.Context,
    host: Annotated[
        str, typer.Option("--host", metavar="HOST", help=mark("The address to listen on."))
    ] = "127.0.0.1",
    port: Annotated[
        int,
        typer.Option(parser=parsing.port, metavar="N", help=mark("The port to listen on.")),
    ] = PORT,  # type: ignore[assignment]  # Typer parses defaults too
    workers: Annotated[
        int,
        typer.Option(
            parser=parsing.workers,
            metavar="N",
            help=mark("The number of processes that serve."),
        ),
    ] = "1",  # type: ignore[assignment]
    drain: Annotated[
        float,
        typer.Option(
            parser=parsing.seconds,
            metavar="DURATION",
            autocompletion=complete_durations,
            help=mark("After SIGTERM, answer for so long while readiness fails."),
        ),
    ] = "0s",  # type: ignore[assignment]
    trust_proxy: Annotated[
        bool,
        typer.Option(
            "--trust-proxy",
            help=mark("Believe the X-Forwarded headers of the proxy before the gateway."),
        ),
    ] = False,
    without_tokens: Annotated[
        bool,
        typer.Option(
            "--without-tokens",
            help=mark("Let everybody do everything who reaches the gateway, from any machine."),
        ),
    ] = False,
    rate_limit: Annotated[
        int,
        typer.Option(
            parser=parsing.number,
            metavar="N",
            help=mark("How many requests a second each sender may send; 0 does not limit them."),
        ),
    ] = "0",  # type: ignore[assignment]  # Typer parses defaults too
) -> None:
    """Serve the store over HTTP, until stopped. Requests of other machines need a token.

    airbook serve
    airbook serve --port 9090 --workers 2
    airbook serve --host 0.0.0.0 --trust-proxy --rate-limit 100
    """
    session = session_of(ctx)
    require("litestar", "gateway")
    from airbook.gateway import server
    from airbook.gateway.authentication import is_loopback

    reached_by_others = trust_proxy or not is_loopback(host)
    if not (without_tokens or may_have_tokens(session)) and reached_by_others:
        raise Refused(
            "needs_tokens",
            mark("Without tokens, the gateway serves this machine alone, and not {host}."),
            host=host,
        )
    try:
        bound = server.bind(host, port)
    except OSError as error:
        if error.errno in {errno.EADDRINUSE, errno.EACCES}:
            parsing.refuse(mark("Port {port} is in use, or needs more rights."), port=port)
        parsing.refuse(mark("{host} is no address of this machine."), host=shown(host))
    session.enable_garbage_collection()
    settings = session.settings
    actor = session.actor
    serving = server.Serving(
        lambda: Airbook(settings.store, actor=lambda: actor),
        actor,
        settings.customer,
        session.log_level,
        trust_proxy,
        workers,
        drain,
        without_tokens,
        rate_limit,
    )
    server.start(serving, bound, color=session.is_colored())


def may_have_tokens(session: Session) -> bool:
    """Return whether the store has a token; True if it cannot answer now.

    The gateway then asks every request for a token. Raises StoreError.
    """
    from airbook.gateway import server

    with closing(session.settings.store.open_tokens()) as tokens:
        return server.has_tokens(tokens) is not False
