"""Refusals: a rule does not allow a command."""

from __future__ import annotations

from typing import Self


class Refused(Exception):
    """A rule does not allow a command.

    code: stable, for programs. sentence: English, with {placeholders} for values; fronts translate
    the sentence and fill in the values.
    """

    def __init__(self, code: str, sentence: str, **values: int | str) -> None:
        super().__init__(code, sentence, values)
        self.code = code
        self.sentence = sentence
        self.values = values

    def about(self, number: int) -> Self:
        """Add the number of the airplane or reservation, which deciders do not know."""
        self.values.setdefault("number", number)
        return self

    def __str__(self) -> str:
        return self.sentence.format(**{"number": "?", **self.values})

    @classmethod
    def no_such_airplane(cls) -> Self:
        """No airplane has that number."""
        return cls("no_such_airplane", "There is no airplane {number}.")

    @classmethod
    def airplane_exists(cls) -> Self:
        """An airplane is created once."""
        return cls("airplane_exists", "Airplane {number} exists already.")

    @classmethod
    def no_such_reservation(cls) -> Self:
        """No reservation has that number."""
        return cls("no_such_reservation", "There is no reservation {number}.")

    @classmethod
    def airplane_closed(cls) -> Self:
        """A closed airplane assigns no seats until it is opened again."""
        return cls("airplane_closed", "Airplane {number} is closed.")

    @classmethod
    def no_seats_left(cls, seats: int) -> Self:
        """Every seat is assigned."""
        return cls(
            "no_seats_left", "All {seats} seats of airplane {number} are taken.", seats=seats
        )

    @classmethod
    def seats_out_of_range(cls, most: int) -> Self:
        """No airplane can have that number of seats."""
        return cls("seats_out_of_range", "An airplane has 1 to {most} seats.", most=most)

    @classmethod
    def seats_taken(cls, highest: int) -> Self:
        """The capacity cannot fall below the highest assigned seat."""
        return cls(
            "seats_taken",
            "Airplane {number} cannot have fewer than {highest} seats: seat {highest} is taken.",
            highest=highest,
        )

    @classmethod
    def already_decided(cls, status: str) -> Self:
        """The status of the reservation does not allow the command."""
        sentences = {
            "received": "Reservation {number} was requested already.",
            "approved": "Reservation {number} is approved already.",
            "rejected": "Reservation {number} was rejected; there is nothing to give back.",
            "cancelled": "Reservation {number} is cancelled already.",
        }
        return cls(f"already_{status}", sentences[status])

    @classmethod
    def key_reused(cls, key: str) -> Self:
        """An idempotency key was used for another command."""
        return cls("key_reused", "The key {key} was used before, with other contents.", key=key)

    @classmethod
    def version_changed(cls, version: int) -> Self:
        """The stream is not at a version for which the command is meant."""
        return cls(
            "version_changed",
            "This has changed since it was read: its version is {version} now.",
            version=version,
        )
