"""The bodies of requests; a field of another name or type is refused."""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from airbook.application.text.parsing import NAME_LENGTH
from airbook.domain.airplane import MAX_SEATS

# No control, no separator of lines, and nothing that changes the direction of a text.
PLAIN_TEXT = r"^[^\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]+$"
Seats = Annotated[int, Meta(ge=1, le=MAX_SEATS, description="How many seats it has.")]
# The pattern is for readers of the document: `parsing.name` says what is wrong in a sentence.
Name = Annotated[
    str,
    Meta(min_length=1, max_length=NAME_LENGTH, extra_json_schema={"pattern": PLAIN_TEXT}),
]
Number = Annotated[int, Meta(ge=1, le=999_999_999, description="The number of the airplane.")]


class NewAirplane(Struct, frozen=True, forbid_unknown_fields=True):
    """An airplane to add."""

    seats: Seats
    name: Name | None = None


class AirplaneChange(Struct, frozen=True, forbid_unknown_fields=True):
    """What to change of an airplane; what is left out stays as it is."""

    seats: Seats | UnsetType = UNSET
    open: bool | UnsetType = UNSET


class NewReservation(Struct, frozen=True, forbid_unknown_fields=True):
    """A seat to request. customer: a name; without it, the sender reserves for themselves."""

    airplane: Number
    customer: Name | None = None
