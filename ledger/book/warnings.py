"""Warnings at posting: what is unusual about a draft. It may be posted all the same, with a reason that is recorded.

A warning is worth a pause, never a refusal; what the books must not hold is
refused while drafting. So they are few: an office that sees one every day stops
reading them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.book import accounts, limits, payees, roster, usual
from ledger.book import chart as charts
from ledger.book.limits import Limits
from ledger.book.masking import mask
from ledger.errors import Problem
from ledger.money import yuan
from ledger.months import Month
from ledger.store import log
from ledger.store import tables as t
from ledger.words import N_

SPENDING = ("SPEND", "ACTIVITY_CLEAR")
PAID = (*SPENDING, "ACTIVITY_ADVANCE", "CLEAR_BACK", "GRANT_PAY")
"""Types that pay somebody out of the fund."""

BANK_DATED = ("INTEREST", "BANK_FEE")
"""What the bank dates itself: its statement shows the day."""

Payload = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Warned:
    """One thing unusual about entry `place` (from 0) of a draft; `name` is a message."""

    rule: str
    name: str
    place: int
    message: str
    values: tuple[tuple[str, str], ...]

    def problem(self) -> Problem:
        """Return the warning as a sentence for a page; the row is the voucher's place in the draft."""
        return Problem(self.message, self.place + 1, "", dict(self.values))


NAMES: dict[str, str] = {
    "share": N_("平台分成异常"),
    "fee": N_("技术服务费异常"),
    "round": N_("大额整数支出"),
    "split": N_("疑似拆分"),
    "duplicate": N_("疑似重复"),
    "insider": N_("收款人与本账人员同名"),
    "backdated": N_("日期久远"),
}


def of_draft(
    session: Session, book_id: str, payload: Payload, *, drafter: str, at: datetime
) -> tuple[Warned, ...]:
    """Return what is unusual about a draft, voucher by voucher; empty for most drafts."""
    desk = _Desk(session, book_id, payload.get("entries", []), drafter, at, limits.limits(session, book_id))
    return tuple(
        warned
        for place, entry in enumerate(desk.entries)
        if "reverses" not in entry
        for check in CHECKS
        for warned in check(desk, place, entry)
    )


@dataclass(frozen=True, slots=True)
class _Desk:
    """What the checks look at."""

    session: Session
    book: str
    entries: list[dict[str, Any]]
    drafter: str
    at: datetime
    limits: Limits


def _warn(rule: str, place: int, message: str, /, **values: str | int) -> Warned:
    shown = tuple((name, str(value)) for name, value in values.items())
    return Warned(rule, NAMES[rule], place, message, shown)


def _sides(desk: _Desk, entry: dict[str, Any], part: str, whole: str) -> tuple[int, int]:
    """Return what an entry posts to two named accounts: `part` on the debit, `whole` on the credit side."""
    named = charts.current(desk.session, desk.book).named
    sums = {"D": 0, "C": 0}
    for line in entry["lines"]:
        if (line["account"], line["dc"]) in ((named[part], "D"), (named[whole], "C")):
            sums[line["dc"]] += line["fen"]
    return sums["D"], sums["C"]


def _share(desk: _Desk, place: int, entry: dict[str, Any]) -> Iterator[Warned]:
    if entry["type"] != "TIP" or not entry.get("account"):
        return
    kept, gross = _sides(desk, entry, "share", "tips")
    platform = accounts.get(desk.session, desk.book, entry["account"]).platform
    month = Month.parse(entry["period"])
    for figure in usual.shares(desk.session, desk.book, desk.limits, platform, month):
        if usual.far(kept, gross, figure, desk.limits.share_tolerance_bp, desk.limits.small_fen):
            yield _warn(
                "share",
                place,
                N_("平台分成占打赏的 {rate}%，通常是 {usual}%。"),
                rate=usual.percent(kept, gross),
                usual=usual.percent(figure, 10_000),
            )
            return


def _fee(desk: _Desk, place: int, entry: dict[str, Any]) -> Iterator[Warned]:
    if entry["type"] != "COMMISSION":
        return
    fee, total = _sides(desk, entry, "tech_fee", "commission")
    known = desk.limits
    if usual.far(fee, total, known.fee_bp, known.fee_tolerance_bp, known.small_fen):
        yield _warn(
            "fee",
            place,
            N_("技术服务费占佣金的 {rate}%，通常是 {usual}%。"),
            rate=usual.percent(fee, total),
            usual=usual.percent(known.fee_bp, 10_000),
        )


def _round(desk: _Desk, place: int, entry: dict[str, Any]) -> Iterator[Warned]:
    if entry["type"] in SPENDING and usual.is_round(entry["amount_fen"], desk.limits):
        yield _warn(
            "round", place, N_("支出 {amount} 元是大额整数，请核对发票。"), amount=yuan(entry["amount_fen"])
        )


def _payee(entry: dict[str, Any]) -> str:
    return payees.normal(str(entry["facts"].get("payee") or entry["facts"].get("payer") or ""))


def _near(desk: _Desk, entry: dict[str, Any], days: int) -> list[tuple[str, int, str, str]]:
    """Return (payee, fen, date, number) of standing vouchers of the type, dated within so many days."""
    day, window = date.fromisoformat(entry["date"]), timedelta(days=days)
    e = t.Entry
    undone = select(e.reverses).where(e.book_id == desk.book, e.reverses.is_not(None))
    query = (
        select(e.number, e.date, e.amount_fen, e.facts, e.idx)
        .where(e.book_id == desk.book, e.type == entry["type"], e.idx.not_in(undone))
        .where(e.date >= (day - window).isoformat(), e.date <= (day + window).isoformat())
        .where(e.idx != entry.get("corrects", -1))
    )
    rows = desk.session.connection().execute(query).all()
    facts = {row.idx: json.loads(row.facts) for row in rows}
    opened = log.opened(
        desk.session,
        desk.book,
        [v["private"] for f in facts.values() for v in f.values() if isinstance(v, dict)],
    )
    found = []
    for row in rows:
        known = {n: opened.get(v["private"]) if isinstance(v, dict) else v for n, v in facts[row.idx].items()}
        found.append((_payee({"facts": known}), row.amount_fen, row.date, row.number))
    return found


def _split(desk: _Desk, place: int, entry: dict[str, Any]) -> Iterator[Warned]:
    most, days = desk.limits.split_fen, desk.limits.split_days
    payee = _payee(entry)
    if entry["type"] not in SPENDING or not payee or entry["amount_fen"] >= most:
        return
    others = [fen for name, fen, _, _ in _near(desk, entry, days - 1) if name == payee and fen < most]
    others += [
        one["amount_fen"]
        for one in desk.entries[:place]
        if one["type"] in SPENDING
        and "reverses" not in one
        and _payee(one) == payee
        and one["amount_fen"] < most
    ]
    total = sum(others) + entry["amount_fen"]
    if others and total >= most:
        yield _warn(
            "split",
            place,
            N_("{days} 天内第 {count} 次付给“{payee}”，合计 {total} 元，每次都低于 {most} 元。"),
            days=days,
            count=len(others) + 1,
            payee=mask(str(entry["facts"]["payee"])),
            total=yuan(total),
            most=yuan(most),
        )


def _duplicate(desk: _Desk, place: int, entry: dict[str, Any]) -> Iterator[Warned]:
    payee = _payee(entry)
    if "rows" in entry or not payee:
        return
    same = [
        number
        for name, fen, _, number in _near(desk, entry, 0)
        if (name, fen) == (payee, entry["amount_fen"])
    ]
    if same:
        yield _warn(
            "duplicate",
            place,
            N_("与 {number} 同日、同金额、同一收付款人，可能重复。"),
            number=same[0],
        )


def _insider(desk: _Desk, place: int, entry: dict[str, Any]) -> Iterator[Warned]:
    if entry["type"] not in PAID or not entry["facts"].get("payee"):
        return
    names = payees.parts(str(entry["facts"]["payee"]))
    seated = [
        m for m in roster.members(desk.session, desk.book) if not m.ended and payees.normal(m.name) in names
    ]
    if seated:
        drafts = any(member.person == desk.drafter for member in seated)
        message = (
            N_("收款人“{payee}”与制单人同名：请核对是否本人或亲属，是否须回避。")
            if drafts
            else N_("收款人“{payee}”与本账本的在任人员同名：请核对是否须回避。")
        )
        yield _warn("insider", place, message, payee=mask(str(entry["facts"]["payee"])))


def _backdated(desk: _Desk, place: int, entry: dict[str, Any]) -> Iterator[Warned]:
    days = (desk.at.date() - date.fromisoformat(entry["date"])).days
    by_hand = "rows" not in entry and entry["type"] not in BANK_DATED
    if by_hand and days > desk.limits.late_voucher_days:
        yield _warn("backdated", place, N_("凭证日期在 {days} 天以前。"), days=days)


CHECKS = (_share, _fee, _round, _split, _duplicate, _insider, _backdated)
