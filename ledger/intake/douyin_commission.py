"""Douyin sales commission: the influencer's order list of 巨量百应 (domain A2).

Commission is booked on settlement only. An estimate is a memo, and so is an order returned before
settlement; a claw-back after settlement is a row of its own with negative amounts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from operator import attrgetter
from typing import Any

from ledger.errors import Problem
from ledger.intake import cells
from ledger.intake.model import Control, Problems, SourceRow
from ledger.intake.table import Built, Column, Format, Line
from ledger.words import N_

PLATFORM = "douyin"

_SETTLED = "订单结算"
_CLAWED_BACK = "订单结算后退款"
_KINDS = {
    _SETTLED: "commission",
    _CLAWED_BACK: "commission_refund",
    "订单付款": "commission_estimate",
    "订单收货": "commission_estimate",
    "订单确认收货": "commission_estimate",
    "订单退货退款": "commission_void",
}
_NAMES = {
    "commission": N_("结算佣金"),
    "commission_refund": N_("结算后退款追扣佣金"),
    "commission_estimate": N_("预估佣金（未结算）"),
    "commission_void": N_("结算前退货退款佣金"),
}
_TOTAL, _NET, _FEE = "总佣金收入", "结算佣金收入-达人", "技术服务费"
_STATUS, _SETTLED_AT = "订单状态", "订单结算时间"

_ONE_FEN = 100
"""In the hundredths of a fen that a rate gives."""
_new = tuple.__new__
"""Makes a SourceRow without calling its Python constructor once per row."""


def build(lines: Iterator[Line], problems: Problems) -> Built:
    """Return the orders as rows: `amount_fen` the total commission, `fee_fen` the service fee."""
    rows: list[SourceRow] = []
    append = rows.append
    turned: list[int] = []
    off_rate: list[int] = []
    for number, raw, values in lines:
        order, _, title, shop, status, gmv, rate, total, _, net, fee, paid_at, settled_at, source = values
        kind = _KINDS.get(status)
        key = order
        if kind == "commission" and net is not None and net >= 0:
            if (
                (settled_at is None or settled_at < paid_at)
                or (fee is None or total != net + fee)
                or (total < 0 or fee < 0 or gmv < 0)
            ):
                _check_settled(number, values, problems)
                continue
        elif kind in {"commission", "commission_refund"}:
            kind, key = "commission_refund", order + "|refund"
            _check_settled(number, values, problems)
            if total > 0 or (fee or 0) > 0 or gmv > 0:
                turned.append(number)
            total, fee, gmv = -abs(total), -abs(fee or 0), -abs(gmv)
        elif kind is None:
            problems.add(N_("不认识的订单状态“{status}”"), number, _STATUS, status=status[:40])
            continue
        else:
            fee = fee or 0
            if net or settled_at is not None:
                problems.add(N_("订单还没有结算，却有结算佣金或结算时间"), number, _STATUS)
        if rate is not None and abs(total * 100 - gmv * rate // 100) > _ONE_FEN:
            off_rate.append(number)
        fields = (
            number, raw, key, kind, paid_at, settled_at, total, fee, gmv,
            None, None, PLATFORM, "", "", title, shop, source,
        )  # fmt: skip
        append(_new(SourceRow, fields))
    return Built(rows, _controls(rows), _notices(turned, off_rate))


def _check_settled(number: int, values: tuple[Any, ...], problems: Problems) -> None:
    """Say what is wrong with a settled order or a claw-back.

    It needs its settlement time, and total = net + fee to the fen. A settled order has no negative amount;
    a claw-back has a negative net, while total and fee are printed with either sign.
    """
    status, gmv, total, net, fee = values[4], values[5], values[7], values[9], values[10]
    paid_at, settled_at = values[11], values[12]
    if settled_at is None:
        problems.add(N_("订单已结算，却没有结算时间"), number, _SETTLED_AT)
    elif settled_at < paid_at:
        problems.add(N_("结算时间早于支付时间"), number, _SETTLED_AT)
    if net is None or fee is None:
        problems.add(cells.EMPTY, number, _NET if net is None else _FEE)
    elif status == _CLAWED_BACK and net > 0:
        problems.add(N_("订单状态是结算后退款，结算佣金却是正数"), number, _NET)
    elif net >= 0 and status == _SETTLED and min(gmv, total, fee) < 0:
        problems.add(N_("结算佣金是正数，别的金额却是负数：两者矛盾，请向平台核实"), number, _NET)
    elif abs(total) != abs(net) + abs(fee):
        problems.add(N_("总佣金收入不等于结算佣金加技术服务费"), number, _TOTAL)


def _controls(rows: list[SourceRow]) -> list[Control]:
    """Return count and sum of each kind in the file."""
    counts = Counter(map(attrgetter("kind"), rows))
    sums: Counter[str] = Counter()
    for kind in counts:
        sums[kind] = sum(row.amount_fen for row in rows if row.kind == kind)
    fee = sum(row.fee_fen for row in rows if row.kind in {"commission", "commission_refund"})
    found = []
    for kind, name in _NAMES.items():
        if counts[kind]:
            found.append(Control(name, counts[kind], counts[kind], "rows"))
            found.append(Control(name, sums[kind], sums[kind], "fen"))
    return [*found, Control(N_("技术服务费（已结算与追扣）"), fee, fee, "fen")]


def _notices(turned: list[int], off_rate: list[int]) -> list[Problem]:
    """Return what a person should look at, once per kind with the first row."""
    notices = []
    if turned:
        message = N_("有 {count} 行是结算后追扣，文件里的金额是正数，已按负数读入")
        notices.append(Problem(message, turned[0], values={"count": len(turned)}))
    if off_rate:
        message = N_("有 {count} 行的总佣金与成交额乘佣金率相差超过一分，请核对")
        notices.append(Problem(message, off_rate[0], _TOTAL, {"count": len(off_rate)}))
    return notices


FORMAT = Format(
    name="douyin-commission",
    version=1,
    kind="commission_order",
    platform=PLATFORM,
    title=N_("抖音百应达人订单明细"),
    columns=(
        Column("订单id", cells.identifier),
        Column("商品id", cells.identifier_or_none),
        Column("商品名称", cells.text),
        Column("店铺名称", cells.text),
        Column(_STATUS, cells.required_text),
        Column("成交金额", cells.money),
        Column("佣金率", cells.rate_or_none),
        Column(_TOTAL, cells.money),
        Column("预估佣金收入-达人", cells.money_or_none),
        Column(_NET, cells.money_or_none),
        Column(_FEE, cells.money_or_none),
        Column("订单支付时间", cells.moment),
        Column(_SETTLED_AT, cells.moment_or_none),
        Column("流量来源", cells.text),
    ),
    ids=("订单id", "商品id"),
    sums=("成交金额", _TOTAL, "预估佣金收入-达人", _NET, _FEE),
    build=build,
)
