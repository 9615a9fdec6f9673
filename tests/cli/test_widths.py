"""Tables and sentences on real terminals of several widths, and in a pipe."""

from __future__ import annotations

import pexpect
import pytest
from rich.cells import cell_len

from tests.cli.conftest import Inside
from tests.cli.terminal import on_a_terminal, seen
from tests.support.home import Home

AT_87 = """\
Position  At                   Stream         Type                  Contents
---------------------------------------------------------------------------------------
       3  2026-11-22 09:00:00  reservation-2  ReservationRequested  airplane=1
                                                                    customer=customer 2
      10  2026-11-22 09:00:00  airplane-1     SeatAssigned          reservation=2
                                                                    seat=2
      11  2026-11-22 09:00:00  reservation-2  ReservationApproved   airplane=1 seat=2
"""
AT_60 = """\
 …  시각        스트림         종류                 내용
------------------------------------------------------------
 3  2026-11-22  reservation-2  ReservationRequest…  airplane
    09:00:00                                        =1
                                                    customer
                                                    =custome
                                                    r 2
10  2026-11-22  airplane-1     SeatAssigned         reservat
    09:00:00                                        ion=2
                                                    seat=2
11  2026-11-22  reservation-2  ReservationApproved  airplane
    09:00:00                                        =1
                                                    seat=2
"""
AT_40 = """\
P…  At       Stream   Type      Contents
----------------------------------------
 3  2026-1…  reserv…  Reserva…  airplane
    09:00:…                     =1
                                customer
                                =custome
                                r 2
10  2026-1…  airpla…  SeatAss…  reservat
    09:00:…                     ion=2
                                seat=2
11  2026-1…  reserv…  Reserva…  airplane
    09:00:…                     =1
                                seat=2
"""
IN_A_PIPE = """\
위치  시각                 스트림         종류                  내용
----------------------------------------------------------------------------------------------
   3  2026-11-22 09:00:00  reservation-2  ReservationRequested  airplane=1 customer=customer 2
  10  2026-11-22 09:00:00  airplane-1     SeatAssigned          reservation=2 seat=2
  11  2026-11-22 09:00:00  reservation-2  ReservationApproved   airplane=1 seat=2
"""
FOLLOWED = """\
      17  2026-11-22 09:00:00  reservation-5    ReservationApproved                     airplane=1
                                                                                        seat=5
      18  2026-11-22 09:00:00  reservation-6    ReservationRejected                     airplane=1
                                                                                        reason=no_se
                                                                                        ats_left
"""


@pytest.fixture
def told(home: Home) -> Home:
    """Return a home with the story of five seats, every event at a fixed time."""
    home.record_five_seats()
    return home


def without_padding(table: str) -> str:
    return "".join(f"{line.rstrip()}\n" for line in table.splitlines())


@pytest.mark.parametrize(
    ("width", "language", "expected"), [(87, "en", AT_87), (60, "ko", AT_60), (40, "en", AT_40)]
)
def test_a_table_is_as_wide_as_the_terminal(told: Home, width: int, language: str, expected: str):
    table = seen(told, "history", "2", "--lang", language, columns=str(width), NO_COLOR="1")
    assert without_padding(table) == expected
    assert {cell_len(line) for line in table.splitlines()} == {width}


def test_in_a_pipe_a_table_is_as_wide_as_its_contents_unless_columns_says_a_width(told: Home):
    words = ("history", "2", "-o", "table", "--lang", "ko")
    assert without_padding(told(*words).out) == IN_A_PIPE
    assert without_padding(told(*words, COLUMNS="60").out) == AT_60
    for nonsense in ("0", "-1", "x", "²", "1" * 5_000):
        assert without_padding(told(*words, COLUMNS=nonsense).out) == IN_A_PIPE


def test_columns_takes_precedence_over_the_width_of_the_terminal(told: Home):
    table = seen(told, "history", "2", columns="120", COLUMNS="40", NO_COLOR="1")
    assert without_padding(table) == AT_40


def test_followed_events_fit_the_terminal_and_the_columns_stay(told: Home):
    words = ("events", "--follow", "--since", "16")
    follower = on_a_terminal(told, *words, columns="100", TERM="xterm", NO_COLOR="1")
    follower.expect("ats_left *\r\n")
    stored = f"{follower.before}{follower.after}"
    told("reserve", "1", "--customer", "kim")
    follower.expect("reservation-7.*customer=.*\r\n")
    new = f"{follower.before}{follower.after}"
    follower.sendintr()
    follower.expect(pexpect.EOF)
    assert without_padding(stored) == FOLLOWED
    first = new.splitlines()[0][29:].rstrip()
    assert first == "  reservation-7    ReservationRequested  me                airplane=1"
    assert {cell_len(line) for line in (stored + new).splitlines()} == {100}


def test_in_a_pipe_a_followed_event_is_a_line(told: Home):
    with told.running("events", "--follow", "--since", "17", "-o", "table") as follower:
        line = follower.stdout.readline()
    assert line.rstrip() == (
        "      18  2026-11-22 09:00:00  reservation-6    ReservationRejected"
        "                     airplane=1 reason=no_seats_left"
    )


def test_sentences_are_wrapped_at_their_spaces(told: Home):
    assert seen(told, "why", "6", columns="40") == (
        "Reservation 6 was rejected: all 5 seats\nof airplane 1 were taken.\n"
    )
    status = seen(told, "status", columns="40").splitlines()
    assert status[-4:] == [
        "Reservations: 0 received, 5 approved, 1",
        "rejected, 0 cancelled.",
        "Views: 0 events behind.",
        "Parked: 0.",
    ]
    assert told("why", "6", "-o", "table").out == (
        "Reservation 6 was rejected: all 5 seats of airplane 1 were taken.\n"
    )


def test_the_findings_of_the_doctor_are_wrapped_beside_their_codes(inside: Inside):
    assert inside("store", "init").code == 0
    inside.store.chmod(0o644)
    plain, table = (
        inside("store", "check", "-o", output, COLUMNS="60").out for output in ("plain", "table")
    )
    assert table.count("\n") > plain.count("\n")
    assert table.split() == plain.split()
