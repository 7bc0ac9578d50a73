"""The reader's language: the person's own choice, the visitor's choice, Chinese."""

from __future__ import annotations

from flask import g, has_request_context, session

from ledger.words import LANGUAGES, catalogue, translate


def language() -> str:
    """Return `zh` or `en` for the page being made."""
    if not has_request_context():
        return LANGUAGES[0]
    person = g.get("person")
    chosen = person.language if person is not None else session.get("language")
    return chosen if chosen in LANGUAGES else LANGUAGES[0]


def gettext(message: str) -> str:
    """Return a message in the reader's language."""
    return translate(message, language())


def ngettext(singular: str, plural: str, number: int) -> str:
    """Return a message whose wording depends on a number; Chinese does not distinguish."""
    return catalogue(language()).ngettext(singular, plural, number)
