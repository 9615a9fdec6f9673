"""The language of an answer, as the Accept-Language of its request asks for it."""

from __future__ import annotations

from functools import cache

from airbook.application.text.labels import LANGUAGES, Labels

MOST = 20  # languages of a request that are looked at


@cache
def labels_in(language: str) -> Labels:
    """Return the labels of one of LANGUAGES."""
    return Labels(language)


def labels_for(accepted: str) -> Labels:
    """Return the labels of the language that is preferred. accepted: a field of Accept-Language."""
    found = [wish for text in accepted.split(",")[:MOST] if (wish := wish_of(text))]
    return labels_in(max(found, key=lambda wish: wish[1], default=("en", 0.0))[0])


def wish_of(text: str) -> tuple[str, float] | None:
    """Parse one language of the field, such as ko-KR;q=0.8; None if airbook lacks the language."""
    tag, _, parameter = text.partition(";")
    language = tag.strip()[:2].lower()
    try:
        quality = float(parameter.partition("=")[2]) if parameter else 1.0
    except ValueError:
        return None
    known = language in LANGUAGES or tag.strip() == "*"
    return (language if language in LANGUAGES else "en", quality) if known and quality > 0 else None
