"""The check of the digests: events and registry are what the commits stored."""

from __future__ import annotations

from airbook.application.maintenance.findings import Findings
from airbook.application.text.labels import mark
from airbook.domain.reservation import ReservationRequested
from airbook.eventlog.chain import ChainCheck
from airbook.eventlog.errors import StoreError
from airbook.eventlog.log import Log
from airbook.eventlog.records import DAEMON, RecordedEvent
from airbook.eventlog.rows import EventRow
from airbook.eventlog.verification import changed_tables, digests_of

SENTENCES = {
    "changed": mark("The events at positions {first} to {last} are not those that were stored."),
    "missing": mark("The log has lost its last events, positions {first} to {last}."),
    "uncovered": mark("The events at positions {first} to {last} were stored without airbook."),
}
REGISTRY = mark("The commit at position {last} is not the one that was stored.")
BATCH = 1_000


class DigestsCheck:
    """Compares the log with the digests; damaged digests are a finding, and end the comparison."""

    def __init__(self, log: Log, findings: Findings) -> None:
        """Read the last digest, which is not after the events that are read later."""
        self._log = log
        self._findings = findings
        self._check: ChainCheck | None = None
        try:
            self._last = log.digests.last()
            self._check = ChainCheck(digests_of(log))
        except (StoreError, TypeError, ValueError) as error:
            self._give_up(error)

    def _give_up(self, error: Exception) -> None:
        if isinstance(error, StoreError) and error.code != "store_damaged":
            raise error
        self._check = None
        sentence = mark("The digests of the log cannot be read: {error}")
        self._findings.report("digests_damaged", sentence, error=str(error))

    def add(self, row: EventRow) -> None:
        """Check the next event."""
        if self._check is not None:
            try:
                self._check.add(row)
            except (StoreError, TypeError, ValueError) as error:
                self._give_up(error)

    def end(self) -> None:
        """Check the end of the log, and the registry."""
        try:
            if self._check is not None:
                self._check.end(self._last)
                self._report_commits(self._check)
        except (StoreError, TypeError, ValueError) as error:
            self._give_up(error)
        try:
            self._check_registry()
        except StoreError as error:
            if error.code != "store_damaged":  # RegistryCheck reports that
                raise

    def _report_commits(self, check: ChainCheck) -> None:
        for after, last, reason in check.broken:
            sentence = SENTENCES[reason] if last > after else REGISTRY
            self._findings.report(f"events_{reason}", sentence, first=after + 1, last=last)

    def _check_registry(self) -> None:
        tables = changed_tables(self._log)
        if tables and {"customers", "actors"} & {*tables}:  # only then is the log read again
            tables = changed_tables(self._log, *self._forgotten())
        for table in tables or ():
            sentence = mark("The table {table} is not as the last commit left it.")
            self._findings.report("registry_changed", sentence, table=table)

    def _forgotten(self) -> tuple[set[str], set[str]]:
        """Return the ids of the customers and of the actors that events name without a row."""
        registry, position = self._log.registry, 0
        customers, actors = set[str](), set[str]()
        while events := self._log.after(position, BATCH):
            position = events[-1].position
            named = {one for recorded in events if (one := customer_of(recorded))}
            acted = {one.by for one in events if one.by} - {DAEMON.id}
            customers |= named - registry.customer_names(sorted(named)).keys()
            actors |= acted - registry.actors.names(sorted(acted)).keys()
        return customers, actors


def customer_of(recorded: RecordedEvent) -> str | None:
    """Return the id of the customer that an event names."""
    event = recorded.event
    return event.customer if isinstance(event, ReservationRequested) else None
