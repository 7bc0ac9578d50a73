"""Balances and turnovers: read as one range of postings per month, never the whole book twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from ledger.book import opening
from ledger.months import Month
from ledger.store import tables as t

SIGNED = case((t.Posting.dc == "D", t.Posting.fen), else_=-t.Posting.fen)
"""Debit positive, credit negative."""


@dataclass(frozen=True, slots=True)
class Movement:
    """One account in one month, fen: balances debit positive, turnovers by side, red letters negative.

    `year_fen` is the net movement since January, what the opening brought included.
    """

    opening_fen: int = 0
    debit_fen: int = 0
    credit_fen: int = 0
    year_fen: int = 0
    year_debit_fen: int = 0
    year_credit_fen: int = 0

    @property
    def closing_fen(self) -> int:
        """Balance at the end of the month."""
        return self.opening_fen + self.debit_fen - self.credit_fen


def movements(session: Session, book_id: str, month: Month) -> dict[str, Movement]:
    """Return every account that has a balance or moved, by code."""
    before = _sums(session, book_id, [t.Posting.period < str(month)])
    during = _sums(session, book_id, [t.Posting.period == str(month)])
    january = str(Month(month.year, 1))
    year = _sums(session, book_id, [t.Posting.period >= january, t.Posting.period <= str(month)])
    balances = {line.account: line.fen for line in opening.lines(session, book_id, "balance")}
    brought = year_brought(session, book_id, month)
    zero = (0, 0)
    return {
        code: Movement(
            balances.get(code, 0) + before.get(code, zero)[0] - before.get(code, zero)[1],
            *during.get(code, zero),
            brought.get(code, 0) + year.get(code, zero)[0] - year.get(code, zero)[1],
            *year.get(code, zero),
        )
        for code in sorted(
            balances.keys() | before.keys() | year.keys() | brought.keys() - set(opening.FLOWS)
        )
    }


def year_brought(session: Session, book_id: str, month: Month) -> dict[str, int]:
    """Return the year-to-date amounts that the opening brought, if it lies in the same year."""
    first = opening.get(session, book_id)
    if first is None or Month.parse(first.period).year != month.year:
        return {}
    return {line.account: line.fen for line in opening.lines(session, book_id, "year")}


def _sums(session: Session, book_id: str, conditions: list[Any]) -> dict[str, tuple[int, int]]:
    """Return (debits, credits) by account."""
    p = t.Posting
    query = (
        select(
            p.account,
            func.sum(case((p.dc == "D", p.fen), else_=0)),
            func.sum(case((p.dc == "C", p.fen), else_=0)),
        )
        .where(p.book_id == book_id, *conditions)
        .group_by(p.account)
    )
    return {
        account: (int(debit), int(credit)) for account, debit, credit in session.connection().execute(query)
    }


def since(session: Session, book_id: str, account: str, month: Month, balance_fen: int) -> date | None:
    """Return since when the balance has stood: the oldest movement that is part of it, first in first out."""
    side = 1 if balance_fen > 0 else -1
    p, e = t.Posting, t.Entry
    query = (
        select(e.date, SIGNED)
        .join(e, (e.book_id == p.book_id) & (e.idx == p.idx))
        .where(p.book_id == book_id, p.account == account, p.period <= str(month))
        .order_by(e.date.desc(), p.idx.desc())
        .execution_options(yield_per=200)
    )
    rest = abs(balance_fen)
    for day, fen in session.connection().execute(query):
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
