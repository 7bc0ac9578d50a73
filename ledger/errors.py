"""What can go wrong, each with a sentence for a person.

Every error carries a Chinese template and its values apart, so that the page
can show it in the reader's language. Errors of one subject are defined beside
the code that raises them; here are the base and the kinds that the web maps to
a status.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ledger.words import Text, fill

Value = str | int | Text


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with what a user gave: what, where, and what to do.

    `row` counts from 1 as a spreadsheet does (the header line included), 0 when
    the problem is not in one row; `column` is the header's own wording.
    """

    message: str
    row: int = 0
    column: str = ""
    values: dict[str, Value] = field(default_factory=dict)

    def text(self, language: str = "zh") -> str:
        """Return the sentence in `language`, without the place."""
        return fill(self.message, self.values, language)


class SunbookError(Exception):
    """The request cannot be carried out; the message says why and what to do."""

    def __init__(self, message: str, **values: Value) -> None:
        self.message = message
        self.values = values
        super().__init__(message.format(**values))

    def text(self, language: str = "zh") -> str:
        """Return the sentence in `language`."""
        return fill(self.message, self.values, language)


class Invalid(SunbookError):
    """What was given is not acceptable; nothing was stored (HTTP 400)."""

    def __init__(self, message: str, *, problems: tuple[Problem, ...] = (), **values: Value) -> None:
        self.problems = problems
        super().__init__(message, **values)


class Forbidden(SunbookError):
    """This person may not do this; the message names the rule (HTTP 403)."""


class NotFound(SunbookError):
    """There is no such thing in this book (HTTP 404)."""


class Conflict(SunbookError):
    """Something changed since it was looked at, or is already there (HTTP 409)."""


class Broken(SunbookError):
    """What is stored contradicts its own proof; stop and call for help (HTTP 500)."""
