"""Airplanes are found by their name, however it is written, so that people can be asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from airbook.application.airbook import Airbook
from airbook.application.airplane_names import airplanes_named
from airbook.application.stores.sqlite import SQLiteStore
from airbook.application.stores.store import Store
from airbook.domain.airplane import CloseAirplane, CreateAirplane

NAMES = ("KE 907", "한빛호", "ke 907 ", "Straße", None, "Ⅻ", "KE907")


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        ("KE 907", [1, 3]),
        (" kE 907", [1, 3]),
        ("KE907", [7]),
        ("\u1112\u1161\u11ab\u1107\u1175\u11be\u1112\u1169", [2]),  # 한빛호, decomposed
        ("STRASSE", [4]),
        ("ⅻ", [6]),
        ("XII", []),
        ("907", []),
        ("None", []),
    ],
)
def test_the_airplanes_of_a_name(store: Store, name: str, numbers: list[int]) -> None:
    with Airbook(store) as airbook:
        for number, one in enumerate(NAMES, 1):
            assert airbook.execute(CreateAirplane(5, one)).number == number
        airbook.execute(CloseAirplane(), 1)
        assert [one.id for one in airplanes_named(airbook, name)] == numbers


def test_a_store_that_is_not_created_has_no_airplanes_and_is_not_created(tmp_path: Path) -> None:
    store = SQLiteStore(tmp_path / "airbook.db")
    with Airbook(store) as airbook:
        assert list(airplanes_named(airbook, "KE 907")) == []
    assert not store.is_made()
