"""The routes that request and cancel reservations."""

from __future__ import annotations

from typing import cast

from litestar import Response, delete, post
from litestar.params import JSONBody

from airbook.application import outcome
from airbook.application.commands import Order, Reserve
from airbook.application.responses import Reservation
from airbook.application.text import parsing
from airbook.application.text.labels import mark
from airbook.domain.reservation import CancelReservation
from airbook.eventlog.codec import stamp
from airbook.eventlog.errors import StoreError
from airbook.eventlog.records import Receipt
from airbook.gateway.guards import requires
from airbook.gateway.identity import Identity
from airbook.gateway.problems import Problem
from airbook.gateway.store_access import StoreAccess
from airbook.gateway.v1 import parameters, preferences
from airbook.gateway.v1.answers import PATH, V1Request, access_of, answer
from airbook.gateway.v1.bodies import NewReservation
from airbook.gateway.v1.entity_tags import expected_versions, reservation_tag
from airbook.gateway.v1.idempotency import running_key
from airbook.gateway.v1.reservations import tagged, visible

REQUESTED, DECIDED = 1, 2  # how many events the stream of a reservation has by then


@post("/reservations", guards=[requires("customer")])
async def reserve(request: V1Request, data: JSONBody[NewReservation]) -> Response[Reservation]:
    """Request a seat, which is always accepted; with `Prefer: wait=2`, answer once it is decided.

    The answer is the received reservation; after waiting, the approved or the rejected one, unless
    it is not decided within that time.
    """
    command = Reserve(data.airplane, customer_of(request.user, data.customer))
    access, seconds = access_of(request), preferences.wait_seconds(request.headers)
    with running_key(request) as key:
        order = Order(command, key=key, at=access.airbook.clock(), actor=request.user.subject)
        receipt = await access.execute(order)
    found, events = await acknowledged(access, order, receipt, seconds)
    headers = {"Location": f"{PATH}/reservations/{receipt.number}", **preferences.applied(seconds)}
    return answer(request, found, reservation_tag(found, events), status=201, headers=headers)


def customer_of(identity: Identity, name: str | None) -> str:
    """Return the customer of a request. Raises Mistyped, and Problem (403) for another one."""
    if name is None:
        return identity.name
    customer = parsing.name(name)
    if identity.only not in {None, customer}:
        sentence = mark("The token reserves for {customer} only.")
        raise Problem(403, "forbidden", sentence, {"customer": identity.only})
    return customer


async def acknowledged(
    access: StoreAccess, order: Order, receipt: Receipt, seconds: int
) -> tuple[Reservation, int]:
    """Return the reservation of an accepted request, and of how many events it is made.

    seconds: how long to wait for the decision. The same request under the same key gets the same
    reservation again, whatever has happened to it since.
    """
    try:
        is_decided = seconds > 0 and await access.decided(receipt.number, seconds)
        if is_decided or receipt.repeated:
            events = DECIDED if is_decided else REQUESTED
            found = await access.ask(
                lambda airbook: outcome.reservation(airbook, receipt.number, events=events)
            )
            return found, events
    except StoreError:
        if receipt.repeated:
            raise
        # The request is accepted, although its decision cannot be read.
    command, at = cast("Reserve", order.command), stamp(order.at or access.airbook.clock())
    received = Reservation(
        receipt.number, command.airplane, command.customer, "received", received_at=at
    )
    return received, REQUESTED


@delete("/reservations/{number:str}", status_code=200, guards=[requires("customer")])
async def cancel(
    request: V1Request,
    number: parameters.ReservationNumber,
) -> Response[Reservation]:
    """Give a reservation back; with `Prefer: wait=2`, answer once its seat is free."""
    cancelled, access = parsing.identity(number), access_of(request)
    if request.user.only is not None:
        await access.ask(lambda airbook: visible(airbook, request.user, cancelled))
    with running_key(request) as key:
        order = Order(
            CancelReservation(),
            cancelled,
            key=key,
            actor=request.user.subject,
            versions=expected_versions(request.headers),
        )
        position = (await access.execute(order)).position
    seconds = preferences.wait_seconds(request.headers)
    if seconds:
        await access.released(cancelled, seconds)
    found, tag = await access.ask(
        lambda airbook: tagged(airbook, request.user, cancelled, position)
    )
    return answer(request, found, tag, headers=preferences.applied(seconds))
