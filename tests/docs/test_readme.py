"""The READMEs: every command in them is run, in order, and prints what they show."""

from __future__ import annotations

import json
import os
import re
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import pytest

from airbook.application.airbook import Airbook
from airbook.application.settings import NAMES
from airbook.application.stores.sqlite import SQLiteStore
from airbook.cli.framework.app import build
from airbook.cli.framework.command_catalog import leaves
from airbook.cli.framework.options import GLOBAL_OPTIONS
from airbook.cli.output import errors
from tests.docs.terminal import Terminal
from tests.support.kafka_broker import OwnBroker
from tests.support.ports import reserved_port
from tests.support.postgres_server import Server
from tests.support.server_account import name_of
from tests.support.waiting import until

pytestmark = pytest.mark.process

ROOT = Path(__file__).parents[2]
LOCALES = {"README.md": "en_US.UTF-8", "README.ko.md": "ko_KR.UTF-8"}
IN_CONTAINERS = {"README.md": "## In a container\n", "README.ko.md": "## 컨테이너\n"}
SERVE, CTRL_C = "airbook serve", "^C"
LASTING = ("airbook daemon", SERVE, "airbook relay", "airbook intake")  # these are left running
PORT, BROKER = "8080", "localhost:9092"
SEND = "send "  # the beginning of a command of these tests: to send messages to a topic

HOME, OWNER, ROLE = "/home/kim/.local/share/airbook", "postgres@db.example/airbook", "airbook"
VARYING = {
    r"postgresql://\S+?(?=:? |:?$)": "<server>",
    r"PostgreSQL \d+(\.\d+)?": "<version>",
    r"\d+(?= bytes|바이트)": "<bytes>",
    r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+Z)?": "<time>",
    r"\bc[0-9a-f]{16}\b": "<customer>",
    r"/\S*/airbook\.db": "<store>",
    r"pid=\d+": "<pid>",
    r"(127\.0\.0\.1|localhost):\d+": "<address>",
    r"\d+\.\d+(?= s ago|초 전)": "<seconds>",
    r"^SQLite \d.*": "",  # a warning on some machines
}


class Shown(NamedTuple):
    """A command in a README, and the output below it; or SEND with a topic, and messages."""

    command: str
    lines: Sequence[str]


def shown_in(readme: str, *, in_containers: bool = False) -> list[Shown]:
    """Return the commands of a README; those with containers are in a section of their own."""
    found = list[Shown]()
    sections = re.split(r"(?m)^(?=## )", (ROOT / readme).read_text())
    chosen = [one for one in sections if one.startswith(IN_CONTAINERS[readme]) == in_containers]
    blocks = r"(?ms)^```(?:console|json send=(\w+))\n(.*?)^```$"
    for topic, block in re.findall(blocks, "".join(chosen)):
        if topic:
            found.append(Shown(f"{SEND}{topic}", block.splitlines()))
            continue
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append(Shown(line.removeprefix("$ "), []))
            else:
                found[-1] = Shown(found[-1].command, [*found[-1].lines, line])
    return found


def without_what_varies(lines: Sequence[str], command: str) -> list[str]:
    text = "\n".join(lines)
    for pattern, word in VARYING.items():
        text = re.sub(pattern, word, text, flags=re.MULTILINE)
    if command.startswith("airbook reserve") and "--wait" not in command:
        text = re.sub(r"^(\S+ \d+): .*$", r"\1", text)  # the daemon may have decided already
    return text.rstrip().splitlines()


class Reader:
    """A reader who runs the commands of a README, with a terminal for each."""

    def __init__(self, home: str, locale: str, server: Server) -> None:
        self.home = home
        self.database = server.create_database()
        self.role = server.create_role(ROLE)
        self.server = server
        self.airbook = Airbook(SQLiteStore(Path(home, "airbook.db")))
        self.environment = {
            "AIRBOOK_ACTOR": "kim",
            "AIRBOOK_HOME": home,
            "HOME": home,
            "LANG": locale,
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "TERM": "xterm",
        }
        self.open = ExitStack()
        self.broker = self.open.enter_context(closing(OwnBroker()))
        self.last: Terminal | None = None
        self.port = str(self.open.enter_context(reserved_port()))

    def start_broker(self) -> None:
        """Start the broker, with the topics of the READMEs."""
        self.broker.start()
        for topic in ("airbook", "commands", "refused"):
            self.broker.create(topic, 1)

    def send(self, topic: str, messages: Sequence[str]) -> None:
        """Send messages to the command that was run last, which has taken them in."""
        self.broker.send(topic, *messages)
        assert self.last is not None
        self.last.until(lambda lines: f"executed={len(messages)}" in "\n".join(lines))

    def run(self, shown: Shown) -> list[str]:
        """Run a command; returns its output. A command that does not end is left running."""
        if shown.command.startswith(SEND):
            self.send(shown.command.removeprefix(SEND), shown.lines)
            return [*shown.lines]
        command = self.here(shown.command)
        if command.startswith("export "):
            name, _, value = command.removeprefix("export ").partition("=")
            self.environment[name] = value
            return []
        is_lasting = command.startswith(LASTING)
        is_wide = is_lasting or any(word in command for word in ("json", "store"))
        self.last = terminal = Terminal(command, self.environment, 400 if is_wide else 130)
        self.open.enter_context(terminal)
        if not is_lasting and CTRL_C not in shown.lines:
            return terminal.end()
        expected = without_what_varies([*shown.lines], shown.command)
        lines = terminal.until(
            lambda lines: without_what_varies([*lines, CTRL_C], "")[: len(expected)] == expected
        )
        if is_lasting:
            return lines
        terminal.interrupt()
        return [*lines, CTRL_C]

    def here(self, command: str) -> str:
        """Replace the paths, the URLs and the port of the README by those of this test."""
        host = quote(self.server.host, safe="")
        owner = f"{self.server.user}@{host}:{self.server.port}/{name_of(self.database)}"
        worker = owner.replace(self.server.user, self.role, 1)
        command = command.replace(SERVE, f"{SERVE} --port {self.port}")
        command = command.replace(f"localhost:{PORT}", f"localhost:{self.port}")
        command = command.replace(BROKER, self.broker.server)
        command = command.replace(HOME, self.home).replace(OWNER, owner)
        command = command.replace(OWNER.replace("postgres", ROLE, 1), worker)
        return command.replace(f"--role {ROLE}", f"--role {self.role}")

    def rest(self) -> None:
        """Wait until the daemon has decided every request."""
        deadline = time.monotonic() + 10
        while (
            self.airbook.queries.status().reservations["received"] and time.monotonic() < deadline
        ):
            time.sleep(0.01)

    def close(self) -> None:
        self.open.close()
        self.airbook.close()
        self.server.drop_database(self.database)


@pytest.fixture
def home() -> Iterator[str]:
    """Return a folder with a short path, which fits on a terminal."""
    with tempfile.TemporaryDirectory(prefix="airbook-") as folder:
        yield folder


@pytest.mark.parametrize("readme", LOCALES)
def test_a_readme_shows_what_happens(readme: str, home: str, server: Server):
    reader = Reader(home, LOCALES[readme], server)
    try:
        reader.start_broker()
        for shown in shown_in(readme):
            seen = without_what_varies(reader.run(shown), shown.command)
            assert seen == without_what_varies(shown.lines, shown.command), shown.command
            reader.rest()
        until(lambda: "ReservationRejected" in reader.broker.values("airbook")[-1], "the decision")
        assert [json.loads(one)["id"] for one in reader.broker.values("airbook")] == [
            str(position) for position in range(1, 38)
        ]
    finally:
        reader.close()


@pytest.mark.parametrize("in_containers", [False, True])
def test_both_show_the_same_commands(in_containers: bool):
    english, korean = (
        [shown.command for shown in shown_in(readme, in_containers=in_containers)]
        for readme in LOCALES
    )
    assert english == korean
    assert len(english) > (6 if in_containers else 20)


def rows(readme: str) -> Iterator[str]:
    """Yield the first cell of each row of each table."""
    for line in (ROOT / readme).read_text().splitlines():
        if line.startswith("| ") and (line.startswith("| `") or line[2].isdigit()):
            yield re.split(r"(?<!\\)\|", line)[1].strip()


def test_both_list_the_same_commands_settings_and_exit_codes():
    english, korean = (list(rows(readme)) for readme in LOCALES)
    assert english == korean


def test_every_command_is_listed_and_so_is_each_option():
    listed = [row for row in rows("README.md") if row.startswith("`airbook")]
    text = "\n".join(listed)
    for name, command in leaves(build([])):
        group, _, last = name.rpartition(" ")
        assert any(group in row and re.search(rf"\b{last}\b", row) for row in listed), name
        spelled = [max(one.opts, key=len) for one in command.params if one.opts[0].startswith("-")]
        missing = [one for one in spelled if one not in text]
        assert missing in ([], ["--yes"], ["--timeout"]), name


def test_every_setting_is_listed():
    text = (ROOT / "README.md").read_text()
    for name in (*NAMES, "config"):
        assert f"`AIRBOOK_{name.upper()}`" in text
    for option in GLOBAL_OPTIONS:
        assert option.spellings[0] in text


def test_every_exit_code_is_listed():
    listed = {int(row) for row in rows("README.md") if row.isdigit()}
    assert listed == {0, *range(errors.FAILED, errors.FINDINGS + 1), errors.INTERRUPTED}
