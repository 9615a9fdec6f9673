"""A command that is repeated under the same key is executed once and returns the same receipt."""

from __future__ import annotations

import pytest

from airbook.application.commands import Reserve
from airbook.domain.airplane import ChangeSeats, CloseAirplane, CreateAirplane
from airbook.domain.refusal import Refused
from airbook.domain.reservation import CancelReservation
from airbook.eventlog.log import Log
from airbook.eventlog.records import Receipt
from tests.support.commands import Commands


def test_a_repeated_cancellation_returns_its_receipt(any_log: Log) -> None:
    commands = Commands(any_log)
    commands.execute(Reserve(1, "kim"))
    first = commands.execute(CancelReservation(), 1, key="k")
    again = commands.execute(CancelReservation(), 1, key="k")
    assert (first, again) == (Receipt(1, 2), Receipt(1, 2, repeated=True))


def test_a_repeated_command_that_would_change_nothing_returns_its_receipt(any_log: Log) -> None:
    commands = Commands(any_log)
    commands.execute(CreateAirplane(5))
    commands.execute(CloseAirplane(), 1, key="k")
    assert commands.execute(CloseAirplane(), 1, key="k") == Receipt(1, 2, repeated=True)


def test_a_key_that_another_command_used_is_refused(any_log: Log) -> None:
    commands = Commands(any_log)
    commands.execute(CreateAirplane(5))
    commands.execute(ChangeSeats(6), 1, key="k")
    with pytest.raises(Refused) as refused:
        commands.execute(ChangeSeats(7), 1, key="k")
    assert refused.value.code == "key_reused"
    assert any_log.head() == 2
