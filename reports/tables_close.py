"""Tables of the close: closing vouchers, the position after them, and the checklist."""

from __future__ import annotations

from ledger.statement import MonthlyStatement
from ledger.words import N_
from reports.tables import Cell, Column, Row, Table, total_row, totalled
from reports.wording import CHECKED, Wording

DEBIT = "D"


def closing(statement: MonthlyStatement, words: Wording) -> Table:
    """结转凭证: each voucher's lines, debit and credit equal; what would be posted while the month is open."""
    columns = (
        Column(words(N_("凭证号")), "id"),
        Column(words(N_("摘要")), wide=1.2),
        Column(words(N_("科目编码")), "id"),
        Column(words(N_("科目名称")), wide=1.4),
        Column(words(N_("借方")), "money", summed=True),
        Column(words(N_("贷方")), "money", summed=True),
    )
    rows: tuple[Row, ...] = ()
    for voucher in statement.close.vouchers if statement.close else ():
        number = voucher.number or words(N_("待记账"))
        part = tuple(
            Row(
                (
                    *((number, voucher.summary) if place == 0 else ("", "")),
                    code,
                    words.name(name),
                    *((fen, "") if side == DEBIT else ("", fen)),
                ),
                joined=place > 0,
            )
            for place, (side, code, name, fen) in enumerate(voucher.lines)
        )
        rows += (*part, total_row(words(N_("小计：{number}"), number=number), columns, part))
    return Table(
        "closing",
        "",
        words(N_("结转凭证与结转后余额")),
        columns,
        rows,
        note=closed(statement, words),
        empty=words(N_("本月没有结转凭证。")),
        balances=((0, 0, 0, 0, 1, -1),),
        on_totals=True,
    )


def closed(statement: MonthlyStatement, words: Wording) -> str:
    """Return in one sentence whether, when and by whom the month was closed."""
    close = statement.close
    if close is None or close.closed_at is None:
        return words(N_("本月尚未月结；以上为按现有账目将要结转的金额。"))
    return words(
        N_("本月已于 {at} 月结，会计 {drafter} 提交，审核 {confirmer} 确认；结转后各月数字不再变动。"),
        at=words.moment(close.closed_at),
        drafter=close.drafter,
        confirmer=close.confirmer,
    )


def position(statement: MonthlyStatement, words: Wording) -> Table:
    """结转后余额: what stands in each account after the close; debit equals credit."""
    columns = (
        Column(words(N_("科目编码")), "id"),
        Column(words(N_("科目名称")), wide=1),
        Column(words(N_("借方余额")), "money", summed=True),
        Column(words(N_("贷方余额")), "money", summed=True),
    )
    held = statement.close.position if statement.close else ()
    rows = tuple(Row((code, words.name(name), *_sides(fen))) for code, name, fen in held)
    return Table(
        "position",
        "",
        words(N_("结转后余额")),
        columns,
        totalled(words(N_("合计")), columns, rows),
        empty=words(N_("尚无结转后余额。")),
        balances=((0, 0, 1, -1),),
        on_totals=True,
    )


def _sides(fen: int) -> tuple[Cell, Cell]:
    """Return a balance (debit positive) as (debit, credit)."""
    return (fen, "") if fen >= 0 else ("", -fen)


def checklist(statement: MonthlyStatement, words: Wording) -> Table:
    """月结检查单: what was checked before the close, and what was still open."""
    columns = (
        Column(words(N_("序号")), "count"),
        Column(words(N_("检查事项")), wide=1.4),
        Column(words(N_("状态")), wide=0.4),
        Column(words(N_("说明")), wide=1.4),
    )
    items = statement.close.checklist if statement.close else ()
    rows = tuple(
        Row((place, words(item), words.coded(state, CHECKED), words(detail)))
        for place, (item, state, detail) in enumerate(items, start=1)
    )
    title = words(N_("月结检查单"))
    return Table("checklist", "", title, columns, rows, empty=words(N_("本月没有月结检查单。")))
