"""The ids of actors: read once for a process, and only those that are stored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pytest

from airbook.application import actors as actor_ids
from airbook.application.commands import Reserve
from airbook.application.stores.store import Store
from airbook.domain.airplane import CreateAirplane
from airbook.domain.refusal import Refused
from airbook.domain.reservation import CancelReservation
from tests.application.company import Company


@pytest.fixture
def company(store: Store) -> Iterator[Company]:
    company = Company(store)
    with company.airbook:
        yield company


def test_the_id_of_an_actor_is_read_once_after_the_first_commit(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    company.airbook.create_if_missing()
    read, actors = list[Sequence[str]](), company.log.registry.actors
    ids = actors.ids

    def note_and_read(names: Sequence[str]) -> Mapping[str, str]:
        read.append(names)
        return ids(names)

    monkeypatch.setattr(actors, "ids", note_and_read)
    company.give("kim", CreateAirplane(1))
    assert read == []
    for _ in range(3):
        company.give("kim", Reserve(1, "lee"))
    assert read == [["kim"]]
    assert [one.by for one in company.log.after(0)] == [actors.all("", 9)[0][0]] * 4


def test_a_command_that_stored_nothing_leaves_no_id_in_the_cache(company: Company) -> None:
    company.airbook.create_if_missing()
    for _ in range(2):
        with pytest.raises(Refused):
            company.give("kim", CancelReservation(), 9)
    company.give("kim", CreateAirplane(1))
    company.give("kim", CreateAirplane(1))
    assert company.acted() == [("kim", None)] * 2


def test_a_cache_of_actors_that_is_full_is_emptied(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actor_ids, "MAX_CACHED", 1)
    company.airbook.create_if_missing()
    for actor in ("kim", "lee", "park", "kim", "kim"):
        company.give(actor, CreateAirplane(1))
    assert [by for by, _ in company.acted()] == ["kim", "lee", "park", "kim", "kim"]
    assert len(company.log.registry.actors.all("", 9)) == 3
