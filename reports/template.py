"""The empty workbook that the app hands out for entering tips by hand.

No platform exports one personal account's tips, so a person copies the figures
from the screen into this sheet, with a screenshot. The reader ignores a sheet
named 填表说明.
"""

from __future__ import annotations

from datetime import UTC, datetime

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties

from ledger.words import N_
from reports.wording import Wording
from reports.workbook import saved

COLUMNS: tuple[tuple[str, int, str], ...] = (
    ("直播场次号", 14, "@"),
    ("平台", 9, "@"),
    ("账号", 18, "@"),
    ("开播时间", 21, "@"),
    ("下播时间", 21, "@"),
    ("音浪/黄钻数", 14, "#,##0"),
    ("平台显示打赏收入(元)", 22, "#,##0.00"),
    ("平台显示可提现(元)", 20, "#,##0.00"),
    ("截图文件", 22, "@"),
    ("截图时间", 21, "@"),
    ("录入人", 11, "@"),
    ("复核人", 11, "@"),
    ("备注", 28, "@"),
)
"""(header, width, number format); the headers are what the reader looks for, so they stay Chinese."""

DATA_SHEET = "打赏登记表"
HELP_SHEET = "填表说明"
PLATFORMS = ("抖音", "快手", "视频号")
ROWS_MAX = 500
MADE = datetime(2026, 1, 1, tzinfo=UTC)

HELP = (
    N_("一行填一个账号的一场直播；同一场用两个账号直播，填两行，场次号相同。"),
    N_("零收入的场次也要填：打赏收入填 0，不要空着。空着表示还不知道，不是零。"),
    N_("平台从下拉列表中选：抖音、快手、视频号。"),
    N_("时间写成 2026-03-03 20:00:00 的样子，按北京时间。"),
    N_("音浪/黄钻数照平台显示的整数抄写；不要用“12.5万”这样的约数。"),
    N_("金额单位是元，照平台显示抄写，最多两位小数；不要自己用音浪换算。"),
    N_("截图文件填截图的文件名，上传本表时一并上传截图。"),
    N_("录入人和复核人必须是两个人。"),
    N_("不要改第一行的列名，不要合并单元格，不要写公式。"),
    N_("场次号是文字，不要让 Excel 改成数字或日期。"),
)


def tip_sheet_template(language: str = "zh") -> bytes:
    """Return the template: an empty sheet with its header in row 1, and a sheet on how to fill it."""
    words = Wording(language)
    book = Workbook()
    sheet = book.active
    if sheet is None:
        raise RuntimeError("a new workbook has a sheet")
    sheet.title = DATA_SHEET
    thin = Side(style="thin", color="FF9AA0A6")
    for place, (label, width, form) in enumerate(COLUMNS, start=1):
        cell = sheet.cell(1, place, label)
        cell.font = Font(name="宋体", bold=True)
        cell.fill = PatternFill("solid", fgColor="FFE9ECF0")
        cell.border = Border(left=thin, right=thin, top=thin, bottom=thin)
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        column = sheet.column_dimensions[get_column_letter(place)]
        column.width = width
        column.number_format = form
    sheet.row_dimensions[1].height = 30
    sheet.freeze_panes = "A2"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "1:1"
    choice = DataValidation(type="list", formula1=f'"{",".join(PLATFORMS)}"', allow_blank=True)
    choice.showErrorMessage = True
    choice.error = words(N_("请从列表中选：抖音、快手、视频号。"))
    sheet.add_data_validation(choice)
    choice.add(f"B2:B{ROWS_MAX}")
    _help(book, words)
    book.properties.title = DATA_SHEET
    book.properties.creator = "Sunbook"
    return saved(book, MADE)


def _help(book: Workbook, words: Wording) -> None:
    """Add the sheet on how to fill the other one, with an example that nobody can take for data."""
    sheet = book.create_sheet(HELP_SHEET)
    sheet.column_dimensions["A"].width = 26
    sheet.column_dimensions["B"].width = 70
    sheet["A1"] = words(N_("填表说明"))
    sheet["A1"].font = Font(name="宋体", bold=True, size=14)
    for place, text in enumerate(HELP, start=2):
        sheet.cell(place, 1, place - 1)
        sheet.cell(place, 2, words(text)).alignment = Alignment(wrap_text=True, vertical="top")
    start = len(HELP) + 3
    sheet.cell(start, 1, words(N_("各列示例（请勿照抄）"))).font = Font(name="宋体", bold=True)
    example = (
        "2026-0001",
        "抖音",
        "示例账号",
        "2026-03-03 20:00:00",
        "2026-03-03 23:10:00",
        "86400",
        "8640.00",
        "4320.00",
        "2026-0001.png",
        "2026-03-04 09:05:00",
        "张某某",
        "李某",
        "",
    )
    for place, ((label, _, _), value) in enumerate(zip(COLUMNS, example, strict=True), start=start + 1):
        sheet.cell(place, 1, label)
        sheet.cell(place, 2, value).number_format = "@"
