"""The operators' page: its examples do what it says, and it lists what the manifests have."""

from __future__ import annotations

import re
import tomllib

import pytest

from tests.deploy.kubernetes import references
from tests.deploy.kubernetes.page import (
    COMBINATIONS,
    EVERYTHING,
    EXAMPLES,
    SECTION,
    combination,
    first_column,
)
from tests.deploy.kubernetes.rendering import (
    KUBERNETES,
    OVERLAYS,
    ROOT,
    containers,
    named,
    of_kind,
)

pytestmark = pytest.mark.process
RULES = ROOT / "deploy/monitoring/rules/airbook.yml"
GATEWAY = "Deployment/airbook-gateway/gateway"


def container(of: str, name: str) -> dict[str, object]:
    return dict(containers(combination(of)))[name]


def test_the_page_lists_every_overlay_and_every_component():
    assert EXAMPLES == ["try", "carrier"]
    assert first_column("overlay") == {f"overlays/{name}" for name in OVERLAYS}
    there = {f"components/{one.name}" for one in (KUBERNETES / "components").iterdir()}
    assert set(re.findall(r"components/[a-z-]+", SECTION)) == there


def test_only_the_first_try_needs_no_token():
    args = {one: container(one, GATEWAY)["args"] for one in (*OVERLAYS, *EXAMPLES)}
    assert [one for one, words in args.items() if "--without-tokens" in str(words)] == ["try"]


def test_what_the_carrier_says_is_in_force():
    documents = combination("carrier")
    images = {one["image"] for _, one in containers(documents)}
    assert images == {"registry.example/airbook:0.1.0"}
    relay = dict(containers(documents))["Deployment/airbook-relay/relay"]
    assert {"name": "KAFKA", "value": "broker-1.example:9092"} in relay["env"]
    store = named(documents, "NetworkPolicy/airbook-store")["spec"]["egress"]
    assert store == [{"ports": [{"port": 5432}], "to": [{"ipBlock": {"cidr": "10.1.2.3/32"}}]}]
    scaler = named(documents, "HorizontalPodAutoscaler/airbook-gateway")["spec"]
    assert (scaler["minReplicas"], scaler["maxReplicas"]) == (2, 3)


def test_in_a_mesh_prometheus_shows_a_certificate():
    schemes = {
        of: {
            endpoint.get("scheme", "http")
            for monitor in of_kind(combination(of), "ServiceMonitor")
            for endpoint in monitor["spec"]["endpoints"]
        }
        for of in ("monitoring", "carrier")
    }
    assert schemes == {"monitoring": {"http"}, "carrier": {"https"}}


def test_daemons_that_share_the_airplanes_agree_on_the_number_of_shares():
    daemon = container(EVERYTHING, "Deployment/airbook-daemon/daemon")["args"]
    scaler = named(combination(EVERYTHING), "HorizontalPodAutoscaler/airbook-daemon")["spec"]
    assert isinstance(daemon, list)
    assert daemon[-2:] == ["--partitions", str(scaler["maxReplicas"])]


def test_the_page_says_how_to_make_each_secret_that_is_named():
    used = {
        name.removeprefix("Secret/")
        for one in COMBINATIONS
        for _, name in references.names_used(combination(one))
        if name.startswith("Secret/")
    }
    assert used == first_column("Secret") == references.SECRETS
    made = set(re.findall(r"create secret generic (\S+)", SECTION))
    assert made == used - {"airbook-kafka"}  # which may be missing


def test_no_secret_is_in_the_manifests():
    assert [one for name in COMBINATIONS for one in of_kind(combination(name), "Secret")] == []
    password = re.compile(r"://[^/\s]*:[^/\s]*@|password\s*[:=]\s*\S")
    texts = {file: file.read_text() for file in KUBERNETES.rglob("*.yaml")}
    assert [file for file, text in texts.items() if password.search(text)] == []


def test_the_page_has_the_resources_of_the_manifests():
    lines = SECTION.partition("### Size")[2].splitlines()
    rows = [[cell.strip() for cell in line.split("|")[1:5]] for line in lines if "m |" in line]
    written = {part.strip("`"): cells for part, *cells in rows}
    given = {}
    for _, one in containers(combination("postgres")):
        memory = [one["resources"][kind]["memory"] for kind in ("requests", "limits")]
        in_words = [amount.replace("Mi", " MiB") for amount in memory]
        given[one["name"]] = [one["resources"]["requests"]["cpu"], *in_words]
    assert written == given


def test_the_image_is_that_of_this_version():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    images = {one["image"] for name in OVERLAYS for _, one in containers(combination(name))}
    assert images == {f"airbook:{version}"}


def test_the_alerts_of_the_operator_are_the_rules_of_prometheus():
    document = (KUBERNETES / "components/monitoring/rules.yaml").read_text()
    lines = RULES.read_text().splitlines(keepends=True)
    rules = "".join(line if line.isspace() else f"  {line}" for line in lines)
    assert document.partition("\nspec:\n")[2] == rules, "run: make alerts"
