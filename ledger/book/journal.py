"""Appending one entry: the next number of its month, and what may have changed since it was drafted."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ledger.book import broadcasts, compose, periods, rows
from ledger.book import chart as charts
from ledger.book.duties import Actor
from ledger.errors import Conflict
from ledger.months import Month
from ledger.proof.private import Private
from ledger.store import log
from ledger.store import tables as t
from ledger.store.record import Record
from ledger.words import N_


def append_entry(
    session: Session,
    actor: Actor,
    chart: charts.Chart,
    entry: dict[str, Any],
    *,
    drafter: str,
    digest: str,
    at: datetime,
    taken: dict[int, set[int]] | None = None,
) -> Record:
    """Append one entry with the next voucher number of its month, after what may have changed is checked again.

    `taken` as in `rows.refuse_booked`, shared by the entries of one draft.
    """
    if periods.is_closed(session, actor.book, Month.parse(entry["period"])):
        raise Conflict(
            N_("{month} 已经月结，这份草稿不能再记入；请改用以后的日期重新制单。"), month=entry["period"]
        )
    if entry.get("broadcast"):
        broadcasts.refuse_host(session, actor, entry["broadcast"])
    if entry["type"] == "TIP":  # of a correction the original is reversed by now, one voucher before
        compose.refuse_second_tip(session, actor.book, entry["broadcast"], entry["account"])
    compose.check_rules(session, actor.book, chart, entry)
    if "reverses" in entry:
        refuse_second_reversal(session, actor.book, entry["reverses"])
    if "rows" in entry:
        rows.refuse_booked(session, actor.book, entry["rows"], taken)
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
