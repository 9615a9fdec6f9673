"""A bare application of the framework of the gateway, which gives one answer: the baseline."""

from __future__ import annotations

import sys

import uvicorn
from litestar import Litestar, Response, get
from litestar.types import Message, Scope

PORT, BODY = sys.argv[1:]


@get("/airplanes/{number:str}")
async def answer(number: str) -> Response[bytes]:
    """Answer with the same bytes each time."""
    del number
    return Response(BODY.encode(), media_type="application/hal+json")


async def in_chunks(message: Message, _: Scope) -> None:
    """Leave the length out, as the gateway does, so that one client can read both."""
    if message["type"] == "http.response.start":
        message["headers"] = [pair for pair in message["headers"] if pair[0] != b"content-length"]


app = Litestar([answer], before_send=[in_chunks], openapi_config=None, logging_config=None)
uvicorn.run(app, port=int(PORT), http="httptools", loop="uvloop", log_config=None, access_log=False)
