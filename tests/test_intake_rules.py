"""The thirteen reader rules of the domain facts, each by name."""

from __future__ import annotations

import pytest

from ledger import intake
from ledger.intake import cells
from ledger.intake.model import BadCell
from ledger.intake.text import header_key
from tests.test_intake_month import BANK, COMMISSION, FLOW, TIPS, csv_of, read, table_of, xlsx_of

RESAVED = "该文件曾被 Excel 另存，请重新导出"


def problems(data: bytes, name: str = "a.csv") -> list[tuple[int, str, str]]:
    """Return row, column and sentence of everything that is wrong with a file."""
    with pytest.raises(intake.Unreadable) as caught:
        intake.read(data, name)
    assert caught.value.problems
    return [(problem.row, problem.column, problem.text()) for problem in caught.value.problems]


def with_cell(path, row: int, column: str, value: str) -> list[list[str]]:
    """Return a sample with one cell changed; `row` counts as the file does."""
    rows = table_of(path)
    header = next(line for line in rows if column in line)
    rows[row - 1][header.index(column)] = value
    return rows


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_rule_1_bom_then_utf8_then_gb18030_then_utf16_with_bom(encoding):
    settlement = intake.read(csv_of(table_of(FLOW), encoding), "a.csv")
    assert settlement.encoding == encoding
    assert settlement.rows == read(FLOW).rows


@pytest.mark.parametrize(
    "data",
    [
        csv_of(table_of(FLOW), "utf-8") + b"\xff\xff",
        b"\xef\xbb\xbf" + csv_of(table_of(FLOW), "gb18030"),
        csv_of(table_of(FLOW), "utf-16-le"),
        csv_of([["賬務流水號"]], "big5"),
    ],
)
def test_rule_1_what_decodes_strictly_in_none_of_them_is_refused(data):
    assert problems(data)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "旧式 .xls"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "打开密码"),
        (b"\xef\xbb\xbf <html><table></table></html>", "网页"),
        (b"%PDF-1.7", "PDF"),
        (b"\x89PNG\r\n", "图片"),
        (b"PK\x03\x04 not an archive", "压缩格式损坏"),
    ],
)
def test_rule_2_the_real_type_is_told_from_the_bytes(data, sentence):
    for name in ("账.csv", "账.xlsx", "账.xls"):
        assert sentence in problems(data, name)[0][2]


@pytest.mark.parametrize("lines", [0, 1, 24])
def test_rule_3_the_header_is_found_after_a_preamble(lines):
    preamble = [["历史明细查询结果"]] * lines
    settlement = intake.read(csv_of(preamble + table_of(BANK)[1:]), "a.csv")
    assert settlement.header_row == lines + 1
    assert [row.number for row in settlement.rows] == list(range(lines + 2, lines + 9))
    assert [row.key for row in settlement.rows] == [row.key for row in read(BANK).rows]


def test_rule_3_a_header_after_25_lines_is_not_looked_for():
    assert "没有找到表头" in problems(csv_of([["说明"]] * 25 + table_of(BANK)[1:]))[0][2]


def test_rule_4_header_cells_are_compared_in_one_form():
    assert header_key(" 发生额\t（元）\ufeff") == header_key("发生额(元)")
    assert header_key("动帐流水号") == header_key("动账流水号")
    rows = table_of(FLOW)
    rows[0] = [
        "帐务流水号",
        " 关联业务单号",
        "入账时间",
        "财务方式",
        "发生额(元)",
        "期末余额 (元)",
        *rows[0][6:],
    ]
    settlement = intake.read(csv_of(rows), "a.csv")
    assert settlement.rows == read(FLOW).rows
    assert settlement.header[4] == "发生额(元)"


def test_rule_5_padding_marks_and_words_for_nothing():
    assert cells.clean("\t'6931 \t") == "6931"
    assert cells.clean("`6931") == "6931"
    assert [cells.clean(word) for word in ("", "-", "--", "/", "------", "null", "无", " - \t")] == [""] * 8
    assert cells.money_or_none("-") is None
    assert cells.money_or_none("-5.00") == -500
    assert cells.money_or_none("0") == 0
    assert [cells.money(text) for text in ("¥1,234.50", "￥12", "+6933.00", "-¥5.00", " 1.5 ")] == [
        123_450,
        1_200,
        693_300,
        -500,
        150,
    ]


@pytest.mark.parametrize("text", ["1.005", "0.30000000000000004", "100.000", "1.234"])
def test_rule_6_more_than_two_decimals_are_refused_not_rounded(text):
    with pytest.raises(BadCell, match="小数超过两位"):
        cells.money(text)
    assert cells.money("2.0") == 200


def test_rule_7_a_rate_is_read_in_the_unit_of_its_format():
    assert cells.rate_or_none("32.00%") == 3200
    assert cells.rate_or_none("0.2", "1") == 2000
    assert cells.rate_or_none("3500", "1/10000") == 3500
    assert cells.rate_or_none("320", "‰") == cells.rate_or_none("32%")
    for text, unit in (("0.2", "%"), ("20%", "1"), ("20%", "1/10000"), ("2%", "‰")):
        with pytest.raises(BadCell):
            cells.rate_or_none(text, unit)


def test_rule_8_a_number_in_exponent_form_refuses_the_whole_file():
    found = problems(csv_of(with_cell(COMMISSION, 7, "订单id", "6.9E+18")))
    assert found == [(7, "订单id", RESAVED)]


def test_rule_8_long_numbers_that_all_end_in_0000_refuse_the_whole_file():
    rows = table_of(COMMISSION)
    for row in rows[1:]:
        row[0] = row[0].strip()[:15] + "0000"
    with pytest.raises(intake.Unreadable, match=RESAVED):
        intake.read(csv_of(rows), "a.csv")
    rows[1][0] = "6931000000000000001"
    assert RESAVED not in {sentence for _, _, sentence in problems(csv_of(rows))}


def test_rule_8_dates_as_excel_shows_them_refuse_the_whole_file():
    for path, column in ((COMMISSION, "订单支付时间"), (FLOW, "入账时间"), (BANK, "交易时间")):
        assert RESAVED in {
            text for _, _, text in problems(csv_of(with_cell(path, 4, column, "2026/3/24 8:00")))
        }


def test_rule_8_our_own_sheet_is_typed_by_hand_and_may_have_such_dates():
    settlement = intake.read(csv_of(with_cell(TIPS, 2, "开播时间", "2026/3/3 20:00")), "a.csv")
    assert settlement.rows[0].at == read(TIPS).rows[0].at


def test_rule_9_summary_lines_are_compared_and_dropped():
    total = ["合计", "", "", "", "", "20,005.00", "12,009.76"] + [""] * 6
    spoken = ["借方合计：3笔，共20,005.00元"] + [""] * 12
    footer = ["以上数据仅供参考，具体内容请以柜台为准"] + [""] * 12
    settlement = intake.read(csv_of([*table_of(BANK), total, spoken, footer]), "a.csv")
    assert settlement.rows == read(BANK).rows
    stated = [(item.name, item.stated, item.computed) for item in settlement.controls[:4]]
    assert stated == [
        ("借方发生额", 2_000_500, 2_000_500),
        ("贷方发生额", 1_200_976, 1_200_976),
        ("文件自述笔数", 3, 3),
        ("文件自述金额", 2_000_500, 2_000_500),
    ]


@pytest.mark.parametrize(
    "line",
    [["合计", *[""] * 4, "20,005.01"], ["共计 8 笔"], ["收入合计：4笔，共12,009.77元"], ["合计", "无"]],
)
def test_rule_9_a_total_that_the_rows_do_not_bear_out_refuses_the_file(line):
    rows = [*table_of(BANK), line + [""] * (13 - len(line))]
    assert [row for row, _, _ in problems(csv_of(rows))] == [10]


def test_rule_10_a_sign_against_the_direction_column_is_an_error():
    assert "矛盾" in problems(csv_of(with_cell(FLOW, 2, "发生额（元）", "-1575.00")))[0][2]
    assert "矛盾" in problems(csv_of(with_cell(BANK, 3, "借/贷", "贷")))[0][2]
    assert "正数" in problems(csv_of(with_cell(COMMISSION, 1112, "结算佣金收入-达人", "5.85")))[0][2]
    signed = intake.read(csv_of(with_cell(FLOW, 3, "发生额（元）", "-20.00")), "a.csv")
    assert [row[2:] for row in signed.rows] == [row[2:] for row in read(FLOW).rows]


def test_rule_11_one_number_twice_names_both_rows():
    rows = table_of(COMMISSION)
    ((row, column, text),) = problems(csv_of([*rows[:20], rows[4]]))
    assert (row, column) == (21, "订单id")
    assert "第 5 行" in text
    assert "第 21 行" in text


def test_rule_12_unknown_columns_are_kept_and_missing_ones_stop_the_import():
    wider = [[*row, extra] for row, extra in zip(table_of(FLOW), ["渠道", "甲", "", "=1+1"], strict=True)]
    settlement = intake.read(csv_of(wider), "a.csv")
    assert [row.cells[-1] for row in settlement.rows] == ["甲", "", "=1+1"]
    assert [row.key for row in settlement.rows] == [row.key for row in read(FLOW).rows]
    assert settlement.fingerprint != read(FLOW).fingerprint
    narrower = [row[:5] + row[6:] for row in table_of(FLOW)]
    ((row, column, text),) = problems(csv_of(narrower))
    assert (row, column) == (1, "期末余额（元）")
    assert "快手" in text


@pytest.mark.parametrize("lead", "=+-@")
def test_rule_13_text_that_looks_like_a_formula_stays_text(lead):
    nickname = lead + "SUM(A1:A9)"
    rows = with_cell(COMMISSION, 2, "商品名称", nickname)
    assert intake.read(csv_of(rows), "a.csv").rows[0].title == nickname
    assert intake.read(xlsx_of(rows), "a.xlsx").rows[0].title == nickname
