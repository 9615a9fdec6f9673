"""The report of `doctor` and `store check`, printed for people or as JSON."""

from __future__ import annotations

import sys
from typing import Any

from airbook.application.maintenance.doctor import Report
from airbook.application.maintenance.findings import Finding
from airbook.application.text.formatting import encode
from airbook.application.text.labels import Labels, mark
from airbook.application.text.terminal import visible
from airbook.cli.output.columns import columns
from airbook.cli.output.stdout import print_sentence, stdout_width


def print_report(report: Report, label: Labels, format: str) -> None:  # noqa: A002
    """Print a line for each finding, or one line if there is none; notes go to stderr.

    format: the output format of the run; json and jsonl print one object.
    """
    if format in {"json", "jsonl"}:
        document: dict[str, Any] = {
            "healthy": not report.findings,
            "events": report.events,
            "views": report.views,
            "findings": [as_object(finding, label) for finding in report.findings],
            "notes": [as_object(note, label) for note in report.notes],
        }
        print(encode(document))
        return
    findings = [(finding.code, with_remedy(finding, label)) for finding in report.findings]
    width = stdout_width() if format == "table" else None
    for line in map("\t".join, findings) if width is None else columns(findings, width):
        print(line)
    if not report.findings:
        healthy = mark("All is well: {events} events, {views} views.")
        print_sentence(label(healthy, {"events": report.events, "views": report.views}))
    for note in report.notes:
        print(sentence(note, label), file=sys.stderr)


def sentence(finding: Finding, label: Labels) -> str:
    """Return the translated sentence of a finding."""
    return visible(label(finding.sentence, finding.values))


def with_remedy(finding: Finding, label: Labels) -> str:
    """Return the sentence of a finding, and after it what to do."""
    told = sentence(finding, label)
    return f"{told}{'' if told.endswith('.') else '.'} {remedy(finding, label)}".rstrip()


def remedy(finding: Finding, label: Labels) -> str:
    """Return the translated sentence that says what to do about a finding."""
    return visible(label(finding.remedy, finding.values))


def as_object(finding: Finding, label: Labels) -> dict[str, Any]:
    """Return a finding as a JSON object."""
    told = {"message": sentence(finding, label), "remedy": remedy(finding, label)}
    return {"code": finding.code, **told, **finding.values}
