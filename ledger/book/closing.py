"""The monthly close (月结): closing vouchers, what is recorded of the month, and posting both in one act.

The accountant drafts, the checker confirms (会计法 2024 art. 25); no party's signature
is needed, so the next month opens. Nothing undoes a close: what was wrong is
corrected by red letters in a later month.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from ledger.book import chart as charts
from ledger.book import journal, month, periods
from ledger.book.duties import Actor, require
from ledger.book.month import MonthView
from ledger.errors import Conflict
from ledger.months import Month
from ledger.sections_welfare import ClosingVoucher
from ledger.store import log
from ledger.store.record import Record
from ledger.words import N_


def vouchers(seen: MonthView) -> list[dict[str, Any]]:
    """Return the closing entries as drafts hold them: one for each income and expense account with a balance.

    Income goes to the unallocated fund, a charity's project costs to that charity's
    fund, other expense to the unallocated fund (domain C3 CLOSE); red figures stay red.
    """
    own = {item["cost"]: item["fund"] for item in seen.chart.charities.values()}
    unallocated = seen.account("fund")
    found = []
    for kind, sign in (("income", -1), ("expense", 1)):
        for code in seen.of_type(kind):
            fen = sign * seen.moved(code).closing_fen
            if not fen:
                continue
            fund = own.get(code, unallocated)
            debit, credit = (code, fund) if kind == "income" else (fund, code)
            found.append(_entry(seen, code, debit, credit, fen))
    return found


def _entry(seen: MonthView, code: str, debit: str, credit: str, fen: int) -> dict[str, Any]:
    name = seen.chart.account(code).name.zh
    return {
        "period": str(seen.month),
        "date": seen.month.last_day.isoformat(),
        "type": charts.CLOSE,
        "summary": f"{seen.month.year}年{seen.month.number}月结转 {name}",
        "amount_fen": fen,
        "lines": [
            {"account": debit, "dc": "D", "fen": fen},
            {"account": credit, "dc": "C", "fen": fen},
        ],
        "attachments": [],
        "facts": {},
        "duties": [],
    }


def position(seen: MonthView) -> dict[str, int]:
    """Return the balances after close by account, debit positive, zeros left out."""
    found = {
        code: seen.moved(code).closing_fen
        for kind in ("asset", "liability", "fund")
        for code in seen.of_type(kind)
    }
    for entry in vouchers(seen):
        for line in entry["lines"]:
            if seen.chart.account(line["account"]).type == "fund":
                sign = 1 if line["dc"] == "D" else -1
                found[line["account"]] = found.get(line["account"], 0) + sign * line["fen"]
    return {code: fen for code, fen in sorted(found.items()) if fen}


def plan(seen: MonthView, checklist: list[dict[str, str]]) -> dict[str, Any]:
    """Return what a close would record, as its draft holds it."""
    moved = seen.movements.items()
    return {
        "period": str(seen.month),
        "entries": vouchers(seen),
        "checklist": checklist,
        "balances": [{"account": code, "fen": fen} for code, fen in position(seen).items()],
        "year": [
            {"account": code, "debit_fen": m.year_debit_fen, "credit_fen": m.year_credit_fen}
            for code, m in moved
            if m.year_debit_fen or m.year_credit_fen
        ],
        "total": [
            {"account": code, "debit_fen": m.total_debit_fen, "credit_fen": m.total_credit_fen}
            for code, m in moved
            if m.total_debit_fen or m.total_credit_fen
        ],
    }


def refuse_out_of_turn(session: Session, book_id: str, period: Month, at: datetime) -> None:
    """Raise Conflict unless `period` is the month that closes next, and is over."""
    turn = periods.next_to_close(session, book_id)
    if turn is None:
        raise Conflict(N_("请先登记期初余额，再办理月结。"))
    if period < turn:
        raise Conflict(N_("{month} 已经月结。"), month=str(period))
    if period > turn:
        raise Conflict(N_("请先月结 {month}：月份按顺序结账。"), month=str(turn))
    if at.date() <= period.last_day:
        raise Conflict(N_("{month} 还没有结束，月底之后才能月结。"), month=str(period))


def post(
    session: Session, actor: Actor, drafted: dict[str, Any], *, drafter: str, digest: str, at: datetime
) -> list[Record]:
    """Confirm a close: append its closing vouchers and `month.closed`, or raise Conflict if the books moved on."""
    require(actor, "post")
    period = Month.parse(drafted["period"])
    refuse_out_of_turn(session, actor.book, period, at)
    seen = month.view(session, actor.book, period)
    if plan(seen, drafted["checklist"]) != drafted:
        raise Conflict(N_("账目在月结草稿之后有变动，请会计重新提交月结。"))
    posted = [
        journal.append_entry(session, actor, seen.chart, entry, drafter=drafter, digest=digest, at=at)
        for entry in drafted["entries"]
    ]
    body = {
        **{name: drafted[name] for name in ("period", "checklist", "balances", "year", "total")},
        "drafter": drafter,
        "draft": digest,
        "vouchers": [record.index for record in posted],
    }
    return [*posted, log.append(session, actor.book, "month.closed", body, by=actor.person, at=at)]


def shown(seen: MonthView) -> tuple[ClosingVoucher, ...]:
    """Return the closing vouchers for the report: posted ones with their number, else those that would be."""
    if seen.closing:
        return tuple(
            ClosingVoucher(
                entry.number,
                entry.summary,
                tuple(
                    (line.dc, line.account, seen.chart.account(line.account).name, line.fen)
                    for line in seen.closing_lines[entry.idx]
                ),
            )
            for entry in seen.closing
        )
    return tuple(
        ClosingVoucher(
            "",
            entry["summary"],
            tuple(
                (line["dc"], line["account"], seen.chart.account(line["account"]).name, line["fen"])
                for line in entry["lines"]
            ),
        )
        for entry in vouchers(seen)
    )
