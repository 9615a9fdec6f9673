"""Previews: what a form will do with the values that are typed so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from airbook.application.responses import Airplane
from airbook.application.text.labels import Labels, mark
from airbook.domain.airplane import ChangeSeats
from airbook.tui.screens.sentences import DEEDS, numbered, request_deed, seats_left
from airbook.tui.widgets.form_field import Preview


def preview_of_seats(airplane: Airplane, label: Labels, values: Mapping[str, Any]) -> Preview:
    """Say what setting the seats of an airplane will do. values: those of the form."""
    counts = {"number": airplane.id, "seats": airplane.seats, "taken": airplane.taken}
    hint = label(mark("Airplane {number}: {seats} seats, {taken} taken."), counts)
    return Preview(label(DEEDS[ChangeSeats] if values else mark("Set the seats"), values), hint)


class RequestPreview:
    """Says what a request will do, and which airplane its number stands for."""

    def __init__(self, label: Labels) -> None:
        self._label = label
        self._airplanes: Mapping[int, Airplane] | None = None

    def learn(self, airplanes: Sequence[Airplane]) -> None:
        """Learn which airplanes there are."""
        self._airplanes = {one.id: one for one in airplanes}

    def __call__(self, values: Mapping[str, Any]) -> Preview:
        """Return what a request with these values will do."""
        label, number, customer = self._label, values.get("airplane"), values.get("customer")
        if number is None:
            return Preview(label(mark("Request a seat")))
        airplane, text, hint = (self._airplanes or {}).get(number), str(number), ""
        if airplane is not None:
            text, hint = numbered(airplane), seats_left(airplane, label)
        elif self._airplanes is not None:
            sentence = mark("There is no airplane {number} yet: a request is rejected.")
            hint = label(sentence, {"number": number})
        deed = label(mark("Request a seat of airplane {airplane}"), {"airplane": text})
        return Preview(request_deed(text, customer, label) if customer else deed, hint)
