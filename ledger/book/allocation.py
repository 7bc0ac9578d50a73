"""What may still be allocated, paid and spent: the balances that stand, the resolutions, and the limits of both.

Charity Law art. 59, Red Cross Law art. 19–25: money is used as it was decided.
A resolution is allocated once, in the amounts it names; no charity is paid more
than was allocated to it. Read by `compose`, so nothing here imports entries.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ledger.book import opening, periods, roster
from ledger.book.balances import SIGNED
from ledger.book.chart import Chart
from ledger.book.duties import CHARITIES
from ledger.errors import Conflict, Invalid
from ledger.money import yuan
from ledger.months import parse_stamp
from ledger.store import tables as t
from ledger.store import tables_check as c
from ledger.store import tables_welfare as w
from ledger.words import N_, Text

ALLOCATE, GRANT = "ALLOCATE", "GRANT_PAY"
FROM_PETTY = ("ACTIVITY_CLEAR", "ACTIVITY_REST")
CLAWBACK = "CLAWBACK_PAID"


@dataclass(frozen=True, slots=True)
class Resolution:
    """A registered resolution (分配决议); `shares` are (charity, fen), `entry` the standing voucher that books it."""

    number: str
    passed_on: date
    body: str
    purpose: str
    shares: tuple[tuple[str, int], ...]
    idx: int
    at: datetime
    entry: int | None
    voucher: str

    @property
    def total_fen(self) -> int:
        """What it gives away, fen."""
        return sum(fen for _, fen in self.shares)


# ---- balances -------------------------------------------------------------------------------------------


def balance(session: Session, book_id: str, codes: Collection[str]) -> int:
    """Return the balance of some accounts together, everything posted included; fen, debit positive."""
    base = periods.last_closed(session, book_id)
    p, s = t.Posting, c.ClosedSum
    moved = select(func.sum(SIGNED)).where(p.book_id == book_id, p.account.in_(codes))
    if base is None:
        lines = opening.lines(session, book_id, "balance")
        held = sum(line.fen for line in lines if line.account in codes)
    else:
        moved = moved.where(p.period > str(base))
        closed = select(func.sum(s.debit_fen - s.credit_fen)).where(
            s.book_id == book_id, s.period == str(base), s.part == "balance", s.account.in_(codes)
        )
        held = int(session.connection().execute(closed).scalar() or 0)
    return held + int(session.connection().execute(moved).scalar() or 0)


def unallocated_codes(chart: Chart) -> set[str]:
    """Return the accounts that make up what is not allocated yet: the fund, income, and costs of raising it."""
    spent = {item["cost"] for item in chart.charities.values()}
    flows = {code for code, item in chart.accounts.items() if item.type in ("income", "expense")}
    return {chart.named["fund"]} | (flows - spent)


def unallocated(session: Session, book_id: str, chart: Chart) -> int:
    """Return the fund to be allocated (待分配) as it stands, the running month's income included; fen."""
    return -balance(session, book_id, unallocated_codes(chart))


def project_fund(session: Session, book_id: str, chart: Chart, charity: str) -> int:
    """Return what a charity was allocated and has not spent, fen."""
    own = chart.charities[charity]
    return -balance(session, book_id, {own["fund"], own["cost"]})


def petty_cash(session: Session, book_id: str, chart: Chart, charity: str) -> int:
    """Return what a charity's people hold as activity petty cash (活动备用金), fen."""
    p, e = t.Posting, t.Entry
    query = (
        select(func.sum(SIGNED))
        .join(e, (e.book_id == p.book_id) & (e.idx == p.idx))
        .where(p.book_id == book_id, p.account == chart.named.get("petty_cash", ""), e.charity == charity)
    )
    return int(session.connection().execute(query).scalar() or 0)


def payable(session: Session, book_id: str, chart: Chart, charity: str) -> int:
    """Return what was allocated to a charity and not paid to it yet, fen."""
    held = balance(session, book_id, {chart.charities[charity]["advance"]})
    held += petty_cash(session, book_id, chart, charity)
    return project_fund(session, book_id, chart, charity) - held


# ---- resolutions ----------------------------------------------------------------------------------------


def resolutions(session: Session, book_id: str) -> list[Resolution]:
    """Return the registered resolutions, in the order they were registered."""
    r, head = w.Resolution, t.RecordHead
    query = (
        select(r, head.at)
        .join(head, (head.book_id == r.book_id) & (head.idx == r.idx))
        .where(r.book_id == book_id)
        .order_by(r.idx)
    )
    shares: dict[int, list[tuple[str, int]]] = {}
    s = w.ResolutionShare
    for share in session.scalars(select(s).where(s.book_id == book_id).order_by(s.idx, s.n)):
        shares.setdefault(share.idx, []).append((share.charity, share.fen))
    booked = booked_by(session, book_id)
    found = []
    for row, at in session.execute(query).all():
        entry, voucher, _ = booked.get(row.resolution, (None, "", ""))
        day, gives = date.fromisoformat(row.passed_on), tuple(shares.get(row.idx, ()))
        words = (row.resolution, day, row.body, row.purpose)
        found.append(Resolution(*words, gives, row.idx, parse_stamp(at), entry, voucher))
    return found


def booked_by(session: Session, book_id: str) -> dict[str, tuple[int, str, str]]:
    """Return (index, voucher number, date) of the standing allocation of each resolution, by its number."""
    e = t.Entry
    query = select(e.idx, e.number, e.date, e.facts).where(
        e.book_id == book_id, e.type == ALLOCATE, e.idx.not_in(_reversing(book_id))
    )
    return {
        str(json.loads(facts).get("resolution", "")): (idx, number, day)
        for idx, number, day, facts in session.connection().execute(query.order_by(e.idx.desc()))
    }


def _reversing(book_id: str) -> Any:  # noqa: ANN401 - a subquery
    e = t.Entry
    return select(e.reverses).where(e.book_id == book_id, e.reverses.is_not(None))


def own_accounts(chart: Chart) -> list[tuple[str, dict[str, str]]]:
    """Return (charity, its accounts), the Red Cross first: a stored chart has lost its order."""
    return [(charity, chart.charities[charity]) for charity in CHARITIES if charity in chart.charities]


def shares_of(chart: Chart, lines: list[dict[str, Any]]) -> dict[str, int]:
    """Return what an allocation's lines give each charity, fen."""
    return {
        charity: sum(line["fen"] for line in lines if line["account"] == own["fund"] and line["dc"] == "C")
        for charity, own in own_accounts(chart)
    }


# ---- rules ----------------------------------------------------------------------------------------------


def check(
    session: Session, book_id: str, chart: Chart, entry: dict[str, Any], *, instead_of: int | None = None
) -> None:
    """Raise Invalid or Conflict for an entry beyond what was decided or is there.

    `entry` is as a draft holds it; `instead_of` the entry that a correction is
    about to reverse. Asked while drafting and once more when it is posted.
    """
    kind = entry["type"]
    if kind == ALLOCATE:
        _check_resolution(session, book_id, chart, entry, instead_of)
    if kind not in (GRANT, CLAWBACK, *FROM_PETTY):
        return
    back = _given_back(session, book_id, entry, instead_of)
    if kind == GRANT and _allocates(session, book_id, chart):
        _check_grant(session, book_id, chart, entry, back)
    elif kind == CLAWBACK:
        owed = -balance(session, book_id, {chart.named["clawback"]}) + back
        if entry["amount_fen"] > owed:
            raise Invalid(
                N_("扣回 {amount} 元超过了账上应付平台的追扣款 {owed} 元；请先登记追扣，或核对金额。"),
                amount=yuan(entry["amount_fen"]),
                owed=yuan(owed),
            )
    elif kind in FROM_PETTY:
        held = petty_cash(session, book_id, chart, entry["charity"]) + back
        if entry["amount_fen"] > held:
            raise Invalid(
                N_("{amount} 元超过了{charity}手上的活动备用金 {held} 元；请先登记领用，或核对金额。"),
                amount=yuan(entry["amount_fen"]),
                charity=_name(session, book_id, entry["charity"]),
                held=yuan(held),
            )


def _check_resolution(
    session: Session, book_id: str, chart: Chart, entry: dict[str, Any], instead_of: int | None
) -> None:
    """A book that registers resolutions allocates each of them once and as it was passed; older books are left alone."""
    known = {item.number: item for item in resolutions(session, book_id)}
    if not known:
        return
    number = str(entry["facts"].get("resolution", ""))
    if number not in known:
        raise Invalid(
            N_("决议“{number}”没有登记。请先在“协议与决议”里登记分配决议，再填制分配凭证。"),
            number=number[:40],
        )
    used = booked_by(session, book_id).get(number)
    if used is not None and used[0] != instead_of:
        raise Conflict(
            N_("决议 {number} 已由 {date} {voucher} 分配，不能再记一次；有误请用更正。"),
            number=number,
            date=used[2],
            voucher=used[1],
        )
    right = dict(known[number].shares)
    for charity, fen in shares_of(chart, entry["lines"]).items():
        if fen != right.get(charity, 0):
            raise Invalid(
                N_("决议 {number} 分给{charity}的是 {right} 元，凭证上是 {wrong} 元；两者须一致。"),
                number=number,
                charity=_name(session, book_id, charity),
                right=yuan(right.get(charity, 0)),
                wrong=yuan(fen),
            )


def _allocates(session: Session, book_id: str, chart: Chart) -> bool:
    """Say whether the book allocates at all: a book that never did has nothing to measure a payment by."""
    e, r = t.Entry, w.Resolution
    funds = {own["fund"] for own in chart.charities.values()}
    brought = any(line.account in funds for line in opening.lines(session, book_id, "balance"))
    return (
        brought
        or session.scalars(select(r.idx).where(r.book_id == book_id).limit(1)).first() is not None
        or session.scalars(select(e.idx).where(e.book_id == book_id, e.type == ALLOCATE).limit(1)).first()
        is not None
    )


def _check_grant(session: Session, book_id: str, chart: Chart, entry: dict[str, Any], back: int) -> None:
    left = payable(session, book_id, chart, entry["charity"]) + back
    if entry["amount_fen"] > left:
        raise Invalid(
            N_(
                "拨付 {amount} 元超过了可拨付的 {left} 元：{charity}项目资金余额 {fund} 元，其余已经拨付。"
                "请先办理分配决议，或减少金额。"
            ),
            amount=yuan(entry["amount_fen"]),
            left=yuan(left),
            charity=_name(session, book_id, entry["charity"]),
            fund=yuan(project_fund(session, book_id, chart, entry["charity"])),
        )


def _given_back(session: Session, book_id: str, entry: dict[str, Any], instead_of: int | None) -> int:
    """Return what the reversal of the corrected entry will free, fen; 0 once it is posted."""
    if instead_of is None:
        return 0
    e = t.Entry
    query = select(e.amount_fen).where(
        e.book_id == book_id,
        e.idx == instead_of,
        e.type == entry["type"],
        e.idx.not_in(_reversing(book_id)),
        (e.charity == entry["charity"]) if "charity" in entry else e.charity.is_(None),
    )
    return int(session.connection().execute(query).scalar() or 0)


def _name(session: Session, book_id: str, charity: str) -> Text:
    return roster.parties(session, book_id).get(charity, Text(charity, charity))
