"""A store in trouble: the gateway answers 503 in time, and goes on by itself when it is over."""

from __future__ import annotations

from pathlib import Path

from tests.faults.disks import fill, small_disk
from tests.gateway.load import check_all_kept, loading
from tests.gateway.server import Gateway, Reply, serving
from tests.support.home import Home
from tests.support.locking import locked
from tests.support.ports import reserved_port
from tests.support.postgres_server import Server
from tests.support.waiting import until

__all__ = ["small_disk"]

EVERYWHERE = ("--host", "0.0.0.0")  # noqa: S104 -- what an operator does
SEAT = {"airPlaneId": 1}


def trouble(reply: Reply) -> tuple[int, str | None, str]:
    return reply.status, reply.header("retry-after"), reply.document["code"]


def reserve_until(gateway: Gateway, status: int) -> Reply:
    """Reserve until there is an answer with this status; returns it."""
    replies = [gateway.post("/reservations", SEAT)]

    def again() -> bool:
        if replies[-1].status != status:
            replies.append(gateway.post("/reservations", SEAT))
        return replies[-1].status == status

    until(again, f"an answer with status {status}")
    assert {one.status for one in replies} <= {201, 503}
    return replies[-1]


def test_a_locked_store_is_still_read_and_soon_written_again(either: Home):
    with serving(either) as gateway:
        gateway.post("/admins", {"seatQty": 5})
        with locked(either.kept):
            written = gateway.post("/reservations", SEAT)
            read = gateway.get("/airplanes/1")
        assert trouble(written) == (503, "1", "store_busy")
        assert (read.status, read.document["seatQty"]) == (200, 5)
        assert reserve_until(gateway, 201).header("location") == f"{gateway.base}/reservations/1"


def test_a_store_that_is_taken_away_is_missed_until_it_is_back(home: Home):
    with serving(home) as gateway:
        gateway.post("/reservations", SEAT)
        away = home.folder / "away"
        home.path.rename(away)
        gone = [gateway.post("/reservations", SEAT), gateway.get("/reservations")]
        assert [trouble(one)[:2] for one in gone] == [(503, "1"), (503, "1")]
        assert gone[0].document["detail"] == (
            "The file of the store airbook.db was taken away or replaced:"
            " what came last may not be stored."
        )
        assert not home.path.exists()
        away.rename(home.path)
        assert reserve_until(gateway, 201).status == 201
        until(lambda: gateway.get("/reservations").status == 200, "the store to be read")
    assert home("doctor").code == 0


def test_a_copy_that_is_not_finished_takes_no_reservation(either: Home):
    with serving(either) as gateway:
        with either.airbook() as airbook:
            airbook.log.registry.mark_unfinished()
        refused = gateway.post("/reservations", SEAT)
        assert (refused.status, refused.document["code"]) == (503, "store_unfinished")
        with either.airbook() as airbook:
            airbook.log.registry.mark_finished()
        assert gateway.post("/reservations", SEAT).status == 201


def test_a_full_disk_takes_no_reservation_until_there_is_room(small_disk: Path):
    home = Home(small_disk)
    with serving(home) as gateway:
        ballast = small_disk / "ballast"
        with loading(gateway, 4) as load:
            load.await_more()
            fill(ballast)
            until(lambda: 503 in load.statuses(), "the disk to be full")
            ballast.unlink()
            load.await_more()
        assert load.statuses() == {201, 503}
        check_all_kept(home, load)


def test_a_gateway_begins_before_its_server(server: Server, database: str, tmp_path: Path):
    home = Home(tmp_path, database)
    home.kept.create()
    home("admin", "add-plane", "--seats", "5")
    server.stop()
    try:
        with serving(home) as gateway:
            assert gateway.process.wait_for_log("store_unreachable")["level"] == "warning"
            assert gateway.process.wait_for_log("serving")["admitted"] == "unknown"
            away = [gateway.get("/airplanes/1"), gateway.post("/reservations", SEAT)]
            assert [trouble(one) for one in away] == [(503, "1", "store_unreachable")] * 2
            probes = [gateway.get(f"/actuator/health/{one}") for one in ("readiness", "liveness")]
            assert [one.status for one in probes] == [503, 200]
            server.start()
            assert reserve_until(gateway, 201).header("location") == (
                f"{gateway.base}/reservations/1"
            )
            assert gateway.get("/airplanes/1").document["seatQty"] == 5
            until(
                lambda: gateway.get("/actuator/health/readiness").status == 200,
                "the gateway to be ready",
            )
        token = home.json("token", "create", "ops", "--role", "admin")["token"]
        server.stop()
        with serving(home, *EVERYWHERE, "--workers", "2") as gateway:
            assert gateway.get("/airplanes/1").status == 401
            server.start()
            headers = {"authorization": f"Bearer {token}"}
            until(
                lambda: gateway.get("/airplanes/1", **headers).status == 200,
                "the token to be admitted",
            )
            assert gateway.get("/airplanes/1").status == 401
    finally:
        server.start()


def test_a_database_that_does_not_exist_is_no_gateway(server: Server, tmp_path: Path):
    home = Home(tmp_path, server.url("no_such_database"))
    with reserved_port() as port:
        answer = home("serve", "--port", str(port))
    assert (answer.code, answer.out) == (7, "")


def test_a_server_that_restarts_is_found_again(server: Server, database: str, tmp_path: Path):
    home = Home(tmp_path, database)
    home.kept.create()
    with serving(home) as gateway:
        with loading(gateway, 4) as load:
            load.await_more()
            server.restart()
            load.await_more()
            server.stop()
            until(lambda: 503 in load.statuses(), "the server to be missed")
            read = gateway.get("/reservations")
            assert read.header("retry-after") == "1"
            assert (read.status, read.document["title"]) == (503, "Service unavailable")
            assert "tmp" not in read.document["detail"]
            server.start()
            load.await_more()
        assert load.statuses() == {201, 503}
        check_all_kept(home, load)
