"""airbook in the cluster, as an overlay brings it up, with the servers that it needs."""

from __future__ import annotations

import json
import secrets
import sys
import tempfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from os.path import relpath
from pathlib import Path
from typing import Any

from tests.faults.independent_ledger import Ledger
from tests.rehearsal import around
from tests.rehearsal.around import GATEWAY_PORT, LABEL, POSTGRES_PORT, ROOT
from tests.rehearsal.cluster import Cluster, Document, RefusedError
from tests.rehearsal.database import file_of, of_server
from tests.rehearsal.lengths import PATIENCE
from tests.rehearsal.loading import Images
from tests.rehearsal.requests import GATEWAY
from tests.rehearsal.waiting import until

AIR = "air"
CLIENTS = "airbook-rehearsal-clients"
NAMESPACES = (AIR, CLIENTS, around.SERVERS, around.KAFKA, around.MONITORING)
GATEWAYS, DAEMONS, RELAY = "airbook-gateway", "airbook-daemon", "airbook-relay"
REMOVAL_SECONDS = 240.0


class Stage:
    """An overlay that is up. cluster: with the namespace of airbook."""

    def __init__(self, cluster: Cluster, images: Images, overlay: str) -> None:
        self.cluster = cluster
        self.images = images
        self.overlay = overlay
        self.passwords = {name: secrets.token_hex(16) for name in ("postgres", "owner", "airbook")}

    @property
    def store(self) -> str:
        """Return the address of the database, from outside of the cluster."""
        password = self.passwords["postgres"]
        return f"postgresql://postgres:{password}@127.0.0.1:{POSTGRES_PORT}/airbook"

    def airbook(self, *words: str, seconds: float = 60.0) -> str:
        """Run a command of airbook in a pod; return what it printed. Raises RefusedError."""
        where = f"deployment/{GATEWAYS} --container gateway"
        return self.cluster.execute(where, "airbook", *words, seconds=seconds)

    def ledger(self) -> Ledger:
        """Read the whole database from outside, without code of airbook, and judge it."""
        if self.overlay == "postgres":
            return of_server(self.store)
        return file_of(self.cluster, f"deployment/{GATEWAYS} --container daemon")

    def is_sound(self) -> Ledger:
        """Check that nothing is lost or sold twice, from outside and by the doctor."""
        all_decided()
        found = self.ledger()
        assert found.problems == [], found.problems[:5]
        assert found.pending == 0, f"{found.pending} requests are not decided"
        self.airbook("doctor", seconds=PATIENCE)
        return found

    def apply(self) -> None:
        """Apply the overlay with what a rehearsal changes of it. Raises RefusedError."""
        with tempfile.TemporaryDirectory() as folder:
            written = Path(folder, "kustomization.yaml")
            written.write_text(json.dumps(self.kustomization(folder)))
            self.cluster("apply", "--kustomize", folder, seconds=PATIENCE)

    def kustomization(self, folder: str) -> Document:
        """Return the overlay as the rehearsal wants it. folder: where it is written."""
        kubernetes = relpath(ROOT / "deploy/kubernetes", Path(folder).resolve())
        name, _, tag = self.images.own.rpartition(":")
        return {
            "apiVersion": "kustomize.config.k8s.io/v1beta1",
            "kind": "Kustomization",
            "namespace": AIR,
            "resources": [f"{kubernetes}/overlays/{self.overlay}"],
            "components": [f"{kubernetes}/components/without-tokens"],
            "images": [{"name": "airbook", "newName": name, "newTag": tag}],
            "patches": [
                {"target": {"kind": "Namespace"}, "patch": json.dumps(around.namespace(AIR))}
            ],
        }

    def bring_up(self) -> None:
        """Make the namespaces, the servers and airbook, and wait until it answers."""
        self.cluster.apply(
            [
                around.namespace(AIR),
                around.namespace(CLIENTS, **{"airbook-clients": "true"}),
                around.namespace(around.SERVERS),
            ]
        )
        if self.overlay == "postgres":
            self._bring_up_servers()
        self.apply()
        labels = {
            "app.kubernetes.io/name": "airbook",
            "app.kubernetes.io/component": "gateway",
        }
        outside = {"selector": labels, "publishNotReadyAddresses": self.overlay == "sqlite"}
        self.cluster.apply(
            [around.from_outside(AIR, "rehearsal-gateway", 8080, GATEWAY_PORT, **outside)]
        )
        if self.overlay == "postgres":
            self.cluster(
                "wait",
                "--for=condition=complete",
                "job/airbook-store-init",
                f"--timeout={PATIENCE:.0f}s",
                seconds=PATIENCE + 10,
            )
            self.cluster.rolled_out(DAEMONS)
        self.cluster.rolled_out(GATEWAYS)
        until(GATEWAY.answers, "the gateway to answer", PATIENCE)

    def _bring_up_servers(self) -> None:
        cluster, images = self.cluster, self.images
        cluster.apply([around.namespace(around.KAFKA), around.namespace(around.MONITORING)])
        cluster.apply(around.postgres(images.postgres, self.passwords))
        cluster.apply(around.kafka(images.kafka))
        address = "postgresql://{}:{}@postgres." + around.SERVERS + "/airbook"
        stores = {
            "airbook-store-owner": ("airbook_owner", "owner"),
            "airbook-store": ("airbook",) * 2,
        }
        cluster.apply(
            around.secret(AIR, name, {"uri": address.format(role, self.passwords[password])})
            for name, (role, password) in stores.items()
        )
        cluster.within(around.SERVERS).rolled_out("postgres")
        cluster.within(around.KAFKA).rolled_out("kafka")

    def monitor(self) -> None:
        """Bring Prometheus up beside airbook."""
        self.cluster.apply(around.prometheus(self.images.prometheus, AIR))
        self.cluster.within(around.MONITORING).rolled_out("prometheus")


def all_decided() -> None:
    """Wait until no request is pending, as the gateways say."""
    until(lambda: GATEWAY.figure("airbook_oldest_pending_seconds") == 0, "all to be decided")


@contextmanager
def staged(images: Images, overlay: str) -> Generator[Stage]:
    """Bring an overlay up for the duration of a block. Raises RefusedError if it is not ours."""
    cluster = Cluster(AIR)
    remove(cluster)
    stage = Stage(cluster, images, overlay)
    try:
        stage.bring_up()
        yield stage
    except (RefusedError, AssertionError) as error:
        print(f"{overlay}: {error}", file=sys.stderr)
        raise
    finally:
        remove(cluster)


def remove(cluster: Cluster) -> None:
    """Remove every namespace of a rehearsal. Raises RefusedError if it belongs to others."""
    there: list[Mapping[str, Any]] = cluster.document("get", "namespaces")["items"]
    names = [one["metadata"]["name"] for one in there if one["metadata"]["name"] in NAMESPACES]
    others = [
        one["metadata"]["name"]
        for one in there
        if one["metadata"]["name"] in names and LABEL not in one["metadata"]["labels"]
    ]
    if others:
        raise RefusedError(
            f"the namespace {others[0]} was not made by a rehearsal: use another cluster"
        )
    if names:
        cluster("delete", "namespace", *names, seconds=REMOVAL_SECONDS)
