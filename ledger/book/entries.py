"""Posting entries, and reading them back: gapless numbers, lines, duties and evidence."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ledger.book import broadcasts, compose, opening, rows
from ledger.book import chart as charts
from ledger.book.duties import Actor
from ledger.errors import Conflict, Invalid, NotFound
from ledger.months import Month
from ledger.proof.private import Private
from ledger.store import log
from ledger.store import tables as t
from ledger.store.record import Record
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


def post_payload(
    session: Session, actor: Actor, payload: dict[str, Any], *, drafter: str, digest: str, at: datetime
) -> list[Record]:
    """Append everything a draft holds, in one transaction: its entries, then what it sets aside."""
    if "opening" in payload:
        return [opening.post(session, actor, payload["opening"], drafter=drafter, digest=digest, at=at)]
    if not payload["entries"] and "set_aside" not in payload:
        raise Invalid(N_("草稿里没有可以记账的内容。"))
    if "file" in payload:
        rows.refuse_discarded(session, actor.book, payload["file"])
    chart = charts.current(session, actor.book)
    records = [
        _post_entry(session, actor, chart, entry, drafter=drafter, digest=digest, at=at)
        for entry in payload["entries"]
    ]
    if "set_aside" in payload:
        records.append(rows.set_aside(session, actor, payload["set_aside"], drafter=drafter, at=at))
    return records


def _post_entry(
    session: Session,
    actor: Actor,
    chart: charts.Chart,
    entry: dict[str, Any],
    *,
    drafter: str,
    digest: str,
    at: datetime,
) -> Record:
    """Append one entry with the next voucher number of its month, after what may have changed is checked again."""
    if entry.get("broadcast"):
        broadcasts.refuse_host(session, actor, entry["broadcast"])
    if entry["type"] == "TIP":  # of a correction the original is reversed by now, one voucher before
        compose.refuse_second_tip(session, actor.book, entry["broadcast"], entry["account"])
    if "reverses" in entry:
        refuse_second_reversal(session, actor.book, entry["reverses"])
    if "rows" in entry:
        rows.refuse_booked(session, actor.book, entry["rows"])
    seq = next_seq(session, actor.book, entry["period"])
    body = {**entry, "seq": seq, "number": f"记-{seq:04d}", "drafter": drafter, "draft": digest}
    body["facts"] = with_private(chart, entry)
    return log.append(session, actor.book, "entry.posted", body, by=actor.person, at=at)


def with_private(chart: charts.Chart, entry: dict[str, Any]) -> dict[str, Any]:
    """Return the entry's facts with those the chart classes private as commitments-to-be.

    A reversal repeats no facts, so the type looked up is always the entry's own.
    """
    private = {fact.name for fact in chart.type(entry["type"]).facts if fact.private}
    return {name: Private(value) if name in private else value for name, value in entry["facts"].items()}


def next_seq(session: Session, book_id: str, period: str) -> int:
    """Return the next voucher number of the month; numbers run from 1 without gaps."""
    query = select(func.max(t.Entry.seq)).where(t.Entry.book_id == book_id, t.Entry.period == period)
    return (session.connection().execute(query).scalar() or 0) + 1


def refuse_second_reversal(session: Session, book_id: str, idx: int) -> None:
    """Raise Conflict if the entry is reversed already."""
    query = select(t.Entry.number, t.Entry.date).where(t.Entry.book_id == book_id, t.Entry.reverses == idx)
    row = session.connection().execute(query).first()
    if row:
        raise Conflict(N_("这张凭证已被 {date} {number} 冲销。"), date=row.date, number=row.number)


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
