"""The command `events`: from any position, with new events, and in the original format."""

from __future__ import annotations

import json

import pytest

from airbook.domain.reservation import ReservationRequested
from airbook.eventlog.records import Append, Transaction
from tests.cli.conftest import Inside
from tests.support.home import Home
from tests.support.stores import open_log
from tests.support.stories import moment

FIRST = (
    '{"position":1,"stream":"airplane-1","version":1,"type":"AirplaneCreated",'
    '"at":"2026-11-22T09:00:00.001Z","by":null,"cause":null,"data":{"seats":5,"name":null}}'
)
LAST = (
    '{"position":18,"stream":"reservation-6","version":2,"type":"ReservationRejected",'
    '"at":"2026-11-22T09:00:00.018Z","by":null,"cause":null,"data":{"airplane":1,"reason":"no_seats_left"}}'
)
NINE = 1795338000000
SEED = (
    f'{{"eventType":"AirplaneCreated","timestamp":{NINE + 1},"airPlaneId":1,"seatQty":5}}\n'
    + "".join(
        f'{{"eventType":"ReservationCompleted","timestamp":{NINE + 1 + number},'
        f'"reservId":{number},"airPlaneId":1}}\n'
        for number in range(1, 7)
    )
    + "".join(
        f'{{"eventType":"ReservationApproved","timestamp":{NINE + 7 + 2 * number},'
        f'"airPlaneId":1,"reservId":{number},"reservStatus":"승인"}}\n'
        f'{{"eventType":"ReservationUpdated","timestamp":{NINE + 7 + 2 * number},'
        f'"reservId":{number},"airPlaneId":1,"reservStatus":"승인"}}\n'
        for number in range(1, 6)
    )
    + f'{{"eventType":"ReservationRejected","timestamp":{NINE + 18},'
    '"airPlaneId":1,"reservId":6,"reservStatus":"취소"}\n'
)


def test_json_is_one_array_and_jsonl_has_an_event_in_each_line(five_seats: Inside):
    whole = five_seats("events", "-o", "json").raw.decode()
    lines = five_seats("events", "-o", "jsonl").raw.decode().splitlines()
    assert whole == f"[{','.join(lines)}]\n"
    assert (lines[0], lines[-1], len(lines)) == (FIRST, LAST, 18)
    assert [json.loads(line)["position"] for line in lines] == list(range(1, 19))


def test_plain_and_csv_have_the_same_fields(five_seats: Inside):
    assert five_seats("events", "--since", "17").raw.decode() == (
        "18\treservation-6\t2\tReservationRejected\t2026-11-22T09:00:00.018Z\t\t\t"
        '{"airplane":1,"reason":"no_seats_left"}\n'
    )
    assert five_seats("events", "--since", "17", "-o", "csv").raw.decode() == (
        "position,stream,version,type,at,by,cause,data\r\n"
        "18,reservation-6,2,ReservationRejected,2026-11-22T09:00:00.018Z,,,"
        '"{""airplane"":1,""reason"":""no_seats_left""}"\r\n'
    )


def test_a_table_has_a_row_for_each(five_seats: Inside):
    lines = five_seats("events", "--since", "17", "-o", "table").out.splitlines()
    assert lines[0].split() == ["Position", "At", "Stream", "Type", "Contents"]
    assert lines[2].split()[:5] == [
        *("18", "2026-11-22", "09:00:00", "reservation-6", "ReservationRejected")
    ]


@pytest.mark.parametrize(("since", "first"), [("0", 1), ("1", 2), ("17", 18), ("999999999", None)])
def test_since_shows_the_events_after_a_position(five_seats: Inside, since: str, first: int | None):
    found = [recorded["position"] for recorded in five_seats.json("events", f"--since={since}")]
    assert found == ([] if first is None else list(range(first, 19)))


def test_the_original_format_byte_for_byte(five_seats: Inside):
    for output in ([], ["-o", "json"], ["-o", "table"]):
        assert five_seats("events", "--format", "seed", *output).raw.decode() == SEED
    late = five_seats("events", "--format", "seed", "--since", "17").raw.decode()
    assert late == SEED.splitlines(keepends=True)[-1]


def test_events_that_the_original_system_lacks_are_left_out(five_seats: Inside):
    five_seats("cancel", "1")
    five_seats("admin", "close-plane", "1")
    assert five_seats("events", "--format", "seed").raw.decode() == SEED


def test_following_shows_stored_events_and_then_new_ones(home: Home):
    home("reserve", "1")
    with home.running("events", "--follow", "-o", "jsonl") as follower:
        assert json.loads(follower.stdout.readline())["stream"] == "reservation-1"
        home("reserve", "1")
        assert json.loads(follower.stdout.readline())["stream"] == "reservation-2"
    with home.running("events", "-f", "--since", "1", "--format", "seed") as follower:
        assert json.loads(follower.stdout.readline())["reservId"] == 2


def test_a_long_log_is_shown_whole(inside: Inside):
    request = Append("reservation", None, 0, (ReservationRequested(1, "nobody"),))
    with open_log(inside.store) as log:
        log.append(Transaction(at=moment(1), appends=[request] * 1_234))
    found = [recorded["position"] for recorded in inside.json("events")]
    assert found == list(range(1, 1_235))
