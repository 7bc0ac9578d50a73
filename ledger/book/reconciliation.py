"""The reconciliation of a month: 银行存款余额调节表 of each account, and the three-way table (domain B-3)."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.orm import Session

from ledger.book import three_way_charity, three_way_money
from ledger.book.month import MonthView
from ledger.book.reconcile_accounts import accounts
from ledger.months import Month
from ledger.sections_welfare import BankReconciliation, ThreeWayLine
from ledger.words import Text


def bank(session: Session, book_id: str, month: Month) -> tuple[BankReconciliation, ...]:
    """Return the tables of all accounts (银行存款余额调节表)."""
    return tuple(one.table for one in accounts(session, book_id, month))


def three_way(session: Session, seen: MonthView) -> tuple[ThreeWayLine, ...]:
    """Return the three-way table: platform ↔ books ↔ supervised account ↔ charities' receipts."""
    reconciled = {one.table.code: one for one in accounts(session, seen.book, seen.month)}
    return (
        *three_way_money.platform(session, seen, reconciled),
        *three_way_money.bank(seen, reconciled[seen.account("bank")]),
        *three_way_charity.lines(session, seen, reconciled[seen.account("bank")]),
    )


def pending_names(lines: Iterable[ThreeWayLine]) -> tuple[tuple[str, str | Text, int], ...]:
    """Return what is not matched: (label, detail, fen), in the order of the table."""
    return tuple(
        (line.label, line.detail, line.book_fen if line.book_fen is not None else line.bank_fen or 0)
        for line in lines
        if line.state != "matched"
    )
