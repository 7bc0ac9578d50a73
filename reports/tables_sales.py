"""Tables of §五 and §四 that say on what terms: goods chosen, costs and their bearers, parcels not handed over."""

from __future__ import annotations

from ledger.statement import MonthlyStatement
from ledger.words import N_
from reports.tables import Column, Row, Table, totalled
from reports.tables_welfare import percent
from reports.wording import Wording

IN_HANDS = N_("主播代收待缴")
"""The label by which the statement names what a streamer holds."""
NO_CALENDAR = N_("日历未载入")


def ageing(statement: MonthlyStatement, words: Wording) -> Table:
    """§四: what a streamer holds at month end, parcel by parcel, with its age in working days."""
    columns = (
        Column(words(N_("收款日")), "date"),
        Column(words(N_("说明")), wide=1.2),
        Column(words(N_("日历天数")), "count"),
        Column(words(N_("工作日")), "count"),
        Column(words(N_("应缴日")), "date"),
        Column(words(N_("月末状态")), wide=0.6),
        Column(words(N_("金额")), "money", summed=True),
    )
    rows = []
    for item in statement.pending:
        if item.label == IN_HANDS:
            overdue = item.due is not None and item.due < statement.month.last_day
            state = words(N_("逾期")) if overdue else words(N_("未到期")) if item.due else None
            age = words(NO_CALENDAR) if item.working_days is None else item.working_days
            rows.append(
                Row((item.since, words(item.detail), item.days, age, item.due, state, item.amount_fen))
            )
    return Table(
        "ageing",
        "四",
        words(N_("四（附）、主播代收待缴账龄")),
        columns,
        totalled(words(N_("合计")), columns, tuple(rows)),
        note=words(N_("按先进先出分笔；工作日从收款次日起算，到月末为止。")) if rows else "",
        empty=words(N_("期末没有主播代收待缴的款项。")),
    )


def goods(statement: MonthlyStatement, words: Wording) -> Table:
    """§五: whose goods a broadcast sold, and on what terms (选品)."""
    columns = (
        Column(words(N_("场次号")), "id"),
        Column(words(N_("商品")), wide=1),
        Column(words(N_("供货方")), wide=1),
        Column(words(N_("利益关系")), wide=1),
        Column(words(N_("佣金率")), "id"),
        Column(words(N_("坑位费")), "money", summed=True),
    )
    rows = tuple(
        Row(
            (
                line.broadcast,
                line.goods,
                line.seller,
                "\n".join(
                    part
                    for part in (words(N_("有")) if line.related else words(N_("无")), line.detail)
                    if part
                ),
                percent(line.commission_bp),
                line.slot_fee_fen,
            )
        )
        for line in statement.goods
    )
    return Table(
        "goods",
        "五",
        words(N_("五（附二）、选品登记")),
        columns,
        totalled(words(N_("合计")), columns, rows),
        empty=words(N_("本月没有选品登记。")),
    )


def costs(statement: MonthlyStatement, words: Wording) -> Table:
    """§五: costs of promotion and samples, and who bore them; only the fund's own part stands in the books."""
    columns = (
        Column(words(N_("日期")), "date"),
        Column(words(N_("场次号")), "id"),
        Column(words(N_("费用")), wide=0.7),
        Column(words(N_("说明")), wide=1.4),
        Column(words(N_("承担方")), wide=0.7),
        Column(words(N_("金额")), "money", summed=True),
    )
    rows = tuple(
        Row(
            (
                line.day,
                line.broadcast or None,
                words(line.what),
                line.detail,
                words(line.bearer),
                line.amount_fen,
            )
        )
        for line in statement.costs
    )
    return Table(
        "costs",
        "五",
        words(N_("五（附三）、费用承担登记")),
        columns,
        totalled(words(N_("合计")), columns, rows),
        note=words(N_("不由公益资金承担的费用只登记，不记入本账。")) if rows else "",
        empty=words(N_("本月没有费用承担登记。")),
    )
