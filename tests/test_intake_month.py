"""The files of March 2026 read as the worked month says, from CSV and from .xlsx alike."""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from ledger import intake
from ledger.months import CHINA

DATA = Path(__file__).parent / "data"
MONTH = DATA / "month-2026-03"
TIPS = MONTH / "打赏登记表.csv"
COMMISSION = MONTH / "达人订单明细_百应.csv"
BANK = MONTH / "工行对公明细.csv"
FLOW = DATA / "快手动账.csv"
ALL = [TIPS, COMMISSION, BANK, FLOW]


def table_of(path: Path) -> list[list[Any]]:
    """Return a sample's cells, as the csv module alone reads them."""
    encoding = "gb18030" if path == BANK else "utf-8-sig"
    return list(csv.reader(io.StringIO(path.read_bytes().decode(encoding), newline="")))


def csv_of(rows: list[list[str]], encoding: str = "utf-8-sig") -> bytes:
    """Return rows as the bytes of a CSV."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue().encode(encoding)


def xlsx_of(rows: list[list[Any]], **more: list[list[Any]]) -> bytes:
    """Return rows as an .xlsx; text is text, even where it begins with `=`."""
    book = Workbook()
    sheet: Any = book.active
    for name, content in ({"明细": rows} | more).items():
        if name != "明细":
            sheet = book.create_sheet(name)
        for number, row in enumerate(content, 1):
            for place, value in enumerate(row, 1):
                if value != "":
                    cell = sheet.cell(number, place, value)
                    if isinstance(value, str):
                        cell.data_type = "s"
    return saved(book)


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(path: Path) -> intake.Settlement:
    return intake.read(path.read_bytes(), path.name)


def control(settlement: intake.Settlement, name: str, unit: str = "fen") -> int:
    """Return a control total that the file's rows bear out."""
    (found,) = [item for item in settlement.controls if item.name == name and item.unit == unit]
    assert found.stated == found.computed
    return found.computed


def test_the_commission_file_of_march_gives_1300_rows_by_kind():
    march = read(COMMISSION)
    assert (march.reader, march.version, march.kind) == ("douyin-commission", 1, "commission_order")
    assert (march.platform, march.encoding, march.header_row) == ("douyin", "utf-8-sig", 1)
    assert Counter(row.kind for row in march.rows) == {
        "commission": 1100,
        "commission_refund": 10,
        "commission_estimate": 180,
        "commission_void": 10,
    }
    fen = Counter[str]()
    fee = Counter[str]()
    for row in march.rows:
        fen[row.kind] += row.amount_fen
        fee[row.kind] += row.fee_fen
    assert (fen["commission"], fee["commission"]) == (548_000, 54_800)
    assert (fen["commission_refund"], fee["commission_refund"]) == (-6_500, -650)
    assert control(march, "结算佣金") == 548_000
    assert control(march, "结算佣金", "rows") == 1100
    assert control(march, "结算后退款追扣佣金") == -6_500
    assert march.notices == ()
    assert march.first_at == datetime(2026, 3, 3, 20, 0, 7, tzinfo=CHINA)


def test_one_commission_row_carries_every_field():
    row = read(COMMISSION).rows[0]
    assert row.number == 2
    assert row.cells[0] == "6931000000000100084\t"
    assert row.key == "6931000000000100084"
    assert (row.kind, row.amount_fen, row.fee_fen, row.gmv_fen) == ("commission", 400, 40, 4000)
    assert row.at == datetime(2026, 3, 3, 20, 0, 7, tzinfo=CHINA)
    assert row.until == datetime(2026, 3, 24, 3, 0, 0, tzinfo=CHINA)
    assert (row.title, row.party, row.platform) == ("土豆粉条2kg", "示例县粉条厂", "douyin")
    assert (row.units, row.balance_fen, row.account, row.broadcast) == (None, None, "", "")


def test_the_claw_back_of_an_order_does_not_collide_with_the_order():
    keys = [row.key for row in read(COMMISSION).rows]
    assert len(set(keys)) == 1300
    assert "6931000000000105303" in keys
    assert "6931000000000105303|refund" in keys


def test_the_tip_sheet_of_march_has_four_broadcasts():
    march = read(TIPS)
    assert (march.reader, march.kind, march.platform) == ("tip-sheet", "tip_summary", "")
    assert [row.amount_fen for row in march.rows] == [864_000, 523_500, 315_000, 1_200_050]
    assert [row.fee_fen for row in march.rows] == [432_000, 261_750, 157_500, 600_025]
    assert [row.platform for row in march.rows] == ["douyin", "douyin", "kuaishou", "douyin"]
    assert [row.units for row in march.rows] == [86_400, 52_350, 31_500, 120_005]
    assert [row.broadcast for row in march.rows] == [f"2026-000{number}" for number in (1, 2, 3, 4)]
    assert march.rows[0].until == datetime(2026, 3, 3, 23, 10, tzinfo=CHINA)
    assert march.notices == ()
    assert control(march, "打赏收入") == 2_902_550


def test_the_bank_statement_of_march_closes_at_12004_76():
    march = read(BANK)
    assert (march.reader, march.encoding, march.header_row) == ("icbc-corporate", "gb18030", 2)
    assert (control(march, "期初余额"), control(march, "期末余额")) == (2_000_000, 1_200_476)
    assert (control(march, "贷方（转入）"), control(march, "借方（转出）")) == (1_200_976, 2_000_500)
    assert [row.kind for row in march.rows] == ["bank_out"] * 2 + ["bank_in"] * 3 + ["bank_out", "bank_in"]
    assert march.rows[0].number == 3
    assert (march.rows[0].party, march.rows[0].title, march.rows[0].note) == (
        "示例县红十字会",
        "转账",
        "拨付公益款",
    )
    assert march.rows[0].account == "3011000000000000001"
    assert march.rows[-1].balance_fen == 1_200_476


def test_freezing_and_unfreezing_are_memo_rows_of_the_kuaishou_flow():
    flow = read(FLOW)
    assert [row.kind for row in flow.rows] == ["flow_in", "flow_memo", "flow_memo"]
    assert (control(flow, "期初余额"), control(flow, "期末余额")) == (0, 157_500)
    assert control(flow, "收入") == 157_500


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_the_same_content_as_xlsx_gives_the_same_rows_and_keys(path):
    from_csv, from_xlsx = read(path), intake.read(xlsx_of(table_of(path)), "导出.xlsx")
    assert from_xlsx.rows == from_csv.rows
    assert from_xlsx.controls == from_csv.controls
    assert from_xlsx.fingerprint == from_csv.fingerprint
    assert (from_xlsx.header, from_xlsx.header_row) == (from_csv.header, from_csv.header_row)
    assert from_xlsx.encoding == "xlsx"


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_keys_are_derived_again_from_the_raw_cells_alone(path):
    whole = read(path)
    cells = [(row.number, row.cells) for row in whole.rows]
    assert intake.derive(whole.reader, 1, whole.header, cells) == [row.key for row in whole.rows]


def test_cells_that_were_changed_derive_another_key_or_none():
    whole = read(BANK)
    cells = [(row.number, row.cells) for row in whole.rows]
    changed = [(number, ("9", *row[1:])) for number, row in cells]
    assert intake.derive(whole.reader, 1, whole.header, changed) != [row.key for row in whole.rows]
    with pytest.raises(intake.Unreadable):
        intake.derive(whole.reader, 1, whole.header, cells[1:2] + cells[:1] + cells[3:])
    with pytest.raises(intake.Unreadable):
        intake.derive(whole.reader, 2, whole.header, cells)
    with pytest.raises(intake.Unreadable):
        intake.derive(whole.reader, 1, whole.header, [*cells, (99, ("",) * 13)])


def test_dates_and_amounts_that_a_workbook_stores_as_such_become_the_text_of_the_csv():
    rows: list[list[Any]] = [list(row) for row in table_of(TIPS)]
    for row in rows[1:]:
        row[3], row[4], row[9] = (datetime.fromisoformat(row[at]) for at in (3, 4, 9))
        row[5], row[6], row[7] = int(row[5]), float(row[6]), float(row[7])
    settlement = intake.read(xlsx_of(rows), "登记表.xlsx")
    plain = read(TIPS)
    assert [row[2:] for row in settlement.rows] == [row[2:] for row in plain.rows]
    assert settlement.rows[0].cells[3] == "2026-03-03 20:00:00"
    assert settlement.rows[3].cells[6] == "12000.5"


def test_a_number_keeps_the_two_decimals_that_its_format_shows():
    book = Workbook()
    sheet: Any = book.active
    for row in table_of(TIPS):
        sheet.append(row)
    for (cell,) in sheet["G2:G5"]:
        cell.value = float(cell.value)
        cell.number_format = "#,##0.00"
    settlement = intake.read(saved(book), "登记表.xlsx")
    assert [row.cells[6] for row in settlement.rows] == ["8640.00", "5235.00", "3150.00", "12000.50"]


def test_the_wanted_reader_can_be_named_and_must_fit():
    assert intake.read(BANK.read_bytes(), "a.csv", reader="icbc-corporate").reader == "icbc-corporate"
    with pytest.raises(intake.Unreadable):
        intake.read(BANK.read_bytes(), "a.csv", reader="tip-sheet")
    with pytest.raises(intake.Unreadable, match="没有名为"):
        intake.read(BANK.read_bytes(), "a.csv", reader="abc")
    assert intake.READERS[:4] == ("tip-sheet", "douyin-commission", "kuaishou-flow", "icbc-corporate")
