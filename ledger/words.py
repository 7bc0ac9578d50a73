"""Words in two languages: Chinese is the source, English comes from a catalogue.

A message that a person will read is written in Chinese where it arises, marked
with `N_`, and translated where it is shown. So a pure module needs no knowledge
of who reads it.
"""

from __future__ import annotations

import gettext
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

LANGUAGES = ("zh", "en")
CATALOGUES = Path(__file__).resolve().parent / "locale"


def N_(message: str) -> str:  # noqa: N802 - the name gettext tools look for
    """Mark a message for extraction; return it unchanged."""
    return message


@dataclass(frozen=True, slots=True)
class Text:
    """A name that comes with its own translation, such as an account's name from the chart."""

    zh: str
    en: str

    def __format__(self, spec: str) -> str:
        """In a message of the source language a name reads as Chinese."""
        return format(self.zh, spec)

    def in_(self, language: str) -> str:
        """Return the wording of `language`, Chinese where there is no English."""
        return self.en if language == "en" and self.en else self.zh


@cache
def catalogue(language: str) -> gettext.NullTranslations:
    """Return the translations of `language` (`zh`: the source texts themselves)."""
    if language == "zh":
        return gettext.NullTranslations()
    return gettext.translation("sunbook", CATALOGUES, languages=[language])


def translate(message: str, language: str) -> str:
    """Return `message` in `language`; an untranslated message stays Chinese."""
    return catalogue(language).gettext(message) if message else message


def fill(message: str, values: Mapping[str, str | int | Text], language: str) -> str:
    """Return a message in `language` with its values in their places, names in that language too."""
    said = {name: value.in_(language) if isinstance(value, Text) else value for name, value in values.items()}
    return translate(message, language).format(**said)
