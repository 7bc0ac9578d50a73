"""What the rows of each format mean, and what contradicts itself in them."""

from __future__ import annotations

from datetime import datetime

import pytest

from ledger import intake
from ledger.months import CHINA
from tests.test_intake_month import BANK, COMMISSION, DATA, FLOW, TIPS, csv_of, read, table_of
from tests.test_intake_rules import problems, with_cell


def test_a_negative_settled_commission_with_positive_totals_is_a_claw_back_with_a_notice():
    settlement = read(DATA / "bad" / "追扣印成正数.csv")
    assert [(row.kind, row.amount_fen, row.fee_fen, row.gmv_fen) for row in settlement.rows] == [
        ("commission", 640, 64, 12_800),
        ("commission_estimate", 399, 40, 3_990),
        ("commission_void", 640, 64, 12_800),
        ("commission_refund", -650, -65, -6_500),
    ]
    assert settlement.rows[3].key == "6931000000000000004|refund"
    assert settlement.rows[3].party == ""
    assert settlement.rows[3].until == datetime(2026, 3, 26, 4, 0, 1, tzinfo=CHINA)
    ((row, text),) = [(notice.row, notice.text()) for notice in settlement.notices]
    assert row == 5
    assert "追扣" in text


@pytest.mark.parametrize(
    ("row", "column", "value", "sentence"),
    [
        (2, "总佣金收入", "4.01", "不等于"),
        (2, "技术服务费", "0.41", "不等于"),
        (2, "技术服务费", "-0.40", "矛盾"),
        (2, "成交金额", "-40.00", "矛盾"),
        (2, "结算佣金收入-达人", "", "不能为空"),
        (2, "技术服务费", "-", "不能为空"),
        (2, "订单结算时间", "-", "没有结算时间"),
        (2, "订单结算时间", "2026-03-01 00:00:00", "早于"),
        (2, "订单状态", "订单完成", "不认识的订单状态"),
        (2, "订单状态", "订单付款", "还没有结算"),
        (48, "结算佣金收入-达人", "5.85", "还没有结算"),
        (48, "订单结算时间", "2026-03-24 03:00:00", "还没有结算"),
        (1112, "总佣金收入", "-6.51", "不等于"),
        (1112, "订单结算时间", "", "没有结算时间"),
        (2, "佣金率", "0.1", "比率"),
    ],
)
def test_commission_is_booked_only_when_settled_to_the_fen(row, column, value, sentence):
    assert any(
        number == row and sentence in text
        for number, _, text in problems(csv_of(with_cell(COMMISSION, row, column, value)))
    )


def test_a_negative_fee_is_refused_even_where_the_sum_is_right():
    rows = with_cell(COMMISSION, 2, "技术服务费", "-0.40")
    rows[1][7] = "3.20"
    assert [(row, column) for row, column, _ in problems(csv_of(rows))] == [(2, "结算佣金收入-达人")]


def test_a_rate_that_does_not_fit_is_shown_but_does_not_refuse():
    settlement = intake.read(csv_of(with_cell(COMMISSION, 2, "佣金率", "12.00%")), "a.csv")
    assert [(notice.row, notice.values) for notice in settlement.notices] == [(2, {"count": 1})]


@pytest.mark.parametrize(
    ("column", "value", "sentence"),
    [
        ("平台", "斗鱼", "不认识的平台"),
        ("平台", "", "不能为空"),
        ("直播场次号", "", "不能为空"),
        ("账号", "-", "不能为空"),
        ("下播时间", "2026-03-03 20:00:00", "晚于"),
        ("下播时间", "2026-03-03 19:00:00", "晚于"),
        ("开播时间", "", "不能为空"),
        ("开播时间", "2026-03-03", "不是时间"),
        ("平台显示打赏收入(元)", "-1", "负数"),
        ("平台显示打赏收入(元)", "", "不能为空"),
        ("平台显示可提现(元)", "", "不能为空"),
        ("平台显示可提现(元)", "-0.01", "负数"),
        ("平台显示可提现(元)", "8640.01", "不能大于"),
        ("音浪/黄钻数", "12.5万", "四舍五入"),
        ("音浪/黄钻数", "86400.5", "不是个数"),
        ("平台显示打赏收入(元)", "1.2万", "四舍五入"),
        ("录入人", "", "不能为空"),
        ("复核人", "", "不能为空"),
        ("复核人", "记录员甲", "两个人"),
        ("复核人", " 记录员 甲 ", "两个人"),
        ("账号", "1.23E+11", "Excel"),
    ],
)
def test_the_tip_sheet_says_what_is_wrong_with_a_broadcast(column, value, sentence):
    ((row, _, text),) = problems(csv_of(with_cell(TIPS, 2, column, value)))
    assert row == 2
    assert sentence in text


def test_end_units_and_screenshot_may_be_missing_and_other_platforms_are_known():
    rows = table_of(TIPS)
    rows[1][1], rows[1][4], rows[1][5], rows[1][9] = "视频号", "", "-", ""
    first = intake.read(csv_of(rows), "a.csv").rows[0]
    assert (first.platform, first.until, first.units) == ("wechat", None, None)


def test_zero_income_and_odd_figures_are_noticed_not_refused():
    rows = table_of(TIPS)
    rows[1][6], rows[1][7], rows[1][5] = "0", "0.00", "0"
    rows[2][5] = "52351"
    rows[3][5] = "99999"  # the units of other platforms have no fixed price
    rows[4][9] = "2026-03-25 21:00:00"
    settlement = intake.read(csv_of(rows), "a.csv")
    assert settlement.rows[0].amount_fen == 0
    assert [(notice.row, notice.text()[:4]) for notice in settlement.notices] == [
        (2, "打赏收入"),
        (3, "打赏收入"),
        (5, "截图时间"),
    ]


def reversed_data(path) -> list[list[str]]:
    rows = table_of(path)
    at = 2 if path == BANK else 1
    return rows[:at] + rows[at:][::-1]


@pytest.mark.parametrize("path", [BANK, FLOW], ids=["bank", "flow"])
def test_a_statement_may_be_given_newest_first(path):
    settlement, usual = intake.read(csv_of(reversed_data(path)), "a.csv"), read(path)
    assert sorted(row.key for row in settlement.rows) == sorted(row.key for row in usual.rows)
    assert settlement.controls == usual.controls
    assert settlement.notices == ()


def test_two_rows_that_cancel_out_are_ordered_by_their_time():
    rows = table_of(FLOW)
    settlement = intake.read(csv_of([rows[0], rows[3], rows[2]]), "a.csv")
    opening, closing = settlement.controls[:2]
    assert (opening.stated, closing.stated) == (157_500, 157_500)
    assert settlement.notices == ()


@pytest.mark.parametrize("drop", range(3, 8))
def test_a_missing_row_breaks_the_running_balance(drop):
    rows = table_of(BANK)
    del rows[drop]
    ((row, column, text),) = problems(csv_of(rows))
    assert (row, column) == (drop + 1, "余额")
    assert "余额对不上" in text


def test_the_break_is_named_newest_first_as_well():
    rows = reversed_data(BANK)
    del rows[4]
    assert [row for row, _, _ in problems(csv_of(rows))] == [4]


def test_time_that_runs_backwards_under_a_sound_balance_is_noticed():
    settlement = intake.read(csv_of(with_cell(BANK, 6, "交易时间", "2026-03-15 00:00:00")), "a.csv")
    assert [notice.row for notice in settlement.notices] == [6]


def test_two_equal_payments_without_a_number_are_two_payments():
    rows = table_of(BANK)
    gift, back = list(rows[5]), list(rows[5])
    back[4:7], back[11] = ["借", "200.00", "0.00"], "7,133.00"
    back[11] = "6,933.00"
    settlement = intake.read(csv_of([*rows[:6], back, gift, *rows[6:]]), "a.csv")
    keys = [row.key for row in settlement.rows]
    assert len(set(keys)) == 9
    assert [key.rpartition("|")[2] for key in (keys[3], keys[5])] == ["1", "2"]
    assert keys[3].rpartition("|")[0] == keys[5].rpartition("|")[0]


@pytest.mark.parametrize(
    ("path", "row", "column", "value", "sentence"),
    [
        (BANK, 4, "本方账号", "3011000000000000002", "不止一个"),
        (BANK, 4, "借/贷", "D", "借贷方向"),
        (BANK, 4, "贷方发生额", "1.00", "矛盾"),
        (BANK, 4, "借方发生额", "-8,000.00", "矛盾"),
        (BANK, 4, "借方发生额", "0.00", "矛盾"),
        (FLOW, 2, "账务方向", "进", "账务方向"),
        (FLOW, 2, "发生额（元）", "0.00", "不能为零"),
        (FLOW, 3, "账务流水号", "", "不能为空"),
    ],
)
def test_statements_say_what_is_wrong_with_a_movement(path, row, column, value, sentence):
    ((number, _, text),) = problems(csv_of(with_cell(path, row, column, value)))
    assert number == row
    assert sentence in text
