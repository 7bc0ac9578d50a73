"""The account of what the streamer holds (`in_hands`), read from the postings: parcels, movements, balance.

An entry that was reversed counts as never made, and a corrected one keeps the
day of the entry it corrects: an error in the books must not make money younger.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from ledger.book import chart as charts
from ledger.book import opening
from ledger.book.balances import SIGNED
from ledger.months import Month
from ledger.store import tables as t


@dataclass(frozen=True, slots=True)
class Parcel:
    """One withdrawal, fen, with its record and voucher; what the opening brought has neither."""

    since: date
    fen: int
    entry: int | None = None
    number: str = ""


@dataclass(frozen=True, slots=True)
class Movement:
    """One movement of the account, fen: taken to the card, or handed over; red letters are negative."""

    entry: int
    number: str
    day: date
    summary: str
    withdrawn_fen: int
    handed_fen: int


def parcels(session: Session, book: str, through: date) -> tuple[list[Parcel], int]:
    """Return what came into the streamer's hands by the end of a day, the oldest first, and how much left them."""
    account = charts.current(session, book).named["in_hands"]
    found = _brought(session, book, account, through)
    firsts = _first_days(session, book)
    p, e, red = t.Posting, t.Entry, aliased(t.Entry)
    cancelled = select(red.reverses).where(
        red.book_id == book, red.reverses.is_not(None), red.date <= through.isoformat()
    )
    query = (
        select(e.idx, e.number, e.date, SIGNED.label("fen"))
        .join(e, (e.book_id == p.book_id) & (e.idx == p.idx))
        .where(p.book_id == book, p.account == account, e.date <= through.isoformat())
        .where(e.reverses.is_(None), e.idx.not_in(cancelled))
        .order_by(e.date, e.idx, p.n)
    )
    found += [
        Parcel(date.fromisoformat(firsts.get(row.idx, row.date)), row.fen, row.idx, row.number)
        for row in session.connection().execute(query)
    ]
    left = -sum(one.fen for one in found if one.fen < 0)
    return sorted((one for one in found if one.fen > 0), key=lambda one: one.since), left


def _brought(session: Session, book: str, account: str, through: date) -> list[Parcel]:
    """Return the opening's items with their days, and the rest of its balance as of the book's first day."""
    rest = _opened(session, book, account, through)
    if not rest:
        return []
    found = []
    for line in opening.lines(session, book, "item"):
        if line.account == account and line.since:
            found.append(Parcel(date.fromisoformat(line.since), line.fen))
            rest -= line.fen
    first = opening.get(session, book)
    if rest and first is not None:
        found.append(Parcel(Month.parse(first.period).first_day, rest))
    return found


def _opened(session: Session, book: str, account: str, through: date) -> int:
    """Return the balance that the opening brought, 0 before the first day of the book."""
    first = opening.get(session, book)
    if first is None or Month.parse(first.period).first_day > through:
        return 0
    return sum(line.fen for line in opening.lines(session, book, "balance") if line.account == account)


def _first_days(session: Session, book: str) -> dict[int, str]:
    """Return the day of the first entry of each chain of corrections, by the correcting entry."""
    query = select(t.Entry.idx, t.Entry.corrects).where(
        t.Entry.book_id == book, t.Entry.corrects.is_not(None)
    )
    chain = {row.idx: row.corrects for row in session.connection().execute(query)}
    roots = {}
    for idx in chain:
        root = idx
        while root in chain:
            root = chain[root]
        roots[idx] = root
    query_days = select(t.Entry.idx, t.Entry.date).where(
        t.Entry.book_id == book, t.Entry.idx.in_(set(roots.values()))
    )
    days = {row.idx: row.date for row in session.connection().execute(query_days)}
    return {idx: days[root] for idx, root in roots.items() if root in days}


def balance(session: Session, book: str, through: date) -> int:
    """Return the account's balance at the end of a day, fen; negative where more was handed over than taken."""
    account = charts.current(session, book).named["in_hands"]
    p, e = t.Posting, t.Entry
    query = (
        select(func.sum(SIGNED))
        .join(e, (e.book_id == p.book_id) & (e.idx == p.idx))
        .where(p.book_id == book, p.account == account, e.date <= through.isoformat())
    )
    return _opened(session, book, account, through) + int(session.connection().execute(query).scalar() or 0)


def movements(session: Session, book: str, month: Month, through: date | None = None) -> tuple[Movement, ...]:
    """Return the month's movements of the account by day, red letters included; up to a day if given."""
    account = charts.current(session, book).named["in_hands"]
    last = min(through or month.last_day, month.last_day)
    p, e = t.Posting, t.Entry
    query = (
        select(e.idx, e.number, e.date, e.summary, p.dc, p.fen)
        .join(e, (e.book_id == p.book_id) & (e.idx == p.idx))
        .where(p.book_id == book, p.account == account, p.period == str(month), e.date <= last.isoformat())
        .order_by(e.date, e.seq, p.n)
    )
    return tuple(
        Movement(
            row.idx,
            row.number,
            date.fromisoformat(row.date),
            row.summary,
            row.fen if row.dc == "D" else 0,
            row.fen if row.dc == "C" else 0,
        )
        for row in session.connection().execute(query)
    )
