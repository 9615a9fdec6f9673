"""The profiles that the lists link to: which fields their rows have, as ALPS documents."""

from __future__ import annotations

from litestar import Response
from litestar.exceptions import HTTPException
from litestar.params import FromPath
from msgspec import json

from airbook.gateway.seed.hal import GatewayRequest, base_of, reading

ALPS = "application/alps+json"
FIELDS = {
    "admins": ("admin", ("seatQty",)),
    "airplanes": ("airplane", ("reservId", "reservStatus", "seatQty")),
    "reservations": ("reservation", ("airPlaneId", "reservStatus")),
    "customers": ("getReservationInfo", ("airPlaneId", "reservStatus")),
}


@reading("/profile/{name:str}")
async def profile(request: GatewayRequest, name: FromPath[str]) -> Response[bytes]:
    """Describe the fields of a list."""
    if name not in FIELDS:
        raise HTTPException(status_code=404)
    row, fields = FIELDS[name]
    described = {
        "id": f"{row}-representation",
        "href": f"{base_of(request)}/profile/{name}",
        "descriptor": [{"name": field, "type": "SEMANTIC"} for field in fields],
    }
    document = {"alps": {"version": "1.0", "descriptor": [described]}}
    return Response(json.encode(document), media_type=ALPS)


ROUTES = (profile,)
