"""Which months are closed: read by everything that dates a voucher."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ledger.months import Month
from ledger.store import tables as t
from ledger.store import tables_check as c


@dataclass(frozen=True, slots=True)
class Closed:
    """A closed month. `checklist` is JSON as the record holds it; `at` when it was confirmed."""

    month: Month
    idx: int
    drafter: str
    confirmer: str
    at: str
    checklist: str


def last_closed(session: Session, book_id: str) -> Month | None:
    """Return the newest closed month; months close in order, so every earlier one is closed too."""
    query = select(func.max(c.MonthClosed.period)).where(c.MonthClosed.book_id == book_id)
    period = session.connection().execute(query).scalar()
    return Month.parse(period) if period else None


def closed_before(session: Session, book_id: str, month: Month) -> Month | None:
    """Return the newest closed month before `month`: where its sums begin."""
    query = select(func.max(c.MonthClosed.period)).where(
        c.MonthClosed.book_id == book_id, c.MonthClosed.period < str(month)
    )
    period = session.connection().execute(query).scalar()
    return Month.parse(period) if period else None


def get(session: Session, book_id: str, month: Month) -> Closed | None:
    """Return what is known of a month's close, None while it is open."""
    m, head = c.MonthClosed, t.RecordHead
    query = (
        select(m.idx, m.drafter, m.confirmer, head.at, m.checklist)
        .join(head, (head.book_id == m.book_id) & (head.idx == m.idx))
        .where(m.book_id == book_id, m.period == str(month))
    )
    row = session.connection().execute(query).first()
    return Closed(month, *row) if row else None


def first_month(session: Session, book_id: str) -> Month | None:
    """Return the month with which the book begins: that of its opening."""
    period = session.scalars(select(t.Opening.period).where(t.Opening.book_id == book_id)).first()
    return Month.parse(period) if period else None


def next_to_close(session: Session, book_id: str) -> Month | None:
    """Return the month that closes next; None before there is an opening."""
    last = last_closed(session, book_id)
    return last.plus(1) if last else first_month(session, book_id)


def is_closed(session: Session, book_id: str, month: Month) -> bool:
    """Say whether nothing may enter the month any more."""
    last = last_closed(session, book_id)
    return last is not None and month <= last
