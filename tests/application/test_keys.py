"""A command that is repeated under the same key is executed once and returns the same receipt."""

from __future__ import annotations

import pytest

from airbook.application.airbook import Airbook
from airbook.application.commands import Reserve
from airbook.application.stores.store import Store
from airbook.domain.airplane import ChangeSeats, CloseAirplane, CreateAirplane
from airbook.domain.refusal import Refused
from airbook.domain.reservation import CancelReservation
from airbook.eventlog.records import Receipt


def test_a_repeated_cancellation_returns_its_receipt(store: Store) -> None:
    with Airbook(store) as airbook:
        airbook.execute(Reserve(1, "kim"))
        first = airbook.execute(CancelReservation(), 1, key="k")
        again = airbook.execute(CancelReservation(), 1, key="k")
        assert (first, again) == (Receipt(1, 2), Receipt(1, 2, repeated=True))


def test_a_repeated_command_that_would_change_nothing_returns_its_receipt(store: Store) -> None:
    with Airbook(store) as airbook:
        airbook.execute(CreateAirplane(5))
        airbook.execute(CloseAirplane(), 1, key="k")
        assert airbook.execute(CloseAirplane(), 1, key="k") == Receipt(1, 2, repeated=True)


def test_a_key_that_another_command_used_is_refused(store: Store) -> None:
    with Airbook(store) as airbook:
        airbook.execute(CreateAirplane(5))
        airbook.execute(ChangeSeats(6), 1, key="k")
        with pytest.raises(Refused) as refused:
            airbook.execute(ChangeSeats(7), 1, key="k")
        assert refused.value.code == "key_reused"
        assert airbook.log.head() == 2
