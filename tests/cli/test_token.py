"""The commands below `token`."""

from __future__ import annotations

from tests.cli.completions import offered, values
from tests.cli.conftest import Inside


def created(inside: Inside, *words: str) -> dict[str, str]:
    """Create a token; returns what is printed of it."""
    made: dict[str, str] = inside.json("token", "create", *words)
    return made


def test_a_token_is_shown_once_and_revoked(empty: Inside):
    made = created(empty, "kim", "--role", "customer", "--expires", "1d")
    assert {**made, "token_id": "", "token": "", "created_at": "", "expires_at": ""} == {
        "token_id": "",
        "subject": "kim",
        "role": "customer",
        "created_at": "",
        "expires_at": "",
        "token": "",
    }
    (listed,) = empty.json("token", "list")
    assert listed == {
        "token_id": made["token_id"],
        "subject": "kim",
        "role": "customer",
        "status": "active",
        "created_at": made["created_at"],
        "expires_at": made["expires_at"],
        "revoked_at": None,
    }
    assert made["token"].rpartition("_")[2] not in str(listed)
    revoked = empty.json("token", "revoke", made["token_id"])
    assert {**revoked, "revoked_at": None} == {**listed, "status": "revoked"}
    assert empty.json("token", "list") == [revoked]


def test_a_token_can_be_revoked_by_its_text(empty: Inside):
    made = created(empty, "ops", "--role", "admin", "--expires", "never")
    assert empty.json("token", "list")[0]["expires_at"] is None
    assert empty.json("token", "revoke", made["token"])["status"] == "revoked"


def test_an_unknown_token_is_named_without_its_secret(empty: Inside):
    answer = empty("token", "revoke", "airbook_1f0c22ab_" + "s" * 22)
    assert (answer.code, answer.out) == (3, "")
    assert answer.err == "There is no token '1f0c22ab'.\nhint: airbook token list\n"


def test_nobody_reads_the_figures_as_the_daemon(empty: Inside):
    answer = empty("token", "create", "daemon", "--role", "metrics")
    assert answer.code == 2
    assert empty.json("token", "list") == []


def test_a_store_that_is_not_there_has_no_tokens(inside: Inside):
    answer = inside("token", "create", "kim", "--role", "customer")
    assert (answer.code, answer.out) == (7, "")
    assert answer.err.startswith("There is no store at ")
    assert inside.json("token", "list") == []


def test_lifetimes_that_cannot_be(empty: Inside):
    for lifetime in ("0s", "3651d", "soon", "-1d"):
        answer = empty("token", "create", "kim", "--role", "admin", f"--expires={lifetime}")
        assert (answer.code, answer.out) == (2, ""), lifetime


def test_the_shell_offers_tokens_that_can_be_revoked(empty: Inside):
    made = [created(empty, name, "--role", "reader") for name in ("kim", "lee")]
    empty("token", "revoke", made[0]["token_id"])
    assert offered(empty, "token", "revoke", "") == [f"{made[1]['token_id']}\tlee: reader"]
    assert values(empty, "token", "create", "kim", "--expires", "3") == ["30d", "365d"]
    assert values(empty, "token", "create", "kim", "--role", "") == [
        "admin",
        "customer",
        "reader",
        "metrics",
    ]
