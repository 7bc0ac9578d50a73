"""Tables of the money's use: §六 and §七, what is pending (§九) and what was put right (§十)."""

from __future__ import annotations

from ledger.statement import MonthlyStatement
from ledger.words import N_
from reports.tables import Column, Row, Table, total_row
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
    if rows:
        rows += (total_row(words(N_("合计")), columns, rows),)
    title = words(N_("七、公益支出明细"))
    return Table("spending", "七", title, columns, rows, empty=words(N_("本月没有公益支出。")))


def pending(statement: MonthlyStatement, words: Wording) -> Table:
    """§九: money that is not where it belongs yet, with its age."""
    columns = (
        Column(words(N_("事项")), wide=1),
        Column(words(N_("科目")), "id"),
        Column(words(N_("说明")), wide=1.4),
        Column(words(N_("起始日")), "date"),
        Column(words(N_("天数")), "count"),
        Column(words(N_("金额")), "money", summed=True),
    )
    rows = tuple(
        Row((words(item.label), item.account, words(item.detail), item.since, item.days, item.amount_fen))
        for item in statement.pending
    )
    if rows:
        rows += (total_row(words(N_("合计")), columns, rows),)
    title = words(N_("九、未决事项"))
    return Table("pending", "九", title, columns, rows, empty=words(N_("期末没有未决事项。")))


def corrections(statement: MonthlyStatement, words: Wording) -> Table:
    """§十: red-letter pairs with their reason."""
    columns = (
        Column(words(N_("原凭证")), "id"),
        Column(words(N_("原日期")), "date"),
        Column(words(N_("红字冲销凭证")), "id"),
        Column(words(N_("更正凭证")), "id"),
        Column(words(N_("原因")), wide=1),
        Column(words(N_("原金额")), "money"),
        Column(words(N_("更正后金额")), "money"),
    )
    rows = tuple(
        Row(
            (
                line.original,
                line.original_date,
                line.reversing,
                line.correcting or None,
                line.reason,
                line.wrong_fen,
                line.right_fen,
            )
        )
        for line in statement.corrections
    )
    title = words(N_("十、异常与更正：红字冲销"))
    return Table("corrections", "十", title, columns, rows, empty=words(N_("本月没有红字冲销。")))


def refunds(statement: MonthlyStatement, words: Wording) -> Table:
    """§十: claw-backs after settlement."""
    columns = (
        Column(words(N_("日期")), "date"),
        Column(words(N_("凭证号")), "id"),
        Column(words(N_("类别")), wide=1),
        Column(words(N_("场次号")), "id"),
        Column(words(N_("总额")), "money", summed=True),
        Column(words(N_("退回的分成或服务费")), "money", summed=True),
    )
    rows = tuple(
        Row(
            (
                line.date,
                line.voucher,
                words.name(line.kind),
                line.broadcast or None,
                line.gross_fen,
                line.fee_fen,
            )
        )
        for line in statement.refunds
    )
    if rows:
        rows += (total_row(words(N_("合计")), columns, rows),)
    title = words(N_("十（附一）、结算后退款"))
    return Table("refunds", "十", title, columns, rows, empty=words(N_("本月没有结算后退款。")))


def exceptions(statement: MonthlyStatement, words: Wording) -> Table:
    """§十: what a reviewer must know, and whether voucher numbers are missing."""
    columns = (
        Column(words(N_("序号")), "count"),
        Column(words(N_("位置")), wide=0.5),
        Column(words(N_("事项")), wide=2),
    )
    rows = tuple(
        Row((place, line.where, words(line.message, **dict(line.values))))
        for place, line in enumerate(statement.exceptions, start=1)
    )
    missing = words.listing(statement.missing_numbers)
    note = (
        words(N_("凭证断号：{numbers}。"), numbers=missing)
        if missing
        else words(N_("凭证号连续，没有断号。"))
    )
    title = words(N_("十（附二）、异常事项"))
    return Table("exceptions", "十", title, columns, rows, note=note, empty=words(N_("本月没有异常事项。")))
