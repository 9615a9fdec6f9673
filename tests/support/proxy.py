"""A proxy between clients and a PostgreSQL server, which loses or alters messages when asked to."""

from __future__ import annotations

import socket
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from io import BufferedReader
from itertools import chain
from threading import Condition, Event, Thread

from tests.support.postgres_server import SECONDS, Server
from tests.support.server_account import name_of, url

TLS, GSSAPI = (80877103).to_bytes(4), (80877104).to_bytes(4)
COMMITTED = b"C\0\0\0\x0bCOMMIT\0"
SHUT_DOWN = b"SFATAL\0VFATAL\0C57P01\0Mterminating connection due to administrator command\0\0"
VERSION = b"server_version\0"


class Link:
    """The connection of a client, and the connection to the server that belongs to it."""

    def __init__(self, client: socket.socket) -> None:
        self.ends = [client]
        self.is_cut = False

    def cut(self) -> None:
        """Close both connections; a thread that waits for one of them continues."""
        self.is_cut = True
        for end in self.ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


class Proxy:
    """Passes messages between 127.0.0.1 and the server.

    done: counts connections and losses. holds: set once the silent proxy holds a message back.

    A commit is a statement that is exactly COMMIT: not the end of a longer statement, and not a
    statement that is committed automatically.
    """

    def __init__(self, server: Server) -> None:
        self.done = Counter[str]()
        self._server = server
        self._planned = Counter[str]()
        self.holds = Event()
        self._silent = self._closed = False
        self._version: str | None = None
        self._changed = Condition()
        self._links = set[Link]()
        self._threads = list[Thread]()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self._accepting = begin(self._open)

    def url(self, database: str, user: str | None = None, password: str | None = None) -> str:
        """Return the URL of a database for clients of the proxy."""
        if user is None:
            user, password = self._server.user, self._server.password
        return url("127.0.0.1", self.port, name_of(database), user, password)

    def drop_commit_replies(self, times: int) -> None:
        """Close the connection instead of passing on the reply to a commit, this many times."""
        self._plan("replies_dropped", times)

    def shut_down_after_commit(self, times: int) -> None:
        """Pass on the reply to a commit, then say that the server shuts down, this many times."""
        self._plan("shut_down", times)

    def cut_before_commit(self, times: int) -> None:
        """Close the connection instead of passing on a commit, this many times."""
        self._plan("commits_cut", times)

    def claim_version(self, version: str) -> None:
        """Give new clients another version of the server, such as 13.22."""
        self._version = version

    def go_silent(self) -> None:
        """Hold all messages back, and the end of connections too, until `speak` is called."""
        with self._changed:
            self._silent = True

    def speak(self) -> None:
        """Pass on the messages that were held back, and all that follow."""
        with self._changed:
            self.holds.clear()
            self._silent = False
            self._changed.notify_all()

    def cut(self) -> None:
        """Close all present connections."""
        with self._changed:
            self.done["cut"] += len(self._links)
            self._cut(*self._links)

    def close(self) -> None:
        """Close all connections and stop listening."""
        self._closed = True
        socket.create_connection(("127.0.0.1", self.port)).close()
        self._accepting.join(SECONDS)
        self._listening.close()
        self.cut()
        for thread in self._threads:
            thread.join(SECONDS)

    def _open(self) -> None:
        while True:
            client, _ = self._listening.accept()
            if self._closed:
                return client.close()
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            link = Link(client)
            with self._changed:
                self._links.add(link)
                self.done["connections"] += 1
            self._threads.append(begin(self._serve, link, client))

    def _serve(self, link: Link, client: socket.socket) -> None:
        with closing(client), suppress(OSError):
            self._hold(link)
            with closing(self._server.connect()) as server:
                link.ends.append(server)
                answering = begin(self._answer, link, server, client)
                try:
                    self._ask(link, client, server)
                finally:
                    self._cut(link)
                    answering.join()
        with self._changed:
            self._links.discard(link)

    def _ask(self, link: Link, client: socket.socket, server: socket.socket) -> None:
        with client.makefile("rb") as stream:
            while (startup := read(stream, 0))[4:] in {TLS, GSSAPI}:
                self._hold(link)
                client.sendall(b"N")
            requests = chain([startup], messages(stream))
            self._pass_on(link, requests, server, says_commit, "commits_cut")

    def _answer(self, link: Link, server: socket.socket, client: socket.socket) -> None:
        with server.makefile("rb") as stream:
            answers = self._shut_down(map(self._claim, messages(stream)))
            self._pass_on(link, answers, client, COMMITTED.__eq__, "replies_dropped")

    def _shut_down(self, answers: Iterator[bytes]) -> Iterator[bytes]:
        """Yield the answers, up to a commit after which the server shuts down.

        The connection stays open until the client closes it.
        """
        for message in answers:
            yield message
            if message == COMMITTED and self._is_due("shut_down"):
                yield b"E" + (4 + len(SHUT_DOWN)).to_bytes(4) + SHUT_DOWN
                for _ in answers:
                    continue

    def _claim(self, message: bytes) -> bytes:
        """Return a message of the server, with the claimed version if it reports the version."""
        if self._version is None or message[:1] != b"S" or not message[5:].startswith(VERSION):
            return message
        contents = VERSION + self._version.encode() + b"\0"
        return b"S" + (4 + len(contents)).to_bytes(4) + contents

    def _pass_on(
        self,
        link: Link,
        sent: Iterable[bytes],
        to: socket.socket,
        key_of: Callable[[bytes], bool],
        loss: str,
    ) -> None:
        with suppress(OSError):
            for message in sent:
                self._hold(link)
                if key_of(message) and self._is_due(loss):
                    break
                to.sendall(message)
            else:
                self._hold(link)
        self._cut(link)

    def _cut(self, *links: Link) -> None:
        with self._changed:
            for link in links:
                link.cut()
            self._changed.notify_all()

    def _hold(self, link: Link) -> None:
        with self._changed:
            if self._silent:
                self.holds.set()
            self._changed.wait_for(lambda: link.is_cut or not self._silent)

    def _plan(self, loss: str, times: int) -> None:
        with self._changed:
            self._planned[loss] = times

    def _is_due(self, loss: str) -> bool:
        with self._changed:
            if not self._planned[loss]:
                return False
            self._planned[loss] -= 1
            self.done[loss] += 1
            return True


def begin(work: Callable[..., None], *arguments: object) -> Thread:
    """Start a daemon thread, which does not keep the process from ending."""
    thread = Thread(target=work, args=arguments, daemon=True)
    thread.start()
    return thread


def read(stream: BufferedReader, before: int) -> bytes:
    """Read one message; returns no bytes at the end. before: the bytes before its length."""
    with suppress(OSError):
        head = stream.read(before + 4)
        if len(head) == before + 4:
            return head + stream.read(int.from_bytes(head[before:]) - 4)
    return b""


def messages(stream: BufferedReader) -> Iterator[bytes]:
    """Read messages that begin with their type: all except the first message of a client."""
    while message := read(stream, 1):
        yield message


def says_commit(message: bytes) -> bool:
    """Return whether a message of a client is a simple or prepared COMMIT."""
    match message[:1]:
        case b"Q":
            statement = message[5:-1]
        case b"P":
            statement = message[5:].split(b"\0")[1]
        case _:
            return False
    return statement.strip(b" \n;").upper() == b"COMMIT"
