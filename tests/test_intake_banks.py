"""Bank statements: every known bank gives the same month, with its own quirks, and tells what is wrong."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from ledger import intake
from ledger.intake import banks
from ledger.intake.text import csv_grid
from ledger.months import CHINA
from tests.test_intake_month import BANK, DATA, csv_of, xlsx_of
from tests.test_intake_month import table_of as cells_of
from tests.test_intake_rules import RESAVED, problems

FOLDER = DATA / "banks"
RURAL = FOLDER / "农信社明细.csv"
BY_MAPPING = intake.Mapping(
    date="交易日",
    time="交易时刻",
    direction="收付标志",
    amount="发生额",
    balance="结余",
    party="对方户名",
    party_account="对方账号",
    summary="摘要说明",
    note="备注",
    in_words=("收",),
    out_words=("付",),
    dates="2026/03/13",
)
PRESETS = {
    "工行对公明细_转入转出.csv": "icbc-corporate-2",
    "工行个人明细.csv": "icbc-personal",
    "农行明细.csv": "abc-detail",
    "建行活期明细.csv": "ccb-detail",
    "中行个人流水.csv": "boc-personal",
    "中行对公明细.csv": "boc-corporate",
    "招行明细.csv": "cmb-detail",
    "交行个人明细.csv": "bocom-personal",
    "交行对公明细.csv": "bocom-corporate",
    "渤海明细.csv": "bohai-detail",
}
MARCH = [
    ("2026-03-13", "bank_out", 1_200_000, 800_000, "示例县红十字会"),
    ("2026-03-13", "bank_out", 800_000, 0, "示例县慈善总会"),
    ("2026-03-16", "bank_in", 693_300, 693_300, "张某某"),
    ("2026-03-19", "bank_in", 20_000, 713_300, "李某"),
    ("2026-03-21", "bank_in", 326, 713_626, ""),
    ("2026-03-21", "bank_out", 500, 713_126, ""),
    ("2026-03-27", "bank_in", 487_350, 1_200_476, "某支付有限公司"),
]
NEWEST_FIRST = {"工行个人明细.csv", "中行个人流水.csv"}
AMOUNTS = {
    "icbc-corporate-2": "转入金额",
    "icbc-personal": "记账金额(收入)",
    "abc-detail": "交易金额",
    "ccb-detail": "收入",
    "boc-personal": "金额",
    "boc-corporate": "交易金额[ Trade Amount ]",
    "cmb-detail": "交易金额",
    "bocom-personal": "交易金额",
    "bocom-corporate": "发生额",
    "bohai-detail": "贷方发生额",
}

Table = list[list[str]]


def table_of(path: Path) -> Table:
    """Return a sample's cells, as the csv module alone reads them."""
    data = path.read_bytes()
    for encoding in ("utf-16",) if data[:2] == b"\xff\xfe" else ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    delimiter = "\t" if encoding == "utf-16" else ","
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def header_at(table: Table, column: str) -> tuple[int, int]:
    """Return the place of a header line and of one of its columns."""
    for at, row in enumerate(table):
        if column in row:
            return at, row.index(column)
    raise AssertionError(column)


def movements(settlement: intake.Settlement) -> list[tuple[str, str, int, int | None, str]]:
    """Return what moved, oldest first."""
    rows = settlement.rows
    rows = rows[::-1] if rows[0].at > rows[-1].at else rows
    return [(f"{row.at:%Y-%m-%d}", row.kind, row.amount_fen, row.balance_fen, row.party) for row in rows]


def read(name: str) -> intake.Settlement:
    path = FOLDER / name
    return intake.read(path.read_bytes(), path.name)


def control(settlement: intake.Settlement, name: str) -> int:
    (found,) = {
        (item.stated, item.computed)
        for item in settlement.controls
        if item.name == name and item.unit == "fen"
    }
    assert found[0] == found[1]
    return found[0]


@pytest.mark.parametrize(("name", "reader"), PRESETS.items())
def test_each_bank_gives_the_seven_movements_of_march(name, reader):
    march = read(name)
    assert (march.reader, march.version, march.kind, march.platform) == (reader, 1, "bank_statement", "")
    found = movements(march)
    if reader == "cmb-detail":  # name and account stand in one cell
        found = [(*rest, party.partition(" ")[0]) for *rest, party in found]
    assert found == MARCH
    assert (control(march, "期初余额"), control(march, "期末余额")) == (2_000_000, 1_200_476)
    assert march.notices == ()
    assert (march.rows[0].at > march.rows[-1].at) == (name in NEWEST_FIRST)


def test_icbc_abc_ccb_and_a_mapped_rural_bank_give_one_result():
    icbc = intake.read(BANK.read_bytes(), BANK.name)
    others = [read(name) for name in ("农行明细.csv", "农行明细.xls", "建行活期明细.csv", "建行活期明细.xls")]
    others.append(intake.read(RURAL.read_bytes(), RURAL.name, mapping=BY_MAPPING))
    for other in others:
        assert movements(other) == movements(icbc) == MARCH
        assert control(other, "期初余额") == 2_000_000
        assert control(other, "期末余额") == 1_200_476


@pytest.mark.parametrize("name", PRESETS)
def test_keys_are_derived_again_and_the_same_from_xlsx(name):
    march = read(name)
    cells = [(row.number, row.cells) for row in march.rows]
    keys = [row.key for row in march.rows]
    assert intake.derive(march.reader, 1, march.header, cells) == keys
    assert len(set(keys)) == 7
    again = intake.read(xlsx_of(table_of(FOLDER / name)), "明细.xlsx")
    assert [row.key for row in again.rows] == keys


def test_the_keys_of_the_first_bank_format_are_as_they_ever_were():
    march = intake.read(BANK.read_bytes(), BANK.name)
    assert (march.reader, march.version) == ("icbc-corporate", 1)
    assert [row.key for row in march.rows][::3] == [
        "3011000000000000001|12345678|2026-03-13T15:40:00|out|1200000|800000",
        "3011000000000000001||2026-03-19T09:30:15|in|20000|713300|1",
        "3011000000000000001||2026-03-27T14:21:07|in|487350|1200476|1",
    ]


def test_a_serial_names_the_movement_and_zeros_are_none():
    keys = [row.key for row in read("农行明细.csv").rows]
    assert keys[0] == "|369396601|2026-03-13T15:40:00|out|1200000|800000"
    assert keys[4] == "||2026-03-21T00:00:00|in|326|713626|1"
    assert read("中行对公明细.csv").rows[0].key == (
        "232500000001|109585237086|2026-03-13T15:40:00|out|1200000|800000"
    )


def test_of_some_rows_only_the_balance_is_not_checked_and_keys_are_counted_among_them():
    march = read("建行活期明细.csv")
    cells = [(row.number, row.cells) for row in march.rows]
    kept = [cells[0], cells[2], cells[6]]
    with pytest.raises(intake.Unreadable, match="没有读入"):
        intake.derive(march.reader, 1, march.header, kept)
    rows = intake.reread(march.reader, 1, march.header, kept, partial=True)
    assert [row.key for row in rows] == [march.rows[at].key for at in (0, 2, 6)]
    twice = [cells[2], cells[2]]
    keys = intake.derive(march.reader, 1, march.header, twice, partial=True)
    assert [key.rpartition("|")[2] for key in keys] == ["1", "2"]
    bad = [(1, (*cells[0][1][:3], "x", *cells[0][1][4:]))]
    with pytest.raises(intake.Unreadable):
        intake.derive(march.reader, 1, march.header, bad, partial=True)


# What is told by the running balance


def data_rows(table: Table, reader: str) -> tuple[int, int]:
    """Return where the seven data rows begin, and the column that holds what came in."""
    at, place = header_at(table, AMOUNTS[reader])
    return at + 1, place


def without_a_row(table: Table, first: int, place: int) -> None:
    del table[first + 3]


def with_another_amount(table: Table, first: int, place: int) -> None:
    table[first + 3][place] = table[first + 3][place].replace("200.00", "300.00")


def with_two_rows_swapped(table: Table, first: int, place: int) -> None:
    table[first + 2], table[first + 3] = table[first + 3], table[first + 2]


@pytest.mark.parametrize("change", [without_a_row, with_another_amount, with_two_rows_swapped])
@pytest.mark.parametrize(("name", "reader"), PRESETS.items())
def test_a_removed_row_a_changed_amount_and_swapped_rows_break_the_balance(
    name, reader, change: Callable[..., None]
):
    table = table_of(FOLDER / name)
    table = [
        row for row in table if not (row and re.match("总笔数|借方发生|贷方发生|期初余额|人民币合计", row[0]))
    ]
    first, place = data_rows(table, reader)
    assert "200.00" in table[first + 3][place]
    change(table, first, place)
    found = problems(csv_of(table))
    balance = [row for row, _, text in found if text.startswith("余额对不上")]
    assert balance
    assert set(balance) <= set(range(first + 2, first + 7))
    assert len(balance) == len(found)


# A file that a spreadsheet saved again


def resaved(cell: str) -> str:
    """Return a cell as a spreadsheet writes it to CSV after having opened it."""
    text = cell.strip(" \t")
    if found := re.fullmatch(r"(20\d\d)[-/](\d\d)[-/](\d\d)(?: (\d\d):(\d\d):\d\d)?", text):
        day = f"{found[1]}/{int(found[2])}/{int(found[3])}"
        return f"{day} {int(found[4])}:{found[5]}" if found[4] else day
    if re.fullmatch(r"\d\d:\d\d:\d\d", text):
        return f"{int(text[:2])}{text[2:]}"
    if re.fullmatch(r"\d{12,}", text):
        return f"{int(text):.5E}".replace("E+", "E+")
    if re.fullmatch(r"[+-]?[\d,]+(\.\d+)?", text):
        return f"{float(text.replace(',', '')):.12g}"
    return text


@pytest.mark.parametrize("name", [*PRESETS, "农信社明细.csv"])
def test_a_file_that_excel_saved_again_is_refused_whole(name):
    table = [[resaved(cell) for cell in row] for row in table_of(FOLDER / name)]
    mapping = BY_MAPPING if name == RURAL.name else None
    with pytest.raises(intake.Unreadable, match=RESAVED):
        intake.read(csv_of(table), "另存.csv", mapping=mapping)


@pytest.mark.parametrize(
    ("name", "row", "column", "value"),
    [
        ("农行明细.csv", 4, "交易金额", "6933"),
        ("农行明细.csv", 4, "交易金额", "6933.00"),
        ("农行明细.csv", 5, "交易时间", "93015"),
        ("建行活期明细.csv", 9, "交易时间", "9:30:15"),
        ("建行活期明细.csv", 9, "对方账号", "6.222E+18"),
        ("中行对公明细.csv", 12, "交易金额[ Trade Amount ]", "200"),
        ("招行明细.csv", 3, "记账日期", "2026/3/13"),
        ("交行对公明细.csv", 3, "交易时间", "2026/3/13 15:42"),
        ("工行对公明细_转入转出.csv", 3, "本方账号", "3.011E+18"),
    ],
)
def test_one_trace_of_excel_is_enough(name, row, column, value):
    table = table_of(FOLDER / name)
    _, place = header_at(table, column)
    table[row - 1][place] = value
    found = problems(csv_of(table))
    assert (row, RESAVED) in {(number, text) for number, _, text in found}


def test_long_accounts_that_all_end_in_0000_were_cut():
    table = table_of(FOLDER / "建行活期明细.csv")
    at, place = header_at(table, "对方账号")
    for row in table[at + 1 : -1]:
        row[place] = row[place] and row[place][:14] + str(len(row[9])) + "0000"
    with pytest.raises(intake.Unreadable, match=RESAVED):
        intake.read(csv_of(table), "a.csv")


def test_a_workbook_shows_no_sign_and_few_decimals_without_having_been_saved_again():
    table = table_of(FOLDER / "农行明细.csv")
    for row in table[1:]:
        row[3] = row[3].removeprefix("+")
    assert movements(intake.read(xlsx_of(table), "农行.xlsx")) == MARCH
    with pytest.raises(intake.Unreadable, match=RESAVED):
        intake.read(csv_of(table), "农行.csv")


# What is refused, with its place


@pytest.mark.parametrize(
    ("name", "row", "column", "value", "sentence"),
    [
        ("中行对公明细.csv", 11, "交易类型[ Transaction Type ]", "往账", "正负号与收支方向矛盾"),
        ("中行对公明细.csv", 9, "交易类型[ Transaction Type ]", "来账", "正负号与收支方向矛盾"),
        ("中行对公明细.csv", 9, "交易类型[ Transaction Type ]", "冲账", "不认识的借贷方向“冲账”"),
        ("中行对公明细.csv", 9, "交易货币[ Trade Currency ]", "USD", "币种是“USD”"),
        ("中行对公明细.csv", 10, "付款人账号[ Debit Account No. ]", "232500000002", "不止一个本方账号"),
        ("交行个人明细.csv", 2, "借贷", "平", "不认识的借贷方向“平”"),
        ("交行个人明细.csv", 2, "交易金额", "+12000.00", "正负号与收支方向矛盾"),
        ("交行个人明细.csv", 4, "交易金额", "-6933.00", "正负号与收支方向矛盾"),
        ("交行对公明细.csv", 2, "借贷标志", "", "不能为空"),
        ("工行个人明细.csv", 10, "记账币种", "美元", "币种是“美元”"),
        ("工行个人明细.csv", 9, "记账金额(收入)", "5.00", "应恰有一列是正数"),
        ("建行活期明细.csv", 6, "币种", "", "币种是“”"),
        ("建行活期明细.csv", 6, "支出", "0.00", "应恰有一列是正数"),
        ("建行活期明细.csv", 6, "支出", "-12000.00", "应恰有一列是正数"),
        ("建行活期明细.csv", 6, "支出", "12000.005", "小数超过两位"),
        ("建行活期明细.csv", 6, "记账日", "20260230", "没有“20260230”这一天"),
        ("建行活期明细.csv", 6, "记账日", "13-03-2026", "不是日期"),
        ("建行活期明细.csv", 6, "交易时间", "25:00:00", "没有“25:00:00”这个时刻"),
        ("建行活期明细.csv", 6, "账户余额", "", "不能为空"),
        ("中行个人流水.csv", 3, "币别", "港币", "币种是“港币”"),
        ("招行明细.csv", 2, "货币", "HKD", "币种是“HKD”"),
        ("渤海明细.csv", 2, "贷方发生额", "12,000.00", "应恰有一列是正数"),
        ("工行对公明细_转入转出.csv", 4, "本方账号", "3011000000000000002", "不止一个本方账号"),
        ("工行对公明细_转入转出.csv", 4, "交易时间", "2026-03-13", "不是时间"),
        ("农行明细.csv", 2, "交易日期", "", "不能为空"),
        ("农行明细.csv", 2, "对手信息", "某\u202e某", "U+202E"),
        ("建行活期明细.csv", 6, "对方账号", "3011\u200b99", "看不见的字符"),
    ],
)
def test_what_is_wrong_in_a_cell_is_told_with_row_and_column(name, row, column, value, sentence):
    table = table_of(FOLDER / name)
    _, place = header_at(table, column)
    table[row - 1][place] = value
    found = problems(csv_of(table))
    assert [(number, sentence in text) for number, _, text in found] == [(row, True)]
    assert found[0][1]


@pytest.mark.parametrize(
    ("name", "line", "old", "new", "row", "sentence"),
    [
        ("建行活期明细.csv", 3, "20260301", "20260314", 6, "起止日期 2026-03-14 至 2026-03-31"),
        ("建行活期明细.csv", 3, "20260331", "20260332", 3, "起止日期无法识别"),
        ("建行活期明细.csv", 4, "20000.00", "20000.01", 4, "文件自述合计 20,000.01 元"),
        ("建行活期明细.csv", 4, "12004.76", "12004.77", 4, "文件自述合计 12,004.77 元"),
        ("中行对公明细.csv", 1, "232500000001", "232500000002", 1, "账号是 232500000002"),
        ("中行对公明细.csv", 2, "7", "8", 2, "文件自述 8 笔"),
        ("中行对公明细.csv", 4, "20,005.00", "20,005.01", 4, "文件自述合计 20,005.01 元"),
        ("中行对公明细.csv", 5, "4", "5", 5, "文件自述 5 笔"),
        ("中行对公明细.csv", 7, "20260301", "20260320", 9, "起止日期 2026-03-20 至 2026-03-31"),
        ("工行个人明细.csv", -2, "12,009.76", "12,009.77", 16, "文件自述合计 12,009.77 元"),
    ],
)
def test_what_stands_around_the_rows_is_held_against_them(name, line, old, new, row, sentence):
    table = table_of(FOLDER / name)
    at = line - 1 if line > 0 else max(n for n, cells in enumerate(table) if cells and "合计" in cells[0])
    assert any(old in cell for cell in table[at])
    table[at] = [cell.replace(old, new) for cell in table[at]]
    found = problems(csv_of(table))
    assert found[0][0] == row
    assert sentence in found[0][2]


def test_the_account_above_the_header_is_told():
    assert read("建行活期明细.csv").account == "3011000000000000001"
    assert read("中行对公明细.csv").account == "232500000001"
    assert read("工行个人明细.csv").account == "6222****0001"
    assert read("招行明细.csv").account == ""


# Quirks


def test_a_bank_that_moved_nothing_may_say_so():
    table = table_of(FOLDER / "农行明细.csv")
    table.insert(7, ["20260321", "", "利息税", "+0.00", "7131.26", "--", "0000000000", "", "单位活期结息"])
    settlement = intake.read(csv_of(table), "a.csv")
    assert (settlement.rows[6].kind, settlement.rows[6].amount_fen) == ("bank_in", 0)
    assert settlement.rows[6].at == datetime(2026, 3, 21, tzinfo=CHINA)
    assert settlement.notices == ()


def test_the_columns_that_some_exports_lack_may_be_missing_and_no_others():
    def without(name: str, *columns: str) -> bytes:
        table = table_of(FOLDER / name)
        at, _ = header_at(table, columns[0])
        places = [table[at].index(column) for column in columns]
        kept = [
            [cell for n, cell in enumerate(row) if n not in places] if len(row) >= len(table[at]) else row
            for row in table
        ]
        return csv_of(kept)

    def rows(data: bytes) -> list[tuple[str, str, int, int | None, str]]:
        return movements(intake.read(data, "a.csv"))

    assert rows(without("中行个人流水.csv", "借记卡号")) == MARCH
    assert rows(without("建行活期明细.csv", "交易时间")) == MARCH
    assert (
        rows(without("中行对公明细.csv", "用途[ Purpose ]", "交易流水号[ Transaction reference number ]"))
        == MARCH
    )
    bare = table_of(FOLDER / "工行个人明细.csv")[:-2]
    at, _ = header_at(bare, "交易详情")
    old = [row[:2] + row[3:14] if len(row) > 14 else row for row in bare[at:]]
    assert [row[:-1] for row in rows(csv_of(old))] == [row[:-1] for row in MARCH]
    for name, column in (
        ("招行明细.csv", "联机余额"),
        ("农行明细.csv", "本次余额"),
        ("渤海明细.csv", "交易时间"),
    ):
        with pytest.raises(intake.NoHeader, match="缺少列"):
            intake.read(without(name, column), "a.csv")


def test_without_a_balance_no_balance_is_checked_and_none_is_claimed():
    table = table_of(FOLDER / "建行活期明细.csv")
    table = [row[:5] + row[6:] if len(row) > 6 else row for row in table if "期初余额" not in row[0]]
    settlement = intake.read(csv_of(table), "a.csv")
    assert {row.balance_fen for row in settlement.rows} == {None}
    assert "期初余额" not in {item.name for item in settlement.controls}
    assert settlement.rows[0].key == "||2026-03-13T15:40:00|out|1200000||1"


def test_a_movement_is_dated_on_the_day_of_booking():
    table = table_of(FOLDER / "建行活期明细.csv")
    at, place = header_at(table, "交易日期")
    table[at + 3][place] = "20260315"
    row = intake.read(csv_of(table), "a.csv").rows[2]
    assert row.at == datetime(2026, 3, 16, tzinfo=CHINA)
    assert read("建行活期明细.csv").rows[2].at == datetime(2026, 3, 16, 10, 2, 11, tzinfo=CHINA)


def test_who_pays_and_who_is_paid_make_the_counterparty():
    rows = read("中行对公明细.csv").rows
    assert [(row.party, row.account) for row in rows[1:3]] == [
        ("示例县慈善总会", "232500000001"),
        ("张某某", "232500000001"),
    ]
    assert (rows[0].title, rows[0].note) == ("转账", "拨付公益款")


def test_padding_dashes_and_tabs_are_nothing():
    personal, boc = read("工行个人明细.csv").rows, read("中行个人流水.csv").rows
    assert personal[0].cells[1].startswith("转账  ")
    assert (personal[0].title, personal[0].party) == ("转账", "某支付有限公司")
    assert (boc[1].party, boc[2].note) == ("", "")
    assert boc[0].account == "0001"


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("甲\t,乙\t,丙\t\n1,2,3\n", ","),
        ("说明\n甲\t乙\t丙\n1,000.00\t2\t3\n", "\t"),
        ("只有一列\n1\n", ","),
        ("甲,乙,丙\n一\t二,三,四\n", ","),
    ],
)
def test_cells_are_parted_by_whatever_parts_the_most(text, delimiter):
    (batch,) = csv_grid(text.encode()).batches
    assert [list(row) for row in batch.rows] == [line.split(delimiter) for line in text.splitlines()]


def test_tabs_and_quotes_in_utf_16():
    table = table_of(FOLDER / "中行对公明细.csv")
    out = io.StringIO(newline="")
    csv.writer(out, delimiter="\t", quoting=csv.QUOTE_ALL).writerows(table)
    settlement = intake.read(out.getvalue().encode("utf-16"), "中行.txt")
    assert settlement.encoding == "utf-16"
    assert movements(settlement) == MARCH
    broken = out.getvalue().replace('"来账"', '"来账', 1).encode("utf-16")
    assert "引号不成对" in problems(broken)[0][2]


# Which bank it is


def test_every_preset_is_known_by_its_header_alone():
    for name, reader in PRESETS.items():
        assert intake.recognise(read(name).header) == [reader]
    assert intake.recognise(cells_of(BANK)[1]) == ["icbc-corporate"]
    assert intake.recognise(["日期", "金额"]) == []


def test_of_two_formats_that_fit_the_one_that_knows_more_columns_is_taken():
    wide = [*read("工行对公明细_转入转出.csv").header, "对方户名", "发生额", "借贷标志"]
    assert intake.recognise(wide) == ["icbc-corporate-2", "bocom-corporate"]
    assert intake.recognise([*read("招行明细.csv").header, *read("渤海明细.csv").header]) == [
        "bohai-detail",
        "cmb-detail",
    ]
    rows = [[*row.cells, "", "1.00", "贷"] for row in read("工行对公明细_转入转出.csv").rows]
    assert intake.read(csv_of([wide, *rows]), "a.csv").reader == "icbc-corporate-2"


def test_two_formats_that_fit_equally_well_are_not_chosen_between():
    one, other = read("交行对公明细.csv"), read("招行明细.csv")
    rows = [[*a.cells, *b.cells] for a, b in zip(one.rows, other.rows, strict=True)]
    data = csv_of([["明细"], [*one.header, *other.header], *rows])
    ((row, _, text),) = problems(data)
    assert row == 2
    assert {"交通银行对公明细", "招商银行明细"} == set(re.split("表头既像|，又像|：", text)[1:3])
    assert movements(intake.read(data, "a.csv", reader="bocom-corporate")) == MARCH


def test_the_names_of_all_layouts_differ_and_can_be_asked_for():
    names = [layout.name for layout in banks.LAYOUTS]
    assert set(names) == set(PRESETS.values())
    assert len(set(names)) == len(names)
    assert set(names) <= set(intake.READERS)
    with pytest.raises(intake.Unreadable):
        intake.read((FOLDER / "农行明细.csv").read_bytes(), "a.csv", reader="ccb-detail")
