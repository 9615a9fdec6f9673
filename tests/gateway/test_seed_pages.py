"""Pages of the original's lists: from 0, twenty rows, sorted, with links between them."""

from __future__ import annotations

from tests.gateway.server import Gateway, Reply, serving
from tests.support.home import Home


def seats(reply: Reply) -> list[int]:
    return [one["seatQty"] for one in reply.document["_embedded"]["airplanes"]]


def links(reply: Reply, gateway: Gateway) -> dict[str, str]:
    found: dict[str, dict[str, str]] = reply.document["_links"]
    return {name: link["href"].removeprefix(gateway.base) for name, link in found.items()}


def add_airplanes(gateway: Gateway, count: int) -> None:
    for number in range(1, count + 1):
        assert gateway.post("/admins", {"seatQty": number}).status == 201


def test_an_empty_list_is_one_document_without_rows(gateway: Gateway):
    assert gateway.get("/reservations").document == {
        "_embedded": {"reservations": []},
        "_links": {
            "self": {"href": f"{gateway.base}/reservations"},
            "profile": {"href": f"{gateway.base}/profile/reservations"},
        },
        "page": {"size": 20, "totalElements": 0, "totalPages": 0, "number": 0},
    }


def test_a_list_is_read_page_by_page(gateway: Gateway):
    add_airplanes(gateway, 5)
    first = gateway.get("/airplanes?size=2")
    assert seats(first) == [1, 2]
    assert first.document["page"] == {
        "size": 2,
        "totalElements": 5,
        "totalPages": 3,
        "number": 0,
    }
    assert links(first, gateway) == {
        "first": "/airplanes?page=0&size=2",
        "self": "/airplanes?page=0&size=2",
        "next": "/airplanes?page=1&size=2",
        "last": "/airplanes?page=2&size=2",
        "profile": "/profile/airplanes",
    }
    middle = gateway.get(links(first, gateway)["next"])
    assert seats(middle) == [3, 4]
    assert links(middle, gateway) == {
        "first": "/airplanes?page=0&size=2",
        "prev": "/airplanes?page=0&size=2",
        "self": "/airplanes?page=1&size=2",
        "next": "/airplanes?page=2&size=2",
        "last": "/airplanes?page=2&size=2",
        "profile": "/profile/airplanes",
    }
    last = gateway.get(links(first, gateway)["last"])
    assert seats(last) == [5]
    assert list(links(last, gateway)) == ["first", "prev", "self", "last", "profile"]
    behind = gateway.get("/airplanes?page=7&size=2")
    assert (seats(behind), behind.document["page"]["number"]) == ([], 7)


def test_a_list_is_sorted_by_a_field(gateway: Gateway):
    add_airplanes(gateway, 3)
    gateway.request("PATCH", "/airplanes/1", {"seatQty": 9})
    queries = ("", "?sort=seatQty,desc", "?sort=seatQty,asc", "?sort=seatQty", "?sort=id,desc")
    assert {one: seats(gateway.get(f"/airplanes{one}")) for one in queries} == {
        "": [9, 2, 3],
        "?sort=seatQty,desc": [9, 3, 2],
        "?sort=seatQty,asc": [2, 3, 9],
        "?sort=seatQty": [2, 3, 9],
        "?sort=id,desc": [3, 2, 9],
    }
    page = gateway.get("/airplanes?sort=seatQty,desc&size=1&page=1")
    assert links(page, gateway)["next"] == "/airplanes?page=2&size=1&sort=seatQty,desc"


def test_what_cannot_be_read_in_a_query_counts_as_not_said(gateway: Gateway):
    add_airplanes(gateway, 2)
    for query in ("?page=x", "?page=-1", "?size=0", "?size=1e3", "?sort=,", "?sort=colour,desc"):
        reply = gateway.get(f"/airplanes{query}")
        assert (query, reply.status, seats(reply)) == (query, 200, [1, 2])
    assert gateway.get("/airplanes?size=999999").document["page"]["size"] == 1_000


def test_reservations_are_paged_and_sorted_in_the_store(either: Home):
    with serving(either) as gateway:
        gateway.post("/admins", {"seatQty": 9})
        for airplane in (1, 3, 2, 1, 3):
            gateway.post("/reservations", {"airPlaneId": airplane})
        gateway.request("DELETE", "/reservations/4")
        page = gateway.get("/reservations?sort=airPlaneId,desc&size=3")
        assert [one["airPlaneId"] for one in page.document["_embedded"]["reservations"]] == [
            3,
            3,
            2,
        ]
        assert page.document["page"] == {
            "size": 3,
            "totalElements": 4,
            "totalPages": 2,
            "number": 0,
        }
        rest = gateway.get(links(page, gateway)["next"])
        assert [one["airPlaneId"] for one in rest.document["_embedded"]["reservations"]] == [1]
        behind = gateway.get("/customers?page=4&size=2")
        assert behind.document["_embedded"] == {"customers": []}


def test_links_follow_the_address_of_the_request_and_a_proxy_only_if_it_is_trusted(home: Home):
    proxied = {"host": "inside:1", "x_forwarded_host": "air.example", "x_forwarded_proto": "https"}
    with serving(home, "--without-tokens") as gateway:
        gateway.post("/admins", {"seatQty": 1})
        own = gateway.get("/admins/1", **proxied).document["_links"]["self"]["href"]
        strange = gateway.get("/admins/1", host='"><a>')
        assert own == "http://inside:1/admins/1"
        assert (strange.status, strange.document["code"]) == (400, "bad_request")
    with serving(home, "--trust-proxy", "--without-tokens") as gateway:
        trusted = gateway.get("/admins/1", **proxied).document["_links"]["self"]["href"]
        plain = gateway.get("/admins/1").document["_links"]["self"]["href"]
        assert (trusted, plain) == ("https://air.example/admins/1", f"{gateway.base}/admins/1")
