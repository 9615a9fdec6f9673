"""Reservations, and the customer's page of them, as the original shows both."""

from __future__ import annotations

from litestar import Response, delete, post
from litestar.params import FromPath
from msgspec import Struct

from airbook.application import paging
from airbook.application.commands import Order, Reserve
from airbook.application.paging import Window, WindowRequest
from airbook.application.reservation_filter import ReservationFilter
from airbook.application.responses import Reservation
from airbook.application.text.labels import mark
from airbook.domain.refusal import Refused
from airbook.domain.reservation import FINAL, STATUSES, CancelReservation
from airbook.eventlog.selection import Among
from airbook.gateway.bodies import Count, identity_of, number_in_path, read_body
from airbook.gateway.guards import requires
from airbook.gateway.problems import Problem
from airbook.gateway.seed.hal import (
    JSON,
    Document,
    GatewayRequest,
    access_of,
    base_of,
    link,
    media_type_for,
    reading,
    resource,
    respond,
)
from airbook.gateway.seed.paging import Page, collection, page_of

READERS = requires("reader", "customer")
COLUMNS = {"id": "id", "airPlaneId": "airplane", "reservStatus": "status"}
ON_PAGE = {"received": "접수완료", "approved": "승인", "rejected": "거절", "cancelled": "취소"}
SHOWN = {"received": None, "approved": "승인"}
KEPT = (Among("status", tuple(one for one in STATUSES if one not in FINAL)),)
WITHDRAWN = {
    "no_seats_left": mark("Reservation {number} was rejected: no seats were left."),
    "airplane_closed": mark("Reservation {number} was rejected: the airplane was closed."),
    "no_such_airplane": mark("Reservation {number} was rejected: there was no such airplane."),
    "cancelled": mark("Reservation {number} was cancelled."),
}


class NewReservation(Struct, frozen=True):
    """The body of a request; other members are ignored, as the original does."""

    airPlaneId: Count  # noqa: N815 -- the original's name


@post("/reservations", guards=[requires("customer")])
async def reserve(request: GatewayRequest) -> Response[bytes]:
    """Request a seat for the customer that the sender is."""
    media_type_for(request, JSON)  # refused before anything is stored
    body = await read_body(request, NewReservation)
    airplane, identity = identity_of(body.airPlaneId), request.user
    order = Order(Reserve(airplane, identity.name), actor=identity.subject)
    receipt = await access_of(request).execute(order)
    address = f"{base_of(request)}/reservations/{receipt.number}"
    fields = {"airPlaneId": airplane, "reservStatus": None}
    document = resource(fields, address, "reservation")
    return respond(request, document, status=201, usual=JSON, headers={"Location": address})


@reading("/reservations", guards=[READERS])
async def list_reservations(request: GatewayRequest) -> Response[bytes]:
    """List the reservations that are neither rejected nor cancelled."""
    page = page_of(request, COLUMNS)
    found = await window(request, ReservationFilter((KEPT,), customer=request.user.only), page)
    rows = [reservation_document(one, request) for one in found.rows]
    return respond(request, collection(request, "reservations", rows, page, found.total))


@reading("/reservations/{number:str}", guards=[READERS])
async def show_reservation(request: GatewayRequest, number: FromPath[str]) -> Response[bytes]:
    """Show one reservation; one that was rejected or cancelled is gone, and it says why."""
    found = await find(request, number)
    if found.status in FINAL:
        raise withdrawn(found, request)
    return respond(request, reservation_document(found, request))


@delete("/reservations/{number:str}", guards=[requires("customer")], status_code=204)
async def cancel(request: GatewayRequest, number: FromPath[str]) -> None:
    """Give a reservation back, as far as the rules allow it."""
    found = await find(request, number)
    order = Order(CancelReservation(), found.id, actor=request.user.subject)
    await access_of(request).execute(order)


@reading("/customers", guards=[READERS])
async def list_customers(request: GatewayRequest) -> Response[bytes]:
    """List every reservation with its status, the rejected and the cancelled ones too."""
    page = page_of(request, COLUMNS)
    found = await window(request, ReservationFilter(customer=request.user.only), page)
    rows = [customer_document(one, request) for one in found.rows]
    document = collection(request, "customers", rows, page, found.total)
    kept = {"Connection": "keep-alive", "Keep-Alive": "timeout=60"}
    return respond(request, document, headers=kept)


@reading("/customers/{number:str}", guards=[READERS])
async def show_customer(request: GatewayRequest, number: FromPath[str]) -> Response[bytes]:
    """Show one reservation with its status."""
    return respond(request, customer_document(await find(request, number), request))


async def find(request: GatewayRequest, number: str) -> Reservation:
    """Return the reservation of an address, as if it did not exist if it is not for the sender.

    Raises Refused and HTTPException (404).
    """
    wanted = number_in_path(number)
    found = await access_of(request).query(
        lambda queries: queries.reservation(wanted), ("reservation", wanted)
    )
    if request.user.only not in {None, found.customer}:
        raise Refused.no_such_reservation().about(wanted)
    return found


async def window(
    request: GatewayRequest, row_filter: ReservationFilter, page: Page
) -> Window[Reservation]:
    """Read the reservations of a page."""
    asked = WindowRequest(page.first, page.size, order=page.order)
    found = await access_of(request).query(
        lambda queries: paging.reservations(queries, row_filter, asked), (row_filter, asked)
    )
    # Near the end of a list, a window is moved back until it is full; a page is not.
    return Window(found.total, page.first, found.rows[page.first - found.first :])


def withdrawn(found: Reservation, request: GatewayRequest) -> Problem:
    """Return the problem of a reservation that was rejected or cancelled, with its history."""
    code = found.reason or found.status
    base = base_of(request)
    return Problem(
        404,
        f"reservation_{found.status}",
        WITHDRAWN.get(code, mark("Reservation {number} was withdrawn.")),
        {"number": found.id},
        reason=found.reason,
        _links={
            "customer": link(f"{base}/customers/{found.id}"),
            "history": link(f"{base}/api/v1/reservations/{found.id}/history"),
        },
    )


def reservation_document(found: Reservation, request: GatewayRequest) -> Document:
    """Return a reservation as the original shows it: without a status until it is decided."""
    fields = {"airPlaneId": found.airplane, "reservStatus": SHOWN.get(found.status)}
    return resource(fields, f"{base_of(request)}/reservations/{found.id}", "reservation")


def customer_document(found: Reservation, request: GatewayRequest) -> Document:
    """Return a reservation as the page of the customer shows it, whatever its status is."""
    fields = {"airPlaneId": found.airplane, "reservStatus": ON_PAGE.get(found.status)}
    return resource(fields, f"{base_of(request)}/customers/{found.id}", "getReservationInfo")


ROUTES = (
    reserve,
    list_reservations,
    show_reservation,
    cancel,
    list_customers,
    show_customer,
)
