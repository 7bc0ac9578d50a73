"""Tables of agreements and receipts (§六), activities and their goods (§七): what charities promise and do."""

from __future__ import annotations

from ledger.sections_welfare import ActivityLine, AgreementLine
from ledger.statement import MonthlyStatement
from ledger.words import N_
from reports.tables import Column, Row, Table, total_row, totalled
from reports.wording import Wording


def percent(basis_points: int) -> str:
    """Return a share in hundredths of a percent as `50%` or `12.5%`."""
    whole, rest = divmod(basis_points, 100)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".") + "%"


def agreements(statement: MonthlyStatement, words: Wording) -> Table:
    """§六: donation agreements with the broadcasts they cover; late ones were signed after the start."""
    columns = (
        Column(words(N_("协议号")), "id"),
        Column(words(N_("签约方")), wide=1),
        Column(words(N_("签订日期")), "date"),
        Column(words(N_("适用期间")), "id"),
        Column(words(N_("捐出比例")), "id"),
        Column(words(N_("适用范围")), wide=1.2),
        Column(words(N_("覆盖本月场次")), "id"),
        Column(words(N_("开播后才登记")), "id"),
    )
    rows = tuple(_agreement_row(line, words) for line in statement.agreements)
    title = words(N_("六（附一）、捐赠协议"))
    note = words(N_("协议应在开播前签订并登记；“开播后才登记”的场次另列异常。")) if rows else ""
    return Table(
        "agreements", "六", title, columns, rows, note=note, empty=words(N_("本月没有适用的捐赠协议。"))
    )


def _agreement_row(line: AgreementLine, words: Wording) -> Row:
    first, last = words.day(line.first_day), words.day(line.last_day)
    period = words(N_("{first}\n至 {last}"), first=first, last=last)
    if line.last_day is None:
        period = words(N_("{first} 起"), first=first)
    return Row(
        (
            line.number,
            line.party,
            line.signed_on,
            period,
            percent(line.share_bp),
            line.scope,
            "\n".join(line.broadcasts),
            "\n".join(line.late),
        )
    )


def receipts(statement: MonthlyStatement, words: Wording) -> Table:
    """§六: the charities' official receipts for what they were paid; recorded, never imitated."""
    columns = (
        Column(words(N_("凭证号")), "id"),
        Column(words(N_("开票单位")), wide=1),
        Column(words(N_("拨付日期")), "date"),
        Column(words(N_("收到票据")), "date"),
        Column(words(N_("票据代码")), "id"),
        Column(words(N_("票据号码")), "id"),
        Column(words(N_("校验码")), "id"),
        Column(words(N_("复核")), wide=0.8),
        Column(words(N_("金额")), "money", summed=True),
    )
    rows = tuple(
        Row(
            (
                line.voucher,
                words.name(line.charity),
                line.paid_on,
                line.received_on,
                line.code or None,
                line.number or None,
                line.check_code or None,
                words(line.reviewed) or words(N_("未复核")),
                line.amount_fen,
            )
        )
        for line in statement.receipts
    )
    title = words(N_("六（附二）、公益事业捐赠票据登记"))
    return Table(
        "receipts",
        "六",
        title,
        columns,
        totalled(words(N_("合计")), columns, rows),
        note=words(N_("本表只登记慈善机构开具的票据，本表不是票据。“—”表示尚未收到。")) if rows else "",
        empty=words(N_("本月没有拨付，无票据登记。")),
    )


def activities(statement: MonthlyStatement, words: Wording) -> Table:
    """§七: welfare activities; beneficiaries are counted, never named."""
    columns = (
        Column(words(N_("活动号 / 日期")), "id"),
        Column(words(N_("活动、组织单位")), wide=1.3),
        Column(words(N_("地点、受益人群")), wide=1.1),
        Column(words(N_("受益人数")), "count", summed=True),
        Column(words(N_("志愿者")), "count", summed=True),
        Column(words(N_("服务时长")), "id"),
        Column(words(N_("捐赠意愿")), wide=1),
        Column(words(N_("收款方（脱敏）")), wide=0.8),
        Column(words(N_("凭证")), "id"),
        Column(words(N_("附件")), "count", summed=True),
        Column(words(N_("活动支出")), "money", summed=True),
    )
    rows = tuple(_activity_row(line, words) for line in statement.activities)
    title = words(N_("七（附一）、公益活动"))
    return Table(
        "activities",
        "七",
        title,
        columns,
        totalled(words(N_("合计")), columns, rows),
        note=words(N_("受益人和志愿者只计人数和时长，不列姓名；同一人参加几次活动计几次。")) if rows else "",
        empty=words(N_("本月没有登记公益活动。")),
    )


def _activity_row(line: ActivityLine, words: Wording) -> Row:
    hours, minutes = divmod(line.minutes, 60)
    lasted = words(N_("{hours} 小时"), hours=hours)
    if minutes:
        lasted = words(N_("{hours} 小时 {minutes} 分"), hours=hours, minutes=minutes)
    return Row(
        (
            f"{line.number}\n{words.day(line.day)}",
            "\n".join(part for part in (line.title, words.listing(line.organisers)) if part),
            "\n".join(part for part in (line.place, line.who) if part),
            line.beneficiaries,
            line.volunteers,
            lasted if line.volunteers else None,
            line.intent or None,
            line.payee or None,
            "\n".join(line.vouchers) or None,
            line.attachments,
            line.spent_fen,
        )
    )


def handed_out(statement: MonthlyStatement, words: Wording) -> Table:
    """§七: the goods of each activity at their bill amount, with a subtotal for each activity."""
    columns = (
        Column(words(N_("活动号")), "id"),
        Column(words(N_("物资")), wide=1),
        Column(words(N_("数量")), "count"),
        Column(words(N_("计量单位")), "id"),
        Column(words(N_("金额")), "money", summed=True),
    )
    rows: tuple[Row, ...] = ()
    for line in statement.activities:
        part = tuple(Row((line.number, name, count, unit, fen)) for name, count, unit, fen in line.goods)
        if part:
            label = words(N_("小计：{number}"), number=line.number)
            total = total_row(label, columns, part)
            rows += (*part, Row((*total.cells[:-1], line.goods_fen), kind="total"))
    title = words(N_("七（附二）、发放物资"))
    return Table("handed-out", "七", title, columns, rows, empty=words(N_("本月没有发放物资。")))
