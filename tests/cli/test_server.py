"""A server that cannot be used is reported in one sentence, without its password."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote, unquote

import pytest

from airbook.eventlog.postgres import errors, schema
from airbook.eventlog.postgres.connection import Server as Place
from tests.cli.conftest import Inside
from tests.support.answers import Answer, refused
from tests.support.home import Home
from tests.support.ports import reserved_port
from tests.support.postgres_server import OwnServer

SECRET = "s3cret &/%:@?#=한"
COMMANDS = ("planes", "reserve 1", "status", "doctor", "store status", "daemon --once")


@pytest.fixture(scope="module")
def network() -> Iterator[OwnServer]:
    """Run a server on the network that requires passwords."""
    with reserved_port() as port, closing(OwnServer(port)) as server:
        server.start()
        yield server


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give a server up after its first error, because no server comes back in these tests."""
    monkeypatch.setattr(errors, "PATIENCE_SECONDS", 0.0)


@pytest.fixture
def role(network: OwnServer) -> str:
    return network.create_role("airbook", SECRET)


@pytest.fixture
def bare(network: OwnServer, role: str, inside: Inside) -> Iterator[Inside]:
    """Return a home whose store is an empty database."""
    database = network.create_database()
    inside.environment["AIRBOOK_STORE"] = network.network_url(database, role, SECRET)
    yield inside
    network.drop_database(database)


@pytest.fixture
def served(network: OwnServer, role: str, bare: Inside) -> Inside:
    """Return a home whose store on the server works."""
    schema.create(Place(network.url(url_of(bare))), role=role)
    return bare


def url_of(home: Home) -> str:
    return home.environment["AIRBOOK_STORE"]


def shown(home: Home) -> str:
    """Return the URL without its password."""
    return re.sub(r":[^:@]*@", "@", url_of(home), count=1)


def keeps_the_secret(answer: Answer, secret_url: str = SECRET) -> None:
    said = answer.out + answer.err
    for spelled in {secret_url, quote(secret_url, safe=""), unquote(secret_url)}:
        assert spelled not in said


Wrong = Callable[[Inside, OwnServer], tuple[int, str, str]]


def wrong_port(home: Inside, network: OwnServer) -> tuple[int, str, str]:
    home.environment["AIRBOOK_STORE"] = url_of(home).replace(f":{network.port}/", ":1/")
    why = 'connection to server at "127.0.0.1", port 1 failed: Connection refused'
    return 7, f"The store {shown(home)} cannot be reached: {why}", "airbook config show"


def wrong_password(home: Inside, network: OwnServer) -> tuple[int, str, str]:
    home.environment["AIRBOOK_STORE"] = url_of(home).replace(":s3cret", ":s3crets3cret")
    role = url_of(home).split("//")[1].split(":")[0]
    why = (
        f'connection to server at "127.0.0.1", port {network.port} failed: FATAL:  password'
        f' authentication failed for user "{role}"'
    )
    return 7, f"The store {shown(home)} cannot be reached: {why}", "airbook config show"


def no_such_database(home: Inside, network: OwnServer) -> tuple[int, str, str]:
    home.environment["AIRBOOK_STORE"] = re.sub("/airbook_[^/]*$", "/nowhere", url_of(home))
    why = (
        f'connection to server at "127.0.0.1", port {network.port} failed: FATAL:  database'
        ' "nowhere" does not exist'
    )
    return 7, f"The store {shown(home)} cannot be reached: {why}", "airbook config show"


def no_such_host(home: Inside, _: OwnServer) -> tuple[int, str, str]:
    home.environment["AIRBOOK_STORE"] = url_of(home).replace("@127.0.0.1", "@/", 1)
    home.environment["AIRBOOK_STORE"] = re.sub("@/:[0-9]*/", "@/", f"{url_of(home)}?host=/nowhere")
    why = (
        'connection to server on socket "/nowhere/.s.PGSQL.5432" failed: No such file or directory'
    )
    return 7, f"The store {shown(home)} cannot be reached: {why}", "airbook config show"


def nothing_made(home: Inside, network: OwnServer) -> tuple[int, str, str]:
    network.execute("DROP SCHEMA airbook, airbook_views CASCADE", url_of(home))
    return 7, f"There is no store at {shown(home)} yet.", "airbook store init"


def newer(home: Inside, network: OwnServer) -> tuple[int, str, str]:
    network.execute("COMMENT ON SCHEMA airbook IS 'airbook''s log, schema 3'", url_of(home))
    return 1, f"The store {shown(home)} was made by a newer airbook.", "airbook --version"


def older(home: Inside, network: OwnServer) -> tuple[int, str, str]:
    network.execute("COMMENT ON SCHEMA airbook IS 'airbook''s log, schema 0'", url_of(home))
    return 1, f"The store {shown(home)} was made by an older airbook.", "airbook store init"


def without_synchronous_commit(home: Inside, network: OwnServer) -> tuple[int, str, str]:
    database = url_of(home).rpartition("/")[2]
    network.execute(f"ALTER DATABASE {database} SET synchronous_commit = off")
    sentence = "has synchronous_commit off: what it acknowledges may be lost."
    return 1, f"The store {shown(home)} {sentence}", "AIRBOOK_ALLOW_UNSAFE=1 airbook status"


def with_functions_of_the_library(home: Inside, network: OwnServer) -> tuple[int, str, str]:
    function = "CREATE FUNCTION airbook.es_insert_events_text() RETURNS int LANGUAGE sql"
    network.execute(f"{function} AS 'SELECT 1'", url_of(home))
    sentence = "has the function es_insert_events_text: what it writes can be overlooked."
    return 1, f"The store {shown(home)} {sentence}", "airbook config show"


WRONG: tuple[Wrong, ...] = (
    wrong_port,
    wrong_password,
    no_such_database,
    no_such_host,
    nothing_made,
    newer,
    older,
    without_synchronous_commit,
    with_functions_of_the_library,
)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("wrong", WRONG)
def test_a_server_that_cannot_be_used(served: Inside, network: OwnServer, wrong: Wrong):
    code, sentence, hint = wrong(served, network)
    for line in COMMANDS:
        answer = served(*line.split())
        assert (answer.code, refused(answer)) == (code, [sentence, f"hint: {hint}"]), line
        keeps_the_secret(answer)
    told = served("planes", "--json")
    assert told.code == code
    keeps_the_secret(told)


def test_a_server_that_may_lose_events_can_be_allowed(served: Inside, network: OwnServer):
    without_synchronous_commit(served, network)
    assert served("reserve", "1", AIRBOOK_ALLOW_UNSAFE="1").code == 0
    assert served("reserve", "1").code == 1


def test_its_password_is_never_shown(served: Inside):
    for line in (
        *("admin add-plane --seats 5", "reserve 1", "config show", "config show -o json"),
        *("status", "status -o table", "status -o json", "store status", "store status -o json"),
        *("daemon --until-idle", "daemon --once --log-level debug", "doctor", "views status"),
        *("plane 9", "cancel 9", "planes -o yaml", "nonsense", "store init --print-sql"),
    ):
        answer = served(*line.split())
        assert answer.out + answer.err, line
        keeps_the_secret(answer)
    settings = {one["name"]: one["value"] for one in served.json("config", "show")}
    assert settings["store"] == shown(served) == served.json("status")["store"]


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    "url",
    [
        "postgresql://kim:s3cret@127.0.0.1:1/x",
        "postgresql://kim:s3cret@127.0.0.1:port/x",
        "postgresql://kim:a@s3cret@127.0.0.1:1/x",
        "postgresql://kim:a/s3cret@127.0.0.1:1/x",
        "postgresql://kim:a?s3cret@127.0.0.1:1/x",
        "postgresql://kim:a#s3cret@127.0.0.1:1/x",
        "postgresql://kim:a:s3cret@127.0.0.1:1/x",
        "postgresql://kim:%s3cret@127.0.0.1:1/x",
        "postgresql://kim:s3cret@[::1/x",
        "postgresql://kim:s3cret@127.0.0.1:1/x?nonsense=1",
        "postgresql://127.0.0.1:1/x?user=kim&password=s3cret",
        "postgresql://127.0.0.1:1/x?user=kim&sslmode=require&sslpassword=s3cret",
        "postgresql://kim:s3cret@127.0.0.1:1/x y",
        "postgres://kim:s3cret@127.0.0.1:1/x",
        "postgresq://kim:s3cret@127.0.0.1:1/x",
        "postgresql:/kim:s3cret@127.0.0.1:1/x",
        "mysql://kim:s3cret@127.0.0.1:1/x",
        "kim:s3cret@127.0.0.1:1/x",
        "host=127.0.0.1 user=kim password=s3cret",
        "POSTGRESQL://kim:s3cret@127.0.0.1:1/x",
    ],
)
def test_a_url_that_is_wrong_keeps_its_password(inside: Inside, url: str):
    for line in ("planes", "config show", "daemon --once", "reserve 1 -o json"):
        answer = inside(*line.split(), AIRBOOK_STORE=url)
        keeps_the_secret(answer, "s3cret")
        if not line.startswith("config"):
            assert answer.code in {2, 7}, answer
            refused(answer)


def test_without_the_package_for_it_a_server_is_refused(anew: Home, tmp_path: Path):
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.modules['psycopg'] = None\n")
    url = f"postgresql://kim:{quote(SECRET, safe='')}@127.0.0.1:1/x"
    for line in COMMANDS:
        answer = anew(*line.split(), AIRBOOK_STORE=url, PYTHONPATH=str(tmp_path))
        assert (answer.code, refused(answer)) == (
            2,
            [
                "PostgreSQL needs one more package: pip install 'airbook[postgres]'",
                "hint: airbook config show --help",
            ],
        )
        keeps_the_secret(answer)
    assert anew("reserve", "1", PYTHONPATH=str(tmp_path)).code == 0
