"""What operators rely on: data outlives containers; faults and few rights are borne."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from tests.containers.containers import DAEMON, SERVE, Address, Machine, events_since
from tests.support.stories import CUSTOMERS
from tests.support.waiting import until


def statuses(here: Machine, volume: str) -> list[tuple[int, str]]:
    shown = here.run(volume, "my-page", "--all", "-o", "json").document
    return [(one["id"], one["status"]) for one in shown]


def test_five_seats_six_customers(here: Machine):
    volume = here.volume()
    daemon = here.start(volume, *DAEMON)
    daemon.await_health()
    assert here.run(volume, "admin", "add-plane", "--seats", "5").code == 0
    asked = [here.run(volume, "reserve", "1", "--customer", name) for name in CUSTOMERS]
    assert [one.code for one in asked] == [0] * 6
    rejected = here.run(volume, "wait", "6", "--for", "approved", "--timeout", "1m")
    assert rejected.code == 4
    assert rejected.out.split("\t")[:6] == ["6", "1", "kang", "rejected", "", "no_seats_left"]
    expected = [(number, "approved") for number in range(1, 6)] + [(6, "rejected")]
    assert sorted(statuses(here, volume)) == expected
    checked = here.run(volume, "doctor", "-o", "json")
    assert (checked.code, checked.document["events"]) == (0, 18)


def test_data_outlives_the_containers(here: Machine):
    volume = here.volume()
    first = here.start(volume, *DAEMON)
    first.await_health()
    assert first("admin", "add-plane", "--seats", "1").code == 0
    assert first("reserve", "1", "--customer", "kim", "--wait", "--timeout", "1m").code == 0
    here.engine.run("rm", "--force", first.name)
    second = here.start(volume, *DAEMON)
    second.await_health()
    assert second("reserve", "1", "--customer", "lee", "--wait", "--timeout", "1m").code == 4
    assert statuses(here, volume) == [(1, "approved"), (2, "rejected")]


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(DAEMON, id="daemon"),
        pytest.param(SERVE, id="gateway", marks=pytest.mark.long),
    ],
)
def test_a_process_that_hangs_is_found_and_restarted(
    here: Machine, words: tuple[str, ...], record_property: Callable[[str, object], None]
):
    container = here.start(here.volume(), *words, options=["--restart=always"])
    container.await_health()
    begun = time.time()
    container.signal("SIGSTOP", process=words[0])
    until(lambda: container.state()["RestartCount"] == 1, "a restart", 120.0)
    container.await_health()
    happened = events_since(container.engine, begun, container.name)
    for what in ("health_status: unhealthy", "start", "health_status: healthy"):
        after = happened[what] - begun  # without the bound of ten seconds, for a busy machine
        record_property(f"{words[0]} {what.removeprefix('health_status: ')}", f"{after:.1f} s")
    assert happened["health_status: unhealthy"] < happened["start"]


def test_a_stop_under_load_loses_nothing(here: Machine):
    volume = here.volume()
    gateway, daemon = here.start(volume, *SERVE), here.start(volume, *DAEMON)
    for container in (gateway, daemon):
        container.await_health()
    assert gateway("admin", "add-plane", "--seats", "1000").code == 0
    address = Address(gateway.address(), 8080)
    accepted = list[int]()

    def reserve_until_it_stops(_: int) -> None:
        with suppress(OSError):
            while True:
                body = {"airplane": 1, "customer": "kim"}
                answer = address.ask("/api/v1/reservations", body)
                if "id" in answer:  # otherwise 503: the gateway is stopping
                    accepted.append(answer["id"])

    with ThreadPoolExecutor(4) as pool:
        asking = pool.map(reserve_until_it_stops, range(4))
        until(lambda: len(accepted) >= 20, "twenty reservations", 120.0)
        for container in (gateway, daemon):
            container.engine.run("stop", "--time=120", container.name)
        assert list(asking) == [None] * 4
    assert [one.state()["ExitCode"] for one in (gateway, daemon)] == [0, 0]
    assert here.run(volume, "daemon", "--until-idle").code == 0
    stored = {number for number, _ in statuses(here, volume)}
    assert stored >= set(accepted)
    assert here.run(volume, "doctor").code == 0


def test_a_second_daemon_decides_when_the_first_is_killed(
    here: Machine, record_property: Callable[[str, object], None]
):
    volume = here.volume()
    gateway, first = here.start(volume, *SERVE), here.start(volume, *DAEMON)
    for container in (gateway, first):
        container.await_health()
    second = here.start(volume, *DAEMON)
    second.await_health()
    until(lambda: "standing_by" in second.logs(), "the second daemon to stand by", 120.0)
    assert second("admin", "add-plane", "--seats", "1000").code == 0
    address = Address(gateway.address(), 8080)
    waited = list[float]()

    def reserve() -> None:
        begun = time.monotonic()
        body = {"airplane": 1, "customer": "kim"}
        answer = address.ask("/api/v1/reservations", body, Prefer="wait=60")
        assert answer["status"] == "approved"
        waited.append(time.monotonic() - begun)

    with ThreadPoolExecutor(1) as pool:
        reserve()
        killing = pool.submit(first.signal, "SIGKILL")
        while not killing.done():
            reserve()
        killing.result()
    reserve()
    assert not first.state()["Running"]
    # The first daemon decided for each request before its end, and the second one afterwards.
    record_property("longest wait for a decision", f"{max(waited):.2f} s")


def test_another_user_works_in_a_folder_of_its_own(here: Machine, tmp_path: Path):
    tmp_path.chmod(0o700)
    if os.geteuid() == 0:
        os.chown(tmp_path, 4711, 4711)
    user = [f"--user={tmp_path.stat().st_uid}:{tmp_path.stat().st_gid}"]
    daemon = here.start(str(tmp_path), *DAEMON, options=user)
    daemon.await_health()
    assert here.run(str(tmp_path), "admin", "add-plane", "--seats", "1", options=user).code == 0
    asked = here.run(str(tmp_path), "reserve", "1", "--wait", "--timeout", "1m", options=user)
    assert asked.code == 0, asked


def test_a_volume_of_another_user_is_refused_in_one_sentence(here: Machine):
    volume = here.volume()
    assert here.run(volume, "admin", "add-plane", "--seats", "1").code == 0
    refused = here.run(volume, "planes", options=["--user=4711:4711"])
    assert (refused.code, refused.out) == (7, "")
    assert len(refused.err.splitlines()) == 2, refused.err


def test_orphans_are_reaped(here: Machine):
    daemon = here.start(here.volume(), *DAEMON)
    daemon.await_health()
    code = "import os, time; os.fork() or (os.fork() or os._exit(0)); os._exit(0)"
    daemon.engine.run("exec", daemon.name, "/opt/airbook/bin/python", "-c", code)
    read = (
        "import contextlib, pathlib\n"
        "read = []\n"
        "for stat in pathlib.Path('/proc').glob('[0-9]*/stat'):\n"
        "    with contextlib.suppress(OSError):\n"  # it has ended meanwhile
        "        read.append(stat.read_text())\n"
        "print([stat for stat in read if ') Z ' in stat])"
    )

    def zombies() -> str:
        return daemon.engine.printed("exec", daemon.name, "/opt/airbook/bin/python", "-c", read)

    until(lambda: zombies() == "[]", "every orphan to be reaped")
