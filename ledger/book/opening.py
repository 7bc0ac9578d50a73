"""The opening of a book: balances, open items with their dates, year-to-date amounts and the bank's proof."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.book import chart as charts
from ledger.book import policies, postings
from ledger.book.duties import Actor, require
from ledger.errors import Conflict, Invalid
from ledger.months import Month
from ledger.store import log
from ledger.store import tables as t
from ledger.store.record import Record
from ledger.words import N_

FLOWS = ("withdrawn", "handed_over")
"""Year-to-date amounts that are no account's: withdrawn to the streamer's card (gross), handed over."""


def compose(
    session: Session,
    actor: Actor,
    *,
    period: Month,
    balances: dict[str, int],
    items: tuple[tuple[str, int, date, str], ...],
    year: dict[str, int],
    attachments: list[dict[str, Any]],
) -> dict[str, Any]:
    """Return the opening as a draft holds it. Amounts are fen, debit positive; `year` by account or flow.

    Raises Invalid unless debits equal credits, every open item is within its
    account's balance, and the bank's proof is attached.
    """
    require(actor, "opening")
    if exists(session, actor.book):
        raise Conflict(N_("期初已登记；有误请用更正凭证。"))
    chart = charts.current(session, actor.book)
    for code in balances:
        if chart.account(code).type in ("income", "expense"):
            raise Invalid(N_("期初余额不含收入、费用科目（{code}）；请填在本年累计里。"), code=code)
    if sum(balances.values()):
        raise Invalid(N_("期初借贷不平，相差 {fen} 分。"), fen=sum(balances.values()))
    for code, fen, since, _ in items:
        if code not in balances or abs(fen) > abs(balances[code]) or since >= period.first_day:
            raise Invalid(N_("未决事项（科目 {code}）的金额或日期与期初余额不符。"), code=code)
    for code in year:
        if code not in FLOWS:
            chart.account(code)
    if not attachments:
        raise Invalid(N_("请上传银行对账单或余额证明。"))
    return {
        "period": str(period),
        "amount_fen": sum(fen for fen in balances.values() if fen > 0),
        "balances": [{"account": code, "fen": fen} for code, fen in sorted(balances.items())],
        "items": [
            {"account": code, "fen": fen, "since": since.isoformat(), "detail": detail}
            for code, fen, since, detail in items
        ],
        "year": [{"account": code, "fen": fen} for code, fen in sorted(year.items())],
        "attachments": attachments,
        "duties": postings.duties(chart.opening_duties, "", policies.signing_parties(session, actor.book)),
    }


def post(
    session: Session, actor: Actor, body: dict[str, Any], *, drafter: str, digest: str, at: datetime
) -> Record:
    """Append the opening, once per book."""
    if exists(session, actor.book):
        raise Conflict(N_("期初已登记；有误请用更正凭证。"))
    full = {**body, "drafter": drafter, "draft": digest}
    return log.append(session, actor.book, "opening.recorded", full, by=actor.person, at=at)


def exists(session: Session, book_id: str) -> bool:
    """Say whether the book has its opening."""
    return session.scalars(select(t.Opening.idx).where(t.Opening.book_id == book_id)).first() is not None


def get(session: Session, book_id: str) -> t.Opening | None:
    """Return the opening, if recorded."""
    return session.scalars(select(t.Opening).where(t.Opening.book_id == book_id)).first()


def lines(session: Session, book_id: str, part: str) -> list[t.OpeningLine]:
    """Return the opening's lines of one part: balance, item or year."""
    query = select(t.OpeningLine).where(t.OpeningLine.book_id == book_id, t.OpeningLine.part == part)
    return list(session.scalars(query.order_by(t.OpeningLine.n)))
