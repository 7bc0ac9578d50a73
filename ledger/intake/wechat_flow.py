"""WeChat Channels shop fund flow 视频号小店资金流水 (domain A4): every movement with the balance after it."""

from __future__ import annotations

from functools import partial
from typing import Any

from ledger.intake import cells, flows
from ledger.intake.flows import FREEZING, Movement, Terms
from ledger.intake.table import Column, Format
from ledger.words import N_

PLATFORM = "wechat"

_KEY, _WAY, _AMOUNT, _BALANCE = "流水单号", "收支类型", "收支金额", "账户余额"
_TERMS = Terms(PLATFORM, {"收入": 1, "支出": -1}, _WAY, _AMOUNT, _BALANCE, memo=N_("冻结与解冻"))


def _movement(values: tuple[Any, ...]) -> Movement:
    key, at, business, way, amount, after, order, details, withdrawal = values
    note = flows.joined(details, order, withdrawal)
    return Movement(key, at, way, amount, after, business, "", note, business in FREEZING)


FORMAT = Format(
    name="wechat-flow",
    version=1,
    kind="shop_fund_flow",
    platform=PLATFORM,
    title=N_("视频号资金流水"),
    columns=(
        Column(_KEY, cells.identifier),
        Column("记账时间", cells.moment),
        Column("动账类型", cells.required_text),
        Column(_WAY, cells.required_text),
        Column(_AMOUNT, cells.money),
        Column(_BALANCE, cells.money),
        Column("关联订单号", cells.identifier_or_none),
        Column("详情", cells.text),
        Column("关联提现单号", cells.text, required=False),
    ),
    ids=(_KEY, "关联订单号"),
    sums=(_AMOUNT,),
    build=partial(flows.build, terms=_TERMS, read=_movement),
    aliases=(("收支金额(元)", _AMOUNT), ("账户余额(元)", _BALANCE)),
)
