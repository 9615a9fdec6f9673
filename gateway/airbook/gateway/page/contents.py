"""What the page shows, read from the read models in one snapshot."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from airbook.application.paging import WindowRequest, reservations
from airbook.application.queries import Queries
from airbook.application.reservation_filter import ReservationFilter
from airbook.application.responses import Airplane, Reservation
from airbook.eventlog.selection import Among
from airbook.gateway.identity import Identity

MOST_RESERVATIONS = 50
AIRPLANES_A_PAGE = 10


class Contents(NamedTuple):
    """The contents of the page.

    open_airplanes: those that can be reserved. airplanes: those of the page that is shown, with
    `page` from 1 of `pages`. taken: the numbers of the taken seats by airplane.
    """

    open_airplanes: Sequence[Airplane]
    airplanes: Sequence[Airplane]
    page: int
    pages: int
    taken: Mapping[int, set[int]]
    reservations: Sequence[Reservation]
    names: Mapping[int, str]


def read(queries: Queries, identity: Identity, page: int) -> Contents:
    """Read what a sender may see. page: of the airplanes, from 1. Raises StoreError."""
    with queries.reading():
        airplanes = queries.airplanes()
        pages = max(1, -(-len(airplanes) // AIRPLANES_A_PAGE))
        page = min(page, pages)
        shown = airplanes[(page - 1) * AIRPLANES_A_PAGE : page * AIRPLANES_A_PAGE]
        return Contents(
            [one for one in airplanes if one.status == "open"],
            shown,
            page,
            pages,
            taken_seats(queries, shown),
            own_reservations(queries, identity.only),
            {one.id: one.name for one in airplanes if one.name},
        )


def own_reservations(queries: Queries, customer: str | None) -> Sequence[Reservation]:
    """List the newest reservations of a customer, or of all customers, the newest first."""
    return queries.reservations(customer=customer, limit=MOST_RESERVATIONS)[::-1]


def taken_seats(queries: Queries, airplanes: Sequence[Airplane]) -> Mapping[int, set[int]]:
    """Return the numbers of the taken seats of some airplanes."""
    taken = defaultdict[int, set[int]](set)
    seats = sum(one.taken for one in airplanes)
    if not seats:
        return taken
    numbers = tuple(one.id for one in airplanes)
    selection = ((Among("airplane", numbers),), (Among("status", ("approved",)),))
    window = reservations(queries, ReservationFilter(clauses=selection), WindowRequest(0, seats))
    for one in window.rows:
        if one.seat is not None:
            taken[one.airplane].add(one.seat)
    return taken
