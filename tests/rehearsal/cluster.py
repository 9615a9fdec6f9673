"""The cluster that `kubectl` points at: documents go in, and what it says comes out."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from tests.rehearsal.lengths import PATIENCE
from tests.rehearsal.waiting import until

SECONDS = 60.0
Document = Mapping[str, Any]


class RefusedError(Exception):
    """The cluster did not do what it was asked; the text is what kubectl said."""


class Pod(NamedTuple):
    """A pod. restarts: of all its containers together."""

    name: str
    uid: str
    is_ready: bool
    restarts: int


class Cluster:
    """Runs kubectl, each time with a bound on its seconds."""

    def __init__(self, namespace: str) -> None:
        """namespace: where everything is that has no namespace of its own."""
        self.namespace = namespace

    def __call__(self, *words: str, given: str | None = None, seconds: float = SECONDS) -> str:
        """Run a command; return what it printed. Raises RefusedError."""
        return self.raw(*words, given=given, seconds=seconds).decode()

    def raw(self, *words: str, given: str | None = None, seconds: float = SECONDS) -> bytes:
        """Run a command; return the bytes that it printed. Raises RefusedError."""
        # Documents say themselves where they belong.
        inside = () if words[0] == "apply" else ("--namespace", self.namespace)
        try:
            ran = subprocess.run(
                ["kubectl", *inside, *words],
                check=False,
                capture_output=True,
                input=None if given is None else given.encode(),
                timeout=seconds,
            )
        except subprocess.TimeoutExpired as error:
            raise RefusedError(f"kubectl {words[0]} took {seconds:.0f} s") from error
        if ran.returncode:
            raise RefusedError(f"kubectl {' '.join(words)[:200]}: {ran.stderr.decode().strip()}")
        return ran.stdout

    def document(self, *words: str) -> Any:  # noqa: ANN401 -- JSON
        """Run a command that prints JSON, such as `get`; return it. Raises RefusedError."""
        return json.loads(self(*words, "--output", "json"))

    def accepts(self, *words: str, given: str | None = None) -> bool:
        """Return whether a command succeeds."""
        try:
            self(*words, given=given)
        except RefusedError:
            return False
        return True

    def apply(self, documents: Iterable[Document]) -> None:
        """Create or change what the documents describe. Raises RefusedError."""
        listed = {"apiVersion": "v1", "kind": "List", "items": list(documents)}
        self("apply", "--filename", "-", given=json.dumps(listed))

    def execute(self, where: str, *words: str, seconds: float = SECONDS) -> str:
        """Run a program in a container; where: deployment/NAME or a pod. Raises RefusedError."""
        return self("exec", *where.split(), "--", *words, seconds=seconds)

    def patch(self, what: str, changed: Document) -> None:
        """Change some fields of an object, such as deployment/NAME. Raises RefusedError."""
        self("patch", what, "--type", "merge", "--patch", json.dumps(changed))

    def patch_container(self, deployment: str, **changed: object) -> None:
        """Change the first container of a Deployment by a JSON patch. Raises RefusedError."""
        steps = [
            {"op": "add", "path": f"/spec/template/spec/containers/0/{field}", "value": value}
            for field, value in changed.items()
        ]
        self("patch", f"deployment/{deployment}", "--type", "json", "--patch", json.dumps(steps))

    def scale(self, deployment: str, replicas: int) -> None:
        """Set the replicas of a Deployment, and wait until they are ready, and the others gone."""
        self("scale", f"deployment/{deployment}", f"--replicas={replicas}")
        component = deployment.removeprefix("airbook-")

        def is_so() -> bool:
            found = self.pods(component, ending=True)
            return len(found) == replicas and all(one.is_ready for one in found)

        until(is_so, f"{replicas} ready pods of {deployment}", PATIENCE)

    def rolled_out(self, deployment: str, seconds: float = PATIENCE) -> None:
        """Wait until a Deployment has only pods of its present version. Raises RefusedError."""
        timeout = f"--timeout={seconds:.0f}s"
        self("rollout", "status", f"deployment/{deployment}", timeout, seconds=seconds + 10)

    def pods(self, component: str, *, ending: bool = False) -> Sequence[Pod]:
        """Return the pods of a part of airbook. ending: those too that are being removed."""
        chosen = f"app.kubernetes.io/component={component}"
        return [
            pod_of(one)
            for one in self.document("get", "pods", "--selector", chosen)["items"]
            if ending or "deletionTimestamp" not in one["metadata"]
        ]

    def images(self) -> set[str]:
        """Return the names of the images that every node has."""
        named = [
            {name for image in node["status"].get("images", ()) for name in image.get("names", ())}
            for node in self.document("get", "nodes")["items"]
        ]
        return set[str].intersection(*named)

    def ask_pod(self, pod: str, port: int, path: str) -> str:
        """Return what a pod answers at a path, asked by the API server. Raises RefusedError."""
        return self(
            "get", "--raw", f"/api/v1/namespaces/{self.namespace}/pods/{pod}:{port}/proxy{path}"
        )

    def within(self, namespace: str) -> Cluster:
        """Return the same cluster with another namespace."""
        return Cluster(namespace)


def pod_of(document: Document) -> Pod:
    """Return a pod as the API server describes it."""
    conditions = document["status"].get("conditions", ())
    ready = any((one["type"], one["status"]) == ("Ready", "True") for one in conditions)
    containers = document["status"].get("containerStatuses", ())
    return Pod(
        document["metadata"]["name"],
        document["metadata"]["uid"],
        ready,
        sum(one["restartCount"] for one in containers),
    )
