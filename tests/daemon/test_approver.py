"""What the approver does when others write while it decides."""

from __future__ import annotations

from collections.abc import Callable, Generator

import pytest

from airbook.application import outcome
from airbook.application.airbook import Airbook
from airbook.application.stores import Store
from airbook.daemon.approver import Approver
from airbook.domain.airplane import ChangeSeats, CreateAirplane
from airbook.domain.decider import Stream
from airbook.domain.reservation import CancelReservation
from airbook.eventlog.errors import StoreError
from airbook.eventlog.log import Log
from airbook.eventlog.records import Change, Event, Parked, Receipt
from airbook.eventlog.rows import Rows


@pytest.fixture
def book(store: Store) -> Generator[Airbook]:
    with Airbook(store) as opened:
        opened.execute(CreateAirplane(1))
        yield opened


def approver(book: Airbook, log: Log | None = None) -> Approver:
    return Approver(log or book.log, book.clock)


class Interrupted(Log):
    """A log to which somebody else writes just before the first commit."""

    meanwhile: Callable[[], object] | None = None

    def commit(self, change: Change) -> Receipt:
        if self.meanwhile:
            meanwhile, self.meanwhile = self.meanwhile, None
            meanwhile()
        return super().commit(change)


def interrupted(book: Airbook, meanwhile: Callable[[], object]) -> Interrupted:
    log = Interrupted(book.log.recorder)
    log.meanwhile = meanwhile
    return log


def test_a_rejection_rests_on_the_airplane_as_it_is(book: Airbook) -> None:
    book.reserve(1, "kim")
    book.reserve(1, "lee")
    deciding = approver(book, interrupted(book, lambda: book.execute(ChangeSeats(2), 1)))
    deciding.step()
    assert [outcome.reservation(book, number).status for number in (1, 2)] == ["approved"] * 2


def test_a_request_cancelled_while_it_is_decided_is_not_approved(book: Airbook) -> None:
    book.reserve(1, "kim")
    deciding = approver(book, interrupted(book, lambda: book.execute(CancelReservation(), 1)))
    while deciding.step():
        pass
    assert outcome.reservation(book, 1).status == "cancelled"
    assert outcome.is_released(book, 1)


def park(book: Airbook, number: int) -> None:
    aside = Parked(number, 2, "a fault of yesterday", "2026-11-22T09:00:00.000Z")
    book.log.recorder.write(Rows(parked=[aside]))


def test_what_another_has_retried_is_followed_again(book: Airbook) -> None:
    book.reserve(1, "kim")
    park(book, 1)
    first = approver(book)
    first.step()
    assert outcome.reservation(book, 1).status == "received"
    book.log.retry(1)
    approver(book).step()
    book.execute(CancelReservation(), 1)
    while first.step():
        pass
    assert outcome.is_released(book, 1)


class Busy(Log):
    """A log that cannot be read just now."""

    def stream(self, stream: Stream, after: int = 0) -> list[Event]:
        raise StoreError("store_busy", f"{stream} after {after}")


def test_trouble_with_the_store_parks_nobody(book: Airbook) -> None:
    book.execute(CreateAirplane(1))
    before = book.log.head()
    book.reserve(1, "kim")
    deciding = approver(book, Busy(book.log.recorder))
    deciding.position = before  # the airplane went by unseen
    with pytest.raises(StoreError):
        deciding.step()
    assert book.log.recorder.parked() == []
    approver(book).step()
    assert outcome.reservation(book, 1).status == "approved"


def test_a_decision_is_one_commit_and_its_own_facts_are_not_read_again(book: Airbook) -> None:
    deciding = approver(book)
    deciding.step()
    book.reserve(1, "kim")
    deciding.step()
    assert deciding.position == book.log.tracked("approver") == book.log.head()
    assert deciding.step() is None


def test_what_others_wrote_before_its_own_facts_is_read(book: Airbook) -> None:
    book.reserve(1, "kim")
    deciding = approver(book, interrupted(book, lambda: book.reserve(2, "lee")))
    deciding.step()
    assert deciding.position == book.log.tracked("approver") == 2
    while deciding.step():
        pass
    assert outcome.reservation(book, 2).reason == "no_such_airplane"
