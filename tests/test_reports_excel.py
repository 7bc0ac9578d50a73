"""The monthly report as a workbook: recalculated by LibreOffice, and read for what it must not hold."""

from __future__ import annotations

import hashlib
import io
import os
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from ledger.money import plain_yuan
from ledger.statement import MonthlyStatement
from reports import excel
from reports.digest import statement_digest
from reports.excel_layout import sheet_names
from tests.sample_statement import sample
from tests.test_reports_pdf import text

ROOT = Path(__file__).resolve().parents[1]
HOSTILE = (
    "=1+1", "@SUM(A1)", "+1+1", "-1+1", "\t=1+1", '=HYPERLINK("x")', "=cmd|' /C calc'!A0", "＝1+1", "#N/A",
    "2026-03-03", "00123", "1E5", "<f>1+1</f>", "a&b",
)  # fmt: skip


@pytest.fixture(scope="module")
def data() -> bytes:
    return excel.render(sample())


def opened(data: bytes) -> Workbook:
    return load_workbook(io.BytesIO(data))


def recalculated(data: bytes, folder: Path) -> Workbook:
    """Return the workbook as LibreOffice saves it after calculating every formula."""
    source = folder / "report.xlsx"
    source.write_bytes(data)
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", "xlsx",
         "--outdir", str(folder / "out"), str(source)],
        capture_output=True, check=True, timeout=120,
    )  # fmt: skip
    return load_workbook(folder / "out" / "report.xlsx", data_only=True)


def formulas(book: Workbook) -> list[tuple[str, str]]:
    return [
        (sheet.title, cell.coordinate)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]


def with_titles(titles: tuple[str, ...]) -> MonthlyStatement:
    statement = sample()
    first = statement.broadcasts[0]
    more = tuple(replace(first, number=title, title=title, explanation=title) for title in titles)
    products = tuple(replace(statement.commission.products[0], shop=title, product=title) for title in titles)
    return replace(statement, broadcasts=more, commission=replace(statement.commission, products=products))


def test_every_check_cell_comes_to_zero_when_libreoffice_calculates_it(data: bytes, tmp_path: Path) -> None:
    places = formulas(opened(data))
    assert len(places) > 50
    counted = recalculated(data, tmp_path)
    assert {counted[sheet][cell].value for sheet, cell in places} == {0}


def test_a_total_that_is_one_fen_wrong_is_seen_in_the_check_column(tmp_path: Path) -> None:
    statement = sample()
    lines = tuple(
        replace(line, month_fen=line.month_fen + 1) if line.total and line.group == "income" else line
        for line in statement.lines
    )
    trial = (replace(statement.trial[0], debit_fen=statement.trial[0].debit_fen + 1), *statement.trial[1:])
    data = excel.render(replace(statement, lines=lines, trial=trial))
    counted = recalculated(data, tmp_path)
    wrong = [(s, counted[s][c].value) for s, c in formulas(opened(data)) if counted[s][c].value != 0]
    assert wrong == [("二、收支总表", 0.01), ("科目余额表（结转前）", 0.01), ("科目余额表（结转前）", 0.01)]


def test_formulas_stand_in_the_check_column_only(data: bytes) -> None:
    book = opened(data)
    for sheet, place in formulas(book):
        column = book[sheet][place].column
        assert book[sheet].cell(excel.HEAD_ROW, column).value == "核对（0＝平）"


def test_hostile_text_stays_text_and_makes_no_formula(tmp_path: Path) -> None:
    data = excel.render(with_titles(HOSTILE))
    book = opened(data)
    assert len(formulas(book)) == len(formulas(opened(excel.render(with_titles(("善",) * len(HOSTILE))))))
    counted = recalculated(data, tmp_path)
    for title in HOSTILE:
        found = [
            cell for row in book["三、分场次收入明细"].iter_rows() for cell in row if cell.value == title
        ]
        assert found, title
        assert all(cell.data_type == "s" for cell in found)
        again = [counted["三、分场次收入明细"][cell.coordinate].value for cell in found]
        assert again == [title] * len(found)


def test_characters_that_xml_cannot_carry_are_named_not_lost() -> None:
    book = opened(excel.render(with_titles(("a\x00b\x0bc", "f\ufffeg", "h" * 40_000))))
    values = {cell.value for row in book["五（附一）、按店铺和商品汇总"].iter_rows() for cell in row}
    assert {"a[U+0000]b[U+000B]c", "f[U+FFFE]g", "h" * 32_766 + "…"} <= values


def test_a_cell_holds_the_exact_fen() -> None:
    statement = sample()
    odd = (*range(-101, 1200), 110_007, 10**15 - 1, -(10**15 - 3))
    item = statement.pending[0]
    data = excel.render(replace(statement, pending=tuple(replace(item, amount_fen=fen) for fen in odd)))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = opened(data).sheetnames
        sheet = archive.read(f"xl/worksheets/sheet{names.index('九、未决事项') + 1}.xml").decode()
    told = re.findall(r'<c r="I\d+"[^>]*><v>([^<]*)</v>', sheet)
    assert told == [plain_yuan(fen) for fen in (*odd, sum(odd))]


def test_an_amount_beyond_fifteen_digits_is_text_rather_than_rounded() -> None:
    statement = sample()
    item = replace(statement.pending[0], amount_fen=2**53 - 1)
    sheet = opened(excel.render(replace(statement, pending=(item,))))["九、未决事项"]
    assert sheet.cell(excel.HEAD_ROW + 1, 9).value == "90071992547409.91"


def test_amounts_are_numbers_with_red_negatives_and_ids_are_text(data: bytes) -> None:
    sheet: Any = opened(data)["凭证目录"]
    number, day, *_ = (cell for cell in sheet[excel.HEAD_ROW + 1])
    assert number.number_format == "@"
    assert day.is_date
    amount = sheet.cell(excel.HEAD_ROW + 16, 6)
    assert amount.value == -9680
    assert amount.number_format == "#,##0.00;[Red]-#,##0.00"


def test_signed_totals_are_the_same_in_workbook_and_pdf(data: bytes) -> None:
    from reports import pdf

    told = text(pdf.render(sample()))
    book = opened(data)
    totals = [
        cell.value
        for name in ("一、本月摘要", "二、收支总表", "科目余额表（结转前）", "九、未决事项")
        for row in book[name].iter_rows(min_row=excel.HEAD_ROW + 1)
        for cell in row
        if isinstance(cell.value, int | float) and cell.number_format == excel.MONEY
    ]
    assert len(totals) > 100
    assert [total for total in totals if f"{total:,.2f}" not in told] == []


def test_the_cover_says_which_report_it_is_and_that_the_signed_pdf_prevails(data: bytes) -> None:
    cover = "\n".join(str(cell.value) for row in opened(data)["封面"].iter_rows() for cell in row)
    statement = sample()
    for fact in (
        statement.number,
        "214",
        statement.log_root,
        statement_digest(statement),
        "以签署版 PDF 为准",
    ):
        assert fact in cover
    assert "草稿 未签署" in cover
    final = opened(excel.render(statement, draft=False))
    assert "草稿" not in "\n".join(str(cell.value) for row in final["封面"].iter_rows() for cell in row)


def test_each_sheet_repeats_its_heading_in_print_and_on_the_screen(data: bytes) -> None:
    book = opened(data)
    assert len(book.sheetnames) == 38
    for sheet in book.worksheets[1:]:
        assert sheet.freeze_panes == f"A{excel.HEAD_ROW + 1}"
        assert sheet.print_title_rows == f"${excel.HEAD_ROW}:${excel.HEAD_ROW}"
        assert sheet.sheet_state == "visible"
        assert "以签署版 PDF 为准" in str(sheet["A3"].value)
    assert book["三、分场次收入明细"].page_setup.orientation == "landscape"
    assert book["二、收支总表"].page_setup.paperSize == 9


@pytest.mark.parametrize("lxml", ["True", "False"])
def test_the_same_statement_gives_the_same_bytes_in_another_process_with_lxml_and_without(
    data: bytes, lxml: str
) -> None:
    script = (
        "import hashlib; from openpyxl.xml import LXML; from reports import excel;"
        "from tests.sample_statement import sample;"
        "print(LXML, hashlib.sha256(excel.render(sample())).hexdigest())"
    )
    told = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, check=True, text=True,
        env={**os.environ, "OPENPYXL_LXML": lxml, "PYTHONHASHSEED": "7", "TZ": "America/New_York"},
    ).stdout.split()  # fmt: skip
    assert told[1] == hashlib.sha256(data).hexdigest()


def test_the_file_is_dated_by_the_statement(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = archive.read("docProps/core.xml").decode()
    assert re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", core) == ["2026-04-03T03:20:00Z"] * 2


def test_sheet_names_are_short_allowed_and_all_different() -> None:
    names = sheet_names(["a/b:c*d?[e]\\f", "x" * 50, "x" * 60, "X" * 50, "", "'q'"])
    assert len({name.casefold() for name in names}) == 6
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)
