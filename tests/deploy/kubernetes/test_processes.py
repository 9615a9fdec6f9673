"""The commands of the manifests, run with their settings: what kubelets ask, they answer."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

import pytest

from docker.probe import Command
from tests.deploy.kubernetes.rendering import (
    ROOT,
    Document,
    containers,
    named,
    overlay,
    pods,
)
from tests.gateway.server import Gateway
from tests.support.home import Home
from tests.support.ports import reserved_port
from tests.support.waiting import until

pytestmark = pytest.mark.process
POSTGRES = dict(containers(overlay("postgres")))
GATEWAY = POSTGRES["Deployment/airbook-gateway/gateway"]
DAEMON = POSTGRES["Deployment/airbook-daemon/daemon"]
RELAY = POSTGRES["Deployment/airbook-relay/relay"]
PROBES = ("startupProbe", "livenessProbe", "readinessProbe")
SETTINGS = named(overlay("postgres"), "ConfigMap/airbook")["data"]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Return a home with the configuration file of the pods, and a token."""
    home = Home(tmp_path)
    mounted = tmp_path / "etc"
    mounted.mkdir()
    for name, contents in SETTINGS.items():
        (mounted / name).write_text(contents)
    given = {one["name"]: one.get("value") for one in GATEWAY["env"]}
    assert given["AIRBOOK_CONFIG"] == "/etc/airbook/airbook.toml"
    for name in ("AIRBOOK_ACTOR", "AIRBOOK_CUSTOMER"):
        del home.environment[name]
    home.environment["AIRBOOK_CONFIG"] = str(mounted / "airbook.toml")
    assert home.here("admin", "add-plane", "--seats", "1").code == 0
    assert home.here("token", "create", "operator", "--role", "admin").code == 0
    return home


@contextmanager
def started(home: Home, container: Document) -> Generator[Gateway]:
    """Run the command of a container, with another port, until the block ends."""
    [port] = [str(one["containerPort"]) for one in container["ports"]]
    with reserved_port() as free:
        args = [str(free) if word == port else word for word in container["args"]]
        assert args != container["args"]
        process = home.start(*args)
        answering = Gateway(process, free)
        try:
            until(answering.is_listening, "the port to open")
            yield answering
        finally:
            answer = process.stop()
        assert answer.code == 0, answer


@pytest.fixture
def answering(home: Home) -> Iterator[Mapping[str, Gateway]]:
    """Run the gateway and the daemon; returns where they answer, by the name of the container."""
    with ExitStack() as both:
        yield {one["name"]: both.enter_context(started(home, one)) for one in (GATEWAY, DAEMON)}


def succeeds(gateway: Gateway, path: str) -> bool:
    return gateway.get(path).status == 200


def test_every_probe_is_answered_without_a_token(answering: Mapping[str, Gateway]):
    for container in (GATEWAY, DAEMON):
        for probe in PROBES:
            path = container[probe]["httpGet"]["path"]
            until(partial(succeeds, answering[container["name"]], path), f"{probe} to succeed")
    assert answering["gateway"].get("/actuator/health/nonsense").status == 404
    assert answering["gateway"].get("/admins").status == 401


def test_the_figures_are_where_prometheus_asks_for_them(answering: Mapping[str, Gateway]):
    documents = overlay("monitoring")
    for part, status in (("gateway", 401), ("daemon", 200)):  # the gateway asks for a token
        [endpoint] = named(documents, f"ServiceMonitor/airbook-{part}")["spec"]["endpoints"]
        assert answering[part].get(endpoint["path"]).status == status
        assert ("authorization" in endpoint) == (status == 401)


def test_a_gateway_without_tokens_does_not_serve_the_cluster(tmp_path: Path):
    answer = Home(tmp_path)(*GATEWAY["args"])
    assert (answer.code, "Without tokens" in answer.err) == (2, True), answer


def test_every_setting_is_known_and_comes_from_the_file(home: Home):
    shown = {one["name"]: one for one in home.json("config", "show")}
    written = set(re.findall(r"^(\w+) =", SETTINGS["airbook.toml"], re.MULTILINE))
    assert "log_level" in written
    assert {name for name, one in shown.items() if one["origin"] == "file"} == written


def test_no_variable_hides_a_setting_of_the_file():
    written = set(re.findall(r"^(\w+) =", SETTINGS["airbook.toml"], re.MULTILINE))
    for name, container in POSTGRES.items():
        hidden = {f"AIRBOOK_{one.upper()}" for one in written}
        assert hidden.isdisjoint(one["name"] for one in container["env"]), name
    for name, pod in pods(overlay("postgres")):
        assert pod["enableServiceLinks"] is False, name


def test_the_settings_are_a_folder_so_that_a_change_arrives():
    for name, container in POSTGRES.items():
        [mounted] = [one for one in container["volumeMounts"] if one["name"] == "settings"]
        assert (mounted["mountPath"], "subPath" in mounted) == ("/etc/airbook", False), name


def test_a_relay_is_asked_by_the_health_check_of_the_image():
    checked = RELAY["livenessProbe"]
    dockerfile = (ROOT / "docker/Dockerfile").read_text()
    assert f'CMD ["{checked["exec"]["command"][0]}"]' in dockerfile
    asked = Command(0, RELAY["args"])
    assert (asked.name, asked.address) == ("relay", None)
    assert checked["timeoutSeconds"] > asked.attempts * 2


def test_the_job_is_a_command_of_airbook(tmp_path: Path):
    args = POSTGRES["Job/airbook-store-init/store-init"]["args"]
    url = "postgresql://airbook_owner@db.example/airbook"
    printed = Home(tmp_path)(*args, "--print-sql", AIRBOOK_STORE=url)
    assert (printed.code, 'TO "airbook"' in printed.out) == (0, True), printed


def test_the_relay_is_a_command_of_airbook(home: Home):
    args = [word.replace("$(KAFKA)", "127.0.0.1:1") for word in RELAY["args"]]
    answer = home(*args, "--once")
    assert (answer.code, "127.0.0.1:1" in answer.err) == (7, True), answer
