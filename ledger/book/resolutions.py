"""Allocation resolutions (分配决议), and what comes back: who decided how much of the fund goes to which charity.

A resolution is a fact of its own; the voucher ALLOCATE books it, once, in its
amounts (`allocation.check`). Unspent money returns to the fund by two vouchers
in one draft.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from ledger.book import allocation, drafts, roster
from ledger.book import chart as charts
from ledger.book.compose import NewEntry, compose
from ledger.book.duties import Actor, require
from ledger.book.month import MonthView
from ledger.book.payees import normal
from ledger.errors import Conflict, Invalid
from ledger.money import yuan
from ledger.store import log
from ledger.store.record import Record
from ledger.words import N_, Text

NUMBER_MAX = 40


@dataclass(frozen=True, slots=True)
class NewResolution:
    """What is said of a resolution; `shares` are fen by charity, `body` is who decided, in free words."""

    number: str
    passed_on: date
    body: str
    purpose: str
    shares: dict[str, int]


@dataclass(frozen=True, slots=True)
class Project:
    """A charity's money today, fen: allocated and unspent, still to be paid, held by it, as petty cash, spent."""

    charity: str
    fund_fen: int
    payable_fen: int
    advance_fen: int
    petty_fen: int


def record(
    session: Session, actor: Actor, new: NewResolution, *, attachments: list[dict[str, Any]], at: datetime
) -> Record:
    """Register a resolution with its document; raise Invalid if it gives away more than there is.

    What is there is the unallocated fund less resolutions that no voucher has
    booked yet. A resolution whose voucher was posted before it was registered
    must have that voucher's amounts.
    """
    require(actor, "register")
    number, chart = new.number.strip(), charts.current(session, actor.book)
    shares = {charity: fen for charity, fen in new.shares.items() if fen}
    _check_words(session, actor, new, shares, chart, at)
    known = allocation.resolutions(session, actor.book)
    if any(item.number == number for item in known):
        raise Conflict(N_("决议 {number} 已登记。"), number=number)
    if not attachments:
        raise Invalid(N_("请上传决议或会议纪要的扫描件。"))
    if number in allocation.booked_by(session, actor.book):
        _check_booked(session, actor.book, chart, number, shares)
    else:
        _check_enough(session, actor.book, chart, known, sum(shares.values()))
    body = {
        "resolution": number,
        "passed_on": new.passed_on.isoformat(),
        "body": new.body.strip(),
        "purpose": new.purpose.strip(),
        "shares": [{"charity": charity, "fen": fen} for charity, fen in sorted(shares.items())],
        "attachments": attachments,
    }
    return log.append(session, actor.book, "resolution.passed", body, by=actor.person, at=at)


def _check_words(
    session: Session,
    actor: Actor,
    new: NewResolution,
    shares: dict[str, int],
    chart: charts.Chart,
    at: datetime,
) -> None:
    """Raise Invalid for a resolution that says too little, or that its receiver passed by itself (C1 rule 4)."""
    if not new.number.strip() or not new.body.strip() or not new.purpose.strip():
        raise Invalid(N_("请填写决议编号、决定机构和用途。"))
    if len(new.number.strip()) > NUMBER_MAX:
        raise Invalid(N_("决议编号最多 {most} 个字。"), most=NUMBER_MAX)
    if new.passed_on > at.date():
        raise Invalid(N_("决议日期不能晚于今天。"))
    if not shares or any(fen < 0 for fen in shares.values()) or not shares.keys() <= chart.charities.keys():
        raise Invalid(N_("请至少给一个慈善机构填写分配金额，金额须大于零。"))
    names = roster.parties(session, actor.book)
    for charity in shares:
        own = names.get(charity, Text(charity, ""))
        if normal(new.body) in {normal(own.zh), normal(own.en)} - {""}:
            raise Invalid(
                N_("{charity}不能自己决定分给自己的款项；决定机构须是另外的机构或联席会议。"), charity=own
            )


def _check_booked(
    session: Session, book_id: str, chart: charts.Chart, number: str, shares: dict[str, int]
) -> None:
    idx, voucher, _ = allocation.booked_by(session, book_id)[number]
    booked = allocation.shares_of(chart, log.get(session, book_id, idx).body["lines"])
    if {charity: fen for charity, fen in booked.items() if fen} != shares:
        raise Invalid(
            N_("决议 {number} 已由凭证 {voucher} 记账，共 {booked} 元；登记的各项金额须与凭证一致。"),
            number=number,
            voucher=voucher,
            booked=yuan(sum(booked.values())),
        )


def _check_enough(
    session: Session, book_id: str, chart: charts.Chart, known: list[allocation.Resolution], total_fen: int
) -> None:
    fund = allocation.unallocated(session, book_id, chart)
    promised = sum(item.total_fen for item in known if item.entry is None)
    if total_fen > fund - promised:
        raise Invalid(
            N_(
                "决议共 {total} 元，超过现在可分配的 {free} 元"
                "（待分配基金 {fund} 元，已有决议尚未记账 {promised} 元）。"
            ),
            total=yuan(total_fen),
            free=yuan(fund - promised),
            fund=yuan(fund),
            promised=yuan(promised),
        )


def give_back(
    session: Session,
    actor: Actor,
    *,
    charity: str,
    amount_fen: int,
    day: date,
    bank_text: str,
    attachments: tuple[dict[str, Any], ...],
    at: datetime,
) -> drafts.Draft:
    """Draft what a charity returns unspent: the money to the bank, the allocation back to the fund, in red.

    Raises Invalid for more than the charity holds. `bank_text` goes into the summary.
    """
    chart = charts.current(session, actor.book)
    own = own_accounts(chart, charity)
    held = allocation.balance(session, actor.book, {own["advance"]})
    if not 0 < amount_fen <= held:
        raise Invalid(
            N_("退回 {amount} 元不对：{charity}手上未使用的拨付款是 {held} 元。"),
            amount=yuan(amount_fen),
            charity=roster.parties(session, actor.book).get(charity, Text(charity, "")),
            held=yuan(held),
        )
    if not attachments:
        raise Invalid(N_("请上传银行回单。"))
    name = roster.parties(session, actor.book).get(charity, Text(charity, "")).zh
    words = f"{name}退回结余款 {bank_text.strip()}".strip()
    amounts = {"amount": amount_fen}
    pair = (
        NewEntry("GRANT_RETURN", day, amounts, summary=words, charity=charity, attachments=attachments),
        NewEntry("ALLOCATE_BACK", day, amounts, charity=charity, attachments=attachments),
    )
    payload = {"entries": [compose(session, actor, new, at=at) for new in pair]}
    return drafts.prepare(session, actor, kind="manual", payload=payload, at=at)


def own_accounts(chart: charts.Chart, charity: str) -> dict[str, str]:
    """Return a charity's own accounts; raise Invalid for anything that is none."""
    if charity not in chart.charities:
        raise Invalid(N_("请选择是县红十字会还是县慈善总会的项目。"))
    return chart.charities[charity]


def projects(session: Session, book_id: str) -> tuple[Project, ...]:
    """Return where each charity's money stands today."""
    chart = charts.current(session, book_id)
    return tuple(
        Project(
            charity,
            allocation.project_fund(session, book_id, chart, charity),
            allocation.payable(session, book_id, chart, charity),
            allocation.balance(session, book_id, {own["advance"]}),
            allocation.petty_cash(session, book_id, chart, charity),
        )
        for charity, own in allocation.own_accounts(chart)
    )


def free(session: Session, book_id: str) -> tuple[int, int]:
    """Return (unallocated fund, part of it that resolutions promise and no voucher has booked), fen."""
    fund = allocation.unallocated(session, book_id, charts.current(session, book_id))
    promised = sum(item.total_fen for item in allocation.resolutions(session, book_id) if item.entry is None)
    return fund, promised


def shortfall(seen: MonthView) -> int:
    """Return by how much the unallocated fund is below zero at the end of the month (待弥补), 0 if it is not; fen.

    Claw-backs that come after the fund was spent can bring it there; it is shown, never netted.
    """
    fund = -sum(seen.moved(code).closing_fen for code in allocation.unallocated_codes(seen.chart))
    return max(0, -fund)
