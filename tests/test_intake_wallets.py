"""Bills and flows of Alipay and WeChat Pay: faithful samples, their totals, and what contradicts itself."""

from __future__ import annotations

import csv
import io
import time
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from ledger import intake
from ledger.months import CHINA
from tests.test_intake_month import control, csv_of, xlsx_of
from tests.test_intake_rules import problems

WALLETS = Path(__file__).parent / "data" / "wallets"
ALIPAY = WALLETS / "支付宝个人账单.csv"
ALIPAY_OLDER = WALLETS / "支付宝个人账单_旧版.csv"
ALIPAY_MERCHANT = WALLETS / "支付宝商家账务明细.csv"
WECHAT = WALLETS / "微信支付个人账单.csv"
WECHAT_MERCHANT = WALLETS / "微信支付商户资金流水.csv"

DIFFERS = "文件可能不完整"


def read(path: Path) -> intake.Settlement:
    return intake.read(path.read_bytes(), path.name)


def table_of(path: Path) -> list[list[Any]]:
    """Return a sample's cells, as the csv module alone reads them."""
    data = path.read_bytes()
    text = data.decode("utf-8-sig" if data.startswith((b"\xef\xbb\xbf", "记".encode())) else "gb18030")
    return list(csv.reader(io.StringIO(text, newline="")))


def with_text(path: Path, old: str, new: str) -> bytes:
    """Return a sample with one piece of its text changed."""
    encoding = read(path).encoding
    text = path.read_bytes().decode(encoding)
    assert text.count(old) == 1
    return text.replace(old, new).encode(encoding)


def meaning(settlement: intake.Settlement) -> list[tuple[Any, ...]]:
    """Return rows without their place and raw cells."""
    return [row[2:] for row in settlement.rows]


def test_a_personal_alipay_bill_is_read_with_its_totals():
    bill = read(ALIPAY)
    assert (bill.reader, bill.kind, bill.platform) == ("alipay-personal", "wallet_bill", "")
    assert (bill.encoding, bill.header_row, bill.account) == ("gb18030", 17, "138****0000")
    assert [(row.number, row.key, row.kind, row.amount_fen) for row in bill.rows] == [
        (18, "2026031522000000000001", "flow_in", 693_300),
        (19, "2026031622000000000002", "flow_out", 693_300),
        (20, "2026031822000000000003_2026031800", "flow_memo", 1_200),
    ]
    first = bill.rows[0]
    assert first.at == datetime(2026, 3, 15, 18, 22, 31, tzinfo=CHINA)
    assert (first.title, first.party, first.note) == ("直播收益提现", "某直播平台", "收入 交易成功")
    assert (first.balance_fen, first.until, first.fee_fen, first.gmv_fen) == (None, None, 0, 0)
    assert len(first.cells) == 12
    assert control(bill, "文件自述笔数", "rows") == 3
    assert control(bill, "文件自述收入金额") == control(bill, "文件自述支出金额") == 693_300
    assert control(bill, "文件自述不计收支笔数", "rows") == 1
    assert control(bill, "不计收支") == 1_200


def test_the_older_alipay_layout_that_begins_with_the_direction_says_the_same():
    older = read(ALIPAY_OLDER)
    assert (older.reader, older.header_row) == ("alipay-personal", 13)
    assert meaning(older) == meaning(read(ALIPAY))


def test_a_refund_has_the_number_of_its_order_with_a_suffix_and_a_key_of_its_own():
    data = with_text(ALIPAY, "2026031622000000000002", "2026031822000000000003")
    keys = [row.key for row in intake.read(data, "a.csv").rows]
    assert keys[1:] == ["2026031822000000000003", "2026031822000000000003_2026031800"]


def test_24_lines_may_stand_above_the_header_of_a_bill():
    data = with_text(ALIPAY, "特别提示：\r\n", "特别提示：\r\n" + "说明\r\n" * 8)
    assert intake.read(data, "a.csv").header_row == 25


def test_a_closed_trade_of_0_00_stays_in_a_personal_bill():
    data = with_text(ALIPAY, ",12.00 ", ",0.00 ")
    data = data.replace("1笔 12.00元".encode("gb18030"), "1笔 0.00元".encode("gb18030"))
    row = intake.read(data, "a.csv").rows[2]
    assert (row.kind, row.amount_fen) == ("flow_memo", 0)


@pytest.mark.parametrize(
    ("path", "line", "old", "new"),
    [
        (ALIPAY, 8, "共3笔记录", "共4笔记录"),
        (ALIPAY, 9, "收入：1笔 6933.00元", "收入：2笔 6933.00元"),
        (ALIPAY, 9, "收入：1笔 6933.00元", "收入：1笔 6933.01元"),
        (ALIPAY, 10, "支出：1笔 6933.00元", "支出：0笔 6933.00元"),
        (ALIPAY, 10, "支出：1笔 6933.00元", "支出：1笔 6932.99元"),
        (ALIPAY, 11, "不计收支：1笔 12.00元", "不计收支：2笔 12.00元"),
        (ALIPAY, 11, "不计收支：1笔 12.00元", "不计收支：1笔 12.01元"),
        (ALIPAY_OLDER, 11, "其他：1笔 12.00元", "其他：1笔 12.01元"),
        (WECHAT, 7, "共4笔记录", "共 3 笔记录"),
        (WECHAT, 8, "收入：2笔 1577.50元", "收入：3笔 1577.50元"),
        (WECHAT, 8, "收入：2笔 1577.50元", "收入：2 笔 1,577.51 元"),
        (WECHAT, 9, "支出：1笔 1575.00元", "支出：1笔 1574.99元"),
        (WECHAT, 10, "中性交易：1笔 300.00元", "中性交易：1笔 300.01元"),
        (WECHAT, 10, "中性交易：1笔 300.00元", "中性交易：0笔 300.00元"),
        (ALIPAY_MERCHANT, 9, "#支出合计：1笔，共-58.50元", "#支出合计：2笔，共-58.50元"),
        (ALIPAY_MERCHANT, 9, "#支出合计：1笔，共-58.50元", "#支出合计：1笔，共-58.51元"),
        (ALIPAY_MERCHANT, 10, "#收入合计：1笔，共4932.00元", "#收入合计：0笔，共4932.00元"),
        (ALIPAY_MERCHANT, 10, "#收入合计：1笔，共4932.00元", "#收入合计：1笔，共4931.99元"),
        (WECHAT_MERCHANT, 5, "`2.0,`1.0,`100.00,`1.0,`0.60", "`3.0,`1.0,`100.00,`1.0,`0.60"),
        (WECHAT_MERCHANT, 5, "`2.0,`1.0,`100.00,`1.0,`0.60", "`2.0,`2.0,`100.00,`1.0,`0.60"),
        (WECHAT_MERCHANT, 5, "`2.0,`1.0,`100.00,`1.0,`0.60", "`2.0,`1.0,`100.01,`1.0,`0.60"),
        (WECHAT_MERCHANT, 5, "`2.0,`1.0,`100.00,`1.0,`0.60", "`2.0,`1.0,`100.00,`0.0,`0.60"),
        (WECHAT_MERCHANT, 5, "`2.0,`1.0,`100.00,`1.0,`0.60", "`2.0,`1.0,`100.00,`1.0,`0.59"),
    ],
)
def test_a_stated_total_that_is_wrong_by_one_is_told_with_its_line(path, line, old, new):
    ((number, _, text),) = problems(with_text(path, old, new))
    assert number == line
    assert DIFFERS in text


def test_a_row_that_is_missing_is_told_by_all_totals_it_belongs_to():
    rows = table_of(WECHAT)
    del rows[18]  # no balance would tell
    assert [(row, column) for row, column, _ in problems(csv_of(rows))] == [
        (7, ""),
        (10, "文件自述不计收支笔数"),
        (10, "文件自述不计收支金额"),
    ]


def test_a_total_with_separators_that_a_csv_cuts_into_cells_is_still_compared():
    data = with_text(WECHAT, "收入：2笔 1577.50元", "收入：2笔 1,577.50元")
    assert control(intake.read(data, "a.csv"), "文件自述收入金额") == 157_750
    ((row, _, text),) = problems(with_text(WECHAT, "收入：2笔 1577.50元", "收入：2笔 15,77.50元"))
    assert row == 8
    assert "不是金额" in text


@pytest.mark.parametrize("filler", [" ", "1", "，", "收入：1笔"])
def test_an_endless_line_above_the_header_is_read_at_once(filler):
    data = with_text(ALIPAY, "导出信息：", "账户：" + filler * (1_000_000 // len(filler)))
    started = time.perf_counter()
    with suppress(intake.Unreadable):  # the last one states a hundred totals, which is not the point
        intake.read(data, "a.csv")
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize("path", [ALIPAY, WECHAT], ids=lambda path: path.stem)
def test_a_bill_without_the_lines_above_its_header_has_no_stated_totals(path):
    rows = table_of(path)
    bare = intake.read(csv_of(rows[read(path).header_row - 1 :]), "a.csv")
    assert meaning(bare) == meaning(read(path))
    assert (bare.header_row, bare.account) == (1, "")
    assert not [item for item in bare.controls if "自述" in item.name]


def test_an_alipay_merchant_list_is_read_with_its_running_balance():
    flow = read(ALIPAY_MERCHANT)
    assert (flow.reader, flow.kind, flow.platform) == ("alipay-merchant", "wallet_flow", "")
    assert (flow.account, flow.header_row) == ("2088000000000000156", 5)
    assert [(row.key, row.kind, row.amount_fen, row.balance_fen) for row in flow.rows] == [
        ("546324465300001", "flow_in", 493_200, 493_200),
        ("546324465300002", "flow_out", 5_850, 487_350),
    ]
    assert flow.rows[1].title == "退款 佣金追扣"
    assert flow.rows[1].party == "某平台 (a***@example.com)"
    assert flow.rows[1].note == "结算后退款 M-2"
    assert (control(flow, "期初余额"), control(flow, "期末余额")) == (0, 487_350)
    assert control(flow, "文件自述支出金额") == 5_850


@pytest.mark.parametrize(
    ("into", "out", "after"),
    [
        ("收入金额(+元)", "支出金额(-元)", "账户余额(元)"),
        ("收入金额+元", "支出金额-元", "账户余额元"),
        ("收入金额", "支出金额", "账户余额"),
        ("收入金额（元）", "支出金额（元）", "账户余额（元）"),
    ],
)
def test_the_brackets_of_an_alipay_header_may_be_full_half_or_absent(into, out, after):
    data = with_text(
        ALIPAY_MERCHANT, "收入金额（+元）,支出金额（-元）,账户余额（元）", f"{into},{out},{after}"
    )
    assert meaning(intake.read(data, "a.csv")) == meaning(read(ALIPAY_MERCHANT))


def test_an_alipay_expense_may_be_printed_with_either_sign():
    data = with_text(ALIPAY_MERCHANT, ",-58.50,", ",58.50,")
    assert meaning(intake.read(data, "a.csv")) == meaning(read(ALIPAY_MERCHANT))


def test_an_empty_nameless_first_column_is_allowed_where_exports_have_one():
    rows = [["", *row] for row in table_of(ALIPAY_MERCHANT)]
    settlement = intake.read(csv_of(rows), "a.csv")
    assert meaning(settlement) == meaning(read(ALIPAY_MERCHANT))
    assert settlement.account == "2088000000000000156"
    cells = [(row.number, row.cells) for row in settlement.rows]
    assert intake.derive(settlement.reader, 1, settlement.header, cells) == [
        row.key for row in settlement.rows
    ]
    rows[5][0] = "x"
    ((row, _, text),) = problems(csv_of(rows))
    assert (row, "没有列名" in text) == (6, True)
    other = [["", *row] for row in table_of(WECHAT_MERCHANT)]
    assert "没有列名" in problems(csv_of(other))[0][2]


@pytest.mark.parametrize(
    ("period", "outside"),
    [
        ("#起始日期：[2026年03月24日 21:02:06]   终止日期：[2026年03月26日 20:31:32]", []),
        ("#起始日期：[2026年03月25日 00:00:00]   终止日期：[2026年04月01日 00:00:00]", [6]),
        ("#起始日期：[2026年03月01日 00:00:00]   终止日期：[2026年03月26日 20:31:31]", [7]),
        ("#起始日期：[2026年04月01日 00:00:00]   终止日期：[2026年05月01日 00:00:00]", [6, 7]),
        ("#起始日期：[2026-03-01 00:00:00]   终止日期：[2026-03-31 23:59:59]", []),
    ],
)
def test_rows_outside_the_period_of_an_alipay_list_are_told(period, outside):
    old = "#起始日期：[2026年03月01日 00:00:00]   终止日期：[2026年04月01日 00:00:00]"
    data = with_text(ALIPAY_MERCHANT, old, period)
    if not outside:
        assert intake.read(data, "a.csv").rows
        return
    assert [(row, column) for row, column, _ in problems(data)] == [(row, "发生时间") for row in outside]
    assert all("起止日期" in text for _, _, text in problems(data))


@pytest.mark.parametrize("start", ["2026年02月30日 00:00:00", "三月一日", "2026年05月01日 00:00:00"])
def test_a_period_that_cannot_be_read_or_ends_before_it_starts_is_told(start):
    ((row, _, text),) = problems(with_text(ALIPAY_MERCHANT, "[2026年03月01日 00:00:00]", f"[{start}]"))
    assert (row, "无法识别" in text) == (3, True)


def test_an_alipay_line_with_both_amounts_is_refused_and_one_with_none_moves_nothing():
    ((row, column, text),) = problems(with_text(ALIPAY_MERCHANT, ",0.00,-58.50,", ",1.00,-58.50,"))
    assert (row, column) == (7, "收入金额（+元）")
    assert "两列都有金额" in text
    rows = table_of(ALIPAY_MERCHANT)
    still = [*rows[6]]
    still[0], still[6], still[7] = "546324465300003", "0.00", ""
    settlement = intake.read(csv_of([*rows[:7], still, *rows[7:]]), "a.csv")
    assert [(row.kind, row.amount_fen) for row in settlement.rows][2] == ("flow_memo", 0)


def test_footers_with_a_hash_are_dropped_but_no_row_is():
    data = with_text(ALIPAY_MERCHANT, "#导出时间", "#本明细仅供对账使用\r\n#导出时间")
    assert meaning(intake.read(data, "a.csv")) == meaning(read(ALIPAY_MERCHANT))
    ((row, _, _),) = problems(with_text(ALIPAY_MERCHANT, "#导出时间：[", "#9"))
    assert row == 11


def test_a_personal_wechat_bill_is_read_with_its_totals():
    bill = read(WECHAT)
    assert (bill.reader, bill.kind, bill.platform) == ("wechat-pay-personal", "wallet_bill", "")
    assert (bill.encoding, bill.header_row, bill.account) == ("utf-8-sig", 17, "张某某")
    assert [(row.kind, row.amount_fen) for row in bill.rows] == [
        ("flow_out", 157_500),
        ("flow_memo", 30_000),
        ("flow_in", 250),
        ("flow_in", 157_500),
    ]
    withdrawn, returned = bill.rows[1:3]
    assert withdrawn.key == "2033603290000000000000000000000002"
    assert (withdrawn.title, withdrawn.party) == ("零钱提现", "某银行(0001)")
    assert withdrawn.note == "零钱提现 提现已到账 服务费¥0.30"
    assert returned.title == '矿泉水, "大瓶"'
    assert returned.note == "商户消费-退款 已全额退款"
    assert returned.cells[8].endswith("\t")
    assert control(bill, "文件自述收入金额") == 157_750


def test_the_newer_wechat_workbook_has_its_header_in_row_18():
    rows: list[list[Any]] = [row[:] for row in table_of(WECHAT)]
    rows.insert(14, ["4. 如需作为证明材料，请申请电子凭证"])
    for row in rows[18:]:
        row[0] = datetime.fromisoformat(row[0])
        row[5] = float(row[5].strip("¥").replace(",", ""))
        row[8] = row[8].strip()
    settlement = intake.read(xlsx_of(rows), "微信支付账单.xlsx")
    assert (settlement.header_row, settlement.encoding) == (18, "xlsx")
    assert meaning(settlement) == meaning(read(WECHAT))
    assert control(settlement, "文件自述笔数", "rows") == 4


def test_an_empty_direction_is_not_the_slash_that_means_neutral():
    ((row, column, text),) = problems(with_text(WECHAT, ',"/",/,¥300.00', ',"/",,¥300.00'))
    assert (row, column) == (19, "收/支")
    assert "不能为空" in text


def test_a_wechat_merchant_flow_marks_every_cell_and_ends_in_two_summary_lines():
    flow = read(WECHAT_MERCHANT)
    assert (flow.reader, flow.kind, flow.platform) == ("wechat-pay-merchant", "wallet_flow", "")
    assert [(row.kind, row.amount_fen, row.balance_fen) for row in flow.rows] == [
        ("flow_in", 10_000, 10_000),
        ("flow_out", 60, 9_940),
    ]
    assert (flow.rows[0].title, flow.rows[0].party, flow.rows[0].note) == ("交易", "system", "V001")
    assert control(flow, "文件自述笔数", "rows") == 2
    assert control(flow, "文件自述支出金额") == 60
    header = ",".join(flow.header)
    marked = with_text(WECHAT_MERCHANT, header, "`" + header.replace(",", ",`"))
    assert meaning(intake.read(marked, "a.csv")) == meaning(flow)


def test_a_payment_and_its_refund_may_have_one_flow_number_but_nothing_is_there_twice():
    rows = table_of(WECHAT_MERCHANT)
    rows[2][2] = rows[1][2]
    keys = [row.key for row in intake.read(csv_of(rows), "a.csv").rows]
    assert len(set(keys)) == 2
    again = [*rows[1][:7], "`199.40", *rows[1][8:]]
    found = problems(csv_of([*rows[:3], again]))
    assert [(row, column) for row, column, _ in found] == [(4, "资金流水单号")]


@pytest.mark.parametrize(
    ("values", "line", "sentence"),
    [
        ("", 4, "没有可核对"),
        ("\r\n`2.0,`1.0,`1E2,`1.0,`0.60", 5, "不是金额"),
        ("\r\n`2.5,`1.0,`100.00,`1.0,`0.60", 5, "不是个数"),
        ("\r\n`2.0,`1.0,`100.00,`1.0,`0.60\r\n`2026-03-25 04:21:25,`1", 6, "合计行之后还有数据"),
    ],
)
def test_the_summary_lines_must_be_whole_readable_and_last(values, line, sentence):
    data = with_text(WECHAT_MERCHANT, "\r\n`2.0,`1.0,`100.00,`1.0,`0.60", values)
    assert [(row, sentence in text) for row, _, text in problems(data)] == [(line, True)]
