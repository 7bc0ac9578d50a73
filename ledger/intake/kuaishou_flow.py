"""Kuaishou shop fund flow (domain A3): every movement with the balance after it.

Freezing and unfreezing move the balance but are neither income nor expense: memo rows.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from ledger.intake import cells, flows
from ledger.intake.flows import Movement, Terms
from ledger.intake.table import Column, Format
from ledger.words import N_

PLATFORM = "kuaishou"

_WAY, _AMOUNT, _BALANCE = "账务方向", "发生额（元）", "期末余额（元）"
_TERMS = Terms(PLATFORM, {"收": 1, "支": -1}, _WAY, _AMOUNT, _BALANCE, memo=N_("冻结与解冻"))
_MEMO = {"资金冻结", "资金解冻"}


def _movement(values: tuple[Any, ...]) -> Movement:
    key, _, at, way, amount, after, business, description, note = values
    title = f"{business} {description}".strip()
    return Movement(key, at, way, amount, after, title, "", note, business in _MEMO)


FORMAT = Format(
    name="kuaishou-flow",
    version=1,
    kind="shop_fund_flow",
    platform=PLATFORM,
    title=N_("快手资金流水"),
    columns=(
        Column("账务流水号", cells.identifier),
        Column("关联业务单号", cells.identifier_or_none),
        Column("入账时间", cells.moment),
        Column(_WAY, cells.required_text),
        Column(_AMOUNT, cells.money),
        Column(_BALANCE, cells.money),
        Column("业务类型", cells.required_text),
        Column("描述", cells.text),
        Column("备注", cells.text),
    ),
    ids=("账务流水号", "关联业务单号"),
    sums=(_AMOUNT,),
    build=partial(flows.build, terms=_TERMS, read=_movement),
    aliases=(("财务方式", _WAY),),
)
