"""Point 9: Pod Security refuses what is not restricted, and the network what is not allowed."""

from __future__ import annotations

import json
import time

from tests.rehearsal.around import SERVERS
from tests.rehearsal.cluster import Cluster, Document, RefusedError
from tests.rehearsal.lengths import PATIENCE
from tests.rehearsal.report import Notes, NotPossibleError
from tests.rehearsal.stage import AIR, CLIENTS, DAEMONS, GATEWAYS, Stage
from tests.rehearsal.waiting import until

TOKEN = "/var/run/secrets/kubernetes.io/serviceaccount/token"
WAIT = "import time; time.sleep(3600)"
CONNECT = """
import socket, sys
address = socket.getaddrinfo(sys.argv[1], int(sys.argv[2]), type=socket.SOCK_STREAM)[0][4]
try:
    socket.create_connection(address[:2], 3).close()
except OSError as error:
    print("refused:", error)
else:
    print("connected")
"""
HARDENED = {
    "allowPrivilegeEscalation": False,
    "runAsNonRoot": True,
    "capabilities": {"drop": ["ALL"]},
    "seccompProfile": {"type": "RuntimeDefault"},
}
FORBIDDEN = {
    "privileged": {
        "securityContext": {**HARDENED, "privileged": True, "allowPrivilegeEscalation": True}
    },
    "as root": {"securityContext": {**HARDENED, "runAsNonRoot": False, "runAsUser": 0}},
    "with a capability": {"securityContext": {**HARDENED, "capabilities": {"add": ["NET_ADMIN"]}}},
}


def play(stage: Stage, notes: Notes) -> None:
    """Ask for what is not allowed."""
    cluster = stage.cluster
    for name, container in FORBIDDEN.items():
        refused = refusal(cluster, pod("forbidden", AIR, stage.images.own, **container))
        assert "violates PodSecurity" in refused, refused
        notes.figure(f"a pod {name}", "refused")
    for name in (GATEWAYS, DAEMONS):
        found = cluster.execute(
            f"deployment/{name}",
            "python3.11",
            "-c",
            f"import os; print(os.path.exists({TOKEN!r}))",
        )
        assert found.strip() == "False", f"{name} has a token of the API server"
    notes.figure("pods with a token of the API server", 0)
    network(stage, notes)


def network(stage: Stage, notes: Notes) -> None:
    """Connect from pods of namespaces that may, and of one that may not."""
    cluster, image = stage.cluster, stage.images.own
    asking = {name: cluster.within(name) for name in (CLIENTS, SERVERS)}
    for name, inside in asking.items():
        inside.apply([pod("asking", name, image, securityContext=HARDENED)])
        inside(
            "wait",
            "--for=condition=Ready",
            "pod/asking",
            f"--timeout={PATIENCE:.0f}s",
            seconds=PATIENCE + 10,
        )
    gateway, database = f"{GATEWAYS}.{AIR}", f"postgres.{SERVERS}"
    until(
        lambda: connects(asking[CLIENTS], "pod/asking", gateway, 8080),
        "an allowed namespace to reach the gateways",
        PATIENCE,
    )
    assert connects(cluster, f"deployment/{DAEMONS}", database, 5432)
    assert connects(cluster, "deployment/airbook-relay", "kafka.kafka", 9092)
    if connects(asking[SERVERS], "pod/asking", gateway, 8080):
        raise NotPossibleError(
            "Pod Security holds. The network of this cluster does not enforce NetworkPolicies:"
            " they are only checked as documents, and what they allow was reached."
        )
    notes.figure("a namespace with the label airbook-clients reaches the gateways", "yes")
    notes.figure("another namespace reaches the gateways", "no")
    refused = {
        "the port of a daemon, from a client": (
            asking[CLIENTS],
            "pod/asking",
            f"{DAEMONS}.{AIR}",
            9100,
        ),
        "Kafka, from a daemon": (cluster, f"deployment/{DAEMONS}", "kafka.kafka", 9092),
        "the API server, from a gateway": (
            cluster,
            f"deployment/{GATEWAYS}",
            "kubernetes.default",
            443,
        ),
    }
    for name, (inside, where, host, port) in refused.items():
        assert not connects(inside, where, host, port), f"{name} is reached"
        notes.figure(name, "refused")


def connects(cluster: Cluster, where: str, host: str, port: int) -> bool:
    """Return whether a program in a pod can connect to an address."""
    said = cluster.execute(where, "python3.11", "-c", CONNECT, host, str(port))
    return said.strip() == "connected"


def refusal(cluster: Cluster, document: Document) -> str:
    """Return what the API server says against a document. Raises AssertionError if it does not."""
    try:
        cluster("create", "--filename", "-", given=json.dumps(document))
    except RefusedError as error:
        return str(error)
    raise AssertionError(f"accepted at {time.time():.0f}: {document}")


def pod(name: str, namespace: str, image: str, **container: object) -> Document:
    """Return a pod that only waits. container: what its container has beside that."""
    waiting = {"name": name, "image": image, "command": ["python3.11", "-c", WAIT]}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {"containers": [{**waiting, **container}], "terminationGracePeriodSeconds": 0},
    }
