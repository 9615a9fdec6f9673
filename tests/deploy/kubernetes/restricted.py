"""The level "restricted" of the Pod Security Standards, as the namespace enforces it.

https://kubernetes.io/docs/concepts/security/pod-security-standards/
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.deploy.kubernetes.rendering import Document, Documents, containers, pods

VOLUMES = {
    *("configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim"),
    *("projected", "secret"),
}
SHARED = ("hostNetwork", "hostPID", "hostIPC")
PROFILES = ("RuntimeDefault", "Localhost")


def violations(documents: Documents) -> list[str]:
    """List what the admission of pods would refuse."""
    return [
        *(f"{name}: {one}" for name, pod in pods(documents) for one in of_pod(pod)),
        *(f"{name}: {one}" for name, own in containers(documents) for one in of_container(own)),
    ]


def of_pod(pod: Document) -> Iterator[str]:
    context = pod.get("securityContext", {})
    yield from (f"{name} is set" for name in SHARED if pod.get(name))
    if context.get("runAsNonRoot") is not True:
        yield "runAsNonRoot is not true"
    if context.get("runAsUser") == 0:
        yield "runAsUser is root"
    if context.get("seccompProfile", {}).get("type") not in PROFILES:
        yield "seccompProfile is not set"
    for volume in pod.get("volumes", ()):
        if kinds := set(volume) - {"name"} - VOLUMES:
            yield f"volume of the kind {kinds.pop()}"


def of_container(container: Document) -> Iterator[str]:
    context = container.get("securityContext", {})
    if context.get("allowPrivilegeEscalation") is not False:
        yield "allowPrivilegeEscalation is not false"
    if context.get("privileged"):
        yield "privileged is set"
    if context.get("runAsNonRoot") is False or context.get("runAsUser") == 0:
        yield "may run as root"
    capabilities = context.get("capabilities", {})
    if capabilities.get("drop") != ["ALL"]:
        yield "capabilities are not dropped"
    if set(capabilities.get("add", ())) - {"NET_BIND_SERVICE"}:
        yield "capabilities are added"
    if any("hostPort" in port for port in container.get("ports", ())):
        yield "hostPort is set"
