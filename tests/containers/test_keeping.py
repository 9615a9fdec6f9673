"""Backup of a running container into another, and what containers need of the memory."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.containers.containers import DAEMON, SERVE, Address, Machine

OWN, COPIED = "sqlite:////data/airbook.db", "sqlite:////backup/airbook.db"
MIB = 1024 * 1024


def test_a_running_store_is_backed_up_and_restored_into_another(here: Machine):
    volume, backup = here.volume(), here.volume()
    daemon = here.start(volume, *DAEMON)
    daemon.await_health()
    assert daemon("admin", "add-plane", "--seats", "2").code == 0
    assert daemon("reserve", "1", "--customer", "kim", "--wait", "--timeout", "1m").code == 0
    copy = ("store", "copy", "--from", OWN, "--to", COPIED)
    made = here.run(volume, *copy, options=[f"--volume={backup}:/backup"])
    assert (made.code, made.out.split("\t")[:3]) == (0, ["4", "0", "1"])
    assert daemon("reserve", "1", "--customer", "lee", "--wait", "--timeout", "1m").code == 0
    fresh = here.volume()
    back = ("store", "copy", "--from", COPIED, "--to", OWN)
    assert here.run(fresh, *back, options=[f"--volume={backup}:/backup"]).code == 0
    restored = here.start(fresh, *DAEMON)
    restored.await_health()
    assert restored("doctor").code == 0
    asked = restored(
        "reserve", "1", "--customer", "park", "--wait", "--timeout", "1m", "-o", "json"
    )
    assert (asked.document["id"], asked.document["seat"]) == (2, 2)


@pytest.mark.long
def test_the_memory_of_daemon_and_gateway(
    here: Machine, record_property: Callable[[str, object], None]
):
    volume = here.volume()
    gateway, daemon = here.start(volume, *SERVE), here.start(volume, *DAEMON)
    for container in (gateway, daemon):
        container.await_health()
    used = {"gateway idle": gateway.memory(), "daemon idle": daemon.memory()}
    address = Address(gateway.address(), 8080)
    for _ in range(5):
        airplane = address.ask("/api/v1/airplanes", {"seats": 1000})["id"]
        for _ in range(200):
            address.ask("/api/v1/reservations", {"airplane": airplane, "customer": "kim"})
        address.ask("/api/v1/reservations")
    used |= {"gateway under load": gateway.memory(), "daemon under load": daemon.memory()}
    for name, size in used.items():
        record_property(name, f"{size / MIB:.0f} MiB")
    assert max(used["daemon idle"], used["daemon under load"]) <= 60 * MIB
    assert max(used["gateway idle"], used["gateway under load"]) <= 90 * MIB
