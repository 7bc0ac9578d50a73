"""The monthly report as an Excel workbook, made from the same tables as the PDF.

Numbers are numbers, written with exactly their fen; text is text, never a formula. The only
formulas are the project's own check column: totals stand there as values, and
beside each total a formula that must come to 0.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from ledger.money import plain_yuan
from ledger.statement import MonthlyStatement
from ledger.words import N_
from reports import (
    excel_checks,
    excel_layout,
    pdf_cover,
    tables_findings,
    tables_proof,
    tables_reconcile,
)
from reports.digest import statement_digest
from reports.naming import PUBLIC, edition, heading
from reports.tables import Cell, Column, Row, Table
from reports.tables_all import every_table
from reports.wording import TITLE, Wording
from reports.workbook import plain, saved

MONEY = "#,##0.00;[Red]-#,##0.00"
PORTRAIT_MAX = 125
"""Column widths that fit across an upright A4 page at a readable size."""
HEAD_ROW = 5
"""The row with the column labels; above it stand title, report, warning and note."""
EXACT_BELOW_FEN = 10**15
"""A spreadsheet keeps 15 digits; a larger amount is written as text rather than rounded."""
FONT = "宋体"
"""The one Chinese font that Excel, WPS and their Linux editions all have."""


CellWritten = Any
"""A write-only cell; openpyxl makes it by a function and the stubs know no class for it."""


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A sheet being written, with what every one of its cells needs to know."""

    sheet: Worksheet
    words: Wording

    def cell(self, value: str | int | date | None, style: str, kind: str = "s") -> CellWritten:
        """Return a styled cell. `kind` of a text: `s` text, `n` the digits of a number, `f` a formula.

        It is set after the value, for openpyxl takes any text that begins with = as a formula.
        """
        made: Any = WriteOnlyCell(self.sheet)
        made.value = plain(value) if isinstance(value, str) else value
        if isinstance(value, str):
            made.data_type = kind
        made.style = style
        return made


def render(statement: MonthlyStatement, *, language: str = "zh", draft: bool = True) -> bytes:
    """Return the workbook of one month: a cover and one sheet for each table of the report."""
    words = Wording(language)
    book = Workbook(write_only=True)
    for style in _styles():
        book.add_named_style(style)
    book.calculation.fullCalcOnLoad = True
    title = heading(statement, words, words(TITLE))
    book.properties.title = plain(title)
    book.properties.creator = plain(words.name(statement.book.operator))
    tables = every_table(statement, words)
    names = excel_layout.sheet_names([words(N_("封面")), *(table.title for table in tables)])[1:]
    _cover(book, statement, words, title, draft=draft)
    lines = _lines(statement, words, draft=draft)
    for table, name in zip(tables, names, strict=True):
        _table(book, table, name, lines, words)
    return saved(book, statement.as_of)


def _styles() -> Iterable[NamedStyle]:
    """Return the named styles: thin rules, figures right, ids and text as text."""
    thin = Side(style="thin", color="FF9AA0A6")
    border = Border(left=thin, right=thin, top=thin, bottom=thin)
    total = PatternFill("solid", fgColor="FFF1F3F5")
    left = Alignment(vertical="top", horizontal="left", wrap_text=True)
    right = Alignment(vertical="top", horizontal="right")
    run = Alignment(vertical="top", horizontal="left")
    kinds = (
        ("text", left, "@"),
        ("date", run, "yyyy-mm-dd"),
        ("money", right, MONEY),
        ("count", right, "#,##0"),
    )
    for suffix, fill in (("", PatternFill()), ("_total", total)):
        font = Font(name=FONT, size=10, bold=bool(suffix))
        for kind, alignment, form in kinds:
            yield NamedStyle(f"s_{kind}{suffix}", font, fill, border, alignment, form)
        yield NamedStyle(f"s_run{suffix}", font, fill, border, run, "@")
    middle = Alignment(horizontal="center", vertical="center", wrap_text=True)
    head = PatternFill("solid", fgColor="FFE4E8EC")
    yield NamedStyle("s_head", Font(name=FONT, size=10, bold=True), head, border, middle)
    yield NamedStyle("s_check", Font(name=FONT, size=10), None, border, middle, excel_checks.FORMAT)
    yield NamedStyle("s_title", Font(name=FONT, size=14, bold=True, color="FF1A3861"))
    yield NamedStyle("s_line", Font(name=FONT, size=9, color="FF555555"))


def _lines(statement: MonthlyStatement, words: Wording, *, draft: bool) -> tuple[str, str]:
    """Return the two lines under every title: which report this is, and what counts."""
    report = words(
        N_("报告编号 {number} · 第 {version} 版 · {month} · 金额单位：元 · 日志条数 {size} · 日志根 {root}"),
        number=statement.number,
        version=statement.version,
        month=words.month(statement.month),
        size=statement.log_size,
        root=statement.log_root,
    )
    if statement.audience == PUBLIC:
        report = f"{report} · {edition(statement, words)}"
    warning = words(N_("本表供查阅和计算，以签署版 PDF 为准。"))
    return report, words.sentences(words(N_("【草稿 未签署】")) if draft else "", warning)


def _cover(book: Workbook, statement: MonthlyStatement, words: Wording, title: str, *, draft: bool) -> None:
    page = _Sheet(book.create_sheet(words(N_("封面"))), words)
    sheet = page.sheet
    sheet.column_dimensions["A"].width = 30
    sheet.column_dimensions["B"].width = 84
    _paper(sheet, landscape=False, foot=statement.number)
    sheet.append([page.cell(title, "s_title")])
    sheet.append([page.cell(_lines(statement, words, draft=draft)[1], "s_line")])
    for label, value in pdf_cover.facts(statement, statement_digest(statement), words):
        sheet.append([page.cell(label, "s_text_total"), page.cell(value, "s_text")])
    if statement.public_url:
        label = words(N_("公开核对网址"))
        sheet.append([page.cell(label, "s_text_total"), page.cell(statement.public_url, "s_text")])
    for label, told in (
        (words(N_("核对结果")), tables_proof.verdict(statement, words)),
        (words(N_("对账结果")), tables_reconcile.verdict(statement, words)),
        (words(N_("异常")), tables_findings.verdict(statement, words)),
    ):
        sheet.append([page.cell(label, "s_text_total"), page.cell(told, "s_text")])
    sheet.append([])
    for place, note in enumerate(pdf_cover.notes_of(statement), start=1):
        sheet.append([page.cell(f"{place}. {words(note)}", "s_line")])


def _table(book: Workbook, table: Table, name: str, lines: tuple[str, str], words: Wording) -> None:
    """Write one table: title, two lines, note, labels, rows, and the check column where there is one."""
    page = _Sheet(book.create_sheet(name), words)
    sheet = page.sheet
    formulas = excel_checks.formulas(table, HEAD_ROW + 1)
    labels = [column.label for column in table.columns]
    widths = excel_layout.widths(table, words)
    if any(formulas):
        labels.append(words(N_("核对（0＝平）")))
        widths.append(14)
    for place, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    for place, height in enumerate(excel_layout.heights(table, labels, widths, words), start=HEAD_ROW):
        sheet.row_dimensions[place].height = height
    sheet.freeze_panes = f"A{HEAD_ROW + 1}"
    sheet.print_title_rows = f"{HEAD_ROW}:{HEAD_ROW}"
    _paper(sheet, landscape=table.landscape or sum(widths) > PORTRAIT_MAX, foot=lines[0].split(" · ")[0])
    for text, style in (
        (table.title, "s_title"),
        (lines[0], "s_line"),
        (lines[1], "s_line"),
        (table.note, "s_line"),
    ):
        sheet.append([page.cell(text, style)])
    sheet.append([page.cell(label, "s_head") for label in labels])
    for row, formula in zip(table.rows, formulas, strict=True):
        cells = _cells(page, table.columns, row)
        sheet.append([*cells, page.cell(formula, "s_check", "f")] if formula else cells)
    if not table.rows:
        sheet.append([page.cell(table.empty or words(N_("本月没有此项。")), "s_line")])


def _cells(page: _Sheet, columns: tuple[Column, ...], row: Row) -> list[CellWritten]:
    """Return the cells of one row in the types of their columns; a label may run over empty cells."""
    strong = row.kind in ("total", "heading")
    suffix = "_total" if strong else ""
    values = (*row.cells, *[""] * (len(columns) - len(row.cells)))
    cells = [_value(page, value, column, suffix) for value, column in zip(values, columns, strict=True)]
    if strong:
        cells[0] = page.cell(str(values[0]), "s_run_total")
    return cells


def _value(page: _Sheet, value: Cell, column: Column, suffix: str) -> CellWritten:
    """Return one cell. Fen become yuan as digits: openpyxl would write 0.07 as 0.07000000000000001."""
    if value is None:
        return page.cell("—", ("s_money" if column.right else "s_text") + suffix)
    if isinstance(value, datetime):
        return page.cell(page.words.moment(value), "s_text" + suffix)
    if isinstance(value, date):
        return page.cell(value, "s_date" + suffix)
    if isinstance(value, int):
        if column.kind == "money":
            kind = "n" if abs(value) < EXACT_BELOW_FEN else "s"
            return page.cell(plain_yuan(value), "s_money" + suffix, kind)
        return page.cell(value, "s_count" + suffix)
    return page.cell(value or None, "s_text" + suffix)


def _paper(sheet: Worksheet, *, landscape: bool, foot: str) -> None:
    """Set A4, one page wide, with report number and page numbers at the foot."""
    sheet.page_setup.paperSize = 9
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    footer: Any = sheet.oddFooter
    footer.left.text = plain(foot).replace("&", "&&")
    footer.right.text = "&P / &N"
