"""Balances and turnovers: a month is one range of postings on top of the last close, never the whole book.

Turnovers leave closing vouchers (结转) out: they move income and expense into the
fund at the end of a month and are shown by themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from ledger.book import opening, periods
from ledger.book.chart import CLOSE
from ledger.months import Month
from ledger.store import tables as t
from ledger.store import tables_check as c

SIGNED = case((t.Posting.dc == "D", t.Posting.fen), else_=-t.Posting.fen)
"""Debit positive, credit negative."""

Sums = dict[str, tuple[int, int]]
"""(debits, credits) by account, fen."""


@dataclass(frozen=True, slots=True)
class Movement:
    """One account in one month, fen: balances debit positive, turnovers by side, red letters negative.

    `year_fen` is the net movement since January, what the opening brought included;
    `total_*` are turnovers since the book began.
    """

    opening_fen: int = 0
    debit_fen: int = 0
    credit_fen: int = 0
    year_fen: int = 0
    year_debit_fen: int = 0
    year_credit_fen: int = 0
    total_debit_fen: int = 0
    total_credit_fen: int = 0

    @property
    def closing_fen(self) -> int:
        """Balance at the end of the month, before closing vouchers."""
        return self.opening_fen + self.debit_fen - self.credit_fen


def movements(session: Session, book_id: str, month: Month) -> dict[str, Movement]:
    """Return every account that has a balance or moved, by code."""
    base = periods.closed_before(session, book_id, month)
    since = str(base) if base else ""
    same_year = base is not None and base.year == month.year
    earlier, this = str(month.plus(-1)), str(month)
    before = _sums(session, book_id, since, earlier)
    during = _sums(session, book_id, earlier, this)
    december = str(Month(month.year - 1, 12))
    within = before if since >= december else _sums(session, book_id, december, earlier)
    held = _balances(session, book_id, base)
    year = _added(_closed(session, book_id, base, "year") if same_year else {}, within, during)
    total = _added(_closed(session, book_id, base, "total"), before, during)
    brought = year_brought(session, book_id, month)
    zero = (0, 0)
    return {
        code: Movement(
            held.get(code, 0) + before.get(code, zero)[0] - before.get(code, zero)[1],
            *during.get(code, zero),
            brought.get(code, 0) + year.get(code, zero)[0] - year.get(code, zero)[1],
            *year.get(code, zero),
            *total.get(code, zero),
        )
        for code in sorted(held.keys() | total.keys() | brought.keys() - set(opening.FLOWS))
    }


def year_brought(session: Session, book_id: str, month: Month) -> dict[str, int]:
    """Return the year-to-date amounts that the opening brought, if it lies in the same year."""
    first = opening.get(session, book_id)
    if first is None or Month.parse(first.period).year != month.year:
        return {}
    return {line.account: line.fen for line in opening.lines(session, book_id, "year")}


def _balances(session: Session, book_id: str, base: Month | None) -> dict[str, int]:
    """Return the balances on which the sums stand: those after the last close, or the opening's."""
    if base is None:
        return {line.account: line.fen for line in opening.lines(session, book_id, "balance")}
    return {
        code: debit - credit for code, (debit, credit) in _closed(session, book_id, base, "balance").items()
    }


def _closed(session: Session, book_id: str, base: Month | None, part: str) -> Sums:
    """Return what a close recorded: balance, year or total."""
    if base is None:
        return {}
    query = select(c.ClosedSum.account, c.ClosedSum.debit_fen, c.ClosedSum.credit_fen).where(
        c.ClosedSum.book_id == book_id, c.ClosedSum.period == str(base), c.ClosedSum.part == part
    )
    return {code: (debit, credit) for code, debit, credit in session.connection().execute(query)}


def _added(*parts: Sums) -> Sums:
    found: dict[str, tuple[int, int]] = {}
    for part in parts:
        for code, (debit, credit) in part.items():
            had = found.get(code, (0, 0))
            found[code] = (had[0] + debit, had[1] + credit)
    return found


def _sums(session: Session, book_id: str, after: str, through: str) -> Sums:
    """Return the turnovers of the periods after `after` through `through`, without closing vouchers."""
    p, e = t.Posting, t.Entry
    if after >= through:
        return {}
    closing = select(e.idx).where(
        e.book_id == book_id, e.type == CLOSE, e.period > after, e.period <= through
    )
    query = (
        select(
            p.account,
            func.sum(case((p.dc == "D", p.fen), else_=0)),
            func.sum(case((p.dc == "C", p.fen), else_=0)),
        )
        .where(p.book_id == book_id, p.period > after, p.period <= through, p.idx.not_in(closing))
        .group_by(p.account)
    )
    return {
        account: (int(debit), int(credit)) for account, debit, credit in session.connection().execute(query)
    }


def since(session: Session, book_id: str, account: str, month: Month, balance_fen: int) -> date | None:
    """Return since when the balance has stood: the oldest movement that is part of it, first in first out."""
    side = 1 if balance_fen > 0 else -1
    rest = abs(balance_fen)
    for day, fen in _newest_first(session, book_id, account, month):
        if fen * side > 0:
            rest -= fen * side
            if rest <= 0:
                return date.fromisoformat(day)
    items = [
        line.since
        for line in opening.lines(session, book_id, "item")
        if line.account == account and line.since
    ]
    if items:
        return date.fromisoformat(min(items))
    first = opening.get(session, book_id)
    return Month.parse(first.period).first_day if first else None


def _newest_first(session: Session, book_id: str, account: str, month: Month) -> Any:  # noqa: ANN401 - rows
    """Yield (date, signed fen) of an account's postings, newest month first; months are read one by one."""
    p, e = t.Posting, t.Entry
    older = select(func.max(p.period)).where(p.book_id == book_id, p.account == account)
    period = session.connection().execute(older.where(p.period <= str(month))).scalar()
    while period:
        query = (
            select(e.date, SIGNED)
            .join(e, (e.book_id == p.book_id) & (e.idx == p.idx))
            .where(p.book_id == book_id, p.account == account, p.period == period)
            .order_by(e.date.desc(), p.idx.desc())
        )
        yield from session.connection().execute(query).all()
        period = session.connection().execute(older.where(p.period < period)).scalar()
