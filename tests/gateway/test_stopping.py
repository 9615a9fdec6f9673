"""A gateway that stops, or is killed, under load: nothing that it acknowledged is lost."""

from __future__ import annotations

import os
import random
import signal
import time

import psutil
import pytest

from airbook.gateway.server import TOGETHER_SECONDS
from tests.gateway.killing import serving_while_killed
from tests.gateway.load import check_all_kept, loading
from tests.gateway.server import Gateway, serving
from tests.support.home import Home
from tests.support.waiting import until

KILLS = 4
READINESS = "/actuator/health/readiness"


def workers_of(gateway: Gateway) -> list[psutil.Process]:
    return psutil.Process(gateway.process.pid).children()


def test_a_gateway_that_is_stopped_under_load_finishes_what_it_began(either: Home):
    with serving(either) as gateway:
        with loading(gateway) as load:
            load.await_more()
            gateway.process.send_signal(signal.SIGTERM)
            answer = gateway.process.end()
        assert (answer.code, answer.out) == (0, "")
        assert load.statuses() == {201}
    check_all_kept(either, load)


def test_a_gateway_that_drains_answers_until_everybody_knows(home: Home):
    with serving(home, "--drain", "1s") as gateway, loading(gateway) as load:
        load.await_more()
        gateway.process.send_signal(signal.SIGTERM)
        load.await_more()
        assert gateway.process.end().code == 0
    assert load.statuses() == {201}
    check_all_kept(home, load)


@pytest.mark.parametrize("workers", ["1", "2"])
def test_signals_that_come_together_count_as_one(home: Home, workers: str):
    options = ("--drain", "60s", "--workers", workers)
    with serving(home, *options, under=["setsid"]) as gateway, loading(gateway) as load:
        load.await_more()
        for _ in range(2):  # as `timeout` does
            os.killpg(gateway.process.pid, signal.SIGTERM)
        until(lambda: gateway.get(READINESS).status == 503, "readiness to fail")
        time.sleep(TOGETHER_SECONDS * 1.5)  # every process has got its signals
        load.await_more()
        os.killpg(gateway.process.pid, signal.SIGTERM)
        assert gateway.process.end().code == 0
    assert load.statuses() == {201}
    check_all_kept(home, load)


def test_what_was_acknowledged_is_kept_once_while_gateways_and_daemons_are_killed(either: Home):
    serving_while_killed(either, kills=KILLS, seed=random.randrange(1_000_000))


def test_several_workers_share_a_port_and_one_that_dies_is_replaced(either: Home):
    with serving(either, "--workers", "2") as gateway, loading(gateway) as load:
        load.await_more()
        first = workers_of(gateway)
        assert len(first) == 2
        first[0].kill()
        died = gateway.process.wait_for_log("worker_died")
        assert (died["pid"], died["code"]) == (first[0].pid, -signal.SIGKILL)
        until(lambda: len(workers_of(gateway)) == 2, "another worker")
        load.await_more()
        gateway.process.send_signal(signal.SIGTERM)
        assert gateway.process.end().code == 0
    assert load.statuses() == {201}
    check_all_kept(either, load)


def test_workers_end_with_the_process_that_started_them(home: Home):
    with serving(home, "--workers", "2") as gateway:
        until(lambda: len(workers_of(gateway)) == 2, "two workers")
        workers = workers_of(gateway)
        gateway.process.kill()
        until(lambda: not any(one.is_running() for one in workers), "the workers to end")
        assert home("status").code == 0
