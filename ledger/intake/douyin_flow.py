"""Douyin shop fund flow 抖店动账明细 (domain A2), in the two headers that exports have.

The wide one has no balance. Some of its exports print what goes out with a minus sign, some without one, some both:
动账方向 decides. Where 动账场景 is blank, 备注 says what it was. The narrow one has a balance that runs on.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from ledger.intake import cells, flows
from ledger.intake.flows import FREEZING, Movement, Terms
from ledger.intake.table import Column, Format
from ledger.words import N_

PLATFORM = "douyin"

_KEY = "动账流水号"
_WAY, _AMOUNT = "动账方向", "动账金额"
_NARROW_WAY, _NARROW_AMOUNT, _BALANCE = "账户方向", "动账金额(元)", "账户余额(元)"
_FROZEN = N_("冻结与解冻")

_WIDE = Terms(PLATFORM, {"入账": 1, "出账": -1}, _WAY, _AMOUNT, memo=_FROZEN, zero=True)
_NARROW = Terms(PLATFORM, {"收入": 1, "支出": -1}, _NARROW_WAY, _NARROW_AMOUNT, _BALANCE, memo=_FROZEN)


def _wide(values: tuple[Any, ...]) -> Movement:
    at, key, way, amount, scene, order, note, influencer = values
    rest = flows.joined(note if scene else "", order)
    return Movement(key, at, way, amount, None, scene or note, influencer, rest, scene in FREEZING)


def _narrow(values: tuple[Any, ...]) -> Movement:
    key, order, at, way, amount, scene, after, note = values
    rest = flows.joined(note if scene else "", order)
    return Movement(key, at, way, amount, after, scene or note, "", rest, scene in FREEZING)


FORMAT = Format(
    name="douyin-flow",
    version=1,
    kind="shop_fund_flow",
    platform=PLATFORM,
    title=N_("抖店动账明细"),
    columns=(
        Column("动账时间", cells.moment),
        Column(_KEY, cells.identifier),
        Column(_WAY, cells.required_text),
        Column(_AMOUNT, cells.money),
        Column("动账场景", cells.text),
        Column("订单号", cells.identifier_or_none),
        Column("备注", cells.text),
        Column("达人名称", cells.text, required=False),
    ),
    ids=(_KEY, "订单号"),
    sums=(_AMOUNT,),
    build=partial(flows.build, terms=_WIDE, read=_wide),
)

WITH_BALANCE = Format(
    name="douyin-flow-balance",
    version=1,
    kind="shop_fund_flow",
    platform=PLATFORM,
    title=N_("抖店动账明细（带余额）"),
    columns=(
        Column(_KEY, cells.identifier),
        Column("关联订单号", cells.identifier_or_none),
        Column("动账时间", cells.moment),
        Column(_NARROW_WAY, cells.required_text),
        Column(_NARROW_AMOUNT, cells.money),
        Column("动账场景", cells.text),
        Column(_BALANCE, cells.money),
        Column("备注", cells.text),
    ),
    ids=(_KEY, "关联订单号"),
    sums=(_NARROW_AMOUNT,),
    build=partial(flows.build, terms=_NARROW, read=_narrow),
    aliases=(("账户方向(收入/支出)", _NARROW_WAY),),
)
