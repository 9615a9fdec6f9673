"""Filters of reservations: parsed without the store, then resolved with the names in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec

from airbook.application.as_of import Moment, parse_moment, position_at
from airbook.application.filtering import (
    NO_AIRPLANE,
    Fields,
    Term,
    codes_named,
    codes_with,
    parse_filter,
    period,
)
from airbook.application.text import parsing
from airbook.application.text.labels import Labels, mark
from airbook.application.text.terminal import shown
from airbook.domain.reservation import REASONS, STATUSES
from airbook.eventlog.selection import Among, Clause, Condition, Contains, Within, fold

if TYPE_CHECKING:
    import sqlalchemy as sql

    from airbook.application.queries import Queries

FIELDS = Fields(
    {
        "id": ("reservation", "id"),
        "airplane": ("plane", "airplane"),
        "name": ("name",),
        "customer": ("customer",),
        "status": ("status",),
        "seat": ("seat",),
        "reason": ("reason",),
        "after": ("after",),
        "before": ("before",),
    }
)
# On the page of one customer.
OWN_FIELDS = Fields({name: words for name, words in FIELDS.words.items() if name != "customer"})
END = 10**9  # after the last number


class ReservationFilter(msgspec.Struct, frozen=True):
    """Which reservations to list: those for which every term holds.

    clauses: the terms that need no name. words: plain words, each with the conditions that need no
    name. planes, customers: parts of names. after, before: moments. customer: the whole name of the
    only customer whose reservations are listed; None for all.
    """

    clauses: tuple[Clause, ...] = ()
    words: tuple[tuple[str, Clause], ...] = ()
    planes: tuple[str, ...] = ()
    customers: tuple[str, ...] = ()
    after: tuple[Moment, ...] = ()
    before: tuple[Moment, ...] = ()
    customer: str | None = None


def reservation_filter(
    typed: str, label: Labels, *, customer: str | None = None
) -> ReservationFilter:
    """Parse a filter. customer: the whole name of the only customer. Raises Mistyped."""
    terms = parse_filter(typed, FIELDS if customer is None else OWN_FIELDS, label)
    texts: dict[str, tuple[str, ...]] = {
        field: tuple(term.text for term in terms if term.field == field)
        for field in ("", "name", "customer", "after", "before")
    }
    planes = tuple(one.text for one in terms if one.field == "airplane" and not is_number(one))
    return ReservationFilter(
        tuple((found,) for term in terms if (found := condition_of(term, label))),
        tuple((word, conditions_of_word(word)) for word in texts[""]),
        (*texts["name"], *planes),
        texts["customer"],
        tuple(map(parse_moment, texts["after"])),
        tuple(map(parse_moment, texts["before"])),
        customer,
    )


def is_number(term: Term) -> bool:
    """Return whether a term names a number."""
    return term.text.isascii() and term.text.isdecimal()


def condition_of(term: Term, label: Labels) -> Condition | None:
    """Return the condition of a term; None if it needs a name or is a plain word."""
    match term.field:
        case "status":
            return Among("status", codes_named(term.text, STATUSES, label))
        case "reason":
            codes = codes_with(term.text, REASONS)
            return Among("reason", codes) if codes else Contains("reason", term.text)
        case "id" | "seat" as field:
            return Among(field, (parsing.identity(term.text),))
        case "airplane" if is_number(term):
            return Among("airplane", (parsing.identity(term.text),))
        case _:
            return None


def conditions_of_word(word: str) -> Clause:
    """Return the conditions under which a plain word matches, without those that need a name."""
    return tuple(conditions(word))


def conditions(word: str) -> Iterator[Condition]:
    """Yield the conditions under which a plain word is in one of the columns."""
    if word.isascii() and word.isdecimal():
        yield from (Contains(column, word) for column in ("id", "airplane", "seat"))
    if statuses := codes_with(word, STATUSES):
        yield Among("status", statuses)
    if reasons := codes_with(word, REASONS):
        yield Among("reason", reasons)
    if times := period(word):
        yield from (Within(column, *times) for column in ("received_at", "decided_at"))
    yield Contains("reason", word)  # also a reason of another version


def resolve(
    queries: Queries,
    connection: sql.Connection,
    row_filter: ReservationFilter,
    as_of: int | None,
) -> tuple[Clause, ...]:
    """Find what names and moments stand for; return all clauses of a filter.

    as_of: a log position; None means now. Raises Mistyped if no name has a part, and Refused for a
    moment that the log has not come to.
    """
    from airbook.projections.models.airplanes import airplanes

    registry = queries.log.registry
    uses_names = row_filter.planes or row_filter.words
    named = airplanes(connection, as_of=as_of) if uses_names else []

    def planes(part: str) -> Sequence[int]:
        return [one.id for one in named if part in fold(one.name or "")]

    def customers(part: str) -> Sequence[str]:
        return registry.customers_with(part) if row_filter.customer is None else ()

    clauses = [*row_filter.clauses]
    clauses += [(found("airplane", planes(one), one),) for one in row_filter.planes]
    clauses += [(found("customer", customers(one), one),) for one in row_filter.customers]
    for word, conditions in row_filter.words:
        names = (Among("airplane", tuple(planes(word))), Among("customer", tuple(customers(word))))
        clauses.append((*conditions, *(one for one in names if one.values)))
    if row_filter.customer is not None:
        ids = registry.customer_ids([row_filter.customer])
        clauses.append((Among("customer", tuple(ids.values())),))
    if row_filter.after or row_filter.before:
        clauses.append(moments(queries, connection, row_filter))
    return tuple(clauses)


def found(column: str, values: Sequence[int] | Sequence[str], part: str) -> Condition:
    """Return the condition for named values. Raises Mistyped if no name contains the part."""
    if not values:
        sentence = NO_AIRPLANE if column == "airplane" else mark("No customer is named {word}.")
        parsing.refuse(sentence, word=shown(part))
    return Among(column, tuple(values))


def moments(queries: Queries, connection: sql.Connection, row_filter: ReservationFilter) -> Clause:
    """Return the condition of the moments: reservations are numbered in the order of requests.

    Raises Refused for a moment that the log has not come to.
    """
    from airbook.projections.models.totals import totals

    def newest(moment: Moment) -> int:
        position = position_at(queries.log, moment, queries.clock())
        return totals(connection, as_of=position).newest

    first = max([newest(one) + 1 for one in row_filter.after], default=0)
    end = min([newest(one) + 1 for one in row_filter.before], default=END)
    return (Within("id", first, end),)
