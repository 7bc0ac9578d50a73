"""The template for tips by hand: what the app hands out, its own reader takes back."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from ledger import intake
from reports.template import COLUMNS, DATA_SHEET, HELP_SHEET, tip_sheet_template

ROOT = Path(__file__).resolve().parents[1]
ROW = (
    "2026-0001", "抖音", "slxgyzb", "2026-03-03 20:00:00", "2026-03-03 23:10:00", 86400, 8640, 4320.5,
    "a.png", "2026-03-04 09:05:00", "张某某", "李某", "",
)  # fmt: skip


def opened(language: str = "zh") -> Workbook:
    return load_workbook(io.BytesIO(tip_sheet_template(language)))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_header_stands_in_row_one_and_no_data_below_it(language: str) -> None:
    book = opened(language)
    assert book.sheetnames == [DATA_SHEET, HELP_SHEET]
    rows = list(book[DATA_SHEET].iter_rows(values_only=True))
    assert rows == [tuple(label for label, _, _ in COLUMNS)]


def test_numbers_and_times_are_kept_as_text_and_the_platform_is_chosen_from_a_list() -> None:
    sheet = opened()[DATA_SHEET]
    for letter in "ABCDEIJKLM":
        assert sheet.column_dimensions[letter].number_format == "@", letter
    (choice,) = sheet.data_validations.dataValidation
    assert choice.formula1 == '"抖音,快手,视频号"'
    assert "B2" in choice.sqref


def test_a_filled_template_is_read_back_and_its_help_sheet_is_no_data() -> None:
    book = opened()
    book[DATA_SHEET].append(ROW)
    target = io.BytesIO()
    book.save(target)
    (row,) = intake.read(target.getvalue(), "打赏登记表.xlsx").rows
    assert (row.broadcast, row.amount_fen, row.fee_fen, row.units) == ("2026-0001", 864_000, 431_950, 86_400)


def test_an_empty_template_is_refused_as_having_no_rows() -> None:
    with pytest.raises(intake.Unreadable):
        intake.read(tip_sheet_template(), "打赏登记表.xlsx")


def test_the_template_is_the_same_in_another_process() -> None:
    script = "import sys; from reports.template import *; sys.stdout.buffer.write(tip_sheet_template())"
    other = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, check=True).stdout
    assert other == tip_sheet_template()
