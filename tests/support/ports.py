"""Ports of 127.0.0.1 for programs that cannot choose a free one themselves."""

from __future__ import annotations

import socket
from collections.abc import Generator
from contextlib import closing, contextmanager


@contextmanager
def reserved_port() -> Generator[int]:
    """Reserve a port for a program that listens with SO_REUSEADDR, as servers do.

    The socket of this process never listens. The system gives its port to no other program that
    asks for any free port.
    """
    with closing(socket.socket()) as reserved:
        reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        reserved.bind(("127.0.0.1", 0))
        yield int(reserved.getsockname()[1])
