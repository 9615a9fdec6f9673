"""What documents name in each other: pods by their labels, ports, settings, accounts, targets."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tests.deploy.kubernetes.rendering import (
    WITH_PODS,
    Document,
    Documents,
    containers,
    name_of,
    of_kind,
    pods,
)

SECRETS = {"airbook-store", "airbook-store-owner", "airbook-kafka", "airbook-metrics"}
OF_THE_NAMESPACE = ".air.svc.cluster.local"
PROBES = ("startupProbe", "livenessProbe", "readinessProbe")


def broken(documents: Documents) -> list[str]:
    """List every reference that leads nowhere."""
    return [
        *selecting_nothing(documents),
        *unknown_ports(documents),
        *unknown_names(documents),
    ]


def selects(selector: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    """Return whether a selector with matchLabels and matchExpressions (In) takes these labels."""
    known = {"matchLabels", "matchExpressions"}
    assert set(selector) <= known, selector
    for one in selector.get("matchExpressions", ()):
        assert one["operator"] == "In", one
        if labels.get(one["key"]) not in one["values"]:
            return False
    wanted: Mapping[str, str] = selector.get("matchLabels", {})
    return wanted.items() <= labels.items()


def labels_of_pods(documents: Documents) -> list[Mapping[str, str]]:
    return [one["spec"]["template"]["metadata"]["labels"] for one in of_kind(documents, *WITH_PODS)]


def selectors(documents: Documents) -> Iterator[tuple[str, Mapping[str, Any], Any]]:
    """Yield each selector with the name of its document, and the labels that it may take."""
    every = labels_of_pods(documents)
    services = [one["metadata"]["labels"] for one in of_kind(documents, "Service")]
    for one in documents:
        name, spec = name_of(one), one.get("spec", {})
        match one["kind"]:
            case "Service":
                yield name, {"matchLabels": spec["selector"]}, every
            case "Deployment":
                own = spec["template"]["metadata"]["labels"]
                yield name, spec["selector"], [own]
                for spread in spec["template"]["spec"].get("topologySpreadConstraints", ()):
                    yield name, spread["labelSelector"], [own]
            case "NetworkPolicy":
                yield name, spec["podSelector"], every
            case "PodDisruptionBudget":
                yield name, spec["selector"], every
            case "ServiceMonitor":
                yield name, spec["selector"], services
            case _:
                pass


def selecting_nothing(documents: Documents) -> Iterator[str]:
    for name, selector, offered in selectors(documents):
        if not any(selects(selector, labels) for labels in offered):
            yield f"{name} selects nothing"


def selected(documents: Documents, selector: Mapping[str, Any]) -> list[Document]:
    """Return the documents that make pods which a selector takes."""
    return [
        one
        for one in of_kind(documents, *WITH_PODS)
        if selects(selector, one["spec"]["template"]["metadata"]["labels"])
    ]


def ports_of(document: Document) -> set[str]:
    """Return the names of the ports of the pods of a document."""
    found = document["spec"]["template"]["spec"]["containers"]
    return {port["name"] for container in found for port in container.get("ports", ())}


def unknown_ports(documents: Documents) -> list[str]:
    return [
        *unknown_ports_of_probes(documents),
        *unknown_ports_of_services(documents),
        *unknown_ports_of_monitors(documents),
    ]


def unknown_ports_of_probes(documents: Documents) -> Iterator[str]:
    for name, container in containers(documents):
        own = {port["name"] for port in container.get("ports", ())}
        for kind in PROBES:
            if (asked := container.get(kind, {}).get("httpGet")) and asked["port"] not in own:
                yield f"{name} has no port {asked['port']} for its {kind}"


def unknown_ports_of_services(documents: Documents) -> Iterator[str]:
    for service in of_kind(documents, "Service"):
        behind = selected(documents, {"matchLabels": service["spec"]["selector"]})
        for port in service["spec"]["ports"]:
            if not all(port["targetPort"] in ports_of(one) for one in behind):
                yield f"{name_of(service)} leads to the unknown port {port['targetPort']}"


def unknown_ports_of_monitors(documents: Documents) -> Iterator[str]:
    for monitor in of_kind(documents, "ServiceMonitor"):
        offered = {
            port["name"]
            for service in of_kind(documents, "Service")
            if selects(monitor["spec"]["selector"], service["metadata"]["labels"])
            for port in service["spec"]["ports"]
        }
        for endpoint in monitor["spec"]["endpoints"]:
            if endpoint["port"] not in offered:
                yield f"{name_of(monitor)} asks the unknown port {endpoint['port']}"


def unknown_names(documents: Documents) -> Iterator[str]:
    there = {*map(name_of, documents), *(f"Secret/{name}" for name in SECRETS)}
    for user, used in names_used(documents):
        if used not in there:
            yield f"{user} uses {used}, which is not there"


def names_used(documents: Documents) -> Iterator[tuple[str, str]]:
    """Yield each name that a document uses of another one, after the name of its user."""
    for name, pod in pods(documents):
        yield from ((name, used) for used in used_by_pod(pod))
    for name, container in containers(documents):
        yield from ((name, used) for used in used_by_container(container))
    for one in documents:
        if used_by := USED_BY.get(one["kind"]):
            yield from ((name_of(one), used) for used in used_by(one["spec"]))


def used_by_pod(pod: Document) -> Iterator[str]:
    yield f"ServiceAccount/{pod['serviceAccountName']}"
    for volume in pod["volumes"]:
        if "configMap" in volume:
            yield f"ConfigMap/{volume['configMap']['name']}"
        if "persistentVolumeClaim" in volume:
            yield f"PersistentVolumeClaim/{volume['persistentVolumeClaim']['claimName']}"


def used_by_container(container: Document) -> Iterator[str]:
    for variable in container["env"]:
        if reference := variable.get("valueFrom"):
            yield f"Secret/{reference['secretKeyRef']['name']}"


def used_by_scaler(spec: Document) -> Iterator[str]:
    yield f"Deployment/{spec['scaleTargetRef']['name']}"


def used_by_monitor(spec: Document) -> Iterator[str]:
    for endpoint in spec["endpoints"]:
        if "authorization" in endpoint:
            yield f"Secret/{endpoint['authorization']['credentials']['name']}"


def used_by_routes(spec: Document) -> Iterator[str]:
    yield from (f"Gateway/{gateway}" for gateway in spec["gateways"])
    for route in spec["http"]:
        for to in route["route"]:
            yield f"Service/{to['destination']['host'].removesuffix(OF_THE_NAMESPACE)}"


USED_BY: Mapping[str, Callable[[Document], Iterator[str]]] = {
    "HorizontalPodAutoscaler": used_by_scaler,
    "ServiceMonitor": used_by_monitor,
    "VirtualService": used_by_routes,
}
