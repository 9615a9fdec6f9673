"""After a lost reply to COMMIT, airbook asks the server, and answers what was stored."""

from __future__ import annotations

import pytest

from airbook.application.commands import Reserve
from airbook.eventlog.errors import StoreError
from airbook.eventlog.postgres import errors
from tests.faults.losing import all_kinds_of_loss, each_is_stored_once, replies_are_lost
from tests.support.home import Home
from tests.support.proxy import Proxy

SEED = 20_261_122


def test_thirty_replies_are_lost(distant: Home, proxy: Proxy) -> None:
    replies_are_lost(distant, proxy, times=30)


def test_replies_and_commits_are_lost_while_four_reserve(distant: Home, proxy: Proxy) -> None:
    all_kinds_of_loss(distant, proxy, times=60, seed=SEED)


def test_a_commit_that_never_came_is_done_again(distant: Home, proxy: Proxy) -> None:
    with distant.airbook() as airbook:
        assert distant.here("admin", "add-plane", "--seats", "5").code == 0
        proxy.cut_before_commit(1)
        assert airbook.execute(Reserve(1, "kim")).number == 1
    assert proxy.done["commits_cut"] == 1
    each_is_stored_once(distant, 1)


def test_a_commit_that_was_not_stored_may_be_tried_again_later(
    distant: Home, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(errors, "PATIENCE_SECONDS", 0.0)
    with distant.airbook() as airbook:
        assert distant.here("admin", "add-plane", "--seats", "5").code == 0
        proxy.cut_before_commit(1)
        with pytest.raises(StoreError, match="cannot be reached: ") as trouble:
            airbook.execute(Reserve(1, "kim"))
        assert (trouble.value.code, trouble.value.passing) == ("store_unreachable", True)
        assert airbook.execute(Reserve(1, "kim")).number == 1
    each_is_stored_once(distant, 1)


def test_the_replies_to_questions_are_lost_too(distant: Home, proxy: Proxy) -> None:
    assert distant.here("admin", "add-plane", "--seats", "5").code == 0
    with distant.airbook() as airbook:
        assert airbook.execute(Reserve(1, "kim")).number == 1
        proxy.drop_commit_replies(10_000)
        assert airbook.execute(Reserve(1, "kim"), key="k").number == 2
        assert airbook.execute(Reserve(1, "kim")).number == 3
        proxy.drop_commit_replies(0)
    each_is_stored_once(distant, 3)
