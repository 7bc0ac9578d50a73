"""The ledgers (会计账簿): day books, general and subsidiary ledgers and the table of balances, from one reading of each month.

Turnovers here have the closing vouchers in them, as a bound ledger does; only the
balances before the close (结转前) leave them out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from ledger.book import balances, ledgers, opening
from ledger.book import chart as charts
from ledger.book.balances import Movement, Sums
from ledger.book.chart import CLOSE
from ledger.errors import NotFound
from ledger.months import Month
from ledger.sections_books import (
    Account,
    AccountLedger,
    BalanceLine,
    Brought,
    LedgerLine,
    LedgerMonth,
    Ledgers,
    Voucher,
)
from ledger.store import tables as t
from ledger.words import N_, Text

FLOWS = {
    "withdrawn": Text("提现至主播个人卡（税前）", "Withdrawn to streamer's card (before tax)"),
    "handed_over": Text("主播已上缴", "Handed over by streamer"),
}
"""Year-to-date amounts of the opening that are no account's."""

ZERO = (0, 0)


@dataclass(frozen=True, slots=True)
class MonthFacts:
    """What the ledgers need of one month. `transferred`: closing vouchers since January, this month's included."""

    month: Month
    vouchers: tuple[Voucher, ...]
    movements: dict[str, Movement]
    transferred: Sums


def facts(session: Session, book_id: str, month: Month) -> MonthFacts:
    """Read one month."""
    return MonthFacts(
        month,
        ledgers.vouchers(session, book_id, month),
        balances.movements(session, book_id, month),
        _transferred(session, book_id, month),
    )


def _transferred(session: Session, book_id: str, month: Month) -> Sums:
    """Return (debits, credits) by account of the year's closing vouchers through `month`."""
    p, e = t.Posting, t.Entry
    closing = select(e.idx).where(
        e.book_id == book_id,
        e.type == CLOSE,
        e.period >= str(Month(month.year, 1)),
        e.period <= str(month),
    )
    query = (
        select(
            p.account,
            func.sum(case((p.dc == "D", p.fen), else_=0)),
            func.sum(case((p.dc == "C", p.fen), else_=0)),
        )
        .where(
            p.book_id == book_id,
            p.period >= str(Month(month.year, 1)),
            p.period <= str(month),
            p.idx.in_(closing),
        )
        .group_by(p.account)
    )
    return {code: (int(debit), int(credit)) for code, debit, credit in session.connection().execute(query)}


def of_months(session: Session, book_id: str, first: Month, last: Month) -> Ledgers:
    """Return all ledgers of the months from first to last, which lie in one year."""
    chart = charts.current(session, book_id)
    read = [facts(session, book_id, month) for month in ledgers.every_month(first, last)]
    subsidiary = tuple(ledger for ledger in _subsidiary(chart, read) if _has_anything(ledger))
    money = _money(chart)
    return Ledgers(
        ledgers.head(session, book_id, first, last),
        tuple(ledger for ledger in subsidiary if ledger.account.general_code in money),
        _general(subsidiary),
        subsidiary,
        _balances(chart, read, closing=False),
        _balances(chart, read, closing=True),
        _brought(session, book_id, chart, last),
    )


def of_account(session: Session, book_id: str, code: str, month: Month) -> AccountLedger:
    """Return one account's month; raise NotFound if the chart has no such account."""
    chart = charts.current(session, book_id)
    if code not in chart.accounts:
        raise NotFound(N_("会计科目表里没有科目 {code}。"), code=code[:40])
    read = facts(session, book_id, month)
    return AccountLedger(ledgers.account(chart, code), (_month(read, code, _lines(read).get(code, ())),))


def _money(chart: charts.Chart) -> set[str]:
    """Return the general codes of bank and wallets: the accounts that have a day book."""
    named = (chart.named[name] for name in ("bank", "in_transit", "commission_wallet"))
    wallets = (platform.wallet for platform in chart.platforms.values())
    return {code.partition(".")[0] for code in (*named, *wallets)}


def _subsidiary(chart: charts.Chart, read: list[MonthFacts]) -> Iterable[AccountLedger]:
    """Yield every account that had a balance or moved since the book began, in the order of the codes."""
    codes = sorted({code for one in read for code in (*one.movements, *one.transferred)})
    lines = {one.month: _lines(one) for one in read}
    for code in codes:
        months = tuple(_month(one, code, lines[one.month].get(code, ())) for one in read)
        yield AccountLedger(ledgers.account(chart, code), months)


def _month(read: MonthFacts, code: str, lines: Iterable[tuple[Voucher, int]]) -> LedgerMonth:
    """Return one account's month with its running balance."""
    moved = read.movements.get(code, Movement())
    balance = moved.opening_fen
    shown: list[LedgerLine] = []
    for voucher, place in lines:
        row = voucher.rows[place]
        debit, credit = (row.fen, 0) if row.dc == "D" else (0, row.fen)
        balance += debit - credit
        shown.append(
            LedgerLine(
                voucher.date,
                voucher.number,
                voucher.idx,
                voucher.summary,
                tuple(dict.fromkeys(other.account.code for other in voucher.rows if other.dc != row.dc)),
                debit,
                credit,
                balance,
            )
        )
    year = read.transferred.get(code, ZERO)
    return LedgerMonth(
        read.month,
        moved.opening_fen,
        tuple(shown),
        sum(line.debit_fen for line in shown),
        sum(line.credit_fen for line in shown),
        moved.year_debit_fen + year[0],
        moved.year_credit_fen + year[1],
        balance,
    )


def _lines(read: MonthFacts) -> dict[str, list[tuple[Voucher, int]]]:
    """Return (voucher, place of its line) by account, by date and then by number."""
    found: dict[str, list[tuple[Voucher, int]]] = {}
    for voucher in sorted(read.vouchers, key=lambda one: one.date):
        for place, row in enumerate(voucher.rows):
            found.setdefault(row.account.code, []).append((voucher, place))
    return found


def _has_anything(ledger: AccountLedger) -> bool:
    """Say whether an account has a page: a balance at the beginning, or a line."""
    return bool(ledger.opening_fen) or any(month.lines for month in ledger.months)


def _general(subsidiary: tuple[AccountLedger, ...]) -> tuple[AccountLedger, ...]:
    """Add the subsidiary accounts up by the first part of their code."""
    groups: dict[str, list[AccountLedger]] = {}
    for ledger in subsidiary:
        groups.setdefault(ledger.account.general_code, []).append(ledger)
    return tuple(
        AccountLedger(
            Account(code, group[0].account.general, group[0].account.type),
            tuple(
                LedgerMonth(
                    months[0].month,
                    sum(one.opening_fen for one in months),
                    (),
                    sum(one.debit_fen for one in months),
                    sum(one.credit_fen for one in months),
                    sum(one.year_debit_fen for one in months),
                    sum(one.year_credit_fen for one in months),
                    sum(one.closing_fen for one in months),
                )
                for months in zip(*(ledger.months for ledger in group), strict=True)
            ),
        )
        for code, group in groups.items()
    )


def _balances(chart: charts.Chart, read: list[MonthFacts], *, closing: bool) -> tuple[BalanceLine, ...]:
    """Return the table of balances, with or without the closing vouchers."""
    first, last = read[0], read[-1]
    posted: Sums = {}
    for one in read if closing else ():
        for voucher in one.vouchers:
            for row in voucher.rows if voucher.type == CLOSE else ():
                debit, credit = posted.get(row.account.code, ZERO)
                side = (row.fen, 0) if row.dc == "D" else (0, row.fen)
                posted[row.account.code] = (debit + side[0], credit + side[1])
    found = []
    for code in sorted({code for one in read for code in (*one.movements, *one.transferred)}):
        more, year = posted.get(code, ZERO), last.transferred.get(code, ZERO) if closing else ZERO
        months = [one.movements.get(code, Movement()) for one in read]
        debit = sum(one.debit_fen for one in months) + more[0]
        credit = sum(one.credit_fen for one in months) + more[1]
        begun = first.movements.get(code, Movement()).opening_fen
        line = BalanceLine(
            ledgers.account(chart, code),
            begun,
            debit,
            credit,
            months[-1].year_debit_fen + year[0],
            months[-1].year_credit_fen + year[1],
            begun + debit - credit,
        )
        if any((begun, debit, credit, line.year_debit_fen, line.year_credit_fen)):
            found.append(line)
    return tuple(found)


def _brought(session: Session, book_id: str, chart: charts.Chart, last: Month) -> tuple[Brought, ...]:
    """Return what the opening says of the months before it, if they lie in the same year."""
    first = opening.get(session, book_id)
    if first is None or Month.parse(first.period).year != last.year:
        return ()
    return tuple(
        Brought(FLOWS.get(line.account) or chart.account(line.account).name, line.fen)
        for line in opening.lines(session, book_id, "year")
    )
