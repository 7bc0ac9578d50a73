"""Tables of the income side: summary, income and expense, broadcasts (§一 to §三)."""

from __future__ import annotations

from ledger.money import capital
from ledger.sections import BroadcastLine, StatementLine
from ledger.statement import MonthlyStatement
from ledger.words import N_
from reports.tables import Cell, Column, Row, Table, total_row
from reports.wording import SEVERITIES, Wording

GROUPS = {
    "income": N_("收入"),
    "deduction": N_("扣减（平台分成、服务费、手续费、代扣税）"),
    "spending": N_("公益支出"),
    "asset": N_("资产"),
    "liability": N_("负债"),
    "fund": N_("公益资金（净资产）"),
}
NOT_ZERO = N_("“—”表示尚未取得或不适用，不是零。")


def summary(statement: MonthlyStatement, words: Wording) -> Table:
    """§一: the month's amounts, each in figures and in capital characters."""
    facts = statement.summary
    amounts = (
        (words(N_("期初公益资金结余")), facts.opening_fund_fen),
        (words(N_("本月收入")), facts.income_fen),
        (words(N_("本月扣减")), facts.deductions_fen),
        (words(N_("本月净收入")), facts.net_fen),
        (words(N_("本月分配")), facts.allocated_fen),
        (words(N_("本月拨付")), facts.granted_fen),
        (words(N_("本月公益支出")), facts.spent_fen),
        (words(N_("期末公益资金结余")), facts.closing_fund_fen),
        (words(N_("期末未决金额")), facts.pending_fen),
    )
    columns = (
        Column(words(N_("项目")), wide=1),
        Column(words(N_("金额")), "money"),
        Column(words(N_("金额大写")), wide=2),
    )
    rows = tuple(Row((label, fen, capital(fen))) for label, fen in amounts)
    return Table("summary", "一", words(N_("一、本月摘要")), columns, rows)


def counts(statement: MonthlyStatement, words: Wording) -> Table:
    """§一: how many broadcasts, vouchers, corrections and exceptions."""
    facts = statement.summary
    columns = (Column(words(N_("项目")), wide=1), Column(words(N_("数量")), "count"))
    rows = (
        Row((words(N_("直播场次")), facts.broadcasts)),
        Row((words(N_("其中：零收入场次")), facts.zero_broadcasts), kind="memo"),
        Row((words(N_("记账凭证（张）")), facts.vouchers)),
        Row((words(N_("更正（红字冲销）")), facts.corrections)),
        Row((words(N_("异常事项")), len(statement.findings) or facts.exceptions)),
        *(
            Row(
                (
                    words(N_("其中：{severity}"), severity=words(label)),
                    sum(line.severity == code for line in statement.findings),
                ),
                kind="memo",
            )
            for code, label in SEVERITIES.items()
            if statement.findings
        ),
    )
    return Table("counts", "一", words(N_("一、本月摘要：数量")), columns, rows)


def income(statement: MonthlyStatement, words: Wording) -> Table:
    """§二: the income and expense table, group by group."""
    columns = (
        Column(words(N_("科目编码")), "id"),
        Column(words(N_("项目")), wide=1),
        Column(words(N_("期初")), "money", summed=True),
        Column(words(N_("本月")), "money", summed=True),
        Column(words(N_("本年累计")), "money", summed=True),
        Column(words(N_("期末")), "money", summed=True),
    )
    rows: list[Row] = []
    group = ""
    for line in statement.lines:
        if line.group != group:
            group = line.group
            rows.append(Row((words(GROUPS[group]) if group in GROUPS else group,), kind="heading"))
        rows.append(_income_row(line, words))
    return Table("income", "二", words(N_("二、收支总表")), columns, tuple(rows), words(NOT_ZERO))


def _income_row(line: StatementLine, words: Wording) -> Row:
    amounts = (line.opening_fen, line.month_fen, line.year_fen, line.closing_fen)
    if line.total:
        return Row((words.name(line.name), "", *amounts), kind="total")
    return Row((line.code, words.name(line.name), *amounts))


def broadcasts(statement: MonthlyStatement, words: Wording) -> Table:
    """§三: what each broadcast earned, those without income included."""
    columns = (
        Column(words(N_("场次号")), "id"),
        Column(words(N_("开播 / 下播")), "id"),
        Column(words(N_("主题、部门、主播")), wide=1.6),
        Column(words(N_("平台账号")), wide=1.2),
        Column(words(N_("打赏单位")), "id"),
        Column(words(N_("打赏总额")), "money", summed=True),
        Column(words(N_("平台分成")), "money", summed=True),
        Column(words(N_("打赏净额")), "money", summed=True),
        Column(words(N_("退款追扣")), "money", summed=True),
        Column(words(N_("成交额（备查）")), "money", summed=True),
        Column(words(N_("带货佣金")), "money", summed=True),
        Column(words(N_("技术服务费")), "money", summed=True),
        Column(words(N_("凭证")), "id"),
        Column(words(N_("证据（件）")), "count", summed=True),
    )
    rows = tuple(_broadcast_row(line, words) for line in statement.broadcasts)
    if rows:
        rows += (total_row(words(N_("合计")), columns, rows),)
    return Table(
        "broadcasts",
        "三",
        words(N_("三、分场次收入明细")),
        columns,
        rows,
        note=words.sentences(
            words(N_("退款追扣为本月追回的打赏总额，不改动当场已记金额。成交额不是本账收入，仅备查。")),
            words(NOT_ZERO),
        ),
        empty=words(N_("本月没有直播场次。")),
        landscape=True,
    )


def _broadcast_row(line: BroadcastLine, words: Wording) -> Row:
    zero = words(N_("（零收入声明）"))
    title = f"{line.title} {zero}" if line.zero_declared else line.title
    people = " · ".join(part for part in (line.department, line.host) if part)
    accounts = "\n".join(f"{words.name(platform)} {handle}" for platform, handle in line.accounts)
    units: Cell = None if line.units is None else f"{line.units:,} {line.unit_name}".rstrip()
    times = words.moment(line.starts_at) + "\n" + words.moment(line.ends_at)
    return Row(
        (
            line.number,
            times,
            f"{title}\n{people}" if people else title,
            accounts,
            units,
            line.gross_fen,
            line.share_fen,
            line.net_fen,
            line.refund_fen,
            line.gmv_fen,
            line.commission_fen,
            line.fee_fen,
            "\n".join(line.vouchers),
            line.evidence,
        )
    )


def declared(statement: MonthlyStatement, words: Wording) -> Table:
    """§三: the night's declaration against the platform's settled figure."""
    columns = (
        Column(words(N_("场次号")), "id"),
        Column(words(N_("开播时间")), "time"),
        Column(words(N_("当晚申报打赏总额")), "money", summed=True),
        Column(words(N_("平台结算打赏总额")), "money", summed=True),
        Column(words(N_("差额（结算－申报）")), "money", summed=True),
        Column(words(N_("差额说明")), wide=1),
    )
    rows = tuple(
        Row(
            (
                line.number,
                line.starts_at,
                line.declared_fen,
                line.gross_fen,
                line.difference_fen,
                line.explanation or (words(N_("一致")) if line.difference_fen == 0 else ""),
            )
        )
        for line in statement.broadcasts
    )
    if rows:
        rows += (total_row(words(N_("合计")), columns, rows),)
    title = words(N_("三（附一）、当晚申报与平台结算核对"))
    return Table("declared", "三", title, columns, rows, landscape=True)


def metrics(statement: MonthlyStatement, words: Wording) -> Table:
    """§三: audience figures as the platform names them, never added up across accounts."""
    columns = (
        Column(words(N_("场次号")), "id"),
        Column(words(N_("账号")), wide=1),
        Column(words(N_("指标（平台原名）")), wide=1),
        Column(words(N_("数值")), "count"),
        Column(words(N_("计量单位")), "id"),
        Column(words(N_("采集时间")), "time"),
    )
    rows = tuple(
        Row((line.number, metric.handle, metric.name, metric.value, metric.unit, metric.captured_at))
        for line in statement.broadcasts
        for metric in line.metrics
    )
    return Table(
        "metrics",
        "三",
        words(N_("三（附三）、场次数据")),
        columns,
        rows,
        note=words(N_("指标按平台原名和原单位抄录，人次不等于人数，各账号不相加。")),
    )
