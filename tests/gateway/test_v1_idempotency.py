"""A command under an idempotency key is executed once, however often it is sent."""

from __future__ import annotations

from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

import pytest

from tests.gateway.server import Gateway, Reply, serving
from tests.support.home import Home
from tests.support.locking import locked
from tests.support.waiting import until

PLANES, RESERVATIONS = "/api/v1/airplanes", "/api/v1/reservations"


def reserve(gateway: Gateway, key: str, airplane: int = 1, **headers: str) -> Reply:
    return gateway.post(RESERVATIONS, {"airplane": airplane}, idempotency_key=key, **headers)


def answer(reply: Reply) -> tuple[object, ...]:
    """Return what must be the same in every answer."""
    names = ("location", "etag", "preference-applied", "content-type")
    return reply.status, reply.body, *(reply.header(name) for name in names)


def test_the_same_request_gets_the_same_answer_also_from_another_process(either: Home):
    with serving(either) as gateway, either.daemon():
        gateway.post(PLANES, {"seats": 1}, idempotency_key='"plane"')
        first = answer(reserve(gateway, '"order-4711"'))
        waited = answer(reserve(gateway, '"order-4712"', prefer="wait=30"))
    with serving(either) as gateway:
        plane = gateway.post(PLANES, {"seats": 1}, idempotency_key='"plane"')
        assert (plane.status, plane.header("location")) == (201, f"{PLANES}/1")
        assert answer(reserve(gateway, '"order-4711"')) == first
        assert answer(reserve(gateway, '"order-4712"', prefer="wait=30")) == waited
        assert first[:3] == (201, first[1], f"{RESERVATIONS}/1")
        changes = [
            gateway.request("PATCH", f"{PLANES}/1", {"seats": 2}, {"Idempotency-Key": "more"})
            for _ in range(2)
        ]
        assert answer(changes[0]) == answer(changes[1])
        gone = [
            gateway.request("DELETE", f"{RESERVATIONS}/1", headers={"Idempotency-Key": "gone"})
            for _ in range(2)
        ]
        assert answer(gone[0]) == answer(gone[1])
        assert gone[0].document["status"] == "cancelled"
        # The answer is that of the request, although the reservation has changed.
        assert answer(reserve(gateway, '"order-4711"')) == first
        assert len(gateway.get(RESERVATIONS).document) == 2
        assert len(gateway.get(PLANES).document) == 1


def test_a_key_stands_for_one_request(gateway: Gateway):
    gateway.post(PLANES, {"seats": 5})
    assert reserve(gateway, '"order 1"').status == 201
    for other in (
        reserve(gateway, '"order 1"', airplane=2),
        gateway.post(PLANES, {"seats": 5}, idempotency_key='"order 1"'),
        gateway.request("DELETE", f"{RESERVATIONS}/1", headers={"Idempotency-Key": '"order 1"'}),
    ):
        detail = "The key order 1 was used before, with other contents."
        assert (other.status, other.document["detail"]) == (422, detail)
    assert len(gateway.get("/api/v1/events").document) == 2


@pytest.mark.parametrize("key", ['"', '""', '"a" "b"', "a b", '"' + "a" * 81 + '"', ""])
def test_a_key_is_a_string_or_a_word(shared: Gateway, key: str):
    reply = reserve(shared, key)
    assert (reply.status, reply.document["code"]) == (422, "invalid_value")


def test_a_request_that_still_runs_is_not_repeated(home: Home, gateway: Gateway):
    gateway.post(PLANES, {"seats": 5})
    pairs = list[list[Reply]]()

    def one_waits_for_the_store_and_the_other_is_told() -> bool:
        with ThreadPoolExecutor(2) as pool:
            with locked(home.kept):
                both = [pool.submit(reserve, gateway, '"order-1"') for _ in range(2)]
                wait(both, return_when=FIRST_COMPLETED)
            pairs.append(sorted((one.result() for one in both), key=lambda one: one.status))
        return [one.status for one in pairs[-1]] == [201, 409]

    # On a busy machine, the first one may be told that the store is locked before the second comes.
    until(one_waits_for_the_store_and_the_other_is_told, "two requests at the same time")
    stored, told = pairs[-1]
    assert (told.document["code"], told.header("retry-after")) == ("key_running", "1")
    assert answer(reserve(gateway, '"order-1"')) == answer(stored)
    assert len(gateway.get(RESERVATIONS).document) == 1
