"""Flows and settlements of the platforms, and what holds for every list of movements alike."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from ledger import intake
from ledger.months import CHINA
from tests.test_intake_month import DATA, control, csv_of, xlsx_of
from tests.test_intake_rules import RESAVED, problems
from tests.test_intake_wallets import (
    ALIPAY,
    ALIPAY_MERCHANT,
    ALIPAY_OLDER,
    WALLETS,
    WECHAT,
    WECHAT_MERCHANT,
    meaning,
    read,
    table_of,
)

DOUYIN = WALLETS / "抖店动账明细.csv"
DOUYIN_WIDE = WALLETS / "抖店动账明细_39列.csv"
DOUYIN_BALANCE = WALLETS / "抖店动账明细_带余额.csv"
KUAISHOU = WALLETS / "快手结算明细.csv"
CHANNELS = WALLETS / "视频号资金流水.csv"
KUAISHOU_FLOW = DATA / "快手动账.csv"
ALL = [
    *(ALIPAY, ALIPAY_OLDER, ALIPAY_MERCHANT, WECHAT, WECHAT_MERCHANT),
    *(DOUYIN, DOUYIN_WIDE, DOUYIN_BALANCE, KUAISHOU, CHANNELS),
]


def header_at(path: Path) -> int:
    """Return the place of a sample's header among its lines."""
    return read(path).header_row - 1


def changed(path: Path, row: int, column: str, value: str) -> bytes:
    """Return a sample with one cell changed; `row` counts the data rows from 0."""
    rows, at = table_of(path), header_at(path)
    place = [cell.strip() for cell in rows[at]].index(column)
    rows[at + 1 + row][place] = value
    return csv_of(rows)


def place_of(path: Path, row: int) -> int:
    return header_at(path) + 2 + row


def test_the_narrow_douyin_sample_is_read_by_direction_not_by_sign():
    flow = read(DOUYIN)
    assert (flow.reader, flow.kind, flow.platform) == ("douyin-flow", "shop_fund_flow", "douyin")
    assert [(row.key, row.kind, row.amount_fen) for row in flow.rows] == [
        ("2026032408000000000000000001", "flow_in", 11_232),
        ("2026032608011000000000000002", "flow_out", 6_500),
        ("2026032710150000000000000003", "flow_out", 817),
        ("2026033109300000000000000004", "flow_out", 487_350),
    ]
    assert flow.rows[0].cells[1] == "'2026032408000000000000000001"
    assert (flow.rows[1].title, flow.rows[1].note) == ("退款-结算后退款-退用户", "退款 6931000000000000004")
    assert (flow.rows[2].title, flow.rows[2].note) == ("保费扣除（2笔保单）", "")
    assert flow.rows[0].balance_fen is None
    assert (control(flow, "收入"), control(flow, "支出")) == (11_232, 494_667)


def test_the_douyin_header_of_39_columns_says_the_same_and_names_the_influencer():
    wide = read(DOUYIN_WIDE)
    assert (wide.reader, len(wide.header)) == ("douyin-flow", 39)
    assert [row[2:15] for row in wide.rows] == [row[2:15] for row in read(DOUYIN).rows]
    assert [row.party for row in wide.rows] == ["示例县公益直播", "示例县公益直播", "", ""]
    assert [row.note for row in wide.rows] == [row.note for row in read(DOUYIN).rows]


@pytest.mark.parametrize("sign", ["-", ""])
def test_a_douyin_export_may_be_signed_or_absolute_throughout(sign):
    rows = table_of(DOUYIN)
    for row in rows[2:]:
        row[3] = sign + row[3].lstrip("-")
    assert meaning(intake.read(csv_of(rows), "a.csv")) == meaning(read(DOUYIN))


def test_the_other_douyin_header_has_a_running_balance_and_memo_rows():
    flow = read(DOUYIN_BALANCE)
    assert (flow.reader, flow.kind, flow.platform) == ("douyin-flow-balance", "shop_fund_flow", "douyin")
    assert [row.kind for row in flow.rows] == [
        *("flow_in", "flow_out", "flow_out"),
        *("flow_memo", "flow_out"),
    ]
    assert (control(flow, "期初余额"), control(flow, "期末余额")) == (100_000, 0)
    assert control(flow, "冻结与解冻") == 3_915
    plain = table_of(DOUYIN_BALANCE)
    plain[0][4] = "账户方向"
    assert meaning(intake.read(csv_of(plain), "a.csv")) == meaning(flow)


def test_the_kuaishou_settlement_says_what_each_order_meant_for_the_influencer():
    settled = read(KUAISHOU)
    assert (settled.reader, settled.kind, settled.platform) == (
        "kuaishou-settlement",
        "settlement_order",
        "kuaishou",
    )
    assert len(settled.header) == 40
    assert [(row.kind, row.amount_fen, row.fee_fen, row.gmv_fen) for row in settled.rows] == [
        ("settlement", 1_280, 0, 12_800),
        ("settlement", 399, 0, 3_990),
        ("settlement_refund", -399, 0, -3_990),
        ("settlement", 0, 0, 6_500),
    ]
    first = settled.rows[0]
    assert first.key == "2605300000000000011|23000000000011|2026-03-28T03:12:55"
    assert first.at == datetime(2026, 3, 18, 20, 41, 7, tzinfo=CHINA)
    assert first.until == datetime(2026, 3, 28, 3, 12, 55, tzinfo=CHINA)
    assert (first.title, first.party, first.note) == ("高山菜籽油5L", "990000000001", "2605300000000000011")
    assert control(settled, "达人佣金（已结算）") == 1_679
    assert control(settled, "达人佣金（追扣）", "rows") == 1
    assert control(settled, "订单实付") == 19_300


def test_one_order_settled_twice_is_two_rows_but_the_same_settlement_is_refused():
    rows = table_of(KUAISHOU)
    assert len({row.key for row in read(KUAISHOU).rows}) == 4
    ((row, column, text),) = problems(csv_of([*rows, rows[1]]))
    assert (row, column) == (6, "订单号")
    assert "第 2 行" in text


@pytest.mark.parametrize(
    ("column", "value", "sentence"),
    [
        ("实际结算时间", "2026-03-18 20:41:06", "早于"),
        ("实际结算时间", "-", "不能为空"),
        ("达人佣金(元)", "12.8元", "不是金额"),
        ("订单实付(元)", "", "不能为空"),
    ],
)
def test_a_settlement_says_what_is_wrong_with_an_order(column, value, sentence):
    ((row, where, text),) = problems(changed(KUAISHOU, 0, column, value))
    assert (row, where) == (2, column)
    assert sentence in text


def test_the_flow_of_a_wechat_shop_runs_on_from_balance_to_balance():
    flow = read(CHANNELS)
    assert (flow.reader, flow.kind, flow.platform) == ("wechat-flow", "shop_fund_flow", "wechat")
    assert [(row.key, row.kind, row.amount_fen, row.balance_fen) for row in flow.rows] == [
        ("WX2603180001", "flow_in", 1_260, 1_260),
        ("WX2603180002", "flow_out", 126, 1_134),
        ("WX2603250003", "flow_out", 1_134, 0),
    ]
    assert (flow.rows[2].title, flow.rows[2].note) == ("提现", "提现至银行账户 TX20260325001")
    rows = table_of(CHANNELS)
    rows[0][2] = "动账类型"
    assert meaning(intake.read(csv_of(rows), "a.csv")) == meaning(flow)


def test_the_keys_of_the_kuaishou_flow_are_what_they_were():
    assert [row.key for row in read(KUAISHOU_FLOW).rows] == [
        "KS20260330000000000001",
        "KS20260331000000000002",
        "KS20260331000000000003",
    ]


@pytest.mark.parametrize(
    ("path", "column", "scene"),
    [
        (DOUYIN, "动账场景", "资金冻结"),
        (CHANNELS, "动帐类型", "解冻"),
        (WECHAT_MERCHANT, "业务类型", "冻结"),
        (KUAISHOU_FLOW, "业务类型", "资金冻结"),
    ],
)
def test_freezing_is_neither_income_nor_expense(path, column, scene):
    rows, at = table_of(path), header_at(path)
    place = rows[at].index(column)
    rows[at + 1][place] = scene
    last = at + 1 + len(read(path).rows)
    assert intake.read(csv_of(rows[:last]), "a.csv").rows[0].kind == "flow_memo"


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_keys_are_unique_and_derived_again_from_the_stored_cells_alone(path):
    whole = read(path)
    cells = [(row.number, row.cells) for row in whole.rows]
    keys = [row.key for row in whole.rows]
    assert len(set(keys)) == len(keys)
    assert intake.derive(whole.reader, whole.version, whole.header, cells) == keys
    assert intake.reread(whole.reader, whole.version, whole.header, cells) == list(whole.rows)


@pytest.mark.parametrize("path", [ALIPAY, ALIPAY_OLDER, WECHAT], ids=lambda path: path.stem)
@pytest.mark.parametrize("kept", [[0], [2], [0, 2]])
def test_the_ticked_rows_of_a_bill_give_their_keys_without_the_others(path, kept):
    whole = read(path)
    rows = [whole.rows[at] for at in kept]
    cells = [(row.number, row.cells) for row in rows]
    again = intake.reread(whole.reader, whole.version, whole.header, cells, partial=True)
    assert again == rows
    assert intake.derive(whole.reader, whole.version, whole.header, cells, partial=True) == [
        row.key for row in rows
    ]


def test_a_ticked_row_whose_number_ends_in_zeros_was_not_cut_by_a_spreadsheet():
    rows, at = table_of(ALIPAY), header_at(ALIPAY)
    rows[at + 1][9] = "2026031522000000010000\t"
    whole = intake.read(csv_of(rows), "a.csv")
    row = whole.rows[0]
    cells = [(row.number, row.cells)]
    assert intake.derive(whole.reader, 1, whole.header, cells, partial=True) == [row.key]


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_the_same_content_as_a_workbook_gives_the_same_rows(path):
    rows = table_of(path)
    while not rows[-1]:
        rows.pop()
    settlement = intake.read(xlsx_of(rows), "导出.xlsx")
    assert meaning(settlement) == meaning(read(path))
    assert settlement.controls == read(path).controls
    assert settlement.account == read(path).account


REQUIRED = {
    ALIPAY: "交易时间 交易分类 交易对方 商品说明 收/支 金额 交易状态 交易订单号",
    ALIPAY_MERCHANT: "账务流水号 业务流水号 商户订单号 商品名称 发生时间 对方账号 收入金额（+元） 支出金额（-元） 账户余额（元） 业务类型 备注",
    WECHAT: "交易时间 交易类型 交易对方 商品 收/支 金额(元) 当前状态 交易单号",
    WECHAT_MERCHANT: "记账时间 微信支付业务单号 资金流水单号 业务名称 业务类型 收支类型 收支金额（元） 账户结余（元） 备注 业务凭证号",
    DOUYIN: "动账时间 动帐流水号 动账方向 动账金额 动账场景 订单号 备注",
    DOUYIN_BALANCE: "动账流水号 关联订单号 动账时间 账户方向(收入/支出) 动账金额(元) 动账场景 账户余额(元) 备注",
    KUAISHOU: "订单号 商品ID 商品名称 订单创建时间 订单实付(元) 达人ID 达人佣金(元) 实际结算时间",
    CHANNELS: "流水单号 记账时间 动帐类型 收支类型 收支金额 账户余额 关联订单号 详情",
}


@pytest.mark.parametrize(
    ("path", "name"), [(path, name) for path, names in REQUIRED.items() for name in names.split()]
)
def test_a_required_column_that_is_missing_is_named(path, name):
    rows, at = table_of(path), header_at(path)
    place = [cell.strip() for cell in rows[at]].index(name)
    for row in rows[at:]:
        del row[place : place + 1]
    ((row, column, text),) = problems(csv_of(rows))
    assert row == at + 1
    assert column.split("(")[0] == name.split("(")[0].replace("帐", "账")
    assert f"缺少列“{column}”" in text


DIRECTIONS = [
    *((ALIPAY, "收/支", "金额"), (WECHAT, "收/支", "金额(元)")),
    *((WECHAT_MERCHANT, "收支类型", "收支金额（元）"), (DOUYIN, "动账方向", "动账金额")),
    *((DOUYIN_BALANCE, "账户方向(收入/支出)", "动账金额(元)"), (CHANNELS, "收支类型", "收支金额")),
]


@pytest.mark.parametrize(("path", "way", "amount"), DIRECTIONS)
def test_a_word_that_is_no_direction_is_refused_with_its_place(path, way, amount):
    for word in ("退回", "收", ""):
        ((row, column, text),) = problems(changed(path, 0, way, word))
        assert (row, column) == (place_of(path, 0), way)
        assert "不认识" in text or "不能为空" in text


@pytest.mark.parametrize(
    ("path", "amount"),
    [*((path, amount) for path, _, amount in DIRECTIONS), (ALIPAY_MERCHANT, "收入金额（+元）")],
)
def test_a_negative_amount_that_came_in_is_a_contradiction(path, amount):
    at = next(at for at, row in enumerate(read(path).rows) if row.kind == "flow_in")
    ((row, column, text),) = problems(changed(path, at, amount, "-1.00"))
    assert (row, column) == (place_of(path, at), amount)
    assert "矛盾" in text


@pytest.mark.parametrize("path", [ALIPAY, WECHAT], ids=lambda path: path.stem)
def test_a_negative_amount_that_is_neither_is_a_contradiction_too(path):
    at = next(at for at, row in enumerate(read(path).rows) if row.kind == "flow_memo")
    amount = "金额" if path == ALIPAY else "金额(元)"
    ((row, _, text),) = problems(changed(path, at, amount, "-1.00"))
    assert (row, "矛盾" in text) == (place_of(path, at), True)


BALANCES = {
    ALIPAY_MERCHANT: "账户余额（元）",
    WECHAT_MERCHANT: "账户结余（元）",
    DOUYIN_BALANCE: "账户余额(元)",
    CHANNELS: "账户余额",
}


@pytest.mark.parametrize(("path", "column"), BALANCES.items(), ids=lambda value: getattr(value, "stem", ""))
def test_a_balance_that_does_not_run_on_is_told_with_its_row(path, column):
    value = (read(path).rows[1].balance_fen or 0) + 1
    found = problems(changed(path, 1, column, f"{value // 100}.{value % 100:02d}"))
    assert (found[0][0], found[0][1]) == (place_of(path, 1), column)
    assert "余额对不上" in found[0][2]


@pytest.mark.parametrize("gone", [2, 3, 4])
def test_a_row_taken_from_the_middle_is_told_by_the_balance(gone):
    rows = table_of(DOUYIN_BALANCE)
    del rows[gone]
    ((row, column, text),) = problems(csv_of(rows))
    assert (row, column, "余额对不上" in text) == (gone + 1, "账户余额(元)", True)


@pytest.mark.parametrize(("path", "way", "amount"), [item for item in DIRECTIONS if item[0] in BALANCES])
def test_a_movement_of_nothing_is_refused_where_a_balance_runs_on(path, way, amount):
    found = problems(changed(path, 0, amount, "0.00"))
    assert [(row, column) for row, column, _ in found] == [(place_of(path, 0), amount)]
    assert "不能为零" in found[0][2]


def resaved(path: Path, how: str) -> bytes:
    """Return a sample as a spreadsheet leaves it: numbers in exponent form, numbers cut, or dates slashed."""
    rows, at = table_of(path), header_at(path)
    for row in rows[at + 1 :]:
        for place, cell in enumerate(row):
            text = cell.strip("`'\t ")
            if how == "exponent" and re.fullmatch("[0-9]{12,}", text):
                row[place] = f"{text[0]}.{text[1:6].rstrip('0') or '0'}E+{len(text) - 1}"
            elif how == "cut" and re.fullmatch("[0-9]{19,}", text):
                row[place] = text[:15] + "0" * (len(text) - 15)
            elif how == "dates" and re.fullmatch("2026-.* .*", text):
                moment = datetime.fromisoformat(text)
                row[place] = f"{moment:%Y}/{moment.month}/{moment.day} {moment.hour}:{moment:%M}"
    return csv_of(rows)


@pytest.mark.parametrize(
    ("path", "how"),
    [
        *((path, how) for path in ALL for how in ("exponent", "dates")),
        *((path, "cut") for path in (ALIPAY, ALIPAY_OLDER, WECHAT, WECHAT_MERCHANT)),
        *((path, "cut") for path in (DOUYIN, DOUYIN_BALANCE, KUAISHOU)),
    ],
)
def test_a_file_that_a_spreadsheet_saved_again_is_refused_whole(path, how):
    with pytest.raises(intake.Unreadable, match=RESAVED):
        intake.read(resaved(path, how), "a.csv")


@pytest.mark.parametrize(
    ("path", "column"),
    [
        *((ALIPAY, "交易对方"), (ALIPAY, "商品说明"), (ALIPAY_MERCHANT, "对方账号"), (WECHAT, "交易对方")),
        *((WECHAT, "商品"), (WECHAT_MERCHANT, "备注"), (DOUYIN, "备注"), (DOUYIN_BALANCE, "动账场景")),
        *((KUAISHOU, "商品名称"), (CHANNELS, "详情")),
    ],
)
def test_a_name_that_looks_like_a_formula_stays_text(path, column):
    for name in ("=SUM(A1:A9)", "+1", "@名", "-cmd|' /C calc'!A0", "<script>alert(1)</script>"):
        row = intake.read(changed(path, 0, column, name), "a.csv").rows[0]
        assert name in f"{row.title} {row.party} {row.note}"
        assert name in row.cells


@pytest.mark.parametrize("path", [*ALL, KUAISHOU_FLOW], ids=lambda path: path.stem)
def test_a_header_belongs_to_one_format_alone(path):
    whole = read(path)
    fitting = []
    for name in intake.READERS:
        try:
            intake.derive(name, 1, whole.header, [])
        except intake.Unreadable:
            continue
        fitting.append(name)
    assert fitting == [whole.reader]


def test_an_unknown_column_is_kept_as_it_stands():
    rows: list[list[Any]] = [[*row, extra] for row, extra in zip(table_of(CHANNELS), "新甲乙丙", strict=True)]
    settlement = intake.read(csv_of(rows), "a.csv")
    assert [row.cells[-1] for row in settlement.rows] == ["甲", "乙", "丙"]
    assert meaning(settlement) == meaning(read(CHANNELS))


def test_two_columns_that_mean_the_same_are_refused():
    rows: list[list[Any]] = [
        [*row, extra]
        for row, extra in zip(table_of(CHANNELS), ["收支金额（元）", "1", "2", "3"], strict=True)
    ]
    assert problems(csv_of(rows)) == [(1, "收支金额（元）", "表头里有两列都叫这个名字")]
