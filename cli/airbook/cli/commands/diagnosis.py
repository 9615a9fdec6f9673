"""What the doctor found, told to people and to programs."""

from __future__ import annotations

from typing import Any

from airbook.application.maintenance.audit import Finding
from airbook.application.maintenance.doctor import Report
from airbook.application.text.formatting import encode
from airbook.application.text.labels import mark
from airbook.application.text.terminal import visible
from airbook.cli.framework.session import Session


def tell(session: Session, report: Report) -> None:
    """Print a report: a line for each finding, or one that says all is well."""
    if session.format in {"json", "jsonl"}:
        document: dict[str, Any] = {
            "healthy": not report.findings,
            "events": report.events,
            "views": report.views,
            "findings": [as_object(session, one) for one in report.findings],
            "notes": [as_object(session, one) for one in report.notes],
        }
        print(encode(document))
        return
    for finding in report.findings:
        print(f"{finding.code}\t{sentence(session, finding)}")
    if not report.findings:
        healthy = mark("All is well: {events} events, {views} views.")
        print(session.label(healthy, {"events": report.events, "views": report.views}))
    for note in report.notes:
        session.say("{note}", note=sentence(session, note))


def sentence(session: Session, finding: Finding) -> str:
    """Put a finding into words."""
    return visible(session.label(finding.sentence, finding.values))


def as_object(session: Session, finding: Finding) -> dict[str, Any]:
    """Put a finding into JSON."""
    return {"code": finding.code, "message": sentence(session, finding), **finding.values}
