"""How wide a workbook's columns are, how high its rows, and what its sheets are called."""

from __future__ import annotations

from datetime import datetime
from math import ceil

from ledger.money import yuan
from reports.tables import Cell, Column, Row, Table
from reports.wording import Wording
from reports.workbook import plain

LINE = 14.0
"""Height of one line of 10-point text, in points."""
ROW_MAX = 400.0
_TEXT_MAX, _ID_MAX = 40.0, 70.0
_LATIN_LAST = 0x2E7F
_FORBIDDEN = frozenset("[]:*?/\\")


def sheet_names(titles: list[str]) -> list[str]:
    """Return sheet names: at most 31 characters, none of the forbidden ones, all different."""
    names: list[str] = []
    taken: set[str] = set()
    for title in titles:
        base = "".join(" " if char in _FORBIDDEN else char for char in plain(title))[:28].strip(" '") or "-"
        name, count = base, 2
        while name.casefold() in taken:
            name, count = f"{base} {count}", count + 1
        taken.add(name.casefold())
        names.append(name)
    return names


def widths(table: Table, words: Wording) -> list[float]:
    """Return column widths in Excel's unit (one Latin digit); a Chinese character is two."""
    found = []
    for place, column in enumerate(table.columns):
        label = _wide(column.label)
        longest: float = min(label, max(label / 2 + 2, 10))
        for row in table.rows:
            if _runs_over(row, place) or place >= len(row.cells):
                continue
            longest = max(longest, *map(_wide, _printed(row.cells[place], column, words).split("\n")))
        found.append(min(longest * 1.06 + 2.4, _TEXT_MAX if column.wide else _ID_MAX))
    return found


def heights(table: Table, labels: list[str], wide: list[float], words: Wording) -> list[float]:
    """Return the heights of the label row and of each row, in points: wrapped text must be seen."""
    found = [max(_lines(label, width) for label, width in zip(labels, wide, strict=True)) * LINE + 6]
    for row in table.rows:
        lines = [
            _lines(_printed(cell, column, words), width)
            for place, (cell, column, width) in enumerate(zip(row.cells, table.columns, wide, strict=False))
            if not _runs_over(row, place)
        ]
        found.append(min(max(lines, default=1) * LINE + 2, ROW_MAX))
    return found


def _runs_over(row: Row, place: int) -> bool:
    """Whether this cell is a label that runs over its empty neighbours."""
    return row.kind == "heading" or (row.kind == "total" and place == 0)


def _lines(text: str, width: float) -> int:
    return sum(max(ceil(_wide(part) / max(width - 2, 1)), 1) for part in text.split("\n"))


def _printed(cell: Cell, column: Column, words: Wording) -> str:
    """Return what a cell will show, near enough to measure it."""
    if isinstance(cell, int):
        return yuan(cell) if column.kind == "money" else f"{cell:,}"
    if isinstance(cell, datetime):
        return words.moment(cell)
    return "—" if cell is None else str(cell)


def _wide(text: str) -> int:
    return sum(2 if ord(char) > _LATIN_LAST or char in "“”—…·×" else 1 for char in text)
