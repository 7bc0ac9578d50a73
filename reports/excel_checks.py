"""The check column of the workbook: formulas that come to 0 when a table adds up."""

from __future__ import annotations

from openpyxl.utils import get_column_letter

from reports.tables import Row, Table

FORMAT = '[=0]"平";[Red]"不平 "#,##0.00;[Red]"不平 "-#,##0.00'
"""Shows 0 as 平 and anything else as 不平 with the difference."""


def formulas(table: Table, first: int) -> list[str]:
    """Return one formula for each row ("" for none); `first` is the sheet row of the table's first row.

    A total row adds up the body rows since the last total, column by column; a
    table with `balances` checks that every row's signed sum is zero, one with a
    `spread` that the difference is that of its columns; the equations of 勾稽关系
    compare their terms with what was expected.
    """
    if table.key == "checks":
        return _equations(table, first)
    found: list[str] = []
    body: list[tuple[int, Row]] = []
    for place, row in enumerate(table.rows, start=first):
        parts = []
        if row.kind == "total":
            parts = _sums(table, body, row, place)
            body = []
        elif row.kind == "body":
            body.append((place, row))
        if row.kind == "total" or (row.kind == "body" and not table.on_totals):
            parts += [_balance(signs, place) for signs in table.balances if _known(row, signs)]
        if table.spread and row.kind == "body":
            parts.append(_spread(table.spread, place))
        found.append("=" + "+".join(parts) if parts else "")
    return found


def _sums(table: Table, body: list[tuple[int, Row]], total: Row, place: int) -> list[str]:
    """Return |sum of the rows − total| for each column in which the total row has a figure."""
    parts = []
    for index, column in enumerate(table.columns):
        if column.summed and isinstance(total.cells[index], int):
            letter = get_column_letter(index + 1)
            parts.append(f"ABS(ROUND({_added(letter, body)}-{letter}{place},2))")
    return parts


def _added(letter: str, body: list[tuple[int, Row]]) -> str:
    """Return the sum of rows as SUM over runs of rows with one sign: text cells count as nothing."""
    runs: list[tuple[int, int, int]] = []
    for place, row in body:
        if runs and runs[-1][2] == row.sign and runs[-1][1] == place - 1:
            runs[-1] = (runs[-1][0], place, row.sign)
        else:
            runs.append((place, place, row.sign))
    parts = [f"{'-' if sign < 0 else '+'}SUM({letter}{start}:{letter}{end})" for start, end, sign in runs]
    return "".join(parts).removeprefix("+") or "0"


def _known(row: Row, signs: tuple[int, ...]) -> bool:
    """Whether every figure of a balance is known: what is not known proves nothing."""
    return all(row.cells[index] is not None for index, sign in enumerate(signs) if sign)


def _balance(signs: tuple[int, ...], place: int) -> str:
    parts = [
        f"{'-' if sign < 0 else '+'}N({get_column_letter(index + 1)}{place})"
        for index, sign in enumerate(signs)
        if sign
    ]
    return f"ABS(ROUND({''.join(parts).removeprefix('+')},2))"


def _spread(spread: tuple[tuple[int, int], int], place: int) -> str:
    """Return |largest − smallest − result|; cells of text (not known) count as nothing."""
    (first, last), result = spread
    cells = f"{get_column_letter(first + 1)}{place}:{get_column_letter(last + 1)}{place}"
    return f"ABS(ROUND(MAX({cells})-MIN({cells})-{get_column_letter(result + 1)}{place},2))"


def _equations(table: Table, first: int) -> list[str]:
    """Return, at the last row of each equation, its terms less what was expected."""
    found: list[str] = []
    start = first
    for place, row in enumerate(table.rows, start=first):
        if not row.joined:
            start = place
        if row.kind == "memo":
            terms = f"SUM(D{start}:D{place - 1})" if place > start else "0"
            found.append(f"=ROUND({terms}-D{place},2)")
        else:
            found.append("")
    return found
