"""The codes and sentences of refusals."""

from __future__ import annotations

import pytest

from airbook.domain.refusal import Refused

SENTENCES = (
    (Refused.no_such_airplane(), "no_such_airplane", "There is no airplane 7."),
    (Refused.no_such_reservation(), "no_such_reservation", "There is no reservation 7."),
    (Refused.airplane_closed(), "airplane_closed", "Airplane 7 is closed."),
    (Refused.no_seats_left(5), "no_seats_left", "All 5 seats of airplane 7 are taken."),
    (Refused.seats_out_of_range(1000), "seats_out_of_range", "An airplane has 1 to 1000 seats."),
    (
        Refused.seats_taken(3),
        "seats_taken",
        "Airplane 7 cannot have fewer than 3 seats: seat 3 is taken.",
    ),
    (
        Refused.already_decided("approved"),
        "already_approved",
        "Reservation 7 is approved already.",
    ),
    (
        Refused.already_decided("rejected"),
        "already_rejected",
        "Reservation 7 was rejected; there is nothing to give back.",
    ),
    (
        Refused.already_decided("cancelled"),
        "already_cancelled",
        "Reservation 7 is cancelled already.",
    ),
    (
        Refused.key_reused("k{1}"),
        "key_reused",
        "The key k{1} was used before, with other contents.",
    ),
    (
        Refused.version_changed(3),
        "version_changed",
        "This has changed since it was read: its version is 3 now.",
    ),
)


@pytest.mark.parametrize(("refusal", "code", "sentence"), SENTENCES)
def test_a_refusal_has_a_code_and_a_sentence(refusal: Refused, code: str, sentence: str) -> None:
    assert (refusal.code, str(refusal.about(7))) == (code, sentence)


def test_a_refusal_without_a_number_has_a_question_mark_in_its_place() -> None:
    assert str(Refused.no_seats_left(5)) == "All 5 seats of airplane ? are taken."


def test_the_first_number_given_to_a_refusal_is_kept() -> None:
    assert str(Refused.airplane_closed().about(1).about(2)) == "Airplane 1 is closed."


def test_a_refusal_that_is_printed_as_an_error_shows_its_code_its_sentence_and_its_values() -> None:
    assert repr(Refused.seats_out_of_range(1000)) == (
        "Refused('seats_out_of_range', 'An airplane has 1 to {most} seats.', {'most': 1000})"
    )
