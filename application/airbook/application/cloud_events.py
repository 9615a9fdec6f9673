"""Events as CloudEvents 1.0 in the structured mode: one JSON document with all attributes.

https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md
"""

from __future__ import annotations

from msgspec import Raw, Struct, json

from airbook.application.responses import Event

CONTENT_TYPE = "application/cloudevents+json; charset=UTF-8"


class CloudEvent(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One event. Extension attributes have names of small letters and digits only.

    source: the log; no other log has it. id: the position. subject: the stream. partitionkey: the
    airplane. streamversion, actor, cause: as in the event of the log.
    """

    specversion: str
    id: str
    source: str
    type: str
    time: str
    subject: str
    datacontenttype: str
    partitionkey: str
    streamversion: int
    actor: str | None = None
    cause: int | None = None
    data: Raw


def cloud_event(event: Event, log: str, airplane: int) -> bytes:
    """Return the JSON document of an event. log: its identity. airplane: of the event."""
    return json.encode(
        CloudEvent(
            specversion="1.0",
            id=str(event.position),
            source=f"urn:airbook:log:{log}",
            type=f"airbook.{event.type}",
            time=event.at,
            subject=event.stream,
            datacontenttype="application/json",
            partitionkey=str(airplane),
            streamversion=event.version,
            actor=event.by,
            cause=event.cause,
            data=event.data,
        )
    )
