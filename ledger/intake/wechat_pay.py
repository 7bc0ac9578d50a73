"""WeChat Pay (domain A6): the bill of a person, and the fund flow of a merchant.

A personal bill holds somebody's private life: each row stands by itself, so that the ticked ones alone can be
kept and read again. `/` in 收/支 is a neutral trade (中性交易): neither income nor expense. A merchant's
flow marks every cell as text with a backtick and ends in a block of two summary lines.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from ledger.intake import cells, flows, preamble, totals
from ledger.intake.flows import FREEZING, Movement, Terms
from ledger.intake.table import Column, Format
from ledger.words import N_

_WAY, _AMOUNT = "收/支", "金额(元)"
_FLOW_WAY, _FLOW_AMOUNT, _BALANCE = "收支类型", "收支金额（元）", "账户结余（元）"
_NEUTRAL = "中性交易"

_PERSON = Terms("", {"收入": 1, "支出": -1, _NEUTRAL: 0}, _WAY, _AMOUNT, zero=True)
_MERCHANT = Terms("", {"收入": 1, "支出": -1}, _FLOW_WAY, _FLOW_AMOUNT, _BALANCE, memo=N_("冻结与解冻"))


def _way(cell: str) -> str:
    """Return the direction's word; here `/` is one, not the sign for an empty cell."""
    return _NEUTRAL if cell.strip() == "/" else cells.required_text(cell)


def _of_person(values: tuple[Any, ...]) -> Movement:
    at, business, party, goods, way, amount, status, order, note = values
    return Movement(
        order, at, way, amount, None, goods or business, party, flows.joined(business, status, note)
    )


def _of_merchant(values: tuple[Any, ...]) -> Movement:
    """Return a movement. A payment and its refund may have one flow number: business and way complete it."""
    at, business_id, flow, name, business, way, amount, after, applicant, note, voucher = values
    key = f"{flow}|{business_id}|{way}"
    title, rest = flows.joined(name, business), flows.joined(note, voucher)
    return Movement(key, at, way, amount, after, title, applicant, rest, business in FREEZING)


PERSONAL = Format(
    name="wechat-pay-personal",
    version=1,
    kind="wallet_bill",
    platform="",
    title=N_("微信支付个人账单"),
    columns=(
        Column("交易时间", cells.moment),
        Column("交易类型", cells.text),
        Column("交易对方", cells.text),
        Column("商品", cells.text),
        Column(_WAY, _way),
        Column(_AMOUNT, cells.money),
        Column("当前状态", cells.text),
        Column("交易单号", cells.identifier),
        Column("备注", cells.text, required=False),
    ),
    ids=("交易单号",),
    sums=(_AMOUNT,),
    build=partial(flows.build, terms=_PERSON, read=_of_person),
    aliases=(("金额", _AMOUNT),),
    preamble=totals.above,
    owner=preamble.account,
)

MERCHANT = Format(
    name="wechat-pay-merchant",
    version=1,
    kind="wallet_flow",
    platform="",
    title=N_("微信支付商户资金流水"),
    columns=(
        Column("记账时间", cells.moment),
        Column("微信支付业务单号", cells.identifier_or_none),
        Column("资金流水单号", cells.identifier),
        Column("业务名称", cells.text),
        Column("业务类型", cells.text),
        Column(_FLOW_WAY, cells.required_text),
        Column(_FLOW_AMOUNT, cells.money),
        Column(_BALANCE, cells.money),
        Column("资金变更提交申请人", cells.text),
        Column("备注", cells.text),
        Column("业务凭证号", cells.text),
    ),
    ids=("资金流水单号", "微信支付业务单号"),
    sums=(_FLOW_AMOUNT,),
    build=partial(flows.build, terms=_MERCHANT, read=_of_merchant),
    aliases=(("收支金额", _FLOW_AMOUNT), ("账户结余", _BALANCE)),
)
