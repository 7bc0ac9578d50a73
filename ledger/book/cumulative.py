"""Since the beginning (累计): where all of it came from, where it went, where the rest is and whose."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ledger.book import opening, periods
from ledger.book.month import MonthView
from ledger.book.section_money import TOTALS, fund_after_close, group_of
from ledger.months import Month
from ledger.sections_welfare import Cumulative, CumulativeLine
from ledger.store import tables_activity as a
from ledger.store import tables_welfare as w
from ledger.words import N_, Text

PLACE, OWNER = Text("期末存放合计", "Total held"), Text("期末归属合计", "Total fund")


def cumulative(session: Session, seen: MonthView) -> Cumulative:
    """Return the statement since the book began, through this month.

    opening + income − deduction − spending = place = owner; in `place` what is owed to
    others is negative. Income and expense are turnovers, so closing vouchers change nothing.
    """
    first = periods.first_month(session, seen.book) or seen.month
    return Cumulative(
        str(first),
        (seen.month.year - first.year) * 12 + seen.month.number - first.number + 1,
        _broadcasts(session, seen),
        _beneficiaries(session, seen),
        (
            *_group("opening", [(N_("账本启用时的公益资金"), _opening_fund(session, seen))]),
            *_group("income", _turnovers(seen, "income"), TOTALS["income"]),
            *_group("deduction", _turnovers(seen, "deduction"), TOTALS["deduction"]),
            *_group("spending", _turnovers(seen, "spending"), TOTALS["spending"]),
            *_group("place", _places(seen), PLACE),
            *_group("owner", _owners(seen), OWNER),
        ),
    )


def _group(
    group: str, lines: Iterable[tuple[str | Text, int]], total: Text | None = None
) -> tuple[CumulativeLine, ...]:
    found = tuple(CumulativeLine(group, label, fen) for label, fen in lines if fen or total is None)
    if total is None:
        return found
    return (*found, CumulativeLine(group, total, sum(line.fen for line in found), total=True))


def _opening_fund(session: Session, seen: MonthView) -> int:
    """Return the fund with which the book began: its fund accounts, credit positive."""
    return -sum(
        line.fen
        for line in opening.lines(session, seen.book, "balance")
        if seen.chart.account(line.account).type == "fund"
    )


def _turnovers(seen: MonthView, group: str) -> list[tuple[str | Text, int]]:
    sign = -1 if group == "income" else 1
    return [
        (seen.chart.account(code).name, sign * (moved.total_debit_fen - moved.total_credit_fen))
        for code, moved in seen.movements.items()
        if group_of(seen, code) == group
    ]


def _places(seen: MonthView) -> list[tuple[str | Text, int]]:
    codes = (*seen.of_type("asset"), *seen.of_type("liability"))
    return [(seen.chart.account(code).name, seen.moved(code).closing_fen) for code in codes]


def _owners(seen: MonthView) -> list[tuple[str | Text, int]]:
    return [(seen.chart.account(code).name, closing) for code, (_, closing) in fund_after_close(seen).items()]


def _broadcasts(session: Session, seen: MonthView) -> int:
    """Return how many broadcasts there were through this month, each in the month it has now."""
    b = a.Broadcast
    newest = select(func.max(b.idx)).where(b.book_id == seen.book).group_by(b.broadcast)
    query = (
        select(func.count())
        .select_from(b)
        .where(b.book_id == seen.book, b.idx.in_(newest), b.month <= str(seen.month))
    )
    return int(session.connection().execute(query).scalar_one())


def _beneficiaries(session: Session, seen: MonthView) -> int:
    """Return the beneficiaries of all activities through this month, as counted by who held them (person-times)."""
    v = w.WelfareActivity
    newest = select(func.max(v.idx)).where(v.book_id == seen.book).group_by(v.activity)
    query = select(func.sum(v.beneficiaries)).where(
        v.book_id == seen.book, v.idx.in_(newest), v.day <= _last_day(seen.month)
    )
    return int(session.connection().execute(query).scalar() or 0)


def _last_day(month: Month) -> str:
    return month.last_day.isoformat()
