"""Reading posted entries back: by month, by broadcast, with their lines and families."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.errors import NotFound
from ledger.months import Month
from ledger.store import log
from ledger.store import tables as t
from ledger.words import N_


@dataclass(frozen=True, slots=True)
class Entry:
    """One posted entry. `facts` are opened where still possible (`None`: erased)."""

    idx: int
    number: str
    period: str
    date: str
    type: str
    summary: str
    amount_fen: int
    broadcast: str | None
    account: str | None
    charity: str | None
    drafter: str
    poster: str
    attachments: int
    reverses: int | None
    corrects: int | None
    reason: str | None
    facts: dict[str, Any]
    leaf: str


def get(session: Session, book_id: str, idx: int) -> Entry:
    """Return one entry; raise NotFound if record `idx` is none."""
    found = _entries(session, book_id, [t.Entry.idx == idx])
    if not found:
        raise NotFound(N_("没有这张凭证。"))
    return found[0]


def of_month(session: Session, book_id: str, month: Month) -> list[Entry]:
    """Return the entries of a month by voucher number."""
    return _entries(session, book_id, [t.Entry.period == str(month)])


def of_broadcast(session: Session, book_id: str, number: str) -> list[Entry]:
    """Return the entries of a broadcast, in the order of posting."""
    return _entries(session, book_id, [t.Entry.broadcast == number])


def months(session: Session, book_id: str) -> list[Month]:
    """Return the months that hold entries, newest first; the opening month where there is none."""
    periods = set(session.scalars(select(t.Entry.period).where(t.Entry.book_id == book_id).distinct()))
    first = session.scalars(select(t.Opening.period).where(t.Opening.book_id == book_id)).first()
    periods |= {first} if first else set()
    return sorted((Month.parse(period) for period in periods), reverse=True)


def _entries(session: Session, book_id: str, conditions: list[Any]) -> list[Entry]:
    query = (
        select(t.Entry, t.RecordRow.leaf)
        .join(t.RecordRow, (t.RecordRow.book_id == t.Entry.book_id) & (t.RecordRow.idx == t.Entry.idx))
        .where(t.Entry.book_id == book_id, *conditions)
        .order_by(t.Entry.period, t.Entry.seq)
    )
    found = session.execute(query).all()
    facts = [json.loads(row.facts) for row, _ in found]
    commitments = [v["private"] for fact in facts for v in fact.values() if isinstance(v, dict)]
    opened = log.opened(session, book_id, commitments)
    return [
        Entry(
            row.idx,
            row.number,
            row.period,
            row.date,
            row.type,
            row.summary,
            row.amount_fen,
            row.broadcast,
            row.account,
            row.charity,
            row.drafter,
            row.poster,
            row.attachments,
            row.reverses,
            row.corrects,
            row.reason,
            {name: opened.get(v["private"]) if isinstance(v, dict) else v for name, v in fact.items()},
            bytes(leaf).hex(),
        )
        for (row, leaf), fact in zip(found, facts, strict=True)
    ]


def lines(session: Session, book_id: str, indexes: list[int]) -> dict[int, list[t.Posting]]:
    """Return the posting lines of several entries, by record index."""
    found: dict[int, list[t.Posting]] = {}
    query = select(t.Posting).where(t.Posting.book_id == book_id, t.Posting.idx.in_(indexes))
    for row in session.scalars(query.order_by(t.Posting.idx, t.Posting.n)):
        found.setdefault(row.idx, []).append(row)
    return found


def family(session: Session, book_id: str, idx: int) -> list[int]:
    """Return the record indexes of an entry, its reversal and its correction: they are signed in one act."""
    entry = get(session, book_id, idx)
    original = entry.reverses if entry.reverses is not None else entry.corrects
    original = idx if original is None else original
    query = select(t.Entry.idx).where(
        t.Entry.book_id == book_id,
        (t.Entry.idx == original) | (t.Entry.reverses == original) | (t.Entry.corrects == original),
    )
    return sorted(session.scalars(query))
