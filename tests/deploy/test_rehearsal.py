"""The rehearsal reads what siege, kubectl and Prometheus print, and writes its page of it."""

from __future__ import annotations

from collections import Counter
from typing import Any

from tests.rehearsal.clients import availability
from tests.rehearsal.cluster import Pod, pod_of
from tests.rehearsal.report import FAILED, NOT_PLAYED, PASSED, Notes, Played, page
from tests.rehearsal.requests import firing_in, up_in
from tests.rehearsal.siege import Loaded

SAID = """\
** SIEGE 4.0.7
The server is now under siege...
\x1b[0;34mHTTP/1.1 201     0.02 secs:     120 bytes ==> POST http://127.0.0.1:30080/reservations\x1b[0m
\x1b[0;34mHTTP/1.1 200     0.00 secs:     999 bytes ==> GET  /customers\x1b[0m
\x1b[0;35mHTTP/1.1 503     1.50 secs:      80 bytes ==> POST http://127.0.0.1:30080/reservations\x1b[0m
\x1b[0;34mHTTP/1.1 201     0.03 secs:     120 bytes ==> POST http://127.0.0.1:30080/reservations\x1b[0m

Lifting the server siege...
Transactions:\t\t        3 hits
Availability:\t\t      75.00 %
Elapsed time:\t\t        2.00 secs
Transaction rate:\t        1.50 trans/sec
Successful transactions:\t3
Failed transactions:\t        1
"""


def test_a_report_of_siege():
    loaded = Loaded(SAID, 2.0)
    assert (loaded.transactions, loaded.failed, loaded.availability) == (3, 1, 75.0)
    assert (loaded.rate, loaded.received) == (1.5, 2)
    assert loaded.answers == [0.02, 0.0, 1.5, 0.03]


def test_99_of_100_requests_were_answered_within():
    line = "HTTP/1.1 200     0.01 secs:     999 bytes ==> GET  /customers\n"
    slow = line.replace("0.01", "0.90")
    assert round(Loaded(line * 98 + slow * 2, 1.0).p99, 2) == 0.9
    assert Loaded(line * 1000 + slow, 1.0).p99 == 0.01


def test_a_pod_as_the_server_describes_it():
    described: dict[str, Any] = {
        "metadata": {"name": "airbook-daemon-1", "uid": "4711"},
        "status": {
            "conditions": [
                {"type": "Initialized", "status": "True"},
                {"type": "Ready", "status": "False"},
            ],
            "containerStatuses": [{"restartCount": 1}, {"restartCount": 2}],
        },
    }
    assert pod_of(described) == Pod("airbook-daemon-1", "4711", is_ready=False, restarts=3)
    described["status"]["conditions"][1]["status"] = "True"
    assert pod_of(described).is_ready
    assert pod_of({**described, "status": {}}) == Pod("airbook-daemon-1", "4711", False, 0)


def test_answers_of_prometheus():
    alerts = [
        {"labels": {"alertname": "AirbookNoDaemon"}, "state": "firing"},
        {"labels": {"alertname": "AirbookViewLag"}, "state": "pending"},
    ]
    assert firing_in({"alerts": alerts}) == {"AirbookNoDaemon"}
    assert firing_in(None) is None
    targets = [
        {"labels": {"job": job}, "health": health}
        for job, health in [
            ("airbook-daemon", "up"),
            ("airbook-daemon", "up"),
            ("airbook-gateway", "down"),
        ]
    ]
    assert up_in({"activeTargets": targets}) == {"airbook-daemon": 2, "airbook-gateway": 0}
    assert up_in(None) is None


def test_errors_of_the_server_and_missing_answers_are_not_available():
    assert availability([Counter({201: 6, 0: 1}), Counter({201: 2, 503: 1})]) == (80.0, 10)
    assert availability([Counter({200: 4, 404: 1})]) == (100.0, 5)


def test_the_page():
    quick, failing, impossible = Notes(), Notes(), Notes()
    quick.figure("restarted after", "12 s")
    failing.remark("AssertionError: one reservation is lost.")
    impossible.remark("This cluster has no metrics-server.")
    played = [
        Played(4, "Liveness", PASSED, 31.4, quick),
        Played(7, "Chaos", FAILED, 300, failing),
        Played(2, "Scale-out", NOT_PLAYED, 0.1, impossible),
    ]
    assert page(played, {"Kubernetes": "v1.34.4"}).partition("points at.\n")[2] == PAGE


PAGE = """\

| | |
|---|---|
| Kubernetes | v1.34.4 |

| | point | result |
|---|---|---|
| 4 | Liveness | passed |
| 7 | Chaos | **failed** |
| 2 | Scale-out | could not run |

## 4. Liveness

Passed, after 31 s.

| | |
|---|---|
| restarted after | 12 s |

## 7. Chaos

Failed, after 300 s. AssertionError: one reservation is lost.

## 2. Scale-out

Could not run, after 0 s. This cluster has no metrics-server.
"""
