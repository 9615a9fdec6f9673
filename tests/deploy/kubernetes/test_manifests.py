"""Every overlay and every example renders, and its documents are those that a cluster takes."""

from __future__ import annotations

import copy
from collections.abc import Callable

import pytest

from tests.deploy.kubernetes import references, restricted, schemas
from tests.deploy.kubernetes.page import COMBINATIONS, combination
from tests.deploy.kubernetes.rendering import OVERLAYS, Document, Documents, named, overlay

pytestmark = pytest.mark.process
every_combination = pytest.mark.parametrize("name", COMBINATIONS)
GATEWAY = "Deployment/airbook-gateway"


def altered(name: str, document: str, change: Callable[[Document], object]) -> Documents:
    """Return the documents of an overlay, with a change of one of them."""
    documents = copy.deepcopy(overlay(name))
    change(named(documents, document))
    return documents


def setting(path: str, value: object) -> Callable[[Document], None]:
    """Return a change that sets the value at a path: spec/replicas, spec/ports/0/name."""

    def change(document: Document) -> None:
        *parents, last = [int(part) if part.isdigit() else part for part in path.split("/")]
        inner = document
        for part in parents:
            inner = inner[part]  # type: ignore[index]
        inner[last] = value  # type: ignore[index]

    return change


def test_the_overlays_are_those_of_the_operators_page():
    assert OVERLAYS == ["istio", "monitoring", "postgres", "sqlite"]


def test_every_document_has_the_shape_of_its_schema():
    different = {str(one): one for name in COMBINATIONS for one in combination(name)}
    assert len(different) > len(overlay("postgres"))
    assert schemas.faults([*different.values()]) == [[]]


@every_combination
def test_every_reference_leads_somewhere(name: str):
    assert references.broken(combination(name)) == []


@every_combination
def test_the_admission_of_pods_takes_every_pod(name: str):
    documents = combination(name)
    labels = named(documents, "Namespace/air")["metadata"]["labels"]
    assert labels["pod-security.kubernetes.io/enforce"] == "restricted"
    assert restricted.violations(documents) == []


MISTAKES: dict[str, list[tuple[str, str, object]]] = {
    "postgres": [
        ("Deployment/airbook-daemon", "spec/replica", 2),
        ("HorizontalPodAutoscaler/airbook-gateway", "spec/maxReplicas", "3"),
        ("Deployment/airbook-relay", "kind", "Deploiment"),
        ("Deployment/airbook-relay", "spec/template/spec/containers/0/imagePolicy", "Always"),
    ],
    "istio": [
        ("VirtualService/airbook", "spec/http/1/retrys", {"attempts": 1}),
        ("VirtualService/airbook", "spec/http/0/match/0/headers/accept/regexp", ".*"),
        ("VirtualService/airbook", "spec/http/1/retries/attempts", "two"),
        ("Gateway/airbook", "spec/servers/0/tls/mode", "PLAIN"),
        ("PeerAuthentication/default", "spec/mtls/mode", "STRICTER"),
    ],
    "monitoring": [
        ("ServiceMonitor/airbook-gateway", "spec/endpoints/0/intervall", "10s"),
        ("PrometheusRule/airbook", "spec/groups/0/rules/0/alarm", "x"),
    ],
}


def test_a_mistake_in_a_field_its_value_or_a_kind_is_found():
    mistakes = [(name, *one) for name, several in MISTAKES.items() for one in several]
    wrong: list[Documents] = []
    for name, document, path, value in mistakes:
        documents = altered(name, document, setting(path, value))
        wrong.append([one for one in documents if one not in overlay(name)])
    found = schemas.faults(*wrong)
    assert [len(faults) for faults in found] == [1] * len(mistakes), found
    for (_, document, path, value), [fault] in zip(mistakes, found, strict=True):
        words = {path.rpartition("/")[2], str(value)}
        assert any(word in fault for word in words), (document, path, fault)


@pytest.mark.parametrize(
    ("document", "path", "value", "said"),
    [
        (
            "Service/airbook-gateway",
            "spec/selector",
            {"app": "gateway"},
            "Service/airbook-gateway selects nothing",
        ),
        (
            "PodDisruptionBudget/airbook-daemon",
            "spec/selector",
            {"matchLabels": {"app.kubernetes.io/component": "demon"}},
            "PodDisruptionBudget/airbook-daemon selects nothing",
        ),
        (
            "Service/airbook-daemon",
            "spec/ports/0/targetPort",
            "http",
            "Service/airbook-daemon leads to the unknown port http",
        ),
        (
            GATEWAY,
            "spec/template/spec/containers/0/livenessProbe/httpGet/port",
            "health",
            f"{GATEWAY}/gateway has no port health for its livenessProbe",
        ),
        (
            "ServiceMonitor/airbook-daemon",
            "spec/endpoints/0/port",
            "http",
            "ServiceMonitor/airbook-daemon asks the unknown port http",
        ),
        (
            GATEWAY,
            "spec/template/spec/volumes/0/configMap/name",
            "settings",
            f"{GATEWAY} uses ConfigMap/settings, which is not there",
        ),
        (
            "HorizontalPodAutoscaler/airbook-gateway",
            "spec/scaleTargetRef/name",
            "gateway",
            "HorizontalPodAutoscaler/airbook-gateway uses Deployment/gateway, which is not there",
        ),
    ],
)
def test_a_reference_that_leads_nowhere_is_found(
    document: str, path: str, value: object, said: str
):
    wrong = altered("monitoring", document, setting(path, value))
    assert references.broken(wrong) == [said]


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("spec/template/spec/hostNetwork", True, "hostNetwork is set"),
        ("spec/template/spec/securityContext", {}, "runAsNonRoot is not true"),
        (
            "spec/template/spec/volumes/1",
            {"name": "tmp", "hostPath": {"path": "/tmp"}},
            "volume of the kind hostPath",
        ),
        (
            "spec/template/spec/containers/0/securityContext/allowPrivilegeEscalation",
            None,
            "allowPrivilegeEscalation is not false",
        ),
        (
            "spec/template/spec/containers/0/securityContext/capabilities",
            {"add": ["NET_ADMIN"]},
            "capabilities are added",
        ),
        ("spec/template/spec/containers/0/ports/0/hostPort", 8080, "hostPort is set"),
    ],
)
def test_a_pod_that_the_admission_refuses_is_found(path: str, value: object, said: str):
    found = restricted.violations(altered("postgres", GATEWAY, setting(path, value)))
    assert any(one.endswith(said) for one in found), found
