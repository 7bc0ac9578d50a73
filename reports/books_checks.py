"""The check column of the ledgers' workbook: formulas that come to 0 when running balances and totals are right."""

from __future__ import annotations

from collections.abc import Callable

from openpyxl.utils import get_column_letter

from reports import excel_checks
from reports.books_tables import CREDIT, Role, Sheet
from reports.tables import Table
from reports.wording import Wording


def ledger(sheet: Sheet, first: int, words: Wording) -> list[str]:
    """Return one formula for each row of a ledger ("" for none); `first` is the sheet row of its first row.

    A line's balance is the one above it, plus debit, less credit; totals of a day and of a month are the sums of
    their lines; a month's total leads from the balance before it to the one after; the year so
    far grows by the month.
    """
    debit, credit, side, balance = (get_column_letter(sheet.debit + n) for n in range(1, 5))
    signed = _signed(side, balance, words(CREDIT))
    found: list[str] = []
    last = start = first
    lines: dict[Role, list[int]] = {"day": [], "month": []}
    month = year = 0
    for place, role in enumerate(sheet.roles, start=first):
        parts: list[str] = []
        if role == "line":
            parts = [_zero(f"{signed(last)}+N({debit}{place})-N({credit}{place})-({signed(place)})")]
            for rows in lines.values():
                rows.append(place)
        elif role in ("day", "month"):
            if lines[role]:
                parts = [_zero(f"{_sum(column, lines[role])}-{column}{place}") for column in (debit, credit)]
            opened = start if role == "month" else last
            moved = f"+{debit}{place}-{credit}{place}" if role == "month" else ""
            parts.append(_zero(f"{signed(opened)}{moved}-({signed(place)})"))
            lines[role] = []
        elif role == "year":
            parts = [_zero(f"{balance}{place}-{balance}{month}")]
            if year:
                parts += [_zero(f"{c}{year}+{c}{month}-{c}{place}") for c in (debit, credit)]
            year = place
        if role in ("line", "opening"):
            last = place
        if role == "month":
            month = last = start = place
        found.append("=" + "+".join(parts) if parts else "")
    return found


def balances(table: Table, first: int) -> list[str]:
    """Return one formula for each row of 科目余额表: what leads to each closing balance, sums, and both sides equal."""
    pairs = [tuple(get_column_letter(place + 1) for place in (n, n + 1)) for n in (2, 4, 6, 8)]
    totals = excel_checks.formulas(table, first)
    found = []
    for place, (row, total) in enumerate(zip(table.rows, totals, strict=True), start=first):
        (opened, owed), (debit, credit), _, (closed, due) = pairs
        parts = [
            _zero(
                f"{opened}{place}-{owed}{place}+{debit}{place}-{credit}{place}-{closed}{place}+{due}{place}"
            )
        ]
        if row.kind == "total":
            parts += [total.removeprefix("="), *(_zero(f"{a}{place}-{b}{place}") for a, b in pairs)]
        found.append("=" + "+".join(parts))
    return found


def _signed(side: str, balance: str, credit: str) -> Callable[[int], str]:
    """Return a function that gives a row's balance with its sign: debit positive."""
    return lambda place: f'IF({side}{place}="{credit}",-{balance}{place},{balance}{place})'


def _zero(difference: str) -> str:
    return f"ABS(ROUND({difference},2))"


def _sum(column: str, rows: list[int]) -> str:
    """Return the sum of cells as SUM over runs of neighbouring rows."""
    runs: list[list[int]] = []
    for row in rows:
        if runs and runs[-1][1] == row - 1:
            runs[-1][1] = row
        else:
            runs.append([row, row])
    return "SUM(" + ",".join(f"{column}{start}:{column}{end}" for start, end in runs) + ")"
