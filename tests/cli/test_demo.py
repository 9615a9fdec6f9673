"""The demonstration runs to its end in a temporary store, with the expected results."""

from __future__ import annotations

from tests.support.home import Home


def test_the_story_is_played_and_leaves_no_files(home: Home):
    answer = home("demo", TMPDIR=str(home.folder))
    assert answer.code == 0, answer
    for line in (
        "$ airbook admin add-plane --seats 5",
        "$ airbook reserve 1 --customer kang",
        "Reservation 6: rejected. Airplane 1, no seats left.",
        "Reservation 6 was rejected: all 5 seats of airplane 1 were taken.",
    ):
        assert line in answer.out.splitlines(), answer.out
    assert "\x1b" not in answer.out
    assert list(home.folder.iterdir()) == []
