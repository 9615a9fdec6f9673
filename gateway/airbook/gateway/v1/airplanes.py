"""The routes of airplanes."""

from __future__ import annotations

from litestar import Response, patch, post
from litestar.params import JSONBody
from msgspec import UNSET

from airbook.application import listing
from airbook.application.airbook import Airbook
from airbook.application.commands import Order
from airbook.application.listing import Page
from airbook.application.responses import Airplane
from airbook.application.text import parsing
from airbook.application.text.labels import mark
from airbook.domain.airplane import ChangeAirplane, CreateAirplane
from airbook.domain.decider import AIRPLANE
from airbook.eventlog.records import Stream
from airbook.gateway.guards import requires
from airbook.gateway.v1 import parameters
from airbook.gateway.v1.answers import PATH, V1Request, access_of, answer, answer_page
from airbook.gateway.v1.bodies import AirplaneChange, NewAirplane
from airbook.gateway.v1.entity_tags import airplane_tag, expected_versions
from airbook.gateway.v1.idempotency import running_key
from airbook.gateway.v1.showing import show


@show("/airplanes", guards=[requires("reader", "customer")])
async def airplanes(
    request: V1Request,
    after: parameters.After = "0",
    limit: parameters.Limit = parameters.USUAL_ROWS,
    as_of: parameters.AsOf = None,
) -> Response[list[Airplane]]:
    """List airplanes by number."""
    cursor, at = parameters.cursor(after, limit), parameters.moment(as_of)

    def ask(airbook: Airbook) -> tuple[Page[Airplane], int]:
        position = parameters.position(airbook, at)
        page = listing.airplanes(airbook.queries, cursor.at(position))
        return page, listing.position(airbook.queries, position)

    page, position = await access_of(request).ask(ask)
    return answer_page(request, page, position, lambda one: one.id)


@show("/airplanes/{number:str}", guards=[requires("reader", "customer")])
async def airplane(
    request: V1Request, number: parameters.AirplaneNumber, as_of: parameters.AsOf = None
) -> Response[Airplane]:
    """Show one airplane."""
    identity, at = parsing.identity(number), parameters.moment(as_of)

    def ask(airbook: Airbook) -> tuple[Airplane, str]:
        return tagged(airbook, identity, parameters.position(airbook, at))

    return answer(request, *await access_of(request).ask(ask))


def tagged(airbook: Airbook, number: int, as_of: int | None) -> tuple[Airplane, str]:
    """Return an airplane and its tag. Raises Refused and StoreError."""
    found = airbook.queries.airplane(number, as_of=as_of)
    position = listing.position(airbook.queries, as_of)
    version = listing.version(airbook.log, Stream(AIRPLANE.kind, number), position)
    return found, airplane_tag(found, version)


@post("/airplanes", guards=[requires()])
async def add_airplane(request: V1Request, data: JSONBody[NewAirplane]) -> Response[Airplane]:
    """Add an airplane that can be booked."""
    name = None if data.name is None else parsing.name(data.name)
    with running_key(request) as key:
        order = Order(CreateAirplane(data.seats, name), key=key, actor=request.user.subject)
        receipt = await access_of(request).execute(order)
    added = Airplane(receipt.number, name, data.seats, 0, 0, data.seats, "open")
    headers = {"Location": f"{PATH}/airplanes/{receipt.number}"}
    return answer(request, added, airplane_tag(added, 1), status=201, headers=headers)


@patch("/airplanes/{number:str}", guards=[requires()])
async def change_airplane(
    request: V1Request,
    number: parameters.AirplaneNumber,
    data: JSONBody[AirplaneChange],
) -> Response[Airplane]:
    """Change how many seats an airplane has, or whether it is open.

    The seats never fall below the highest seat that is taken.
    """
    changed, seats, is_open = parsing.identity(number), data.seats, data.open
    command = ChangeAirplane(
        None if seats is UNSET else seats, None if is_open is UNSET else is_open
    )
    if command == ChangeAirplane():
        parsing.refuse(mark("The change has neither seats nor open."))
    with running_key(request) as key:
        versions = expected_versions(request.headers)
        order = Order(command, changed, key=key, actor=request.user.subject, versions=versions)
        position = (await access_of(request).execute(order)).position
    return answer(
        request, *await access_of(request).ask(lambda airbook: tagged(airbook, changed, position))
    )
