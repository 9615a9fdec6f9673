"""A rule said no: a code for programs and a sentence for people."""

from __future__ import annotations

from typing import Self


class Refused(Exception):
    """A command that a rule does not allow.

    code: stable, for programs. sentence: English, with {placeholders} for values; fronts translate
    it and fill it in. values: what the placeholders stand for.
    """

    def __init__(self, code: str, sentence: str, **values: int | str) -> None:
        super().__init__(code, sentence, values)
        self.code = code
        self.sentence = sentence
        self.values = values

    def about(self, number: int) -> Self:
        """Say which airplane or reservation the sentence speaks of; nouns do not know theirs."""
        self.values.setdefault("number", number)
        return self

    def __str__(self) -> str:
        return self.sentence.format(**{"number": "?", **self.values})

    @classmethod
    def no_such_airplane(cls) -> Self:
        """Nothing was ever created under that number."""
        return cls("no_such_airplane", "There is no airplane {number}.")

    @classmethod
    def airplane_exists(cls) -> Self:
        """An airplane is created once."""
        return cls("airplane_exists", "Airplane {number} exists already.")

    @classmethod
    def no_such_reservation(cls) -> Self:
        """Nothing was ever requested under that number."""
        return cls("no_such_reservation", "There is no reservation {number}.")

    @classmethod
    def airplane_closed(cls) -> Self:
        """It accepts no assignments until it is opened again."""
        return cls("airplane_closed", "Airplane {number} is closed.")

    @classmethod
    def no_seats_left(cls, seats: int) -> Self:
        """Every seat is assigned."""
        return cls(
            "no_seats_left", "All {seats} seats of airplane {number} are taken.", seats=seats
        )

    @classmethod
    def seats_out_of_range(cls, most: int) -> Self:
        """Too few or too many seats for any airplane."""
        return cls("seats_out_of_range", "An airplane has 1 to {most} seats.", most=most)

    @classmethod
    def seats_taken(cls, taken: int) -> Self:
        """Capacity cannot fall below what is assigned."""
        return cls(
            "seats_taken",
            "Airplane {number} cannot have fewer seats than are taken: {taken}.",
            taken=taken,
        )

    @classmethod
    def already_decided(cls, status: str) -> Self:
        """The reservation is past the point where the command makes sense."""
        sentences = {
            "received": "Reservation {number} was requested already.",
            "approved": "Reservation {number} is approved already.",
            "rejected": "Reservation {number} was rejected; there is nothing to give back.",
            "cancelled": "Reservation {number} is cancelled already.",
        }
        return cls(f"already_{status}", sentences[status])

    @classmethod
    def key_reused(cls, key: str) -> Self:
        """An idempotency key stands for one command."""
        return cls("key_reused", "The key {key} was used before, with other contents.", key=key)
