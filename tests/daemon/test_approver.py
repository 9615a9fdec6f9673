"""What the approver does when others write while it decides."""

from __future__ import annotations

from collections.abc import Callable, Generator

import pytest

from airbook.application import outcome
from airbook.application.airbook import Airbook
from airbook.application.commands import Reserve
from airbook.application.stores.store import Store
from airbook.daemon.approver import Approver
from airbook.domain.airplane import ChangeSeats, CreateAirplane
from airbook.domain.reservation import CancelReservation
from airbook.eventlog.errors import StoreError
from airbook.eventlog.log import Log
from airbook.eventlog.records import ParkedReservation, Receipt, RecordedEvent, Stream, Transaction
from airbook.eventlog.rows import Rows
from tests.support.stores import recorder_of


@pytest.fixture
def airbook(store: Store) -> Generator[Airbook]:
    with Airbook(store) as opened:
        opened.execute(CreateAirplane(1))
        yield opened


def approver(airbook: Airbook, log: Log | None = None) -> Approver:
    return Approver(log or airbook.log, airbook.clock)


class Interrupted(Log):
    """A log to which somebody else writes just before the first commit."""

    meanwhile: Callable[[], object] | None = None

    def append(self, transaction: Transaction) -> Receipt:
        if self.meanwhile:
            meanwhile, self.meanwhile = self.meanwhile, None
            meanwhile()
        return super().append(transaction)


def interrupted(airbook: Airbook, meanwhile: Callable[[], object]) -> Interrupted:
    log = Interrupted(recorder_of(airbook.log))
    log.meanwhile = meanwhile
    return log


def test_a_rejection_rests_on_the_airplane_as_it_is(airbook: Airbook) -> None:
    airbook.execute(Reserve(1, "kim"))
    airbook.execute(Reserve(1, "lee"))
    deciding = approver(airbook, interrupted(airbook, lambda: airbook.execute(ChangeSeats(2), 1)))
    deciding.step()
    assert [outcome.reservation(airbook, number).status for number in (1, 2)] == ["approved"] * 2


def test_a_request_cancelled_while_it_is_decided_is_not_approved(airbook: Airbook) -> None:
    airbook.execute(Reserve(1, "kim"))
    deciding = approver(
        airbook, interrupted(airbook, lambda: airbook.execute(CancelReservation(), 1))
    )
    while deciding.step():
        pass
    assert outcome.reservation(airbook, 1).status == "cancelled"
    assert outcome.is_released(airbook, 1)


def park(airbook: Airbook, number: int) -> None:
    aside = ParkedReservation(number, 2, "a fault of yesterday", "2026-11-22T09:00:00.000Z")
    airbook.log.insert(Rows(parked=[aside]))


def test_what_another_has_retried_is_followed_again(airbook: Airbook) -> None:
    airbook.execute(Reserve(1, "kim"))
    park(airbook, 1)
    first = approver(airbook)
    first.step()
    assert outcome.reservation(airbook, 1).status == "received"
    airbook.log.retry(1)
    approver(airbook).step()
    airbook.execute(CancelReservation(), 1)
    while first.step():
        pass
    assert outcome.is_released(airbook, 1)


class Busy(Log):
    """A log that cannot be read just now."""

    def stream(self, stream: Stream, after: int = 0) -> list[RecordedEvent]:
        raise StoreError("store_busy", f"{stream} after {after}")


def test_trouble_with_the_store_parks_nobody(airbook: Airbook) -> None:
    airbook.execute(CreateAirplane(1))
    before = airbook.log.head()
    airbook.execute(Reserve(1, "kim"))
    deciding = approver(airbook, Busy(recorder_of(airbook.log)))
    deciding.position = before  # the airplane went by unseen
    with pytest.raises(StoreError):
        deciding.step()
    assert airbook.log.registry.parked() == []
    approver(airbook).step()
    assert outcome.reservation(airbook, 1).status == "approved"


def test_a_decision_is_one_commit_and_its_own_facts_are_not_read_again(airbook: Airbook) -> None:
    deciding = approver(airbook)
    deciding.step()
    airbook.execute(Reserve(1, "kim"))
    deciding.step()
    assert deciding.position == airbook.log.checkpoint("approver") == airbook.log.head()
    assert deciding.step() is None


def test_what_others_wrote_before_its_own_facts_is_read(airbook: Airbook) -> None:
    airbook.execute(Reserve(1, "kim"))
    deciding = approver(airbook, interrupted(airbook, lambda: airbook.execute(Reserve(2, "lee"))))
    deciding.step()
    assert deciding.position == airbook.log.checkpoint("approver") == 2
    while deciding.step():
        pass
    assert outcome.reservation(airbook, 2).reason == "no_such_airplane"
