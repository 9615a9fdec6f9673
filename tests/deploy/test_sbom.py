"""The list of the packages of an image, as those read it who attest and verify it."""

from __future__ import annotations

import re
from typing import Any

from msgspec import json

from tests.containers.sbom import sbom_of

FOUND = {("pypi", "rich", "15.0"), ("deb", "zlib1g", "1:1.2.13.dfsg-1")}


def listed(
    image: str = "airbook:0.2.0", found: set[tuple[str, str, str]] = FOUND
) -> dict[str, Any]:
    read: dict[str, Any] = json.decode(sbom_of(image, found))
    return read


def test_an_attestation_takes_the_list():
    """The action that attests asks for these three fields, and refuses a list without one."""
    assert (listed()["bomFormat"], listed()["specVersion"]) == ("CycloneDX", "1.6")
    number = listed()["serialNumber"]
    assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", number)


def test_the_same_image_has_the_same_list_and_another_has_another_number():
    assert listed() == listed()
    lists = [listed(), listed("airbook:0.2.1"), listed(found={("pypi", "rich", "15.1"), *FOUND})]
    assert len({one["serialNumber"] for one in lists}) == 3


def test_a_package_is_known_by_its_address():
    assert [one["purl"] for one in listed()["components"]] == [
        "pkg:deb/debian/zlib1g@1%3A1.2.13.dfsg-1",
        "pkg:pypi/rich@15.0",
    ]
