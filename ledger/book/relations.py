"""Related-party declarations (关联方声明): the charity says of each spending whether the payee is one.

Charity Law art. 40 and 59. The declaration follows the posting; a spending
without one is an exception of the month.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.book import entries, lineage
from ledger.book.duties import CHARITIES, Actor, NotYourDuty, require
from ledger.book.entries import Entry
from ledger.book.month import MonthView
from ledger.errors import Invalid
from ledger.proof.private import Private
from ledger.store import log
from ledger.store import tables as t
from ledger.store import tables_welfare as w
from ledger.store.record import Record
from ledger.words import N_

SPENDING = ("SPEND", "ACTIVITY_CLEAR")
"""Types that use a charity's money up."""

RELATIONS = {"none": N_("无关联"), "related": N_("有关联")}


@dataclass(frozen=True, slots=True)
class Declared:
    """A charity's newest word on a payee; `detail` is empty where there is none or it was erased."""

    idx: int
    relation: str
    detail: str


def declare(
    session: Session, actor: Actor, entry: int, *, relation: str, detail: str, at: datetime
) -> Record:
    """Declare whether the payee of a spending is a related party, by that charity's clerk; newest holds."""
    require(actor, "welfare")
    found = entries.get(session, actor.book, entry)
    if found.type not in SPENDING:
        raise Invalid(N_("凭证 {number} 不是公益支出，不用作关联方声明。"), number=found.number)
    if actor.party not in CHARITIES or found.charity != actor.party:
        raise NotYourDuty(N_("关联方声明由支出的慈善机构自己的经办人作出。"))
    if lineage.standing(session, actor.book, [entry])[entry] != entry:
        raise Invalid(N_("凭证 {number} 已冲销；请对更正后的凭证作声明。"), number=found.number)
    if relation not in RELATIONS:
        raise Invalid(N_("请选择收款人与本单位有没有关联。"))
    if relation == "related" and not detail.strip():
        raise Invalid(N_("收款人是关联方，请写明是什么关联（只在账本内部显示）。"))
    body: dict[str, Any] = {"entry": entry, "relation": relation}
    if detail.strip():
        body["detail"] = Private(detail.strip())
    return log.append(session, actor.book, "relation.declared", body, by=actor.person, at=at)


def declared(session: Session, book_id: str) -> dict[int, Declared]:
    """Return the newest declaration of each spending, by the entry's index."""
    r = w.Relation
    rows = {
        row.entry_idx: row for row in session.scalars(select(r).where(r.book_id == book_id).order_by(r.idx))
    }
    opened = log.opened(session, book_id, [row.detail for row in rows.values() if row.detail])
    return {
        entry: Declared(row.idx, row.relation, opened.get(row.detail, "") if row.detail else "")
        for entry, row in rows.items()
    }


def spending(session: Session, book_id: str) -> list[t.Entry]:
    """Return every spending that stands, newest first."""
    e = t.Entry
    reversing = select(e.reverses).where(e.book_id == book_id, e.reverses.is_not(None))
    query = select(e).where(e.book_id == book_id, e.type.in_(SPENDING), e.idx.not_in(reversing))
    return list(session.scalars(query.order_by(e.date.desc(), e.idx.desc())))


def missing(session: Session, seen: MonthView) -> tuple[Entry, ...]:
    """Return the month's standing spending of which nobody has said whether the payee is a related party."""
    said = declared(session, seen.book)
    return tuple(entry for entry in seen.standing_entries(*SPENDING) if entry.idx not in said)
