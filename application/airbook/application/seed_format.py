"""Events as JSON lines in the format of the original system, byte for byte."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from airbook.domain.airplane import AirplaneCreated
from airbook.domain.reservation import (
    ReservationApproved,
    ReservationRejected,
    ReservationRequested,
)
from airbook.eventlog.records import RecordedEvent


def lines(recorded: RecordedEvent) -> Iterator[str]:
    """Yield the lines of an event; none for an event that the original system did not have."""
    at = round(datetime.fromisoformat(recorded.at).timestamp() * 1000)
    number = recorded.stream.number
    match recorded.event:
        case AirplaneCreated(seats):
            yield (
                f'{{"eventType":"AirplaneCreated","timestamp":{at},'
                f'"airPlaneId":{number},"seatQty":{seats}}}'
            )
        case ReservationRequested(airplane):
            yield (
                f'{{"eventType":"ReservationCompleted","timestamp":{at},'
                f'"reservId":{number},"airPlaneId":{airplane}}}'
            )
        case ReservationApproved(airplane):
            yield (
                f'{{"eventType":"ReservationApproved","timestamp":{at},'
                f'"airPlaneId":{airplane},"reservId":{number},"reservStatus":"승인"}}'
            )
            yield (
                f'{{"eventType":"ReservationUpdated","timestamp":{at},'
                f'"reservId":{number},"airPlaneId":{airplane},"reservStatus":"승인"}}'
            )
        case ReservationRejected(airplane):
            yield (
                f'{{"eventType":"ReservationRejected","timestamp":{at},'
                f'"airPlaneId":{airplane},"reservId":{number},"reservStatus":"취소"}}'
            )
        case _:
            return
