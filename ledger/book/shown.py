"""Balances that a platform or a bank shows on a screen, with the picture (domain B-3: 平台余额截图)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.book import chart as charts
from ledger.book.duties import Actor, require
from ledger.book.statement_lines import allowed
from ledger.errors import Invalid
from ledger.store import log
from ledger.store import tables_check as c
from ledger.store.record import Record
from ledger.words import N_


@dataclass(frozen=True, slots=True)
class Shown:
    """What the screen of an account showed on a day."""

    idx: int
    account: str
    day: date
    balance_fen: int


def record(
    session: Session,
    actor: Actor,
    *,
    account: str,
    day: date,
    balance_fen: int,
    attachments: list[dict[str, Any]],
    at: datetime,
) -> Record:
    """Record the balance that a screen shows; raise Invalid without its picture or for a day to come."""
    require(actor, "statement")
    if account not in allowed(charts.current(session, actor.book)):
        raise Invalid(N_("科目 {account} 不能登记余额，请从列表里选择。"), account=account[:40])
    if day > at.date():
        raise Invalid(N_("日期 {day} 还没有到。"), day=f"{day}")
    if not attachments:
        raise Invalid(N_("请附上显示余额的截图。"))
    body = {
        "account": account,
        "day": day.isoformat(),
        "balance_fen": balance_fen,
        "attachments": attachments,
    }
    return log.append(session, actor.book, "balance.shown", body, by=actor.person, at=at)


def between(session: Session, book: str, first: date, last: date, account: str | None = None) -> list[Shown]:
    """Return the balances shown in a span of days (of one account), the newest day first."""
    row = c.BalanceShown
    query = select(row).where(row.book_id == book, row.day >= f"{first}", row.day <= f"{last}")
    if account is not None:
        query = query.where(row.account == account)
    found = session.scalars(query.order_by(row.day.desc(), row.idx.desc()))
    return [Shown(one.idx, one.account, date.fromisoformat(one.day), one.balance_fen) for one in found]
