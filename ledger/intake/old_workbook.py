"""An old .xls as numbered rows of text, as its CSV would have them: what many banks still export.

What a person would not see in the sheet, or what could show one figure and hold another (formulas,
hidden rows, merged cells), is refused, as in an .xlsx.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from itertools import groupby, islice

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from ledger.errors import Problem, Value
from ledger.intake import biff
from ledger.intake.biff import Odd
from ledger.intake.compound import Damaged
from ledger.intake.model import COLUMNS_MAX, EXCEL_RESAVED, Unreadable, refuse
from ledger.intake.text import BATCH, Batch, Grid
from ledger.words import N_

_FINDINGS_MAX = 20
_DIGITS = 15
"""Digits that a spreadsheet shows of a number, and keeps of a long one."""
_CHINESE_DATES = frozenset((*range(27, 37), *range(50, 59)))
"""Formats of dates that have a number but no code in the file."""


def old_workbook_grids(data: bytes) -> list[Grid]:
    """Return the sheets of an .xls; raise Unreadable where it cannot or must not be opened."""
    try:
        book = biff.book_of(data)
    except Damaged as error:
        raise _damaged() from error
    if book.encrypted:
        raise refuse(N_("文件有打开密码，请去掉密码后再上传"))
    if book.macros:
        raise refuse(N_("文件带有宏，请另存为不带宏的 .xlsx，或上传平台导出的原文件"))
    grids = []
    for sheet in book.sheets:
        if not sheet.plain:
            raise refuse(N_("工作表“{name}”不是普通表格，请删除后再上传"), name=sheet.name)
        if sheet.hidden:
            raise refuse(N_("工作表“{name}”是隐藏的，请取消隐藏并核对后再上传"), name=sheet.name)
        grid = Grid(batches=iter(()), encoding="xls", name=sheet.name, ragged=True, numbers=True)
        grid.batches = _Sheet(book, sheet, grid).batches()
        grids.append(grid)
    return grids


def _damaged() -> Unreadable:
    return refuse(N_("这是旧式 .xls 文件，但无法读取，可能损坏或版本太旧：请重新导出，或导出为 .csv、.xlsx"))


class _Sheet:
    """Reads one sheet of a workbook into its grid."""

    def __init__(self, book: biff.Book, sheet: biff.Sheet, grid: Grid) -> None:
        self.book, self.sheet, self.grid = book, sheet, grid
        self.early: list[tuple[int, int, bool]] = []
        self.formats: dict[int, tuple[str, bool, int]] = {}

    def batches(self) -> Iterator[Batch]:
        """Yield the filled rows; gaps are skipped, so a lonely far cell costs nothing."""
        rows = self._rows()
        try:
            while batch := list(islice(rows, BATCH)):
                yield Batch(*zip(*batch, strict=True))
        except Damaged as error:
            raise _damaged() from error
        self._check_layout()

    def _rows(self) -> Iterator[tuple[int, list[str]]]:
        last = 0
        for number, group in groupby(biff.cells(self.book, self.sheet), key=lambda cell: cell.row):
            if number <= last:
                raise refuse(N_("工作表“{name}”的行号混乱，请重新导出"), name=self.sheet.name)
            last = number
            row: list[str] = []
            for cell in group:
                self._place(row, cell)
            if row:
                yield number, row

    def _place(self, row: list[str], cell: biff.Cell) -> None:
        """Put a cell at its column, as text."""
        if cell.column > COLUMNS_MAX or cell.column <= len(row):
            raise refuse(
                N_("第 {row} 行在 {column} 列有内容，超出表格范围或位置重复，请删除后再上传"),
                cell.row,
                row=cell.row,
                column=get_column_letter(min(cell.column, 18_278)),
            )
        text = self._text(cell)
        if text:
            row.extend([""] * (cell.column - 1 - len(row)))
            row.append(text)

    def _text(self, cell: biff.Cell) -> str:
        value = cell.value
        if isinstance(value, str):
            return value
        if value is Odd.FORMULA:
            message = N_("{column} 列是公式，显示的数未必是保存的数；请粘贴为数值再上传")
            self._find(message, cell.row, cell.column)
        elif value is Odd.ERROR:
            self._find(N_("{column} 列是错误值，请改正后再上传"), cell.row, cell.column)
        if isinstance(value, Odd):
            return value.value
        if isinstance(value, bool):
            return str(value)
        return self._number(cell.row, cell.column, value, cell.style)

    def _number(self, row: int, column: int, value: float, style: int) -> str:
        """Return a number as its CSV would show it, with at most 15 digits; a date by its format."""
        code, is_date, decimals = self._format(style)
        exact = Decimal(f"{value:.{_DIGITS}g}")
        if not exact.is_finite():
            return str(value)
        if is_date:
            return self._date(value, code)
        damaged = abs(exact) >= 10**_DIGITS
        if not self.grid.header_row:
            self.early.append((row, column, damaged))  # which columns hold numbers of accounts is known later
        self._check_stored_number(row, column, damaged=damaged)
        places = max(decimals, -int(exact.normalize().as_tuple().exponent), 0)
        return f"{exact:.{places}f}"

    def _date(self, value: float, code: str) -> str:
        epoch = CALENDAR_MAC_1904 if self.book.from_1904 else CALENDAR_WINDOWS_1900
        try:
            moment = from_excel(value, epoch)
        except (ValueError, OverflowError):
            return str(value)
        if not isinstance(moment, datetime):
            return str(moment)
        return f"{moment:%Y-%m-%d %H:%M:%S}" if "h" in code.lower() else f"{moment:%Y-%m-%d}"

    def _format(self, style: int) -> tuple[str, bool, int]:
        """Return a style's number format, whether it shows a date, and the decimals that it shows."""
        if style not in self.formats:
            if style >= len(self.book.formats):
                raise Damaged
            number = self.book.formats[style]
            code = self.book.codes.get(number, BUILTIN_FORMATS.get(number, "General"))
            is_date = number in _CHINESE_DATES or is_date_format(code)
            self.formats[style] = (code, is_date, 2 if "0.00" in code else 0)
        return self.formats[style]

    def _check_stored_number(self, row: int, column: int, *, damaged: bool) -> None:
        if not self.grid.header_row or row <= self.grid.header_row:
            return
        if damaged:
            self._find(EXCEL_RESAVED, row)
        elif column - 1 in self.grid.watched:
            message = N_("{column} 列的编号存成了数字，长编号会丢失末位；请重新导出，或设为“文本”后重填")
            self._find(message, row, column)

    def _find(self, message: str, number: int, column: int = 0) -> None:
        if len(self.grid.findings) < _FINDINGS_MAX:
            values: dict[str, Value] = {"column": get_column_letter(column)} if column else {}
            self.grid.findings.append(Problem(message, number, values=values))

    def _check_layout(self) -> None:
        """Note what a person would not see: hidden rows and columns, merged cells among the data."""
        for row, column, damaged in self.early:
            self._check_stored_number(row, column, damaged=damaged)
        if self.sheet.rows_hidden:
            self._find(N_("工作表的行默认是隐藏的，请取消隐藏并核对后再上传"), 0)
        for number in self.sheet.hidden_rows:
            self._find(N_("这一行是隐藏或被筛选掉的，请取消隐藏和筛选并核对后再上传"), number)
        for first, _ in self.sheet.hidden_columns:
            if first <= COLUMNS_MAX:
                self._find(N_("{column} 列是隐藏的，请取消隐藏并核对后再上传"), 0, first)
        for first, last in self.sheet.merged:
            if last >= self.grid.header_row:
                self._find(N_("表格里有合并的单元格，请取消合并后再上传"), first)
