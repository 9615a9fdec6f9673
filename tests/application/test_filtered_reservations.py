"""A filter of reservations finds exactly the rows that show what was typed, in both stores."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given, settings
from hypothesis.strategies import integers, lists, none, sampled_from

from airbook.application.airbook import Airbook
from airbook.application.filtering import TERM
from airbook.application.paging import WindowRequest, reservations
from airbook.application.reservation_filter import reservation_filter
from airbook.application.responses import Airplane, Reservation
from airbook.application.text.formatting import format_fields
from airbook.application.text.labels import LANGUAGES, Labels
from airbook.eventlog.records import Customer
from airbook.eventlog.rows import Rows
from airbook.eventlog.selection import SortOrder, fold
from tests.support.fresh_stores import Fresh
from tests.support.random_stories import STORIES
from tests.support.stories import StoryEvent, moment, record

NAMES = ("kim", "Kim 2", "이서연", "park_9", "lee%", "Zoë")
CUSTOMERS = [Customer(f"c{place}", name) for place, name in enumerate(NAMES)]
COLUMNS = ("id", "airplane", "customer", "status", "seat", "reason", "received_at", "decided_at")
TYPED = (
    *("1", "2", "kim", "K", "서연", "%", "_", "oë", "plane", "re", "승인", "seats left", "closed"),
    *("plane:1", "plane:9", 'plane:"plane 2"', "name:plane", "status:approved", "status:re"),
    *("seat:1", "customer:k", "reason:no", "id:2", "after:5", "before:9", "plane:x", "customer:x"),
)
DIGITS = ("id", "airplane", "seat")
CODES = ("status", "reason")
LABELS = [Labels(language) for language in LANGUAGES]


def is_match(row: Reservation, term: tuple[str, str], planes: dict[int, str]) -> bool:
    """Return whether a row shows what a term says. planes: the names of airplanes, by number."""
    field, text = term
    shown = {name: fold(value) for name, value in format_fields(row, LABELS[0]).items()}
    plane = fold(planes.get(row.airplane, ""))
    codes = {
        name: [getattr(row, name) or "", *(fold(format_fields(row, one)[name]) for one in LABELS)]
        for name in CODES
    }
    match field:
        case "":
            return (
                any(text in shown[name] for name in (*DIGITS, "customer", *CODES))
                or any(text in one for some in codes.values() for one in some)
                or text in plane
            )
        case "plane" if text.isdecimal():
            return row.airplane == int(text)
        case "plane" | "name":
            return bool(plane) and text in plane
        case "seat" | "id":
            return shown[field] == text
        case "customer":
            return text in shown["customer"]
        case _:
            return any(text in one for one in codes[field])


def in_order(rows: list[Reservation], order: SortOrder) -> list[int]:
    def key_of(row: Reservation) -> tuple[object, ...]:
        value = getattr(row, order.column)
        return (fold(value), value, row.id) if order.column == "customer" else (value, row.id)

    valued = [row for row in rows if getattr(row, order.column) is not None]
    missing = [row for row in rows if getattr(row, order.column) is None]
    valued.sort(key=key_of, reverse=order.descending)
    missing.sort(key=lambda row: row.id, reverse=order.descending)
    return [row.id for row in valued + missing]


@settings(max_examples=6)
@given(
    story=STORIES,
    typed=lists(lists(sampled_from(TYPED), max_size=3), min_size=5, max_size=5),
    column=sampled_from(COLUMNS),
    as_of=none() | integers(0, 40),
    first=integers(0, 3),
)
def test_a_window_is_a_part_of_the_sorted_list_of_matching_rows(  # noqa: PLR0917 -- Hypothesis
    fresh: Fresh,
    story: tuple[StoryEvent, ...],
    typed: list[list[str]],
    column: str,
    as_of: int | None,
    first: int,
) -> None:
    with (
        fresh.store() as store,
        Airbook(store, clock=lambda: moment(0) + timedelta(hours=1)) as one,
    ):
        one.create_if_missing()
        one.log.insert(Rows(customers=CUSTOMERS))
        head = record(one.log, *story)
        as_of = None if as_of is None else min(as_of, head)
        everything = one.queries.reservations(as_of=as_of)
        planes = {plane.id: plane.name or "" for plane in named_airplanes(one, as_of)}
        for words, descending in zip(typed, (True, False) * 3, strict=False):
            moments = {word for word in words if word.startswith(("after", "before"))}
            terms = [found for word in {*words} - moments for found in terms_of(word)]
            rows = [row for row in everything if all(is_match(row, term, planes) for term in terms)]
            for word in moments:
                position = min(int(word.partition(":")[2]), head)
                then = {row.id for row in one.queries.reservations(as_of=position)}
                rows = [row for row in rows if (row.id in then) == word.startswith("before")]
            order = SortOrder(column, descending)
            numbers = in_order(rows, order)
            request = WindowRequest(first, 3, order=order, as_of=as_of)
            wanted = reservation_filter(" ".join(words), LABELS[0])
            window = reservations(one.queries, wanted, request)
            begins = max(0, min(first, len(numbers) - 3))
            if window.complaint is None:
                assert window.total == len(numbers), words
                assert [row.id for row in window.rows] == numbers[begins : begins + 3], words
            else:  # no name has the part, or the log is shorter than the moment
                assert not numbers or moments


def named_airplanes(airbook: Airbook, as_of: int | None) -> list[Airplane]:
    return [plane for plane in airbook.queries.airplanes(as_of=as_of) if plane.name]


def terms_of(word: str) -> list[tuple[str, str]]:
    found = TERM.findall(word)
    return [(field, fold(quoted or plain)) for field, quoted, plain in found if quoted or plain]
