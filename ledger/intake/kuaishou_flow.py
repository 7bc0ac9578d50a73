"""Kuaishou shop fund flow (domain A3): every movement with the balance after it.

Freezing and unfreezing move the balance but are neither income nor expense: memo rows.
"""

from __future__ import annotations

from collections.abc import Iterator

from ledger.intake import balance, cells
from ledger.intake.model import Control, Problems, SourceRow
from ledger.intake.table import Built, Column, Format, Line
from ledger.words import N_

PLATFORM = "kuaishou"

_SIGNS = {"收": 1, "支": -1}
_MEMO = {"资金冻结", "资金解冻"}
_WAY, _AMOUNT, _BALANCE = "账务方向", "发生额（元）", "期末余额（元）"


def build(lines: Iterator[Line], problems: Problems) -> Built:
    """Return the movements as rows; the direction column decides, a sign that contradicts it is a problem."""
    rows: list[SourceRow] = []
    moves: list[int] = []
    for number, raw, (key, _, at, way, amount, after, business, description, note) in lines:
        sign = _SIGNS.get(way)
        if sign is None:
            problems.add(N_("不认识的账务方向“{way}”：应为 收 或 支"), number, _WAY, way=way[:40])
            continue
        if amount < 0 and sign > 0:
            problems.add(N_("方向是收，金额却是负数：两者矛盾，请向平台核实"), number, _AMOUNT)
        if not amount:
            problems.add(N_("发生额不能为零"), number, _AMOUNT)
        kind = "flow_memo" if business in _MEMO else "flow_in" if sign > 0 else "flow_out"
        title = f"{business} {description}".strip()
        rows.append(
            SourceRow._make(
                (
                    *(number, raw, key, kind, at, None, abs(amount), 0, 0),
                    *(None, after, PLATFORM, "", "", title, "", note),
                )
            )
        )
        moves.append(sign * abs(amount))
    controls, notices = balance.check(rows, moves, problems, _BALANCE)
    for kind, name in (("flow_in", N_("收入")), ("flow_out", N_("支出")), ("flow_memo", N_("冻结与解冻"))):
        amounts = [row.amount_fen for row in rows if row.kind == kind]
        if amounts:
            controls.append(Control(name, len(amounts), len(amounts), "rows"))
            controls.append(Control(name, sum(amounts), sum(amounts), "fen"))
    return Built(rows, controls, notices)


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
    build=build,
    aliases=(("财务方式", _WAY),),
)
