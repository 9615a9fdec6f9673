"""The sentences of the doctor's findings, in both languages, and the note of `store check`."""

from __future__ import annotations

import sqlite3

import pytest

from airbook.application.maintenance import doctor
from airbook.application.maintenance.findings import MAX_OF_EACH, Findings
from airbook.application.text.labels import Labels
from airbook.cli.output.doctor_report import as_object, with_remedy
from tests.cli import test_doctor as damages
from tests.cli.conftest import Inside
from tests.cli.test_doctor import Damage, append, healthy, tampered
from tests.support.stores import by_hand

__all__ = ["healthy"]
CANCELLED = ("ReservationCancelled.v1", '{"airplane":1,"seat":null}')


def wide_gap(inside: Inside):
    tampered(
        inside,
        "DELETE FROM stored_events WHERE originator_id IN ('reservation-5', 'reservation-6')"
        " AND originator_version = 1",
    )


def decided_after_its_cancellation(inside: Inside):
    requested = ("ReservationRequested.v1", '{"airplane":1,"customer":"x"}')
    tampered(
        inside,
        append("reservation-7", 1, *requested),
        append("reservation-7", 2, *CANCELLED),
        append("reservation-7", 3, *damages.REJECTED),
    )


def airplane_lost(inside: Inside):
    with by_hand(inside.store) as connection:
        connection.execute("UPDATE numbers SET last = 2 WHERE kind = 'airplane'")


SENTENCES: list[tuple[Damage, str, str]] = [
    (damages.gap, "Position 7 is missing.", "이벤트가 빠져 있습니다: 위치 7"),
    (wide_gap, "Positions 6 to 7 are missing.", "이벤트가 빠져 있습니다: 위치 6~7"),
    (
        damages.oversold,
        "Airplane 1: 6 of 5 seats are taken at position 19.",
        "항공기 1: 위치 19에서 좌석 5개인데 6개가 배정되었습니다.",
    ),
    (
        damages.one_seat_twice,
        "Airplane 1: one seat is assigned twice at position 20.",
        "항공기 1: 위치 20에서 같은 좌석이 두 번 배정되었습니다.",
    ),
    (
        damages.version_gap,
        "reservation-6 has version 9 where version 3 belongs.",
        "스트림 reservation-6: 버전 3 대신 버전 9 이벤트가 있습니다.",
    ),
    (
        damages.decided_twice,
        "Reservation 1 is decided more than once.",
        "예약 1: 두 번 이상 결정되었습니다.",
    ),
    (
        damages.decided_unasked,
        "Reservation 7 is decided without a request.",
        "예약 7: 요청 없이 결정되었습니다.",
    ),
    (
        decided_after_its_cancellation,
        "Reservation 7 is decided after it was cancelled.",
        "예약 7: 취소된 뒤에 결정되었습니다.",
    ),
    (
        damages.of_an_unknown_noun,
        (
            "Event 19 of balloon-1 cannot be read: ValueError: 'BalloonFilled.v1' is no event type"
            " of this program"
        ),
        (
            "읽을 수 없는 이벤트입니다: balloon-1, 위치 19: ValueError: 'BalloonFilled.v1' is no"
            " event type of this program"
        ),
    ),
    (
        damages.lost,
        "Reservation 7 was acknowledged and is not in the log.",
        "예약 7: 접수했다고 답했지만 로그에 없습니다.",
    ),
    (
        airplane_lost,
        "Airplane 2 was acknowledged and is not in the log.",
        "항공기 2: 추가했다고 답했지만 로그에 없습니다.",
    ),
    (
        damages.a_row_changed,
        (
            "The view reservations differs from the log in this row: id=1 airplane=1"
            " customer=customer 1 status=approved seat=9 received_at=<time> decided_at=<time>"
            " since=9"
        ),
        (
            "뷰 reservations: 로그와 다른 행이 있습니다: id=1 airplane=1"
            " customer=customer 1 status=approved seat=9 received_at=<time> decided_at=<time>"
            " since=9"
        ),
    ),
    (
        damages.a_row_more,
        (
            "The view airplanes differs from the log in this row: id=9 name=x seats=1 taken=0"
            " pending=0 status=open since=18"
        ),
        (
            "뷰 airplanes: 로그와 다른 행이 있습니다: id=9 name=x seats=1 taken=0"
            " pending=0 status=open since=18"
        ),
    ),
    (
        damages.pages_damaged,
        "The log is damaged: On tree page 8 cell 4: Extends off end of page",
        "이벤트 로그가 손상되었습니다: On tree page 8 cell 4: Extends off end of page",
    ),
]


@pytest.mark.parametrize(
    ("damage", "english", "korean"), SENTENCES, ids=[damage.__name__ for damage, *_ in SENTENCES]
)
def test_the_first_finding(healthy: Inside, damage: Damage, english: str, korean: str):
    damage(healthy)
    told = [healthy("doctor", AIRBOOK_LANG=language).out for language in ("en", "ko")]
    first = [text.splitlines()[0].partition("\t")[2] for text in told]
    assert [one.startswith(text) for one, text in zip(first, (english, korean), strict=True)], first
    assert not [text for text in told if "\\u" in text or "None" in text]


NOTES = {
    "en": (
        f"SQLite {sqlite3.sqlite_version} has a rare fault"
        " (https://www.sqlite.org/wal.html#walresetbug); airbook makes it rarer still. To be safe"
        " from it, run airbook with a Python whose SQLite is 3.51.3 or newer: SQLite is a part of"
        " Python or of the operating system, and pip cannot replace it.\n"
    ),
    "ko": (
        f"SQLite {sqlite3.sqlite_version}에는 드문 결함이 있습니다"
        "(https://www.sqlite.org/wal.html#walresetbug). airbook에서는 이 결함이 더욱 드뭅니다."
        " 완전히 피하려면 SQLite 3.51.3 이상이 포함된 Python으로 airbook을 실행하세요. SQLite는"
        " Python이나 운영체제에 포함되어 있어 pip으로는 바꿀 수 없습니다.\n"
    ),
}


@pytest.mark.parametrize("language", NOTES)
def test_an_old_sqlite_is_noted_by_the_check_of_the_store_only(
    healthy: Inside, monkeypatch: pytest.MonkeyPatch, language: str
):
    monkeypatch.setattr(doctor, "SAFE_SQLITE", (99, 0, 0))
    check = healthy("store", "check", AIRBOOK_LANG=language)
    assert (check.code, check.err) == (0, NOTES[language])
    document = healthy("store", "check", "-o", "json", AIRBOOK_LANG=language).document
    assert document["notes"] == [
        {
            "code": "sqlite_version",
            "message": NOTES[language].rstrip("\n"),
            "remedy": {
                "en": "Run airbook with a newer SQLite.",
                "ko": "더 새로운 SQLite로 airbook을 실행하세요.",
            }[language],
            "version": sqlite3.sqlite_version,
        }
    ]
    assert healthy("doctor", AIRBOOK_LANG=language).err == ""
    assert healthy("doctor", "-o", "json").document["notes"] == []


def test_a_new_sqlite_needs_no_note(healthy: Inside, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(doctor, "SAFE_SQLITE", sqlite3.sqlite_version_info)
    assert healthy("store", "check").err == ""


@pytest.mark.parametrize("language", ["en", "ko"])
def test_of_many_alike_findings_the_last_counts_the_others(language: str):
    findings = Findings()
    for number in range(MAX_OF_EACH + 2):
        findings.report(
            "parked", "Reservation {number} is parked: {error}", number=number, error="x"
        )
    last = as_object(findings.all()[-1], Labels(language))
    assert (last["code"], last["count"], last["remedy"]) == ("parked", 2, "")
    assert "2" in with_remedy(findings.all()[-1], Labels(language))
