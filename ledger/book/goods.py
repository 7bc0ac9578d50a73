"""Whose goods a broadcast sold and on what terms (选品), and what promotion and samples cost whom.

Charity Law art. 40 and 59: no related party gains by it unseen. None of this
is money of the book; what the fund itself pays is a voucher.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.book import broadcasts
from ledger.book.duties import Actor, require
from ledger.book.month import MonthView
from ledger.errors import Invalid
from ledger.months import Month
from ledger.sections_welfare import CostLine, GoodsLine
from ledger.store import log
from ledger.store import tables_welfare as w
from ledger.store.record import Record
from ledger.words import N_

WHOLE_BP = 10_000
RELATIONS = {"none": N_("与主播无关联"), "related": N_("与主播有关联")}
WHAT = {"promotion": N_("推广费"), "sample": N_("样品费"), "other": N_("其他费用")}
BEARERS = {
    "operator": N_("运营单位"),
    "seller": N_("商家"),
    "platform": N_("平台"),
    "fund": N_("公益资金"),
    "host": N_("主播"),
    "other": N_("其他方"),
}


@dataclass(frozen=True, slots=True)
class NewGoods:
    """What is said of goods: `relation` of the host to the seller, slot fee in fen, commission in ten-thousandths."""

    broadcast: str
    goods: str
    seller: str
    relation: str
    detail: str
    slot_fee_fen: int
    commission_bp: int


@dataclass(frozen=True, slots=True)
class NewCost:
    """A cost and who bore it; `broadcast` is empty where it belongs to none in particular."""

    day: date
    broadcast: str
    what: str
    detail: str
    amount_fen: int
    bearer: str


def select_goods(
    session: Session, actor: Actor, new: NewGoods, *, attachments: list[dict[str, Any]], at: datetime
) -> Record:
    """Record whose goods a broadcast sells; the same goods of the same seller again replace what was said."""
    require(actor, "register")
    broadcasts.refuse_host(session, actor, new.broadcast)
    goods, seller, detail = new.goods.strip(), new.seller.strip(), new.detail.strip()
    if not goods or not seller:
        raise Invalid(N_("请填写商品和商家。"))
    if new.relation not in RELATIONS:
        raise Invalid(N_("请选择主播与商家有没有关联。"))
    if new.relation == "related" and not detail:
        raise Invalid(N_("主播与商家有关联，请写明是什么关联。"))
    if new.slot_fee_fen < 0 or not 0 <= new.commission_bp <= WHOLE_BP:
        raise Invalid(N_("坑位费不能是负数；佣金率须在 0 到 100% 之间。"))
    body = {
        "broadcast": new.broadcast,
        "goods": goods,
        "seller": seller,
        "relation": new.relation,
        "detail": detail,
        "slot_fee_fen": new.slot_fee_fen,
        "commission_bp": new.commission_bp,
        "attachments": attachments,
    }
    return log.append(session, actor.book, "goods.selected", body, by=actor.person, at=at)


def bear_cost(
    session: Session, actor: Actor, new: NewCost, *, attachments: list[dict[str, Any]], at: datetime
) -> Record:
    """Record a promotion or sample cost and who bore it."""
    require(actor, "register")
    if new.broadcast:
        broadcasts.get(session, actor.book, new.broadcast)
    if new.what not in WHAT or new.bearer not in BEARERS:
        raise Invalid(N_("请选择费用种类和承担方。"))
    if not new.detail.strip():
        raise Invalid(N_("请写明是什么费用。"))
    if new.amount_fen <= 0:
        raise Invalid(N_("费用金额须大于零。"))
    if new.day > at.date():
        raise Invalid(N_("费用日期不能晚于今天。"))
    body: dict[str, Any] = {
        "day": new.day.isoformat(),
        "what": new.what,
        "detail": new.detail.strip(),
        "amount_fen": new.amount_fen,
        "bearer": new.bearer,
        "attachments": attachments,
    }
    if new.broadcast:
        body["broadcast"] = new.broadcast
    return log.append(session, actor.book, "cost.borne", body, by=actor.person, at=at)


def selected(session: Session, book_id: str) -> list[w.GoodsSelection]:
    """Return the goods of every broadcast as last recorded, broadcasts newest first."""
    g = w.GoodsSelection
    newest: dict[tuple[str, str, str], w.GoodsSelection] = {}
    for row in session.scalars(select(g).where(g.book_id == book_id).order_by(g.idx)):
        newest[row.broadcast, row.goods, row.seller] = row
    return sorted(newest.values(), key=lambda row: (row.broadcast, row.idx), reverse=True)


def borne(session: Session, book_id: str) -> list[w.Cost]:
    """Return the recorded costs, newest day first."""
    query = select(w.Cost).where(w.Cost.book_id == book_id)
    return list(session.scalars(query.order_by(w.Cost.day.desc(), w.Cost.idx.desc())))


def lines(session: Session, seen: MonthView) -> tuple[GoodsLine, ...]:
    """Return the goods that the month's broadcasts sold (§五)."""
    shown = {item.number for item in seen.broadcasts if item.month == seen.month}
    return tuple(
        GoodsLine(
            row.broadcast,
            row.goods,
            row.seller,
            row.relation == "related",
            row.detail,
            row.slot_fee_fen,
            row.commission_bp,
        )
        for row in reversed(selected(session, seen.book))
        if row.broadcast in shown
    )


def costs(session: Session, seen: MonthView) -> tuple[CostLine, ...]:
    """Return the month's promotion and sample costs (§五)."""
    return tuple(
        CostLine(
            date.fromisoformat(row.day),
            row.broadcast or "",
            WHAT[row.what],
            row.detail,
            row.amount_fen,
            BEARERS[row.bearer],
        )
        for row in reversed(borne(session, seen.book))
        if Month.of(date.fromisoformat(row.day)) == seen.month
    )
