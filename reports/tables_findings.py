"""Tables of what was found and put right (§十) and of the duties of publication (§十一)."""

from __future__ import annotations

from collections import Counter

from ledger.sections_welfare import Finding
from ledger.statement import MonthlyStatement
from ledger.words import N_
from reports.tables import Column, Row, Table, totalled
from reports.wording import DISCLOSED, OUTCOMES, SEVERITIES, Wording


def findings(statement: MonthlyStatement, words: Wording) -> Table:
    """§十: what a reviewer must know, the grave first, with what came of it; and missing voucher numbers.

    A statement from before there were rules has exceptions only; they are printed in place of findings.
    """
    if statement.exceptions and not statement.findings:
        return _exceptions(statement, words)
    columns = (
        Column(words(N_("序号")), "count"),
        Column(words(N_("规则")), wide=0.9),
        Column(words(N_("等级")), "id"),
        Column(words(N_("位置")), wide=0.7),
        Column(words(N_("事项")), wide=1.8),
        Column(words(N_("处理结果")), wide=1.5),
    )
    grave = list(SEVERITIES)
    order = sorted(
        statement.findings,
        key=lambda line: grave.index(line.severity) if line.severity in grave else len(grave),
    )
    rows = tuple(_finding_row(place, line, words) for place, line in enumerate(order, start=1))
    return Table(
        "findings",
        "十",
        words(N_("十、异常与更正")),
        columns,
        rows,
        note=missing_numbers(statement, words),
        empty=words(N_("本月没有异常事项。")),
    )


def _finding_row(place: int, line: Finding, words: Wording) -> Row:
    by = " ".join(part for part in (line.said_by, words.moment(line.said_at)) if part) if line.outcome else ""
    said = (words.coded(line.outcome, OUTCOMES), line.said, by)
    return Row(
        (
            place,
            f"{line.rule}\n{words(line.name)}",
            words.coded(line.severity, SEVERITIES),
            line.where,
            words(line.message, **dict(line.values)),
            "\n".join(part for part in said if part),
        )
    )


def _exceptions(statement: MonthlyStatement, words: Wording) -> Table:
    columns = (
        Column(words(N_("序号")), "count"),
        Column(words(N_("位置")), wide=0.5),
        Column(words(N_("事项")), wide=2),
    )
    rows = tuple(
        Row((place, line.where, words(line.message, **dict(line.values))))
        for place, line in enumerate(statement.exceptions, start=1)
    )
    title = words(N_("十、异常与更正"))
    return Table("findings", "十", title, columns, rows, note=missing_numbers(statement, words))


def missing_numbers(statement: MonthlyStatement, words: Wording) -> str:
    """Return whether voucher numbers are missing, and which."""
    missing = words.listing(statement.missing_numbers)
    if missing:
        return words(N_("凭证断号：{numbers}。"), numbers=missing)
    return words(N_("凭证号连续，没有断号。"))


def verdict(statement: MonthlyStatement, words: Wording) -> str:
    """Return how many findings there are by severity, in one sentence, for the summary."""
    if not statement.findings:
        return words(N_("异常事项 {count} 项。"), count=len(statement.exceptions))
    counted = Counter(line.severity for line in statement.findings)
    return words(
        N_("异常事项 {count} 项：高 {high} 项，中 {middle} 项，低 {low} 项；尚未说明 {silent} 项。"),
        count=len(statement.findings),
        high=counted["high"],
        middle=counted["middle"],
        low=counted["low"],
        silent=sum(not line.outcome for line in statement.findings),
    )


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
    title = words(N_("十（附一）、红字冲销"))
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
    title = words(N_("十（附二）、结算后退款"))
    return Table(
        "refunds",
        "十",
        title,
        columns,
        totalled(words(N_("合计")), columns, rows),
        empty=words(N_("本月没有结算后退款。")),
    )


def disclosures(statement: MonthlyStatement, words: Wording) -> Table:
    """§十一: each duty of publication with its source, when it is due and whether it was done."""
    columns = (
        Column(words(N_("公开事项")), wide=1.2),
        Column(words(N_("依据")), wide=1.2),
        Column(words(N_("对象")), wide=0.8),
        Column(words(N_("截止日")), "date"),
        Column(words(N_("公开日")), "date"),
        Column(words(N_("状态")), wide=0.6),
        Column(words(N_("链接")), wide=1.1),
    )
    rows = tuple(
        Row(
            (
                words(line.name),
                words(line.rule),
                line.subject,
                line.due,
                line.done_on,
                words.coded(line.state, DISCLOSED),
                line.link or None,
            )
        )
        for line in statement.disclosures
    )
    calendar = any(not line.working_days for line in statement.disclosures)
    return Table(
        "disclosures",
        "十一",
        words(N_("十一、信息公开时限检查")),
        columns,
        rows,
        note=words(N_("按日历日计算的事项、或工作日历未载入的，截止日未扣除节假日。")) if calendar else "",
        empty=words(N_("本月没有需要检查的信息公开事项。")),
    )
