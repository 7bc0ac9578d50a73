"""Receipts of signing, read back from the log: what one act covered and how it can be verified."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.book import chart as charts
from ledger.book import inbox, opinions, roster
from ledger.errors import NotFound
from ledger.store import log
from ledger.store import tables as t
from ledger.store.append_only import table_of
from ledger.words import N_, Text

SIGNOFF, ENTRY, OPENING = table_of(t.Signoff), table_of(t.Entry), table_of(t.Opening)


@dataclass(frozen=True, slots=True)
class Line:
    """One record that the act covers: the record, its leaf hash, the sign-off's own record and statement."""

    entry: int
    leaf: str
    signoff: int
    statement: str
    amount_fen: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """One act of signing. `signature` and `root` are empty for paper; `filed_by` is who filed the paper."""

    party: str
    name: str
    role: str
    decision: str
    reason: str | None
    at: str
    method: str
    key: str
    signature: str
    root: str
    count: int
    sum_fen: int
    filed_by: str
    lines: tuple[Line, ...]


def of(session: Session, book_id: str, idx: int) -> Receipt:
    """Return the act to which sign-off record `idx` belongs; raise NotFound if it is none."""
    row = session.get(t.Signoff, (book_id, idx, 0))
    if row is None:
        raise NotFound(N_("没有这份签认回执。"))
    first = log.get(session, book_id, idx)
    query = select(SIGNOFF.c.idx, SIGNOFF.c.entry_idx, SIGNOFF.c.entry).where(SIGNOFF.c.book_id == book_id)
    query = query.where(SIGNOFF.c.batch == row.batch) if row.batch else query.where(SIGNOFF.c.idx == idx)
    rows = session.connection().execute(query.order_by(SIGNOFF.c.idx)).all()
    amounts = opinions.amounts_of(session, book_id, [found.entry_idx for found in rows])
    lines = tuple(
        Line(
            found.entry_idx,
            found.entry,
            found.idx,
            log.get(session, book_id, found.idx).body["text"],
            amounts[found.entry_idx],
        )
        for found in rows
    )
    names = roster.names(session, book_id)
    opened = log.opened(session, book_id, [row.reason]) if row.reason else {}
    return Receipt(
        row.party,
        names.get(row.person, ""),
        row.role,
        row.decision,
        opened.get(row.reason, "") if row.reason else None,
        first.at,
        row.method,
        row.key_id,
        first.body.get("signature", ""),
        row.batch,
        len(lines),
        sum(line.amount_fen for line in lines),
        names.get(first.by, "") if first.by != row.person else "",
        lines,
    )


@dataclass(frozen=True, slots=True)
class Named:
    """How a record is called in a list: number, date, type, summary, amount in fen, broadcast."""

    number: str
    date: str
    type: Text
    summary: str
    amount_fen: int
    broadcast: str


def numbers(session: Session, book_id: str, indexes: list[int]) -> dict[int, Named]:
    """Return how entries, and the opening, are called, by record index."""
    chart = charts.current(session, book_id)
    return {
        row.idx: Named(
            row.number,
            row.date,
            inbox.type_name(chart, row.type),
            row.summary,
            row.amount_fen,
            row.broadcast or "",
        )
        for row in inbox.rows(session, book_id, indexes)
    }
