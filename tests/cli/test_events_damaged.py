"""`events` lists what can be read of a damaged file, and says what cannot."""

from __future__ import annotations

import json

import pytest

from airbook.domain.airplane import AirplaneCreated
from airbook.eventlog.records import Append, Transaction
from tests.cli.conftest import Inside
from tests.support.stores import open_log
from tests.support.stories import NINE

EVENTS, PAGE = 900, 4096


@pytest.fixture
def damaged(inside: Inside) -> Inside:
    """Make a log of which the page with the event at position 450 is garbage."""
    with open_log(inside.store) as log:
        appends = [Append("airplane", None, 0, [AirplaneCreated(5)]) for _ in range(EVENTS)]
        log.append(Transaction(at=NINE, appends=appends))
        (row,) = log.rows_after(449, 1)
    contents = inside.store.read_bytes()
    page = contents.find(row.stream.encode() + row.topic.encode()) // PAGE
    assert page > 0
    with inside.store.open("r+b") as file:
        file.seek(page * PAGE)
        file.write(b"\xff" * 100)
    return inside


@pytest.mark.parametrize("output", ["jsonl", "json", "csv"])
def test_the_others_are_listed(damaged: Inside, output: str):
    answer = damaged("events", "-o", output)
    lines = answer.out.splitlines()
    if output == "json":
        positions = [event["position"] for event in json.loads(answer.raw)]
    elif output == "jsonl":
        positions = [json.loads(line)["position"] for line in lines]
    else:
        positions = [int(line.partition(",")[0]) for line in lines[1:]]
    lost = sorted({*range(1, EVENTS + 1)} - {*positions})
    assert answer.code == 1
    assert positions == sorted({*positions})
    assert 450 in lost
    assert lost == [*range(lost[0], lost[-1] + 1)]
    assert len(lost) < 100  # one page
    assert f"the events at {lost[0]}-{lost[-1]} cannot be read." in answer.err


def test_the_doctor_names_the_lost_positions_and_goes_on(damaged: Inside):
    answer = damaged("doctor")
    codes = [line.partition("\t")[0] for line in answer.out.splitlines()]
    assert answer.code == 8, answer
    assert {"damaged", "events_changed"} <= {*codes}
    assert "The events at positions" in answer.out


def test_korean(damaged: Inside):
    answer = damaged("events", "-o", "plain", AIRBOOK_LANG="ko")
    assert "일부 이벤트를 읽을 수 없습니다" in answer.err


def test_a_range_before_the_damage_is_whole(damaged: Inside):
    answer = damaged("events", "--as-of", "300", "-o", "jsonl")
    assert (answer.code, len(answer.out.splitlines())) == (0, 300)
