"""Airplanes, which the original has twice: as an administrator enters them, and as they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from litestar import Response, patch, post
from litestar.params import FromPath
from msgspec import Struct

from airbook.application.commands import Order
from airbook.application.queries import Queries
from airbook.application.responses import Airplane
from airbook.domain.airplane import ChangeAirplane, CreateAirplane
from airbook.gateway.bodies import Count, count_of, number_in_path, read_body
from airbook.gateway.guards import requires
from airbook.gateway.seed.hal import (
    JSON,
    Document,
    GatewayRequest,
    access_of,
    base_of,
    media_type_for,
    reading,
    resource,
    respond,
)
from airbook.gateway.seed.paging import Page, collection, page_of

READERS = requires("reader", "customer")
COLUMNS = {"id": "id", "seatQty": "seats"}


class NewAirplane(Struct, frozen=True):
    """The body of a new airplane; other members are ignored, as the original does."""

    seatQty: Count  # noqa: N815 -- the original's name


class ChangedAirplane(Struct, frozen=True):
    """The changes of an airplane; what is missing stays."""

    seatQty: Count | None = None  # noqa: N815
    open: bool | None = None


@post("/admins", guards=[requires()])
async def add_airplane(request: GatewayRequest) -> Response[bytes]:
    """Add an airplane."""
    media_type_for(request, JSON)  # refused before anything is stored
    body = await read_body(request, NewAirplane)
    seats = count_of(body.seatQty)
    order = Order(CreateAirplane(seats), actor=request.user.subject)
    receipt = await access_of(request).execute(order)
    address = f"{base_of(request)}/admins/{receipt.number}"
    document = resource({"seatQty": seats}, address, "admin")
    return respond(request, document, status=201, usual=JSON, headers={"Location": address})


@reading("/admins", guards=[READERS])
async def list_admins(request: GatewayRequest) -> Response[bytes]:
    """List the airplanes as they were entered."""
    return await answer_list(request, "admins", admin_document)


@reading("/admins/{number:str}", guards=[READERS])
async def show_admin(request: GatewayRequest, number: FromPath[str]) -> Response[bytes]:
    """Show one airplane as it was entered."""
    return respond(request, admin_document(await find(request, number), request))


@reading("/airplanes", guards=[READERS])
async def list_airplanes(request: GatewayRequest) -> Response[bytes]:
    """List the airplanes."""
    return await answer_list(request, "airplanes", airplane_document)


@reading("/airplanes/{number:str}", guards=[READERS])
async def show_airplane(request: GatewayRequest, number: FromPath[str]) -> Response[bytes]:
    """Show one airplane."""
    return respond(request, airplane_document(await find(request, number), request))


@patch("/airplanes/{number:str}", guards=[requires()])
async def change_airplane(request: GatewayRequest, number: FromPath[str]) -> Response[bytes]:
    """Change the seats of an airplane, or open or close it, as far as the rules allow it."""
    media_type_for(request, JSON)  # refused before anything is stored
    wanted, body = number_in_path(number), await read_body(request, ChangedAirplane)
    seats = None if body.seatQty is None else count_of(body.seatQty)
    command = ChangeAirplane(seats, body.open)
    await access_of(request).execute(Order(command, wanted, actor=request.user.subject))
    return respond(request, airplane_document(await find(request, number), request))


async def find(request: GatewayRequest, number: str) -> Airplane:
    """Return the airplane of an address. Raises Refused and HTTPException (404)."""
    wanted = number_in_path(number)
    return await access_of(request).query(
        lambda queries: queries.airplane(wanted), ("airplane", wanted)
    )


async def answer_list(
    request: GatewayRequest, name: str, document_of: Callable[[Airplane, GatewayRequest], Document]
) -> Response[bytes]:
    """Answer with a page of all airplanes. name: of the list in the answer."""
    page = page_of(request, COLUMNS)
    found = await access_of(request).query(Queries.airplanes, "airplanes")
    rows = [document_of(one, request) for one in on_page(found, page)]
    return respond(request, collection(request, name, rows, page, len(found)))


def on_page(airplanes: Sequence[Airplane], page: Page) -> Sequence[Airplane]:
    """Return the airplanes of a page, in its order."""
    column, descending = page.order.column, page.order.descending
    ordered = sorted(airplanes, key=lambda one: int(getattr(one, column)), reverse=descending)
    return ordered[page.first : page.first + page.size]


def admin_document(airplane: Airplane, request: GatewayRequest) -> Document:
    """Return an airplane as an administrator enters it."""
    address = f"{base_of(request)}/admins/{airplane.id}"
    return resource({"seatQty": airplane.seats}, address, "admin")


def airplane_document(airplane: Airplane, request: GatewayRequest) -> Document:
    """Return an airplane as the original shows it, where two fields are always empty."""
    fields = {"reservId": None, "reservStatus": None, "seatQty": airplane.seats}
    return resource(fields, f"{base_of(request)}/airplanes/{airplane.id}", "airplane")


ROUTES = (
    add_airplane,
    list_admins,
    show_admin,
    list_airplanes,
    show_airplane,
    change_airplane,
)
