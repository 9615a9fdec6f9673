"""The route of events: pages of the log as JSON, or a stream of server-sent events."""

from __future__ import annotations

from functools import partial
from typing import Any, cast

from litestar import Response
from litestar.response import Stream

from airbook.application import listing
from airbook.application.airbook import Airbook
from airbook.application.listing import Cursor, Page
from airbook.application.responses import Event
from airbook.application.text import parsing
from airbook.application.text.labels import mark
from airbook.domain.refusal import Refused
from airbook.gateway.guards import requires
from airbook.gateway.identity import is_still_admitted
from airbook.gateway.v1 import parameters
from airbook.gateway.v1.answers import (
    CACHING,
    EVENT_STREAM,
    JSON,
    V1Request,
    access_of,
    answer_page,
)
from airbook.gateway.v1.event_feed import EventFeed
from airbook.gateway.v1.event_stream import EventStream, Wanted
from airbook.gateway.v1.requests import accepted, check_events_request
from airbook.gateway.v1.showing import show


@show(
    "/events",
    guards=[requires("reader", "customer")],
    before_request=check_events_request,
)
async def events(
    request: V1Request,
    *,
    stream: parameters.OfStreams = None,
    types: parameters.OfTypes = None,
    after: parameters.EventsAfter = None,
    limit: parameters.Limit = parameters.USUAL_ROWS,
    as_of: parameters.AsOf = None,
    last_event_id: parameters.LastEventId = None,
) -> Response[list[Event]]:
    """List events by position, or with `Accept: text/event-stream` hear them as they come.

    A customer sees the events of their own reservations. A stream begins after Last-Event-ID, else
    after `after`, else with the next event; `limit` and `as_of` are for pages.
    """
    wanted = Wanted(parameters.streams(stream), parameters.types(types), request.user.only)
    cursor, at = parameters.cursor(after or "0", limit), parameters.moment(as_of)
    begin = last_event_id if last_event_id is not None else after
    parameters.cursor(begin or "0", limit)  # a wrong header is refused, also where it is not used
    if accepted(request, JSON, EVENT_STREAM) == EVENT_STREAM:
        return await follow(request, wanted, begin)

    def ask(airbook: Airbook) -> tuple[Page[Event], int]:
        position = parameters.position(airbook, at)
        if wanted.customer is not None:
            position = listing.position(airbook.queries, position)
        elif position is None:
            position = airbook.log.head()
        return chosen(airbook, wanted, cursor.at(position)), position

    page, position = await access_of(request).ask(ask)
    return answer_page(request, page, position, lambda one: one.position)


def chosen(airbook: Airbook, wanted: Wanted, cursor: Cursor) -> Page[Event]:
    """Return a page of the events that a sender asks for and may see. Raises StoreError."""
    streams, types = wanted.streams, wanted.types
    if wanted.customer is None:
        return listing.events(airbook.log, cursor, streams=streams, types=types)
    return listing.events_of_customer(
        airbook.queries, wanted.customer, cursor, streams=streams, types=types
    )


async def follow(request: V1Request, wanted: Wanted, after: str | None) -> Response[Any]:
    """Answer with a stream. after: a position; None begins with the next event.

    Raises Mistyped, and Refused (no_such_position) for a position that the log has not reached: the
    reader has followed another log.
    """
    access, feed = access_of(request), cast("EventFeed", request.app.state.feed)
    head = await access.ask(lambda airbook: airbook.log.head())
    position = head if after is None else parsing.number(after)
    if position > head:
        sentence = mark("The last position of the log is {head}.")
        raise Refused("no_such_position", sentence, head=head)
    is_admitted = partial(is_still_admitted, request)
    messages = EventStream(access, feed, wanted, position, is_admitted=is_admitted).messages()
    # A proxy must pass each message on at once.
    headers = {**CACHING, "Vary": "Accept", "X-Accel-Buffering": "no"}
    return Stream(messages, media_type=EVENT_STREAM, headers=headers)
