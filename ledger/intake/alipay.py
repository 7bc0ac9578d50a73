"""Alipay (domain A6): the bill of a person, and the account list of a merchant.

A personal bill holds somebody's private life: each row stands by itself, so that the ticked ones alone can be
kept and read again. Its 收/支 also says 不计收支, neither income nor expense; a refund has the number of the
order with a suffix, and so a key of its own. A merchant's list has two columns of amounts, an expense
printed with either sign, and a balance that runs on.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from ledger.intake import cells, flows, preamble, totals
from ledger.intake.flows import Movement, Terms
from ledger.intake.model import BadCell, Control, Problems, SourceRow
from ledger.intake.table import Column, Format
from ledger.intake.text import Batch
from ledger.words import N_

_WAY, _AMOUNT = "收/支", "金额"
_IN, _OUT, _BALANCE = "收入金额（+元）", "支出金额（-元）", "账户余额（元）"
_AT = "发生时间"

_PERSON = Terms("", {"收入": 1, "支出": -1, "不计收支": 0, "其他": 0}, _WAY, _AMOUNT, zero=True)
"""`其他` is what older bills say for 不计收支. A bill may list a closed trade with 0.00."""
_MERCHANT = Terms("", {"收入": 1, "支出": -1, "": 0}, _IN, _IN, _BALANCE)


def _of_person(values: tuple[Any, ...]) -> Movement:
    at, category, party, goods, way, amount, status, order, note = values
    return Movement(
        order, at, way, amount, None, goods or category, party, flows.joined(category, status, note)
    )


def _of_merchant(values: tuple[Any, ...]) -> Movement:
    """Return the movement of the column that holds an amount; a line with 0 in both moves nothing."""
    key, _, order, goods, at, party, into, out, after, business, note, described = values
    if into and out:
        raise BadCell(N_("收入和支出两列都有金额：一笔只能有一个方向，请向平台核实"))
    way, amount = ("收入", into) if into else ("支出", out) if out else ("", 0)
    title = flows.joined(business, goods)
    return Movement(key, at, way, amount, after, title, party, flows.joined(note, described, order))


def _above_merchant(before: Batch, rows: Sequence[SourceRow], problems: Problems) -> list[Control]:
    preamble.check_period(before, rows, problems, _AT)
    return totals.above(before, rows, problems)


PERSONAL = Format(
    name="alipay-personal",
    version=1,
    kind="wallet_bill",
    platform="",
    title=N_("支付宝个人账单"),
    columns=(
        Column("交易时间", cells.moment),
        Column("交易分类", cells.text),
        Column("交易对方", cells.text),
        Column("商品说明", cells.text),
        Column(_WAY, cells.required_text),
        Column(_AMOUNT, cells.money),
        Column("交易状态", cells.text),
        Column("交易订单号", cells.identifier),
        Column("备注", cells.text, required=False),
    ),
    ids=("交易订单号",),
    sums=(_AMOUNT,),
    build=partial(flows.build, terms=_PERSON, read=_of_person),
    aliases=(("金额(元)", _AMOUNT),),
    preamble=totals.above,
    owner=preamble.account,
)

MERCHANT = Format(
    name="alipay-merchant",
    version=1,
    kind="wallet_flow",
    platform="",
    title=N_("支付宝商家账务明细"),
    columns=(
        Column("账务流水号", cells.identifier),
        Column("业务流水号", cells.identifier_or_none),
        Column("商户订单号", cells.text),
        Column("商品名称", cells.text),
        Column(_AT, cells.moment),
        Column("对方账号", cells.text),
        Column(_IN, cells.money_or_none),
        Column(_OUT, cells.money_or_none),
        Column(_BALANCE, cells.money),
        Column("业务类型", cells.text),
        Column("备注", cells.text),
        Column("业务描述", cells.text, required=False),
    ),
    ids=("账务流水号", "业务流水号"),
    sums=(_IN, _OUT),
    build=partial(flows.build, terms=_MERCHANT, read=_of_merchant),
    aliases=(
        *((other, _IN) for other in ("收入金额+元", "收入金额(元)", "收入金额元", "收入金额")),
        *((other, _OUT) for other in ("支出金额-元", "支出金额(元)", "支出金额元", "支出金额")),
        *((other, _BALANCE) for other in ("账户余额元", "账户余额")),
    ),
    preamble=_above_merchant,
    owner=preamble.account,
    margin=True,
)
