"""The demonstration with March closed: the accountant submits, the checker confirms."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from ledger.book import closing, drafts, month, people, roster
from ledger.book.duties import Actor
from ledger.months import CHINA, Month
from ledger.store.engine import Store

MARCH = Month(2026, 3)
AT = datetime(2026, 4, 8, 9, 0, tzinfo=CHINA)


def actor(session: Session, login: str, book: str = "demo") -> Actor:
    """Return a person of the demonstration."""
    person = people.by_login(session, login)
    assert person is not None
    return roster.actor(session, book, person.person)


def close(store: Store, book: str = "demo", period: Month = MARCH, at: datetime = AT) -> None:
    """Close a month without asking for its checklist, as the tests of the checklist do that."""
    with store.transaction(book) as session:
        payload = {"close": closing.plan(month.view(session, book, period), [])}
        who = actor(session, "accountant", book)
        draft = drafts.prepare(session, who, kind="close", payload=payload, at=at)
    with store.transaction(book) as session:
        drafts.post(session, actor(session, "checker", book), draft.draft, seen=draft.digest, at=at)
