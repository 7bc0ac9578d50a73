"""Looking through the vouchers: filters, fifty at a time, with each party's decision at a glance."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from ledger.book import states
from ledger.book.states import Standing
from ledger.store import tables as t
from ledger.store.append_only import table_of

PAGE = 50
FIGURE = re.compile(r"[0-9]{1,13}(?:\.[0-9]{1,2})?", re.ASCII)
ENTRY = table_of(t.Entry)


@dataclass(frozen=True, slots=True)
class Filters:
    """What to look for; an empty field asks for nothing. `words` may be in number, summary or amount."""

    month: str = ""
    type: str = ""
    state: str = ""
    broadcast: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One voucher in the list; the amount is in fen, red letters negative."""

    idx: int
    number: str
    period: str
    date: str
    type: str
    summary: str
    amount_fen: int
    broadcast: str
    attachments: int
    standing: Standing


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the vouchers found. `sum_fen` and `count` are of all that were found; pages count from 1."""

    lines: tuple[Line, ...]
    count: int
    sum_fen: int
    number: int
    pages: int


def page(session: Session, book_id: str, filters: Filters, *, number: int = 1) -> Page:
    """Return one page of the vouchers that match, by month and number; a page beyond the last is the last."""
    query = select(ENTRY.c.idx, ENTRY.c.amount_fen).where(ENTRY.c.book_id == book_id, *_conditions(filters))
    found = session.connection().execute(query.order_by(ENTRY.c.period.desc(), ENTRY.c.seq)).all()
    if filters.state:
        standings = states.standings(session, book_id, [row.idx for row in found])
        found = [row for row in found if standings[row.idx].state == filters.state]
    pages = max(1, -(-len(found) // PAGE))
    shown = min(max(number, 1), pages)
    wanted = [row.idx for row in found[(shown - 1) * PAGE : shown * PAGE]]
    return Page(
        _lines(session, book_id, wanted), len(found), sum(row.amount_fen for row in found), shown, pages
    )


def _conditions(filters: Filters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.month:
        found.append(ENTRY.c.period == filters.month)
    if filters.type:
        found.append(ENTRY.c.type == filters.type)
    if filters.broadcast:
        found.append(ENTRY.c.broadcast == filters.broadcast)
    if filters.words:
        found.append(_matching(filters.words))
    return found


def _matching(words: str) -> ColumnElement[bool]:
    """Match a part of number or summary; a figure such as `9,860.00` matches the amount, of either sign."""
    texts = [
        ENTRY.c.number.contains(words, autoescape=True),
        ENTRY.c.summary.contains(words, autoescape=True),
    ]
    figure = words.replace(",", "").replace("\u2212", "-").lstrip("-")
    if FIGURE.fullmatch(figure):
        whole, _, rest = figure.partition(".")
        fen = int(whole) * 100 + int(rest.ljust(2, "0"))
        texts.append(ENTRY.c.amount_fen.in_((fen, -fen)))
    return or_(*texts)


def _lines(session: Session, book_id: str, indexes: list[int]) -> tuple[Line, ...]:
    standings = states.standings(session, book_id, indexes)
    query = select(ENTRY).where(ENTRY.c.book_id == book_id, ENTRY.c.idx.in_(indexes))
    rows = {row.idx: row for row in session.connection().execute(query)}
    return tuple(
        Line(
            idx,
            rows[idx].number,
            rows[idx].period,
            rows[idx].date,
            rows[idx].type,
            rows[idx].summary,
            rows[idx].amount_fen,
            rows[idx].broadcast or "",
            rows[idx].attachments,
            standings[idx],
        )
        for idx in indexes
    )


def types(session: Session, book_id: str) -> list[str]:
    """Return the types of which there are vouchers."""
    return list(session.scalars(select(ENTRY.c.type).where(ENTRY.c.book_id == book_id).distinct()))


def index_of(session: Session, book_id: str, period: str) -> dict[str, int]:
    """Return the record indexes of a month's vouchers by number."""
    query = select(ENTRY.c.number, ENTRY.c.idx).where(ENTRY.c.book_id == book_id, ENTRY.c.period == period)
    return {row.number: row.idx for row in session.connection().execute(query)}
