"""A table before it becomes PDF or Excel: columns, rows, and which rows add up.

Both renderers show the same `Table`, so the two files cannot disagree. Cells
hold values (fen, counts, dates), not formatted text; the column says how a
value is written.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from ledger.money import yuan
from reports.wording import Wording

Kind = Literal["text", "id", "money", "count", "date", "time"]
Cell = str | int | date | datetime | None
"""A value. In a money column an int is fen; None means not known or not applicable, never zero."""

UNKNOWN = "—"


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `wide` shares the room that is left (text columns), `summed` is added up in totals."""

    label: str
    kind: Kind = "text"
    wide: float = 0
    summed: bool = False

    @property
    def right(self) -> bool:
        """Whether the values stand at the right edge, as figures do."""
        return self.kind in ("money", "count")


@dataclass(frozen=True, slots=True)
class Row:
    """One row.

    `total`: the summed columns hold the sum of the body rows since the last
    total (each times its `sign`). `heading`: one text across the table. `memo`:
    an "of which" line, not added. `joined`: continues the row above, and its
    empty cells belong to the cells above them.
    """

    cells: tuple[Cell, ...]
    kind: Literal["body", "total", "heading", "memo"] = "body"
    sign: int = 1
    joined: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A titled table. `key` is its stable English name, `section` the official section number.

    `balances`: each entry has signs by column whose signed sum is 0 in every body and total row
    (opening + debit − credit − closing), or, with `on_totals`, in total rows only.
    `spread`: (columns, result): the result is the largest less the smallest of the columns, in body rows.
    """

    key: str
    section: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    note: str = ""
    empty: str = ""
    balances: tuple[tuple[int, ...], ...] = ()
    on_totals: bool = False
    spread: tuple[tuple[int, int], int] | None = None
    landscape: bool = False


def shown(cell: Cell, kind: Kind, words: Wording) -> str:
    """Return a cell as the PDF prints it."""
    if cell is None:
        return UNKNOWN
    if isinstance(cell, str):
        return cell
    if isinstance(cell, datetime):
        return words.moment(cell)
    if isinstance(cell, date):
        return words.day(cell)
    return yuan(cell) if kind == "money" else f"{cell:,}"


def total_row(label: str, columns: tuple[Column, ...], rows: tuple[Row, ...]) -> Row:
    """Return a total row over `rows`: the label first, sums below summed columns, nothing elsewhere."""
    cells: list[Cell] = [""] * len(columns)
    cells[0] = label
    for place, column in enumerate(columns):
        if column.summed:
            cells[place] = sum_of(rows, place)
    return Row(tuple(cells), kind="total")


def totalled(label: str, columns: tuple[Column, ...], rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """Return rows with their total row below them; no rows, no total."""
    return (*rows, total_row(label, columns, rows)) if rows else ()


def sum_of(rows: tuple[Row, ...], place: int) -> int:
    """Return the signed sum of one column over the body rows; unknown values add nothing."""
    return sum(row.sign * _number(row.cells[place]) for row in rows if row.kind == "body")


def _number(cell: Cell) -> int:
    return cell if isinstance(cell, int) else 0
