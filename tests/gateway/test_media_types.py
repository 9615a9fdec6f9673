"""Which media type an Accept field prefers."""

from __future__ import annotations

import pytest
from litestar.exceptions import HTTPException

from airbook.gateway.media_types import preferred

pytestmark = pytest.mark.unit

HAL, JSON, STREAM = "application/hal+json", "application/json", "text/event-stream"


def preferences(accepted: str) -> list[str | int]:
    """Return what a field prefers of HAL and JSON, of JSON and HAL, and of JSON and a stream."""
    found = list[str | int]()
    for offered in ((HAL, JSON), (JSON, HAL), (JSON, STREAM)):
        try:
            found.append(preferred(accepted, *offered))
        except HTTPException as error:
            found.append(error.status_code)
    return found


@pytest.mark.parametrize("accepted", ["", "*/*", "text/html, */*;q=0.8", "*/*;q=0.001"])
def test_the_first_is_taken_where_all_are_equal(accepted: str) -> None:
    assert preferences(accepted) == [HAL, JSON, JSON]


@pytest.mark.parametrize(
    ("accepted", "found"),
    [
        ("application/*", [HAL, JSON, JSON]),
        ("Application/JSON", [JSON, JSON, JSON]),
        ("application/json; charset=utf-8", [JSON, JSON, JSON]),
        ("application/json;q=0.5, */*", [HAL, HAL, STREAM]),
        ("application/json;q=0, */*;q=0.1", [HAL, HAL, STREAM]),
        ("text/event-stream", [406, 406, STREAM]),
        ("text/*, */*;q=0.1", [HAL, JSON, STREAM]),
        ("text/event-stream;q=0.9, application/json;q=1.000", [JSON, JSON, JSON]),
        ("text/html", [406, 406, 406]),
        ("*/*;q=0", [406, 406, 406]),
    ],
)
def test_the_most_exact_entry_counts(accepted: str, found: list[str | int]) -> None:
    assert preferences(accepted) == found


@pytest.mark.parametrize("quality", ["inf", "nan", "1e3", "-1", "1.5", "", "0.1234", "１"])
def test_an_entry_whose_quality_cannot_be_read_counts_as_refused(quality: str) -> None:
    assert preferences(f"*/*;q={quality}") == [406, 406, 406]
    assert preferences(f"text/*;q={quality}, */*;q=0.1") == [HAL, JSON, JSON]
