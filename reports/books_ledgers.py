"""The ledgers as PDF and as a workbook: day books, general ledger, subsidiary ledger, balances."""

from __future__ import annotations

from collections.abc import Iterable

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from ledger.sections_books import BookHead, Counterparts, Ledgers
from ledger.words import N_
from reports import (
    books_checks,
    books_pages,
    books_tables,
    excel_checks,
    excel_layout,
    pdf_grid,
    pdf_table,
    typeface,
)
from reports.books_tables import BALANCES, DAY_BOOK, GENERAL, SUBSIDIARY, Sheet
from reports.excel import HEAD_ROW, PORTRAIT_MAX, _cells, _paper, _Sheet, _styles
from reports.pdf_page import Flow
from reports.pdf_paint import Document, paint
from reports.tables import Table
from reports.wording import Wording
from reports.workbook import plain, saved

TITLES = {"day-book": DAY_BOOK, "general": GENERAL, "subsidiary": SUBSIDIARY, "balances": BALANCES}
"""The ledgers that are printed, each a file of its own."""


def pdf(ledgers: Ledgers, kind: str, *, language: str = "zh") -> bytes:
    """Return one of TITLES as PDF: an account begins a page, except in the general ledger."""
    words = Wording(language)
    if kind == "balances":
        return _balances_pdf(ledgers, words)
    flow = Flow()
    sheets = sheets_of(ledgers, kind, words)
    for sheet in sheets:
        if kind == "general":
            flow.heading(sheet.table.title, keep=min(len(sheet.roles) * 17 + 30, flow.full_height - 60))
        else:
            if not flow.fresh:
                flow.new_page()
            flow.heading(sheet.table.title)
        books_pages.draw(flow, sheet, words)
    if not sheets:
        flow.text(words(N_("这个期间没有账目。")), size=10)
    return paint(flow.pages, _document(ledgers.head, TITLES[kind], words), words)


def sheets_of(ledgers: Ledgers, kind: str, words: Wording) -> list[Sheet]:
    """Return the tables of day books, general or subsidiary ledger."""
    if kind == "day-book":
        return [books_tables.day_book(ledger, words) for ledger in ledgers.day_books]
    if kind == "general":
        return [books_tables.general(ledger, words) for ledger in ledgers.general]
    return [books_tables.subsidiary(ledger, words) for ledger in ledgers.subsidiary]


def _balances_pdf(ledgers: Ledgers, words: Wording) -> bytes:
    flow = Flow(landscape=True)
    for table in books_tables.balances(ledgers, words):
        if not flow.fresh:
            flow.new_page()
        flow.heading(table.title)
        pdf_table.draw(flow, pdf_grid.lay(table, words, wide=flow.width, size=8), words)
    return paint(flow.pages, _document(ledgers.head, BALANCES, words), words)


def _document(head: BookHead, title: str, words: Wording) -> Document:
    told = books_tables.heading(head, title, words)
    foot = words(
        N_("单位：{operator} · 金额单位：元 · 记录 {size} 条 · 账本根 {root}"),
        operator=words.name(head.operator),
        size=head.log_size,
        root=head.log_root[:16],
    )
    return Document(
        title=told,
        author=words.name(head.operator),
        subject=head.origin,
        at=head.as_of,
        head=typeface.clean(told + _state(head, words)),
        foot=typeface.clean(foot),
        draft=False,
        bare_first=False,
    )


def _state(head: BookHead, words: Wording) -> str:
    """Return the remark that not every month is closed."""
    return "" if head.final else words(N_("（尚未全部月结）"))


def workbook(ledgers: Ledgers, *, language: str = "zh") -> bytes:
    """Return balances, general ledger, day books and subsidiary ledger as one workbook, a sheet for each."""
    words = Wording(language)
    found: list[tuple[str, Table, list[str]]] = [
        (table.title, table, books_checks.balances(table, HEAD_ROW + 1))
        for table in books_tables.balances(ledgers, words)
    ]
    for kind in ("general", "day-book", "subsidiary"):
        for sheet in sheets_of(ledgers, kind, words):
            name = f"{words(TITLES[kind])} {sheet.table.title}"
            found.append((name, sheet.table, books_checks.ledger(sheet, HEAD_ROW + 1, words)))
    return _book(ledgers.head, books_tables.heading(ledgers.head, N_("会计账簿"), words), found, words)


def counterparts(value: Counterparts, *, language: str = "zh") -> bytes:
    """Return 建议对应凭证 of a charity as a workbook of one sheet."""
    words = Wording(language)
    table = books_tables.counterparts(value, words)
    label = N_("建议对应凭证")
    title = f"{words.name(value.charity)} {books_tables.heading(value.head, label, words)}"
    found = [(words(label), table, excel_checks.formulas(table, HEAD_ROW + 1))]
    return _book(value.head, title, found, words)


def _book(head: BookHead, title: str, found: Iterable[tuple[str, Table, list[str]]], words: Wording) -> bytes:
    book = Workbook(write_only=True)
    for style in _styles():
        book.add_named_style(style)
    book.calculation.fullCalcOnLoad = True
    book.properties.title = plain(title)
    book.properties.creator = plain(words.name(head.operator))
    listed = list(found)
    names = excel_layout.sheet_names([name for name, _, _ in listed])
    told = words(
        N_("{title} · 单位：{operator} · 金额单位：元 · 记录 {size} 条 · 账本根 {root}"),
        title=title,
        operator=words.name(head.operator),
        size=head.log_size,
        root=head.log_root,
    )
    for (_, table, formulas), name in zip(listed, names, strict=True):
        _write(book, name, table, formulas, (told, _warning(head, words)), words)
    return saved(book, head.as_of)


def _warning(head: BookHead, words: Wording) -> str:
    """Return which months are not closed."""
    if head.final:
        return words(N_("各月均已月结。"))
    months = words.listing(words.month(month) for month in head.open_months)
    return words(N_("尚未月结：{months}；结账之前本表还会变。"), months=months)


def _write(
    book: Workbook, name: str, table: Table, formulas: list[str], told: tuple[str, str], words: Wording
) -> None:
    """Write one sheet: title, two lines, note, labels, rows with their check."""
    page = _Sheet(book.create_sheet(name), words)
    sheet = page.sheet
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
    _paper(sheet, landscape=table.landscape or sum(widths) > PORTRAIT_MAX, foot=table.title)
    for text, style in ((table.title, "s_title"), *((line, "s_line") for line in (*told, table.note))):
        sheet.append([page.cell(text, style)])
    sheet.append([page.cell(label, "s_head") for label in labels])
    for row, formula in zip(table.rows, formulas, strict=True):
        cells = _cells(page, table.columns, row)
        sheet.append([*cells, page.cell(formula, "s_check", "f")] if formula else cells)
    if not table.rows:
        sheet.append([page.cell(table.empty, "s_line")])
