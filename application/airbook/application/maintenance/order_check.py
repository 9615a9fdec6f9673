"""The check of the order of a log: positions and versions without gaps, every event readable."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import islice

from airbook.application.maintenance.findings import Finding, Findings
from airbook.application.maintenance.number_table import NumberTable
from airbook.application.text.labels import mark
from airbook.domain.decider import AIRPLANE
from airbook.eventlog.codec import UnreadableEvent
from airbook.eventlog.records import RecordedEvent
from airbook.eventlog.salvage import LostPositions

MAX_MISSING = 10  # findings for missing numbers, of each kind


class OrderCheck:
    """Checks positions and versions, and reports unreadable events.

    position: of the last event.
    """

    def __init__(self, findings: Findings) -> None:
        self.position = 0
        self._findings = findings
        self._versions: dict[str, NumberTable] = defaultdict(NumberTable)
        self._other_versions: dict[str, int] = {}

    def add(self, recorded: RecordedEvent) -> None:
        """Check the next event."""
        if recorded.position != self.position + 1:
            self._report_gap(recorded.position)
        self.position = recorded.position
        kind, number = recorded.stream
        if number:
            versions = self._versions[kind]
            expected = versions[number] + 1
            versions[number] = max(recorded.version, 0)
        else:
            expected = self._other_versions.get(kind, 0) + 1
            self._other_versions[kind] = recorded.version
        if recorded.version != expected:
            self._report_version(recorded, expected)
        if isinstance(recorded.event, UnreadableEvent):
            self._findings.report(
                "unreadable_event",
                mark("Event {position} of {stream} cannot be read: {error}"),
                position=recorded.position,
                stream=str(recorded.stream),
                error=recorded.event.error,
            )

    def skip(self, lost: LostPositions) -> None:
        """Report positions that cannot be read, and go on after them."""
        sentence = mark("The events at positions {first} to {last} cannot be read.")
        self._findings.report("damaged", sentence, first=lost.first, last=lost.last)
        self.position = lost.last

    def _report_gap(self, position: int) -> None:
        first, last = self.position + 1, position - 1
        one = mark("Position {first} is missing.")
        several = mark("Positions {first} to {last} are missing.")
        self._findings.report("gap", one if first == last else several, first=first, last=last)

    def _report_version(self, recorded: RecordedEvent, expected: int) -> None:
        self._findings.report(
            "version_gap",
            mark("{stream} has version {version} where version {expected} belongs."),
            stream=str(recorded.stream),
            version=recorded.version,
            expected=expected,
        )

    def lost_numbers(self, numbers: Mapping[str, int]) -> Iterator[Finding]:
        """Find numbers that were given, and therefore acknowledged, but have no stream.

        numbers: the last number given, by kind.
        """
        for kind, last in numbers.items():
            versions = self._versions[kind]
            missing = (number for number in range(1, last + 1) if not versions[number])
            for number in islice(missing, MAX_MISSING):
                sentence = (
                    mark("Airplane {number} was acknowledged and is not in the log.")
                    if kind == AIRPLANE.kind
                    else mark("Reservation {number} was acknowledged and is not in the log.")
                )
                yield Finding("acknowledged_lost", sentence, {"kind": kind, "number": number})
