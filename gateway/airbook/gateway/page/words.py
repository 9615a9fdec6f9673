"""The words of the page, by the names under which its templates use them."""

from __future__ import annotations

from collections.abc import Mapping

from airbook.application.text.formatting import CODES
from airbook.application.text.labels import Labels, mark

WORDS = {
    "signed_in": mark("Signed in as {subject}, {role}"),
    "sign_in": mark("Sign in"),
    "sign_out": mark("Sign out"),
    "token": mark("Token"),
    "token_hint": mark("You get a token from whoever runs this airbook."),
    "wrong_token": mark("This token is unknown, expired or revoked."),
    "skip": mark("Go to the contents"),
    "reserve_heading": mark("Reserve a seat"),
    "airplane": mark("Airplane"),
    "customer": mark("Customer"),
    "reserve": mark("Reserve"),
    "none_open": mark("No airplane is open at the moment."),
    "own_heading": mark("My reservations"),
    "all_heading": mark("Latest reservations"),
    "no_reservations": mark("There are no reservations yet."),
    "received_at": mark("Received"),
    "cancel": mark("Cancel"),
    "cancel_number": mark("Cancel reservation {number}"),
    "cancel_question": mark("Cancel reservation {number}?"),
    "airplanes_heading": mark("Airplanes"),
    "no_airplanes": mark("There are no airplanes yet."),
    "seats_of": mark("{taken} of {seats} seats taken, {pending} pending, {left} left"),
    "add_heading": mark("Add an airplane"),
    "name": mark("Name"),
    "optional": mark("optional"),
    "seats": mark("Seats"),
    "seat": mark("Seat"),
    "add": mark("Add"),
    "close": mark("Close airplane"),
    "open": mark("Open airplane"),
    "close_number": mark("Close airplane {number}"),
    "open_number": mark("Open airplane {number}"),
    "previous": mark("Previous"),
    "next": mark("Next"),
    "page_of": mark("Page {page} of {pages}"),
    "undecided": mark("No daemon is running: reservations wait until one is."),
}
# What is said after a form was sent, by the word in the address of the page.
SAID = {
    "reserved": mark("Reservation {number} is received."),
    "cancelled": mark("Reservation {number} is cancelled."),
    "added": mark("Airplane {number} is added."),
    "opened": mark("Airplane {number} is open."),
    "closed": mark("Airplane {number} is closed."),
}


class Words:
    """The words of the page in one language; templates read them as attributes or call `say`."""

    def __init__(self, label: Labels) -> None:
        self.label = label

    def __getattr__(self, name: str) -> str:
        try:
            return self.label(WORDS[name])
        except KeyError:
            raise AttributeError(name) from None

    def say(self, name: str, **values: object) -> str:
        """Return a sentence of WORDS with its values."""
        return self.label(WORDS[name], values)

    def code(self, code: str | None) -> str:
        """Return the label of a code, such as a status or a reason."""
        return self.label(CODES.get(code or "", code or ""))

    def said(self, name: str, values: Mapping[str, object]) -> str | None:
        """Return what is said after a form was sent; None for a word that is not in SAID."""
        return self.label(SAID[name], values) if name in SAID else None
