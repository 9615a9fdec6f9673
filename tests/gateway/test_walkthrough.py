"""The walkthrough of the original system, run with the real HTTPie."""

from __future__ import annotations

from tests.gateway.documented import commands_in, printed_by, printed_in
from tests.gateway.server import serving
from tests.support.home import ROOT, Home

WALKTHROUGH = ROOT / "docs" / "walkthrough.md"


def test_the_walkthrough_prints_what_the_document_says(either: Home):
    with serving(either) as gateway:
        printed = printed_by(WALKTHROUGH, gateway, either)
    assert printed == printed_in(WALKTHROUGH)


def test_the_walkthrough_has_every_request_of_the_original():
    requests = {" ".join(one.words[1:]) for one in commands_in(WALKTHROUGH)}
    assert requests >= {
        "POST localhost:8080/admins seatQty=5",
        "GET localhost:8080/airplanes/1",
        "POST localhost:8080/reservations airPlaneId=1",
        "GET localhost:8080/reservations/1",
        "GET localhost:8080/reservations/6",
        "localhost:8080/customers",
    }
