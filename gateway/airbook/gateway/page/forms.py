"""The forms of the page: each is a command, and its answer is the page again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

from litestar import Response, post
from litestar.exceptions import (
    HTTPException,
    InternalServerException,
    PermissionDeniedException,
)
from litestar.params import FromPath
from litestar.response import Redirect

from airbook.application.commands import Order, Reserve
from airbook.application.queries import Queries
from airbook.application.text import parsing
from airbook.application.text.parsing import Mistyped
from airbook.domain.airplane import CloseAirplane, CreateAirplane, OpenAirplane
from airbook.domain.decider import Command
from airbook.domain.refusal import Refused
from airbook.domain.reservation import CancelReservation
from airbook.eventlog.errors import StoreError
from airbook.gateway.authentication import is_foreign
from airbook.gateway.bodies import number_in_path
from airbook.gateway.guards import requires
from airbook.gateway.page.showing import PageRequest, show, words_of
from airbook.gateway.problems import problem_of
from airbook.gateway.store_access import StoreAccess

FORM = "application/x-www-form-urlencoded"
MOST_FIELDS = 10


def refuse_foreign(request: PageRequest) -> None:
    """Raise PermissionDeniedException for a form that a page of another site sent."""
    if is_foreign(request):
        raise PermissionDeniedException


async def form_of(request: PageRequest) -> Mapping[str, str]:
    """Return the fields of a form. Raises HTTPException (400, 415)."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise HTTPException(status_code=415)
    try:
        body = (await request.body()).decode("ascii")
        fields = parse_qsl(
            body, keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict"
        )
    except (InternalServerException, ValueError) as error:
        raise HTTPException(status_code=400) from error
    return dict(fields)


@post("/page/reservations", guards=[requires("customer")])
async def reserve(request: PageRequest) -> Response[Any]:
    """Request a seat."""
    refuse_foreign(request)
    form = await form_of(request)
    try:
        airplane = parsing.identity(form.get("airplane", ""))
        customer = parsing.name(form.get("customer", request.user.name))
    except Mistyped as error:
        return await refused(request, error)
    command = Reserve(airplane, request.user.only or customer)
    return await execute(request, command, None, "reserved")


@post("/page/reservations/{number:str}/cancel", guards=[requires("customer")])
async def cancel(request: PageRequest, number: FromPath[str]) -> Response[Any]:
    """Give a reservation back."""
    refuse_foreign(request)
    wanted = number_in_path(number)
    access: StoreAccess = request.app.state.access

    def check(queries: Queries) -> None:
        if queries.reservation(wanted).customer != request.user.only:
            raise Refused.no_such_reservation().about(wanted)

    try:
        if request.user.only is not None:
            await access.query(check)
    except Refused as error:
        return await refused(request, error)
    return await execute(request, CancelReservation(), wanted, "cancelled")


@post("/page/airplanes", guards=[requires("admin")])
async def add_airplane(request: PageRequest) -> Response[Any]:
    """Add an airplane."""
    refuse_foreign(request)
    form = await form_of(request)
    try:
        seats = parsing.seats(form.get("seats", ""))
        name = parsing.name(form["name"]) if form.get("name", "").strip() else None
    except Mistyped as error:
        return await refused(request, error)
    return await execute(request, CreateAirplane(seats, name), None, "added")


@post("/page/airplanes/{number:str}/open", guards=[requires("admin")])
async def open_airplane(request: PageRequest, number: FromPath[str]) -> Response[Any]:
    """Open an airplane."""
    refuse_foreign(request)
    return await execute(request, OpenAirplane(), number_in_path(number), "opened")


@post("/page/airplanes/{number:str}/close", guards=[requires("admin")])
async def close_airplane(request: PageRequest, number: FromPath[str]) -> Response[Any]:
    """Close an airplane."""
    refuse_foreign(request)
    return await execute(request, CloseAirplane(), number_in_path(number), "closed")


async def execute(
    request: PageRequest,
    command: Command | Reserve,
    number: int | None,
    said: str,
) -> Response[Any]:
    """Execute a command, then go to the page, which says what was done: a word of SAID."""
    access: StoreAccess = request.app.state.access
    try:
        receipt = await access.execute(Order(command, number, actor=request.user.subject))
    except (Refused, StoreError) as error:
        return await refused(request, error)
    address = urlencode({"said": said, "number": receipt.number})
    return Redirect(f"/?{address}", status_code=303)


async def refused(request: PageRequest, error: Refused | Mistyped | StoreError) -> Response[Any]:
    """Show the page with the sentence of an error. Raises StoreError if it cannot be read."""
    problem = problem_of(error)
    sentence = words_of(request).label(problem.sentence, problem.values)
    return await show(request, request.user, status=problem.status, refusal=sentence)


FORMS = [reserve, cancel, add_airplane, open_airplane, close_airplane]
