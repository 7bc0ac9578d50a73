"""The month's two reports, from the database to the bytes, and their floors."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

from openpyxl import Workbook
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen import canvas

from benchmarks.works import nothing, open_book
from ledger.book.statement import monthly
from ledger.months import Month
from ledger.statement import MonthlyStatement
from reports import excel, pdf

FONT = Path(pdf.__file__).parent / "fonts" / "NotoSansSC-Regular.ttf"


def _statement(folder: Path) -> MonthlyStatement:
    """Return the demonstration's month."""
    with open_book(folder / "book.db").reading() as session:
        return monthly(session, "demo", Month(2026, 3))


def floor_canvas(folder: Path) -> None:
    """Thirteen pages of plain text on a ReportLab canvas with the same font."""
    pdfmetrics.registerFont(TTFont("SC", FONT))
    page = canvas.Canvas(io.BytesIO(), pagesize=A4, initialFontName="SC")  # type: ignore[arg-type]  # the stub says float
    for number in range(13):
        page.setFont("SC", 9)
        for line in range(50):
            page.drawString(
                50, 800 - 15 * line, f"{number} {line} 公益直播善款收支月报 1,234.56 {folder.name}"
            )
        page.showPage()
    page.getpdfdata()  # type: ignore[no-untyped-call]  # as ReportLab has it


def month_pdf(folder: Path) -> None:
    """The demonstration's monthly report as PDF, from the database to the bytes."""
    pdf.render(_statement(folder))


def floor_workbook(_folder: Path) -> None:
    """Twelve plain sheets of 30 × 10 cells with openpyxl, write-only."""
    book = Workbook(write_only=True)
    for number in range(12):
        sheet = book.create_sheet(str(number))
        for row in range(30):
            sheet.append([f"{row}", *(row * column / 100 for column in range(9))])
    book.save(io.BytesIO())


def month_excel(folder: Path) -> None:
    """The demonstration's monthly report as Excel, from the database to the bytes."""
    excel.render(_statement(folder))


REPORTS: dict[str, tuple[Callable[[Path], None], Callable[[Path], None]]] = {
    "floor: reportlab canvas": (nothing, floor_canvas),
    "sunbook month as PDF": (nothing, month_pdf),
    "floor: openpyxl": (nothing, floor_workbook),
    "sunbook month as Excel": (nothing, month_excel),
}
"""The works of reporting: preparation, which is not measured, and the work itself."""
