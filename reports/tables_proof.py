"""Tables by which the report is checked: equations, trial balance, vouchers, attachments."""

from __future__ import annotations

from ledger.money import yuan
from ledger.sections import Check, VoucherLine
from ledger.statement import MonthlyStatement
from ledger.words import N_
from reports.naming import PUBLIC
from reports.tables import Cell, Column, Row, Table, total_row
from reports.wording import PARTIES, Wording

SHORT_DIGEST = 16
"""Hex digits of a voucher's digest that are printed: enough to find it, the rest is in the bundle."""


def checks(statement: MonthlyStatement, words: Wording) -> Table:
    """勾稽关系: each equation with its terms, what was expected, and the difference."""
    columns = (
        Column(words(N_("序号")), "count"),
        Column(words(N_("勾稽关系")), wide=1),
        Column(words(N_("项目")), wide=1.3),
        Column(words(N_("金额")), "money"),
        Column(words(N_("差额")), "money"),
        Column(words(N_("结论")), "id"),
    )
    rows = tuple(row for check in statement.checks for row in _check_rows(check, words))
    title = words(N_("勾稽关系核对表"))
    return Table(
        "checks", "", title, columns, rows, words(N_("各项相加减应等于“应为”一行，差额为 0.00 即平。"))
    )


def _check_rows(check: Check, words: Wording) -> list[Row]:
    difference = check.difference_fen
    verdict = words(N_("平")) if difference == 0 else words(N_("不平"))
    terms = [(words(label), fen) for label, fen in check.terms]
    expected = words(N_("应为：{label}"), label=words(check.expected_label))
    lead: tuple[Cell, ...] = (check.number, words(check.label))
    rows = [
        Row((*(lead if place == 0 else ("", "")), label, fen, "", ""), joined=place > 0)
        for place, (label, fen) in enumerate(terms)
    ]
    return [
        *rows,
        Row(
            (*(("", "") if rows else lead), expected, check.expected_fen, difference, verdict),
            kind="memo",
            joined=bool(rows),
        ),
    ]


def trial(statement: MonthlyStatement, words: Wording) -> Table:
    """科目余额表 before the closing transfers: opening, turnover, closing, debit and credit apart."""
    pairs = (
        (N_("期初借方"), N_("期初贷方")),
        (N_("本月借方"), N_("本月贷方")),
        (N_("期末借方"), N_("期末贷方")),
    )
    columns = (
        Column(words(N_("科目编码")), "id"),
        Column(words(N_("科目名称")), wide=1),
        *(Column(words(label), "money", summed=True) for pair in pairs for label in pair),
    )
    rows = tuple(
        Row(
            (
                line.code,
                words.name(line.name),
                *_sides(line.opening_fen),
                line.debit_fen or "",
                line.credit_fen or "",
                *_sides(line.closing_fen),
            )
        )
        for line in statement.trial
    )
    rows += (total_row(words(N_("合计")), columns, rows),)
    return Table(
        "trial",
        "",
        words(N_("科目余额表（结转前）")),
        columns,
        rows,
        balances=((0, 0, 1, -1, 1, -1, -1, 1),),
        note=words(N_("期末借方合计应等于期末贷方合计。红字为红字冲销后的发生额。")),
    )


def _sides(fen: int) -> tuple[Cell, Cell]:
    """Return a balance as (debit, credit); the empty side stays blank."""
    if fen == 0:
        return "", ""
    return (fen, "") if fen > 0 else ("", -fen)


def _short_name(party: str, statement: MonthlyStatement, words: Wording) -> str:
    """Return an institution's usual short name, or the one the statement gives."""
    if party in PARTIES:
        return words(PARTIES[party])
    return next((words.name(line.name) for line in statement.parties if line.party == party), party)


def vouchers(statement: MonthlyStatement, words: Wording) -> Table:
    """凭证目录: every voucher with each party's decision; an unasked party is a dash.

    The public version has no descriptions: they are free text.
    """
    named = [line.party for line in statement.parties]
    parties = tuple(dict.fromkeys([*named, *(p for v in statement.vouchers for p, _ in v.decisions)]))
    told = statement.audience != PUBLIC
    columns = (
        Column(words(N_("凭证号")), "id"),
        Column(words(N_("日期")), "date"),
        Column(words(N_("类型")), wide=0.8),
        *((Column(words(N_("摘要")), wide=2.4),) if told else ()),
        Column(words(N_("场次号")), "id"),
        Column(words(N_("金额")), "money", summed=True),
        Column(words(N_("附件")), "count", summed=True),
        *(Column(_short_name(party, statement, words), wide=0.7) for party in parties),
        Column(words(N_("状态")), wide=0.6),
        Column(words(N_("摘要值（前 {count} 位）"), count=SHORT_DIGEST), "id"),
    )
    rows = tuple(_voucher_row(line, parties, words, told=told) for line in statement.vouchers)
    if rows:
        rows += (total_row(words(N_("合计 {count} 张"), count=len(rows)), columns, rows),)
    return Table(
        "vouchers",
        "",
        words(N_("凭证目录")),
        columns,
        rows,
        landscape=True,
        note=words(N_("“未签”表示该机构尚未表态；“—”表示该凭证不需要该机构签认。监督意见不是对金额的批准。")),
        empty=words(N_("本月没有凭证。")),
    )


def _voucher_row(line: VoucherLine, parties: tuple[str, ...], words: Wording, *, told: bool) -> Row:
    said = dict(line.decisions)
    return Row(
        (
            line.number,
            line.date,
            words.name(line.kind),
            *((line.summary,) if told else ()),
            line.broadcast,
            line.amount_fen,
            line.attachments,
            *(words.decision(said[p]) if p in said else None for p in parties),
            words.state(line.state),
            line.digest[:SHORT_DIGEST],
        )
    )


def attachments(statement: MonthlyStatement, words: Wording) -> Table:
    """附件: every file with its size and SHA-256."""
    public = statement.audience == PUBLIC
    columns = (
        Column(words(N_("序号")), "count"),
        Column(words(N_("凭证号")), "id"),
        Column(words(N_("文件种类")) if public else words(N_("文件名")), wide=1),
        Column(words(N_("大小（字节）")), "count", summed=True),
        Column("SHA-256", "id"),
    )
    rows = tuple(
        Row((place, line.voucher, words(line.name) if public else line.name, line.size, line.digest))
        for place, line in enumerate(statement.attachments, start=1)
    )
    title = words(N_("附件清单"))
    return Table("attachments", "", title, columns, rows, empty=words(N_("本月没有附件。")))


def verdict(statement: MonthlyStatement, words: Wording) -> str:
    """Return the one sentence on reconciliation for the summary."""
    wrong = [check for check in statement.checks if check.difference_fen]
    if not wrong and statement.summary.checks_hold:
        return words(N_("勾稽核对：{count} 项全部平衡，差额均为 0.00 元。"), count=len(statement.checks))
    listed = words.listing(f"{check.number} ({yuan(check.difference_fen)})" for check in wrong)
    return words(
        N_("勾稽核对：有不平项，请先查明原因再签署。不平项（差额，元）：{listed}"), listed=listed or UNLISTED
    )


UNLISTED = "—"
