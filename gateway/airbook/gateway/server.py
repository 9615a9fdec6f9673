"""The server: it listens on a socket, serves the application, and stops in good order."""

from __future__ import annotations

import gc
import os
import signal
import socket
import time
from collections.abc import Callable
from contextlib import closing
from types import FrameType

from msgspec import Struct
from uvicorn import Config, Server

from airbook.application.airbook import Airbook
from airbook.application.log_level import LogLevel
from airbook.application.logs import configure, following
from airbook.application.observability.observer import figures_together, observers
from airbook.application.patience import is_passing
from airbook.application.tokens.table import Tokens
from airbook.eventlog.errors import StoreError
from airbook.gateway.app import create_app
from airbook.gateway.authentication import Authentication, TokenCache, is_loopback
from airbook.gateway.identity import Identity
from airbook.gateway.observing import Observed
from airbook.gateway.protocol import ImpatientProtocol
from airbook.gateway.rate_limit import RateLimit
from airbook.gateway.store_access import StoreAccess
from airbook.gateway.workers import Workers

BACKLOG = 2048
GRACE_SECONDS = 10
TOGETHER_SECONDS = 1.0
KEEP_ALIVE_SECONDS = 60


class Serving(Struct, frozen=True):
    """What a server needs to know.

    open_airbook: returns the store, not opened yet. actor, customer: the names of everybody, while
    the store has no tokens. level: of the log. trust_proxy: believe the headers of a proxy.
    workers: the number of processes. drain: how many seconds readiness fails before the server
    stops to listen. without_tokens: see `Authentication`. rate: how many requests a second each
    sender may send to each process; 0 does not limit them.
    """

    open_airbook: Callable[[], Airbook]
    actor: str
    customer: str
    level: LogLevel
    trust_proxy: bool = False
    workers: int = 1
    drain: float = 0.0
    without_tokens: bool = False
    rate: int = 0


class DrainingServer(Server):
    """Tells the application that it stops, and goes on for a while, until all who ask know it."""

    def __init__(self, config: Config, access: StoreAccess, drain: float) -> None:
        super().__init__(config)
        self._access = access
        self._drain = drain
        self._asked_at: float | None = None

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to drain at the first signal; stop to listen at a later one.

        Signals that come together are one: a terminal and `timeout` ask every process of a group,
        and `Workers` asks each of its processes once more.
        """
        now = time.monotonic()
        if self._asked_at is not None and now < self._asked_at + TOGETHER_SECONDS:
            return
        if self._asked_at is not None or not self._drain:
            super().handle_exit(sig, frame)
        if self._asked_at is None:
            self._asked_at = now
            self._access.announce_stop()

    async def on_tick(self, counter: int) -> bool:
        """Return whether the server has drained, ten times a second."""
        if self._asked_at is not None and time.monotonic() >= self._asked_at + self._drain:
            self.should_exit = True
        return await super().on_tick(counter)


def bind(host: str, port: int) -> socket.socket:
    """Return a socket that is bound to an address. Raises OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
    except BaseException:
        bound.close()
        raise
    return bound


def start(serving: Serving, bound: socket.socket, *, color: bool) -> None:
    """Serve until a signal ends the process. Raises StoreError if the store cannot be opened.

    The gateway begins although the store has a trouble that may end by itself: until it ends,
    requests are answered with it, and readiness fails.

    bound: the socket. color: use colors on a terminal.
    """
    log = configure(serving.level, color=color)
    with serving.open_airbook() as airbook:  # closed before a fork, and before threads begin
        try:
            airbook.create_if_missing()
            airbook.check_is_finished()
        except StoreError as error:
            if not (is_passing(error) and airbook.store.is_made()):
                raise
            log.warning(error.code, **error.values)  # each request tries again
        said = {"address": address_of(bound), "store": airbook.store.url}
        said["admitted"] = admitted_by(serving, airbook)

    def listen() -> None:
        bound.listen(BACKLOG)  # connections wait until a process accepts them
        log.info("serving", pid=os.getpid(), **said)

    if serving.workers == 1:
        serve(serving, bound, listen)
    else:
        listen()
        with figures_together():
            Workers(serving.workers, lambda: serve(serving, bound)).run()
    log.info("stopped", pid=os.getpid())


def serve(serving: Serving, bound: socket.socket, begin: Callable[[], None] = lambda: None) -> None:
    """Serve in this process until a signal. begin: called as soon as no signal can be lost."""
    access = StoreAccess(serving.open_airbook)
    observing = observers("airbook-gateway", figures=True)
    access.airbook.observer = observing
    store = serving.open_airbook().store
    tokens = store.open_tokens()
    anybody = Identity(serving.actor, "admin", serving.customer)
    identify = Authentication(
        TokenCache(tokens, store.url),
        anybody,
        without_tokens=serving.without_tokens,
        is_local=is_loopback(bound.getsockname()[0]) and not has_tokens(tokens),
    )
    limit = RateLimit(serving.rate)
    app = create_app(access, identify, limit, observing, trust_proxy=serving.trust_proxy)
    config = Config(
        Observed(app, observing),
        http=ImpatientProtocol,
        loop="uvloop",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
    )
    server = DrainingServer(config, access, serving.drain)
    # From the beginning, so that no signal is lost; and the server raises the signal again when it
    # has finished, which must not kill the process.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, server.handle_exit)
    gc.freeze()  # without this, each full collection searches all modules, which takes 60 ms
    begin()
    with following(serving.level), closing(observing), closing(tokens):
        server.run(sockets=[bound])


def admitted_by(serving: Serving, airbook: Airbook) -> str:
    """Say who may enter when the gateway begins: everybody, tokens, or programs of this machine."""
    if serving.without_tokens:
        return "everybody"
    with closing(airbook.store.open_tokens()) as tokens:
        exist = has_tokens(tokens)
    return "unknown" if exist is None else "tokens" if exist else "this_machine"


def has_tokens(tokens: Tokens) -> bool | None:
    """Return whether a store has a token.

    None if the store cannot answer now; each request asks again. Raises StoreError.
    """
    try:
        return tokens.exist()
    except StoreError as error:
        if not is_passing(error):
            raise
        return None


def address_of(bound: socket.socket) -> str:
    """Return the address of a socket as a URL."""
    host, port = bound.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
