"""The routes that show reservations."""

from __future__ import annotations

from litestar import Response
from msgspec import structs

from airbook.application import explain, listing
from airbook.application.airbook import Airbook
from airbook.application.listing import Page, ReservationCriteria
from airbook.application.responses import Event, Reservation, Why
from airbook.application.text import parsing
from airbook.domain.decider import RESERVATION
from airbook.domain.refusal import Refused
from airbook.domain.reservation import REASONS, STATUSES
from airbook.eventlog.records import Stream
from airbook.gateway.guards import requires
from airbook.gateway.identity import Identity
from airbook.gateway.language import labels_for
from airbook.gateway.v1 import parameters, preferences
from airbook.gateway.v1.answers import V1Request, access_of, answer, answer_page
from airbook.gateway.v1.entity_tags import reservation_tag
from airbook.gateway.v1.showing import show


@show("/reservations", guards=[requires("reader", "customer")])
async def reservations(
    request: V1Request,
    *,
    airplane: parameters.OfAirplane = None,
    customer: parameters.OfCustomer = None,
    status: parameters.OfStatus = None,
    reason: parameters.OfReason = None,
    after: parameters.After = "0",
    limit: parameters.Limit = parameters.USUAL_ROWS,
    as_of: parameters.AsOf = None,
) -> Response[list[Reservation]]:
    """List reservations by number; a customer sees their own."""
    cursor, at = parameters.cursor(after, limit), parameters.moment(as_of)
    criteria = ReservationCriteria(
        None if airplane is None else parsing.identity(airplane),
        None if customer is None else parsing.name(customer),
        parameters.code(status, STATUSES),
        parameters.code(reason, REASONS),
    )
    if (only := request.user.only) is not None:
        if criteria.customer not in {None, only}:
            return answer_page(request, Page((), has_more=False), 0, key_of_row)
        criteria = structs.replace(criteria, customer=only)

    def ask(airbook: Airbook) -> tuple[Page[Reservation], int]:
        position = parameters.position(airbook, at)
        page = listing.reservations(airbook.queries, criteria, cursor.at(position))
        return page, listing.position(airbook.queries, position)

    page, position = await access_of(request).ask(ask)
    return answer_page(request, page, position, key_of_row)


def key_of_row(row: Reservation) -> int:
    """Return the number of a reservation."""
    return row.id


@show("/reservations/{number:str}", guards=[requires("reader", "customer")])
async def reservation(
    request: V1Request,
    number: parameters.ReservationNumber,
    as_of: parameters.AsOf = None,
) -> Response[Reservation]:
    """Show one reservation; with `Prefer: wait=2`, once it is decided."""
    wanted, at = parsing.identity(number), parameters.moment(as_of)

    def ask(airbook: Airbook) -> tuple[Reservation, str]:
        return tagged(airbook, request.user, wanted, parameters.position(airbook, at))

    access = access_of(request)
    found, tag = await access.ask(ask)
    seconds = preferences.wait_seconds(request.headers) if at is None else 0
    if seconds and found.status == "received":
        await access.decided(wanted, seconds)
        found, tag = await access.ask(ask)
    return answer(request, found, tag, headers=preferences.applied(seconds))


def tagged(
    airbook: Airbook, identity: Identity, number: int, as_of: int | None
) -> tuple[Reservation, str]:
    """Return a reservation and its tag. Raises Refused and StoreError."""
    found = visible(airbook, identity, number, as_of)
    position = listing.position(airbook.queries, as_of)
    version = listing.version(airbook.log, Stream(RESERVATION.kind, number), position)
    return found, reservation_tag(found, version)


def visible(
    airbook: Airbook, identity: Identity, number: int, as_of: int | None = None
) -> Reservation:
    """Find a reservation that a sender may see. Raises Refused (no_such_reservation)."""
    found = airbook.queries.reservation(number, as_of=as_of)
    if identity.only not in {None, found.customer}:
        raise Refused.no_such_reservation().about(number)
    return found


@show("/reservations/{number:str}/history", guards=[requires("reader", "customer")])
async def history(
    request: V1Request,
    number: parameters.ReservationNumber,
    as_of: parameters.AsOf = None,
) -> Response[list[Event]]:
    """List the events of one reservation, those of its airplane that name it included."""
    wanted, at = parsing.identity(number), parameters.moment(as_of)

    def ask(airbook: Airbook) -> list[Event]:
        position = parameters.position(airbook, at)
        visible(airbook, request.user, wanted, position)
        return airbook.queries.history(wanted, as_of=position)

    return answer(request, await access_of(request).ask(ask))


@show("/reservations/{number:str}/why", guards=[requires("reader", "customer")])
async def why(
    request: V1Request,
    number: parameters.ReservationNumber,
    as_of: parameters.AsOf = None,
) -> Response[Why]:
    """Explain the status of one reservation: a sentence, and the airplane at its decision."""
    wanted, at = parsing.identity(number), parameters.moment(as_of)
    label = labels_for(request.headers.get("accept-language", ""))

    def ask(airbook: Airbook) -> Why:
        position = parameters.position(airbook, at)
        visible(airbook, request.user, wanted, position)
        return explain.why(airbook, wanted, label, as_of=position)

    language = {"Content-Language": label.language, "Vary": "Accept-Language"}
    return answer(request, await access_of(request).ask(ask), headers=language)
