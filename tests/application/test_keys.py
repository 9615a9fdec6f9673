"""A command sent twice under one key is done once, whatever has become of it meanwhile."""

from __future__ import annotations

import pytest

from airbook.application.airbook import Airbook
from airbook.application.commands import Reserve
from airbook.application.stores.store import Store
from airbook.domain.airplane import ChangeSeats, CloseAirplane, CreateAirplane
from airbook.domain.refusal import Refused
from airbook.domain.reservation import CancelReservation
from airbook.eventlog.records import Receipt


def test_a_cancellation_sent_twice_gets_its_receipt_twice(store: Store) -> None:
    with Airbook(store) as airbook:
        airbook.execute(Reserve(1, "kim"))
        first = airbook.execute(CancelReservation(), 1, key="k")
        again = airbook.execute(CancelReservation(), 1, key="k")
        assert (first, again) == (Receipt(1, 2), Receipt(1, 2, repeated=True))


def test_a_command_that_would_change_nothing_now_gets_its_receipt(store: Store) -> None:
    with Airbook(store) as airbook:
        airbook.execute(CreateAirplane(5))
        airbook.execute(CloseAirplane(), 1, key="k")
        assert airbook.execute(CloseAirplane(), 1, key="k") == Receipt(1, 2, repeated=True)


def test_the_key_of_another_command_is_refused(store: Store) -> None:
    with Airbook(store) as airbook:
        airbook.execute(CreateAirplane(5))
        airbook.execute(ChangeSeats(6), 1, key="k")
        with pytest.raises(Refused) as refused:
            airbook.execute(ChangeSeats(7), 1, key="k")
        assert refused.value.code == "key_reused"
        assert airbook.log.head() == 2
