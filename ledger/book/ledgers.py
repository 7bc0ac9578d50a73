"""The books as they are printed and exported: whose they are, which months, and their vouchers month by month."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from sqlalchemy.orm import Session

from ledger.book import balances, books, entries, opening, periods, roster
from ledger.book import chart as charts
from ledger.errors import NotFound
from ledger.months import Month, parse_stamp
from ledger.sections_books import Account, BookHead, Voucher, VoucherRow
from ledger.store import log
from ledger.words import N_, Text

YEAR = re.compile(r"20\d\d", re.ASCII)


def account(chart: charts.Chart, code: str) -> Account:
    """Return an account of the chart as the printed books name it."""
    found = chart.account(code)
    return Account(found.code, found.name, found.type)


def accounts(session: Session, book_id: str) -> tuple[Account, ...]:
    """Return the accounts of the book's chart by code."""
    chart = charts.current(session, book_id)
    return tuple(account(chart, code) for code in sorted(chart.accounts))


def vouchers(session: Session, book_id: str, month: Month) -> tuple[Voucher, ...]:
    """Return the vouchers of a month by number, closing vouchers included."""
    chart = charts.current(session, book_id)
    names = roster.names(session, book_id)
    found = entries.of_month(session, book_id, month)
    lines = entries.lines(session, book_id, [entry.idx for entry in found])
    return tuple(
        Voucher(
            entry.period,
            entry.number,
            date.fromisoformat(entry.date),
            chart.type(entry.type).name,
            entry.summary,
            entry.amount_fen,
            tuple(VoucherRow(account(chart, line.account), line.dc, line.fen) for line in lines[entry.idx]),
            entry.attachments,
            names.get(entry.drafter, ""),
            names.get(entry.poster, ""),
            entry.reason or "",
            entry.leaf,
            entry.idx,
            entry.type,
        )
        for entry in found
    )


def all_vouchers(session: Session, book_id: str, first: Month, last: Month) -> Iterator[Voucher]:
    """Yield the vouchers of several months, one month in memory at a time."""
    month = first
    while month <= last:
        yield from vouchers(session, book_id, month)
        month = month.plus(1)


def opening_rows(session: Session, book_id: str) -> tuple[tuple[Account, int], ...]:
    """Return the opening balances by account, debit positive."""
    chart = charts.current(session, book_id)
    return tuple(
        (account(chart, line.account), line.fen) for line in opening.lines(session, book_id, "balance")
    )


def span(session: Session, book_id: str) -> tuple[Month, Month] | None:
    """Return the first and the last month that hold anything; None before the opening."""
    first = periods.first_month(session, book_id)
    if first is None:
        return None
    return first, max([first, *entries.months(session, book_id)])


def months_of(session: Session, book_id: str, period: str) -> tuple[Month, Month]:
    """Return first and last month of `2026-03` or of the year `2026`, as far as the book has any.

    Raises Invalid for what is no month, NotFound where the book has nothing.
    """
    reach = span(session, book_id)
    year = int(period) if YEAR.fullmatch(period) else 0
    first, last = (Month(year, 1), Month(year, 12)) if year else (Month.parse(period),) * 2
    if reach is None or last < reach[0] or reach[1] < first:
        raise NotFound(N_("{month} 没有账目。"), month=period)
    return max(first, reach[0]), min(last, reach[1])


def every_month(first: Month, last: Month) -> list[Month]:
    """Return the months from first to last."""
    count = (last.year - first.year) * 12 + last.number - first.number + 1
    return [first.plus(n) for n in range(count)]


def head(session: Session, book_id: str, first: Month, last: Month) -> BookHead:
    """Return what the printed books of these months say of themselves.

    Of closed months it is dated by the last close, so that printing them again gives the same
    file; otherwise by the newest record.
    """
    book = books.get(session, book_id)
    closed = periods.get(session, book_id, last)
    stands = log.head(session, book_id, closed.idx + 1 if closed else None)
    return BookHead(
        book_id,
        book.name,
        book.county,
        roster.parties(session, book_id).get("operator", Text("", "")),
        stands.origin,
        first,
        last,
        parse_stamp(log.get(session, book_id, stands.size - 1).at),
        stands.size,
        stands.root.hex(),
        tuple(m for m in every_month(first, last) if not periods.is_closed(session, book_id, m)),
    )


def brought_rows(session: Session, book_id: str, month: Month) -> tuple[tuple[Account, int], ...]:
    """Return the balances with which a month begins, by account, debit positive."""
    chart = charts.current(session, book_id)
    moved = balances.movements(session, book_id, month)
    return tuple((account(chart, code), item.opening_fen) for code, item in moved.items() if item.opening_fen)
