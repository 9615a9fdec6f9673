"""The files of the stack on PostgreSQL, read without starting it."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from msgspec import yaml

DOCKER = Path(__file__).parents[2] / "docker"
FILE = DOCKER / "compose.postgres.yaml"
STACK = yaml.decode(FILE.read_text())
SERVICES = STACK["services"]


def make_secrets(folder: Path, *words: str) -> tuple[int, str, str]:
    """Run the script in a folder; returns its exit code and its outputs."""
    ran = subprocess.run(
        ["sh", folder / "make-secrets", *words], capture_output=True, text=True, check=False
    )
    return ran.returncode, ran.stdout, ran.stderr


@pytest.fixture
def secrets(tmp_path: Path) -> Path:
    """Make the secrets in a copy of the folder."""
    shutil.copy2(DOCKER / "make-secrets", tmp_path)
    assert make_secrets(tmp_path) == (0, "", "")
    return tmp_path / "secrets"


def contents(folder: Path) -> dict[str, str]:
    return {file.name: file.read_text() for file in folder.iterdir()}


def test_the_secrets_are_those_that_the_stack_mounts(secrets: Path):
    mounted = {Path(one["file"]).name for one in STACK["secrets"].values()}
    assert set(contents(secrets)) == mounted


def test_only_the_owner_enters_the_folder_of_the_secrets_and_every_container_reads_a_file(
    secrets: Path,
):
    assert secrets.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in secrets.iterdir()} == {0o644}


def test_secrets_that_are_there_stay_as_they_are(secrets: Path):
    before = contents(secrets)
    assert make_secrets(secrets.parent) == (0, "", "")
    assert contents(secrets) == before


@pytest.mark.parametrize("file", ["owner.toml", "airbook_password"])
def test_secrets_of_which_one_is_missing_are_not_mixed_with_new_ones(secrets: Path, file: str):
    (secrets / file).unlink()
    before = contents(secrets)
    said = (
        f"Only some of the secrets are in {secrets}:"
        " restore the others, or make all of them anew.\n"
        "hint: make-secrets -f, if no database has been made with these.\n"
    )
    assert make_secrets(secrets.parent) == (1, "", said)
    assert contents(secrets) == before


def test_all_secrets_are_made_anew_on_demand(secrets: Path):
    before = contents(secrets)
    assert make_secrets(secrets.parent, "-f") == (0, "", "")
    after = contents(secrets)
    assert {name for name in before if after[name] != before[name]} == set(before) == set(after)


def test_secrets_take_no_other_word(secrets: Path):
    before = contents(secrets)
    assert make_secrets(secrets.parent, "new") == (2, "", "usage: make-secrets [-f]\n")
    assert contents(secrets) == before


def test_each_account_has_a_password_of_its_own_in_the_file_of_those_who_use_it(secrets: Path):
    found = contents(secrets)
    owner, role = found["postgres_password"], found["airbook_password"]
    assert owner != role
    assert all(re.fullmatch("[0-9a-f]{48}", one) for one in (owner, role))
    assert found["owner.toml"] == f'store = "postgresql://postgres:{owner}@postgres/airbook"\n'
    assert found["airbook.toml"] == f'store = "postgresql://airbook:{role}@postgres/airbook"\n'


def test_the_password_of_the_owner_is_given_to_the_server_and_to_the_creation_of_the_tables():
    given = {name: set(one.get("secrets", [])) for name, one in SERVICES.items()}
    assert {name for name, names in given.items() if "owner.toml" in names} == {"store-init"}
    assert {name for name, names in given.items() if "postgres_password" in names} == {"postgres"}


def test_every_image_is_pinned_and_can_be_replaced_by_a_variable():
    images = {name: one["image"] for name, one in SERVICES.items()}
    pinned = r"\$\{[A-Z]+_IMAGE:-[a-z/]+:v?\d+\.\d+(\.\d+)?(-bookworm)?\}"
    assert [name for name, one in images.items() if not re.fullmatch(pinned, one)] == []


def test_what_is_published_is_for_this_machine_alone():
    ports = [port for one in SERVICES.values() for port in one.get("ports", [])]
    assert [port for port in ports if not port.startswith("127.0.0.1:")] == []


def test_the_containers_of_airbook_may_do_no_more_than_they_need():
    airbook = [one for one in SERVICES.values() if "AIRBOOK_IMAGE" in one["image"]]
    rights = {
        "read_only": True,
        "cap_drop": ["ALL"],
        "security_opt": ["no-new-privileges:true"],
    }
    assert airbook
    for one in airbook:
        assert {name: one.get(name) for name in rights} == rights


def test_every_lasting_part_of_airbook_has_the_health_check_of_the_image():
    airbook = {name: one for name, one in SERVICES.items() if "AIRBOOK_IMAGE" in one["image"]}
    other = {name: one["healthcheck"] for name, one in airbook.items() if "healthcheck" in one}
    assert other == {"store-init": {"disable": True}}
