"""A broker behind a listener of TLS, which can show its clients another certificate."""

from __future__ import annotations

import asyncio
import ssl
from asyncio import StreamReader, StreamWriter
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Any, TypeVar

from tests.support.kafka_broker import OwnBroker
from tests.support.ports import reserved_port

SECONDS = 30.0
Result = TypeVar("Result")


class TlsBroker(OwnBroker):
    """A broker of the tests that tells its clients to use the listener. server: of the listener.

    authority: the certificate that clients trust.
    """

    def __init__(self, certificate: Path, authority: Path) -> None:
        """certificate: the file with the key and the certificate of the listener."""
        super().__init__()
        self.authority = authority
        self._inner = self._stack.enter_context(reserved_port())
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate)
        self._clients = set[StreamWriter]()
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="TLS")
        self._thread.start()
        self._stack.callback(self._end)
        self._listening = self._run(self._listen())

    def settings(self, **more: object) -> dict[str, Any]:
        return super().settings(
            security_protocol="SSL", ssl_ca_location=str(self.authority), **more
        )

    def command(self) -> Sequence[str | Path]:
        words = list(super().command())
        words[words.index("--listener-url") + 1] = f"tcp://127.0.0.1:{self._inner}"
        return words

    def show(self, certificate: Path) -> None:
        """Close all connections, and show new ones another certificate."""
        self._context.load_cert_chain(certificate)
        self._run(self._cut())

    def _run(self, work: Coroutine[object, object, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(SECONDS)

    async def _cut(self) -> None:
        for client in self._clients:
            client.transport.abort()

    async def _listen(self) -> asyncio.Server:
        host, port = self.server.split(":")
        return await asyncio.start_server(self._serve, host, int(port), ssl=self._context)

    async def _serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        self._clients.add(writer)
        with suppress(OSError):
            inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", self._inner)
            await asyncio.gather(pass_on(reader, inner_writer), pass_on(inner_reader, writer))
        writer.transport.abort()
        self._clients.discard(writer)

    async def _stop(self) -> None:
        self._listening.close()
        await self._cut()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        await asyncio.gather(*others, return_exceptions=True)

    def _end(self) -> None:
        self._run(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(SECONDS)
        self._loop.close()


async def pass_on(reader: StreamReader, writer: StreamWriter) -> None:
    """Pass on what comes, until either end closes its connection."""
    try:
        while piece := await reader.read(65_536):
            writer.write(piece)
            await writer.drain()
    finally:
        writer.close()
