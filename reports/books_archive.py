"""The documents of a year's archive, each with its name; what the archive asks of a press."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ledger.sections_books import BookHead, Ledgers, Voucher
from ledger.statement import MonthlyStatement
from reports import books_ledgers, books_vouchers, excel, pdf, plaintext

STYLES = plaintext.FORMATS
journal = plaintext.journal


def vouchers(head: BookHead, vouchers: Iterable[Voucher]) -> bytes:
    """Return the vouchers of a month as PDF."""
    return books_vouchers.render(head, vouchers)


def ledgers(ledgers: Ledgers) -> Iterator[tuple[str, bytes]]:
    """Yield the printed ledgers, one file for each kind, and the workbook with all of them."""
    for kind in books_ledgers.TITLES:
        yield f"{kind}.pdf", books_ledgers.pdf(ledgers, kind)
    yield "ledgers.xlsx", books_ledgers.workbook(ledgers)


def report(statement: MonthlyStatement) -> Iterator[tuple[str, bytes]]:
    """Yield the monthly report as it stands: a draft until it is issued."""
    yield "pdf", pdf.render(statement, draft=True)
    yield "xlsx", excel.render(statement, draft=True)
