"""What schemathesis checks of each answer beside its own checks; it imports this module itself."""

from __future__ import annotations

import json
from typing import Any

import schemathesis
from schemathesis import Case, CheckContext, Response

from airbook.application.text.labels import LANGUAGES, Labels

REJECTED = {400, 406, 412, 413, 415, 422}
# Only the store knows whether a key was used before, and which version a resource has.
KNOWN_TO_THE_STORE = {"key_reused", "version_changed"}
# Which characters can be seen, and how long a name is in the normal form NFC, is in no schema.
OF_NAMES = (
    "A name needs a character that can be seen.",
    "A name has 1 to {most} characters.",
)
# JSON Schema takes 1.0 for an integer, and airbook does not.
FRACTION = "Expected `int`, got `float`"
SENTENCES = {Labels(one)(text, {"most": 80}) for one in LANGUAGES for text in OF_NAMES}


@schemathesis.check
def valid_requests_are_accepted(_: CheckContext, response: Response, case: Case[Any]) -> None:
    """Check that a request that fits the document is refused only for what no schema can say.

    The check `positive_data_acceptance` compares statuses, and these problems share theirs with
    those of requests that do not fit.
    """
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    if response.status_code not in REJECTED:
        return
    problem = json.loads(response.content)
    assert (
        problem["code"] in KNOWN_TO_THE_STORE
        or problem["detail"] in SENTENCES
        or FRACTION in problem["detail"]
    ), problem
