"""An .xlsx as numbered rows of text, as its CSV would have them, without trusting its layout.

The parser of openpyxl gives cells row by row. What a person would not see in the sheet, or what
could show one figure and hold another (formulas, hidden rows, merged cells), is refused.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.numbers import BUILTIN_FORMATS
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import from_excel
from openpyxl.worksheet._reader import WorkSheetParser

from ledger.errors import Problem, Value
from ledger.intake.model import COLUMNS_MAX, PREAMBLE_LINES_MAX, ROWS_MAX, Unreadable, refuse
from ledger.intake.text import BATCH, Batch, Grid
from ledger.words import N_

_DAMAGED = N_("工作簿“{name}”无法读取，文件可能损坏，请重新导出")
_FINDINGS_MAX = 20
_CUSTOM_FORMATS_FROM = 164
_BEYOND_MONEY = 10**17
_RANGE = re.compile(r"[A-Z]{1,3}([0-9]+)(?::[A-Z]{1,3}([0-9]+))?")


def workbook_grids(data: bytes) -> list[Grid]:
    """Return the sheets of an .xlsx that `check_archive` has passed."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles that openpyxl replaces: no matter for the values
            reader = ExcelReader(io.BytesIO(data), read_only=True, keep_links=False)
            reader.read_manifest()
            reader.read_strings()
            reader.read_workbook()
            apply_stylesheet(reader.archive, reader.wb)
            sheets = [(sheet, relation) for sheet, relation in reader.parser.find_sheets()]
    except Exception as error:  # an untrusted file inside a library that promises no exception of its own
        raise refuse(_DAMAGED, name="") from error
    result = []
    for sheet, relation in sheets:
        if "worksheet" not in relation.Type:
            raise refuse(N_("工作表“{name}”不是普通表格，请删除后再上传"), name=sheet.name)
        if sheet.state != "visible":
            raise refuse(N_("工作表“{name}”是隐藏的，请取消隐藏并核对后再上传"), name=sheet.name)
        grid = Grid(batches=iter(()), encoding="xlsx", name=sheet.name, ragged=True, numbers=True)
        grid.batches = _Sheet(reader, relation.target, grid).batches()
        result.append(grid)
    return result


class _Sheet:
    """Reads one sheet of a workbook into its grid."""

    def __init__(self, reader: ExcelReader, path: str, grid: Grid) -> None:
        self.reader = reader
        self.path = path
        self.grid = grid
        book: Any = (
            reader.wb
        )  # openpyxl keeps the styles it has read in attributes that its types do not name
        self.dates: Any = book._date_formats  # noqa: SLF001
        self.styles: Any = book._cell_styles  # noqa: SLF001
        self.custom: Any = book._number_formats  # noqa: SLF001
        self.early: list[tuple[int, int]] = []
        self.formats: dict[int, tuple[str, int]] = {}

    def batches(self) -> Iterator[Batch]:
        """Yield the filled rows; gaps are skipped, so a lonely far cell costs nothing."""
        try:
            with self.reader.archive.open(self.path) as source:
                parser = WorkSheetParser(source, self.reader.shared_strings, epoch=self.reader.wb.epoch)
                rows = self._numbered(parser)
                while batch := _quietly(rows):
                    yield Batch(*zip(*batch, strict=True))
        except (Unreadable, GeneratorExit):
            raise
        except Exception as error:  # as above: whatever the library raises, the file is at fault
            raise refuse(_DAMAGED, name=self.grid.name) from error
        self._check_layout(parser)

    def _numbered(self, parser: WorkSheetParser) -> Iterator[tuple[int, list[str]]]:
        last = 0
        for number, cells in parser.parse():
            if number <= last:
                raise refuse(N_("工作表“{name}”的行号混乱，请重新导出"), name=self.grid.name)
            last = number
            if number > ROWS_MAX + PREAMBLE_LINES_MAX + 1:
                raise refuse(N_("超过 {most} 行，请按更短的时间段分次导出"), number, most=ROWS_MAX)
            row: list[str] = []
            for cell in cells:
                if cell["value"] is not None:
                    self._place(row, number, cell)
            if row:
                yield number, row

    def _place(self, row: list[str], number: int, cell: dict[str, Any]) -> None:
        """Put a cell at its column, as text."""
        column = cell["column"]
        if column > COLUMNS_MAX or column <= len(row) or cell["row"] != number:
            raise refuse(
                N_("第 {row} 行在 {column} 列有内容，超出表格范围或位置重复，请删除后再上传"),
                number,
                row=number,
                column=get_column_letter(min(column, 18_278)),
            )
        row.extend([""] * (column - len(row)))
        row[column - 1] = self._text(number, column, cell)

    def _text(self, number: int, column: int, cell: dict[str, Any]) -> str:
        value, kind = cell["value"], cell["data_type"]
        if kind == "s":
            return str(value)
        if kind == "f":
            self._find(N_("{column} 列是公式，显示的数未必是保存的数；请粘贴为数值再上传"), number, column)
        elif kind == "d":
            return f"{value:%Y-%m-%d %H:%M:%S}" if isinstance(value, datetime) else str(value)
        elif kind == "n":
            return self._number(number, column, value, cell["style_id"])
        elif kind != "b":
            self._find(N_("{column} 列是错误值，请改正后再上传"), number, column)
        return str(value)

    def _number(self, number: int, column: int, value: float, style: int) -> str:
        """Return a number as its CSV would show it; a date by its format."""
        code, decimals = self._format(style)
        if style in self.dates:
            moment = from_excel(value, self.reader.wb.epoch)
            if not isinstance(moment, datetime):
                return str(moment)
            form = "%Y-%m-%d %H:%M:%S" if "h" in code.lower() else "%Y-%m-%d"
            return moment.strftime(form) if not moment.microsecond else moment.isoformat(" ")
        if not self.grid.header_row:
            self.early.append((number, column))  # which columns hold numbers of orders is known later
        self._check_stored_number(number, column)
        exact = Decimal(repr(value))
        if not exact.is_finite() or abs(exact) >= _BEYOND_MONEY:
            return str(value)
        places = max(decimals, -int(exact.normalize().as_tuple().exponent), 0)
        return f"{exact:.{places}f}"

    def _check_stored_number(self, number: int, column: int) -> None:
        if column - 1 in self.grid.watched and number > self.grid.header_row:
            self._find(
                N_("{column} 列的编号存成了数字，长编号会丢失末位；请重新导出，或设为“文本”后重填"),
                number,
                column,
            )

    def _format(self, style: int) -> tuple[str, int]:
        """Return a style's number format and the decimals that it shows."""
        if style not in self.formats:
            number = self.styles[style].numFmtId
            code = (
                self.custom[number - _CUSTOM_FORMATS_FROM]
                if number >= _CUSTOM_FORMATS_FROM
                else BUILTIN_FORMATS.get(number, "General")
            )
            self.formats[style] = (code, 2 if "0.00" in code else 0)
        return self.formats[style]

    def _find(self, message: str, number: int, column: int = 0) -> None:
        if len(self.grid.findings) < _FINDINGS_MAX:
            values: dict[str, Value] = {"column": get_column_letter(column)} if column else {}
            self.grid.findings.append(Problem(message, number, values=values))

    def _check_layout(self, parser: WorkSheetParser) -> None:
        """Note what a person would not see: hidden rows and columns, merged cells among the data."""
        if getattr(getattr(parser, "sheet_format", None), "zeroHeight", False):
            self._find(N_("工作表的行默认是隐藏的，请取消隐藏并核对后再上传"), 0)
        for early in self.early:
            self._check_stored_number(*early)
        for number, row in parser.row_dimensions.items():
            if _unseen(row, "ht"):
                self._find(N_("这一行是隐藏或被筛选掉的，请取消隐藏和筛选并核对后再上传"), int(number))
        for letter, column in parser.column_dimensions.items():
            if _unseen(column, "width"):
                self.grid.findings.append(
                    Problem(N_("{column} 列是隐藏的，请取消隐藏并核对后再上传"), values={"column": letter})
                )
        for merged in parser.merged_cells.mergeCell if parser.merged_cells else ():
            found = _RANGE.fullmatch(merged.ref)
            if not found or int(found[2] or found[1]) >= self.grid.header_row:
                self._find(N_("表格里有合并的单元格，请取消合并后再上传"), int(found[1]) if found else 0)


def _quietly(rows: Iterator[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    """Take a batch of rows; what openpyxl warns of (drop-down lists it would not write back) is no matter."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return list(islice(rows, BATCH))


def _unseen(attributes: dict[str, str], size: str) -> bool:
    """Tell whether a row or column is hidden, or so small that it cannot be seen."""
    return attributes.get("hidden") in {"1", "true"} or not attributes.get(size, "1").strip("0.")
