"""Official receipts of the charities (公益事业捐赠票据): recorded per payment, never printed as a look-alike.

财综〔2024〕1号: the charity issues the receipt from its own machine; this register
holds its code, number and check code, so that anybody can look it up. The other
charity reviews each (交叉复核).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.book import entries, lineage
from ledger.book.duties import CHARITIES, Actor, NotYourDuty, require
from ledger.book.month import MonthView
from ledger.book.postings import OTHER
from ledger.errors import Conflict, Invalid, NotFound
from ledger.money import yuan
from ledger.months import Month, parse_stamp
from ledger.sections_welfare import ReceiptLine
from ledger.store import log
from ledger.store import tables as t
from ledger.store import tables_welfare as w
from ledger.store.record import Record
from ledger.words import N_, Text

GRANT = "GRANT_PAY"
CODE = re.compile(r"[0-9A-Z]{0,20}", re.ASCII)
NUMBER = re.compile(r"[0-9A-Z]{4,20}", re.ASCII)
CHECK = re.compile(r"[0-9A-Za-z]{0,20}", re.ASCII)

DECISIONS = ("agree", "query")
REVIEWED: dict[str, str] = {
    "agree": N_("已复核"),
    "query": N_("提出问询"),
    "": N_("待复核"),
}
MISSING = N_("待开具")


@dataclass(frozen=True, slots=True)
class NewReceipt:
    """What stands on a receipt; `received_on` is the day on which the money reached the charity."""

    code: str
    number: str
    check_code: str
    issued_on: date
    received_on: date
    amount_fen: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """A recorded receipt. `decision` is the other charity's newest word, empty while there is none."""

    idx: int
    entry: int
    charity: str
    code: str
    number: str
    check_code: str
    issued_on: date
    received_on: date
    amount_fen: int
    at: datetime
    decision: str
    note: str


@dataclass(frozen=True, slots=True)
class Payment:
    """A standing payment to a charity and the receipts recorded for it."""

    idx: int
    number: str
    period: str
    date: date
    charity: str
    amount_fen: int
    summary: str
    receipts: tuple[Receipt, ...]

    @property
    def open_fen(self) -> int:
        """What no receipt covers yet, fen."""
        return self.amount_fen - sum(item.amount_fen for item in self.receipts)


def record(
    session: Session,
    actor: Actor,
    entry: int,
    new: NewReceipt,
    *,
    attachments: list[dict[str, Any]],
    at: datetime,
) -> Record:
    """Record a receipt for the payment `entry`, by that charity's clerk, with its scan.

    Several may share a payment; together they may not exceed it. The same code
    and number twice raises Conflict.
    """
    require(actor, "receipt")
    paid = payment(session, actor.book, entry)
    if paid.charity != actor.party:
        raise NotYourDuty(N_("票据由收款的慈善机构自己登记。"))
    code, number, check = _plain(new.code).upper(), _plain(new.number).upper(), _plain(new.check_code)
    if not CODE.fullmatch(code) or not NUMBER.fullmatch(number) or not CHECK.fullmatch(check):
        raise Invalid(N_("票据代码、号码和校验码只有数字和字母，请照票面填写（号码至少 4 位）。"))
    if new.issued_on > at.date() or new.received_on > at.date():
        raise Invalid(N_("开票日期和到账日期不能晚于今天。"))
    if new.received_on < paid.date:
        raise Invalid(N_("到账日期早于拨付日期 {day}。"), day=paid.date.isoformat())
    if new.amount_fen <= 0 or new.amount_fen > paid.open_fen:
        raise Invalid(
            N_("票据金额 {amount} 元不对：凭证 {voucher} 拨付 {paid} 元，还没有票据的是 {left} 元。"),
            amount=yuan(new.amount_fen),
            voucher=paid.number,
            paid=yuan(paid.amount_fen),
            left=yuan(paid.open_fen),
        )
    if not attachments:
        raise Invalid(N_("请上传票据的扫描件或电子票据文件。"))
    if any((one.code, one.number) == (code, number) for one in receipts(session, actor.book)):
        raise Conflict(N_("票据 {code} {number} 已登记过。"), code=code, number=number)
    body = {
        "entry": entry,
        "charity": actor.party,
        "code": code,
        "number": number,
        "check_code": check,
        "issued_on": new.issued_on.isoformat(),
        "received_on": new.received_on.isoformat(),
        "amount_fen": new.amount_fen,
        "attachments": attachments,
    }
    return log.append(session, actor.book, "receipt.recorded", body, by=actor.person, at=at)


def _plain(text: str) -> str:
    """Return a code in half-width characters and without blanks."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def review(session: Session, actor: Actor, receipt: int, *, decision: str, note: str, at: datetime) -> Record:
    """Agree to a receipt or ask about it, by the other charity; nobody reviews the own one."""
    require(actor, "receipt")
    found = next((one for one in receipts(session, actor.book) if one.idx == receipt), None)
    if found is None:
        raise NotFound(N_("没有这张票据的登记。"))
    if actor.party not in CHARITIES or OTHER[found.charity] != actor.party:
        raise NotYourDuty(N_("本单位的票据由另一家慈善机构复核。"))
    if decision not in DECISIONS:
        raise Invalid(N_("请选择复核意见。"))
    if decision == "query" and not note.strip():
        raise Invalid(N_("请写明问询的内容。"))
    body = {"receipt": receipt, "charity": actor.party, "decision": decision, "note": note.strip()}
    return log.append(session, actor.book, "receipt.reviewed", body, by=actor.person, at=at)


def receipts(session: Session, book_id: str) -> list[Receipt]:
    """Return every receipt in the order of recording, each with the newest review."""
    words = {
        row.receipt_idx: (row.decision, row.note)
        for row in session.scalars(
            select(w.ReceiptReview).where(w.ReceiptReview.book_id == book_id).order_by(w.ReceiptReview.idx)
        )
    }
    r, head = w.Receipt, t.RecordHead
    query = (
        select(r, head.at)
        .join(head, (head.book_id == r.book_id) & (head.idx == r.idx))
        .where(r.book_id == book_id)
        .order_by(r.idx)
    )
    return [
        Receipt(
            row.idx,
            row.entry_idx,
            row.charity,
            row.code,
            row.number,
            row.check_code,
            date.fromisoformat(row.issued_on),
            date.fromisoformat(row.received_on),
            row.amount_fen,
            parse_stamp(at),
            *words.get(row.idx, ("", "")),
        )
        for row, at in session.execute(query).all()
    ]


def payments(session: Session, book_id: str) -> list[Payment]:
    """Return the standing payments to charities, newest first; a corrected one takes over its receipts."""
    e = t.Entry
    reversing = select(e.reverses).where(e.book_id == book_id, e.reverses.is_not(None))
    query = select(e).where(e.book_id == book_id, e.type == GRANT, e.idx.not_in(reversing))
    known = receipts(session, book_id)
    now = lineage.standing(session, book_id, (one.entry for one in known))
    by_entry: dict[int | None, list[Receipt]] = {}
    for one in known:
        by_entry.setdefault(now[one.entry], []).append(one)
    return [
        Payment(
            row.idx,
            row.number,
            row.period,
            date.fromisoformat(row.date),
            row.charity or "",
            row.amount_fen,
            row.summary,
            tuple(by_entry.get(row.idx, ())),
        )
        for row in session.scalars(query.order_by(e.date.desc(), e.idx.desc()))
    ]


def payment(session: Session, book_id: str, idx: int) -> Payment:
    """Return one standing payment; raise Invalid for an entry that is none, NotFound where there is no entry."""
    found = next((item for item in payments(session, book_id) if item.idx == idx), None)
    if found is None:
        number = entries.get(session, book_id, idx).number
        raise Invalid(N_("凭证 {number} 不是有效的拨付凭证（或已冲销），不能登记票据。"), number=number)
    return found


def lines(session: Session, seen: MonthView) -> tuple[ReceiptLine, ...]:
    """Return the month's payments with their receipts (§六), and receipts that came this month for earlier ones.

    A payment that no receipt covers wholly has a line of its own for the rest, without a number.
    """
    found: list[ReceiptLine] = []
    for paid in reversed(payments(session, seen.book)):
        mine = paid.period == str(seen.month)
        if paid.period > str(seen.month):
            continue
        voucher = paid.number if mine else f"{paid.period} {paid.number}"
        name = seen.parties.get(paid.charity, Text(paid.charity, ""))
        for one in paid.receipts:
            if mine or Month.of(one.at) == seen.month:
                codes = (one.code, one.number, one.check_code)
                days = (paid.date, one.received_on)
                found.append(
                    ReceiptLine(voucher, name, one.amount_fen, *days, *codes, REVIEWED[one.decision])
                )
        if mine and paid.open_fen:
            found.append(ReceiptLine(voucher, name, paid.open_fen, paid.date, None, "", "", "", MISSING))
    return tuple(found)
