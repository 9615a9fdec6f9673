"""Commands on a log without a store, and what became of a reservation."""

from __future__ import annotations

from typing import cast

from airbook.application.airbook import now
from airbook.application.commands import Executor, Order, Reserve
from airbook.domain.airplane import AirplaneState
from airbook.domain.decider import Command
from airbook.domain.reservation import ReservationRequested, ReservationState
from airbook.eventlog.log import Log
from airbook.eventlog.records import Receipt, Stream


class Commands:
    """Executes commands on a log, as Airbook does on the log of a store."""

    def __init__(self, log: Log) -> None:
        self._executor = Executor(log, now)

    def execute(
        self, command: Command | Reserve, number: int | None = None, *, key: str | None = None
    ) -> Receipt:
        """Execute one command; see `Order` for the parameters. Raises Refused."""
        result = self._executor.execute_all([Order(command, number, key)])[0]
        if isinstance(result, Exception):
            raise result
        return result


def reservation_state(log: Log, number: int) -> ReservationState:
    """Fold the stream of one reservation."""
    return cast("ReservationState", log.load(Stream("reservation", number))[0])


def airplane_state(log: Log, number: int) -> AirplaneState:
    """Fold the stream of one airplane."""
    return cast("AirplaneState", log.load(Stream("airplane", number))[0])


def customers_in(log: Log) -> list[str | None]:
    """List the name of the customer of each request, in the order of the log."""
    requested = (recorded.event for recorded in log.after(0, 10_000))
    ids = [event.customer for event in requested if isinstance(event, ReservationRequested)]
    names = log.registry.customer_names(ids)
    return [names.get(one) for one in ids]
