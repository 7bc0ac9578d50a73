"""Kuaishou settlement export (domain A3): what each settled order meant for the influencer, which is us.

`amount_fen` is 达人佣金(元) as printed, a claw-back negative; the export prints it net, so `fee_fen` is 0.
`gmv_fen` is 订单实付(元), `until` 实际结算时间. An order that paid no influencer has amount 0. The rows are for
reconciliation only: which rows make income is a matter of the fund flow.
An order may be settled, refunded and settled again, so its settlement time is part of the key.
"""

from __future__ import annotations

from collections.abc import Iterator

from ledger.intake import cells, flows
from ledger.intake.model import Control, Problems, SourceRow
from ledger.intake.table import Built, Column, Format, Line
from ledger.words import N_

PLATFORM = "kuaishou"

_COMMISSION, _PAID, _SETTLED_AT = "达人佣金(元)", "订单实付(元)", "实际结算时间"


def build(lines: Iterator[Line], problems: Problems) -> Built:
    """Return the settled orders as rows: kind `settlement`, or `settlement_refund` where taken back."""
    rows: list[SourceRow] = []
    for number, raw, (order, product, title, at, paid, influencer, commission, settled_at, note) in lines:
        if settled_at < at:
            problems.add(N_("结算时间早于订单创建时间"), number, _SETTLED_AT)
        amount = commission or 0
        kind = "settlement_refund" if amount < 0 else "settlement"
        key = f"{order}|{product}|{settled_at:%Y-%m-%dT%H:%M:%S}"
        rows.append(
            SourceRow._make(
                (
                    *(number, raw, key, kind, at, settled_at, amount, 0, paid),
                    *(None, None, PLATFORM, "", "", title, influencer, flows.joined(note, order)),
                )
            )
        )
    return Built(rows, _controls(rows), [])


def _controls(rows: list[SourceRow]) -> list[Control]:
    """Return count and commission of the settled and the taken back, and what buyers paid."""
    controls = []
    for kind, name in (
        ("settlement", N_("达人佣金（已结算）")),
        ("settlement_refund", N_("达人佣金（追扣）")),
    ):
        amounts = [row.amount_fen for row in rows if row.kind == kind]
        if amounts:
            controls.append(Control(name, len(amounts), len(amounts), "rows"))
            controls.append(Control(name, sum(amounts), sum(amounts), "fen"))
    paid = sum(row.gmv_fen for row in rows)
    return [*controls, Control(N_("订单实付"), paid, paid, "fen")]


FORMAT = Format(
    name="kuaishou-settlement",
    version=1,
    kind="settlement_order",
    platform=PLATFORM,
    title=N_("快手结算明细"),
    columns=(
        Column("订单号", cells.identifier),
        Column("商品ID", cells.identifier_or_none),
        Column("商品名称", cells.text),
        Column("订单创建时间", cells.moment),
        Column(_PAID, cells.money),
        Column("达人ID", cells.identifier_or_none),
        Column(_COMMISSION, cells.money_or_none),
        Column(_SETTLED_AT, cells.moment),
        Column("备注", cells.text, required=False),
    ),
    ids=("订单号", "商品ID", "达人ID"),
    sums=(_PAID, _COMMISSION),
    build=build,
)
