"""The stage of the demonstration: the store, the book, the people, and the clock that is set by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from ledger.book import drafts, evidence
from ledger.book.duties import Actor
from ledger.demo.cast import Player
from ledger.months import CHINA
from ledger.store.engine import Store

FILES = Path(__file__).resolve().parent / "files"


def at(day: int, clock: str, month: int = 3) -> datetime:
    """Return a moment of the demonstration in China time."""
    hour, minute = clock.split(":")
    return datetime(2026, month, day, int(hour), int(minute), tzinfo=CHINA)


@dataclass(frozen=True, slots=True)
class Stage:
    """The store, the book and the people."""

    store: Store
    book: str
    people: dict[str, Player]

    def who(self, login: str) -> Actor:
        """Return a demo user as an actor."""
        return self.people[login].actor

    def write(self, act: Callable[[Session], Any]) -> Any:  # noqa: ANN401 - whatever the act returns
        """Do one thing in one transaction, as the screen would."""
        with self.store.transaction(self.book) as session:
            return act(session)

    def document(self, session: Session, name: str) -> dict[str, Any]:
        """File one of the sample pictures."""
        return evidence.keep(session, self.book, (FILES / f"{name}.png").read_bytes(), f"{name}.png")

    def post(self, draft: drafts.Draft, when: datetime, poster: str = "checker") -> list[int]:
        """Let a second person post what he or she saw; return the record indexes."""
        records = self.write(
            lambda session: drafts.post(session, self.who(poster), draft.draft, seen=draft.digest, at=when)
        )
        return [record.index for record in records]
