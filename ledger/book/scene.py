"""What a rule looks at and what it says: the month, the day, the limits; a finding with its stable subject.

The digest of the facts binds what a person says about a finding: as soon as the
facts change, the finding is open again. Facts therefore hold nothing that grows
older by itself, such as an age in days.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from ledger.book.entries import Entry
from ledger.book.limits import Limits
from ledger.book.month import MonthView
from ledger.proof import canonical

HIGH, MIDDLE, LOW = "high", "middle", "low"
SEVERITIES = (HIGH, MIDDLE, LOW)
"""The most serious first."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A month as its rules see it on the day `through`."""

    session: Session
    seen: MonthView
    through: date
    limits: Limits

    @property
    def book(self) -> str:
        """The book's code."""
        return self.seen.book


@dataclass(frozen=True, slots=True)
class Found:
    """What a rule found: about what (`subject`, stable), in words, and the facts that an answer is bound to.

    `where` is printed; `link` is a page relative to the book; `since` the day it began; `records` hold
    the evidence; `persons` are those it is about, who may not settle it; `severity` overrides the rule's.
    """

    subject: str
    where: str
    message: str
    values: tuple[tuple[str, str], ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)
    link: str = ""
    since: date | None = None
    records: tuple[int, ...] = ()
    persons: frozenset[str] = frozenset()
    severity: str = ""

    def digest(self, rule: str) -> str:
        """Return the SHA-256 of rule, subject and facts in canonical form, as hex."""
        said = {"rule": rule, "subject": self.subject, "facts": self.facts}
        return hashlib.sha256(canonical.encode(said)).hexdigest()


Check = Callable[[Scene], Iterator[Found]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing to look for. `name` is a message, `source` says where the rule comes from.

    `standing`: of the whole book and not of a month, so that it is asked once.
    """

    code: str
    name: str
    severity: str
    source: str
    check: Check
    standing: bool = False


def say(**values: str | int) -> tuple[tuple[str, str], ...]:
    """Return a message's values as a finding holds them."""
    return tuple((name, str(value)) for name, value in values.items())


def bound(**facts: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """Return facts without those that are absent: canonical form knows no null."""
    return {name: value for name, value in facts.items() if value is not None}


def of_entry(entry: Entry, message: str, /, **values: str | int) -> Found:
    """Return a finding about one voucher; its facts are the voucher itself, which never changes."""
    return Found(
        subject=f"{entry.period}/{entry.number}",
        where=entry.number,
        message=message,
        values=say(**values),
        facts=bound(leaf=entry.leaf),
        link=f"entries/{entry.idx}/",
        since=date.fromisoformat(entry.date),
        records=(entry.idx,),
    )
