"""Pages of a list: numbers from 0, twenty rows each, as Spring Data counts and sorts them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from msgspec import Struct

from airbook.application.text import parsing
from airbook.eventlog.selection import SortOrder
from airbook.gateway.seed.hal import Document, GatewayRequest, base_of, link

SIZE, MOST = 20, 1_000


class Page(Struct, frozen=True):
    """Which rows of a list to show. number: of the page, from 0. sort: as it was asked for."""

    number: int
    size: int
    order: SortOrder
    sort: str | None = None

    @property
    def first(self) -> int:
        """Return the index of its first row in the whole list, from 0."""
        return self.number * self.size


def page_of(request: GatewayRequest, columns: Mapping[str, str]) -> Page:
    """Return the page that a request asks for; what cannot be read counts as not asked for.

    columns: of the list, by the names under which they can be sorted.
    """
    asked = request.query_params
    size = natural(asked.get("size")) or SIZE
    order, sort = SortOrder("id", descending=False), asked.get("sort")
    if sort is not None:
        *fields, direction = sort.split(",")
        if direction.lower() not in {"asc", "desc"}:
            fields, direction = [*fields, direction], "asc"
        known = [columns[field] for field in fields if field in columns]
        if known:
            order = SortOrder(known[0], descending=direction.lower() == "desc")
    return Page(natural(asked.get("page")) or 0, min(size, MOST), order, sort)


def natural(word: str | None) -> int | None:
    """Parse a number of at most nine digits; None if it is something else."""
    return int(word) if word is not None and parsing.NUMBER.fullmatch(word) else None


def collection(
    request: GatewayRequest, name: str, rows: Sequence[Document], page: Page, total: int
) -> Document:
    """Return one page of a list, with links to the pages around it. name: of the list."""
    address = f"{base_of(request)}/{name}"
    pages = -(-total // page.size)
    return {
        "_embedded": {name: rows},
        "_links": {
            **around(page, pages, address, self=own_address(request, page, address)),
            "profile": link(f"{base_of(request)}/profile/{name}"),
        },
        "page": {
            "size": page.size,
            "totalElements": total,
            "totalPages": pages,
            "number": page.number,
        },
    }


def own_address(request: GatewayRequest, page: Page, address: str) -> str:
    """Return the address of a page.

    The address has no parameters if the request had none: then it is that of the first page.
    """
    asked = request.query_params
    is_asked = any(name in asked for name in ("page", "size", "sort"))
    return at_page(page, page.number, address) if is_asked else address


def around(page: Page, pages: int, address: str, *, self: str) -> Document:
    """Return the links between pages: no first and last if there is but one, no prev on the first.

    address: of the list. self: of this page.
    """
    last = max(0, pages - 1)
    numbers = {
        "first": 0 if pages > 1 else None,
        "prev": page.number - 1 if page.number > 0 else None,
        "self": page.number,
        "next": page.number + 1 if page.number < last else None,
        "last": last if pages > 1 else None,
    }
    return {
        name: link(self if name == "self" else at_page(page, number, address))
        for name, number in numbers.items()
        if number is not None
    }


def at_page(page: Page, number: int, address: str) -> str:
    """Return the address of another page of the same size and order."""
    sort = {} if page.sort is None else {"sort": page.sort}
    query = urlencode({"page": number, "size": page.size, **sort}, safe=",")
    return f"{address}?{query}"
