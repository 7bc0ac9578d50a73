"""Tables of the money's use: payments (§六), spending (§七) and what is pending (§九)."""

from __future__ import annotations

from ledger.statement import MonthlyStatement
from ledger.words import N_
from reports.tables import Column, Row, Table, total_row, totalled
from reports.tables_sales import NO_CALENDAR
from reports.wording import Wording


def grants(statement: MonthlyStatement, words: Wording) -> Table:
    """§六: allocation resolutions and payments, each kind with its own total."""
    columns = (
        Column(words(N_("日期")), "date"),
        Column(words(N_("凭证号")), "id"),
        Column(words(N_("类别")), wide=0.6),
        Column(words(N_("收款单位")), wide=1),
        Column(words(N_("用途")), wide=1),
        Column(words(N_("决议号 / 银行流水 / 票据号")), wide=1),
        Column(words(N_("金额")), "money", summed=True),
    )
    rows: tuple[Row, ...] = ()
    for kind in dict.fromkeys(line.kind for line in statement.grants):
        part = tuple(
            Row(
                (
                    line.date,
                    line.voucher,
                    words.name(kind),
                    line.payee,
                    line.purpose,
                    line.reference,
                    line.amount_fen,
                )
            )
            for line in statement.grants
            if line.kind == kind
        )
        label = words(N_("小计：{kind}"), kind=words.name(kind))
        rows += (*part, total_row(label, columns, part))
    title = words(N_("六、分配与拨付"))
    return Table("grants", "六", title, columns, rows, empty=words(N_("本月没有分配和拨付。")))


def spending(statement: MonthlyStatement, words: Wording) -> Table:
    """§七: each act of public-welfare spending; payees are masked."""
    columns = (
        Column(words(N_("日期")), "date"),
        Column(words(N_("凭证号")), "id"),
        Column(words(N_("使用单位")), wide=0.8),
        Column(words(N_("活动")), wide=1.2),
        Column(words(N_("地点")), wide=0.8),
        Column(words(N_("受益人数")), "count"),
        Column(words(N_("收款方（脱敏）")), wide=0.8),
        Column(words(N_("附件")), "count", summed=True),
        Column(words(N_("金额")), "money", summed=True),
    )
    rows = tuple(
        Row(
            (
                line.date,
                line.voucher,
                words.name(line.charity),
                line.activity,
                line.place,
                line.beneficiaries,
                line.payee,
                line.attachments,
                line.amount_fen,
            )
        )
        for line in statement.spending
    )
    title = words(N_("七、公益支出明细"))
    return Table(
        "spending",
        "七",
        title,
        columns,
        totalled(words(N_("合计")), columns, rows),
        empty=words(N_("本月没有公益支出。")),
    )


def pending(statement: MonthlyStatement, words: Wording) -> Table:
    """§九: money that is not where it belongs yet: its age, who is in charge, and by when."""
    columns = (
        Column(words(N_("事项")), wide=1),
        Column(words(N_("科目")), "id"),
        Column(words(N_("说明")), wide=1.4),
        Column(words(N_("起始日")), "date"),
        Column(words(N_("天数")), "count"),
        Column(words(N_("工作日")), "count"),
        Column(words(N_("责任人")), wide=0.7),
        Column(words(N_("应办结日")), "date"),
        Column(words(N_("金额")), "money", summed=True),
    )
    rows = tuple(
        Row(
            (
                words(item.label),
                item.account,
                words(item.detail),
                item.since,
                item.days,
                words(NO_CALENDAR) if item.working_days is None else item.working_days,
                words(item.charge) or None,
                item.due,
                item.amount_fen,
            )
        )
        for item in statement.pending
    )
    title = words(N_("九、未决事项"))
    return Table(
        "pending",
        "九",
        title,
        columns,
        totalled(words(N_("合计")), columns, rows),
        empty=words(N_("期末没有未决事项。")),
    )
