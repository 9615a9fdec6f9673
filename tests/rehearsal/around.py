"""What stands around airbook in a rehearsal, as documents: PostgreSQL, Kafka, and Prometheus."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import json, yaml

from tests.rehearsal.cluster import Document

ROOT = Path(__file__).parents[2]
RULES = ROOT / "deploy/monitoring/rules"
COMPOSE = ROOT / "docker/compose.postgres.yaml"
LABEL = "airbook-rehearsal"  # of each namespace that a rehearsal has made
SERVERS, KAFKA, MONITORING = "airbook-rehearsal", "kafka", "monitoring"
POSTGRES_PORT, GATEWAY_PORT, PROMETHEUS_PORT = 30432, 30080, 30090
ROLES = """\
set -eu
psql --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" --set ON_ERROR_STOP=1 \\
    --set owner="$(cat /run/secrets/postgres/owner)" \\
    --set airbook="$(cat /run/secrets/postgres/airbook)" <<'SQL'
CREATE ROLE airbook_owner LOGIN CREATEROLE PASSWORD :'owner';
CREATE ROLE airbook LOGIN PASSWORD :'airbook';
ALTER DATABASE airbook OWNER TO airbook_owner;
SQL
"""


def namespace(name: str, **labels: str) -> Document:
    """Return a namespace that a rehearsal may remove."""
    return {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {"name": name, "labels": {LABEL: "true", **labels}},
    }


def secret(namespace: str, name: str, values: Mapping[str, str]) -> Document:
    """Return a Secret."""
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": name, "namespace": namespace},
        "stringData": dict(values),
    }


def files(namespace: str, name: str, texts: Mapping[str, str]) -> Document:
    """Return a ConfigMap."""
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": name, "namespace": namespace},
        "data": dict(texts),
    }


def service(namespace: str, name: str, port: int, **spec: object) -> Document:
    """Return a Service for the pods of the same name; spec: what it has beside its port."""
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {"selector": {"app": name}, "ports": [{"port": port}], **spec},
    }


def from_outside(namespace: str, name: str, port: int, outside: int, **spec: object) -> Document:
    """Return a Service that is reached at a port of the node."""
    ports = [{"port": port, "nodePort": outside}]
    return service(namespace, name, port, **{"type": "NodePort", "ports": ports, **spec})


def workload(
    namespace: str, name: str, container: Document, volumes: Sequence[Document]
) -> Document:
    """Return a Deployment of one pod, of which there are never two."""
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {
            "strategy": {"type": "Recreate"},
            "selector": {"matchLabels": {"app": name}},
            "template": {
                "metadata": {"labels": {"app": name}},
                "spec": {
                    "enableServiceLinks": False,
                    "terminationGracePeriodSeconds": 30,
                    "containers": [{"name": name, **container}],
                    "volumes": list(volumes),
                },
            },
        },
    }


def postgres(image: str, passwords: Mapping[str, str]) -> list[Document]:
    """Return PostgreSQL with a volume, and the roles that docs/operations.md names."""
    container = {
        "image": image,
        "env": variables(
            PGDATA="/var/lib/postgresql/data/pgdata",  # a volume may have a lost+found
            POSTGRES_DB="airbook",
            POSTGRES_PASSWORD_FILE="/run/secrets/postgres/postgres",
        ),
        "volumeMounts": [
            {"name": "database", "mountPath": "/var/lib/postgresql/data"},
            {"name": "roles", "mountPath": "/docker-entrypoint-initdb.d"},
            {"name": "passwords", "mountPath": "/run/secrets/postgres"},
        ],
        "readinessProbe": {
            "exec": {"command": ["pg_isready", "--host=127.0.0.1", "--username=postgres"]},
            "periodSeconds": 1,
        },
    }
    claim = {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {"name": "database", "namespace": SERVERS},
        "spec": {
            "accessModes": ["ReadWriteOnce"],
            "resources": {"requests": {"storage": "1Gi"}},
        },
    }
    volumes = [
        {"name": "database", "persistentVolumeClaim": {"claimName": "database"}},
        {"name": "roles", "configMap": {"name": "roles"}},
        {"name": "passwords", "secret": {"secretName": "passwords"}},
    ]
    return [
        claim,
        files(SERVERS, "roles", {"make-roles.sh": ROLES}),
        secret(SERVERS, "passwords", passwords),
        workload(SERVERS, "postgres", container, volumes),
        from_outside(SERVERS, "postgres", 5432, POSTGRES_PORT),
    ]


def kafka(image: str) -> list[Document]:
    """Return a broker with the settings of the compose file, at the address of the manifests."""
    composed: dict[str, Any] = yaml.decode(COMPOSE.read_bytes())["services"]["kafka"]["environment"]
    own = {**composed, "KAFKA_ADVERTISED_LISTENERS": "PLAINTEXT://kafka.kafka:9092"}
    container = {
        "image": image,
        "env": variables(**own),
        "readinessProbe": {"tcpSocket": {"port": 9092}, "periodSeconds": 1},
    }
    return [workload(KAFKA, "kafka", container, ()), service(KAFKA, "kafka", 9092)]


def prometheus(image: str, namespace_of_airbook: str) -> list[Document]:
    """Return Prometheus with the alert rules of deploy/monitoring, which asks every pod."""
    found = {"type": "A", "refresh_interval": "2s"}
    targets = {
        "airbook-gateway": ("rehearsal-gateways", 8080),
        "airbook-daemon": ("airbook-daemon", 9100),
    }
    scraped = [
        {
            "job_name": job,
            "dns_sd_configs": [
                {
                    **found,
                    "names": [f"{name}.{namespace_of_airbook}.svc.cluster.local"],
                    "port": port,
                }
            ],
        }
        for job, (name, port) in targets.items()
    ]
    configuration = {
        "global": {"scrape_interval": "5s", "evaluation_interval": "5s"},
        "rule_files": ["*.rules"],
        "scrape_configs": scraped,
    }
    texts = {one.with_suffix(".rules").name: one.read_text() for one in RULES.glob("*.yml")}
    texts["prometheus.yml"] = json.encode(configuration).decode()
    container = {
        "image": image,
        "args": [
            "--config.file=/etc/prometheus/prometheus.yml",
            "--storage.tsdb.path=/prometheus",
        ],
        "volumeMounts": [{"name": "configuration", "mountPath": "/etc/prometheus"}],
        "readinessProbe": {"httpGet": {"path": "/-/ready", "port": 9090}, "periodSeconds": 1},
    }
    volumes = [{"name": "configuration", "configMap": {"name": "prometheus"}}]
    gateways = {"app.kubernetes.io/name": "airbook", "app.kubernetes.io/component": "gateway"}
    every = {"clusterIP": "None", "selector": gateways}
    return [
        files(MONITORING, "prometheus", texts),
        workload(MONITORING, "prometheus", container, volumes),
        from_outside(MONITORING, "prometheus", 9090, PROMETHEUS_PORT),
        service(namespace_of_airbook, "rehearsal-gateways", 8080, **every),
    ]


def variables(**values: str) -> list[Mapping[str, str]]:
    """Return the environment of a container."""
    return [{"name": name, "value": value} for name, value in values.items()]
