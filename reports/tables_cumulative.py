"""The cumulative table (累计): since the beginning, where all of it came from, went, is, and whose it is."""

from __future__ import annotations

from dataclasses import replace

from ledger.money import capital
from ledger.sections_welfare import Cumulative, CumulativeLine
from ledger.statement import MonthlyStatement
from ledger.words import N_
from reports.tables import Column, Row, Table
from reports.wording import Wording

GROUPS = {
    "opening": N_("启用本账时带来的结余"),
    "income": N_("一、钱从哪里来"),
    "deduction": N_("二、扣掉了什么"),
    "spending": N_("三、用到了哪里"),
    "place": N_("四、剩下的在哪里"),
    "owner": N_("五、剩下的归谁用"),
}
"""The groups of lines in their order. opening + income − deduction − spending = place = owner.

Amounts are positive in their own group; in `place` what is owed to others is negative.
"""
TOTALS = {
    "opening": N_("带来的结余"),
    "income": N_("收入合计"),
    "deduction": N_("扣减合计"),
    "spending": N_("公益支出合计"),
    "place": N_("结余所在合计"),
    "owner": N_("结余归属合计"),
}


def lines_of(cumulative: Cumulative, group: str) -> tuple[CumulativeLine, ...]:
    """Return the lines of one group without its total."""
    return tuple(line for line in cumulative.lines if line.group == group and not line.total)


def sum_of_group(cumulative: Cumulative, group: str) -> int:
    """Return the total of a group as the statement gives it, else the sum of its lines."""
    given = [line.fen for line in cumulative.lines if line.group == group and line.total]
    return given[-1] if given else sum(line.fen for line in lines_of(cumulative, group))


def net(cumulative: Cumulative) -> int:
    """Return opening and income less deductions: all that was there for public welfare."""
    come = sum_of_group(cumulative, "opening") + sum_of_group(cumulative, "income")
    return come - sum_of_group(cumulative, "deduction")


def rest(cumulative: Cumulative) -> int:
    """Return what is left by adding up: net less spending."""
    return net(cumulative) - sum_of_group(cumulative, "spending")


def agrees(cumulative: Cumulative) -> bool:
    """Whether the lines add up to their totals, and what is left is where and whose the lines say."""
    whole = all(
        sum_of_group(cumulative, group) == sum(line.fen for line in lines_of(cumulative, group))
        for group in GROUPS
    )
    left = rest(cumulative)
    return whole and all(sum_of_group(cumulative, group) == left for group in ("place", "owner"))


def folded(lines: tuple[CumulativeLine, ...], most: int, words: Wording) -> tuple[CumulativeLine, ...]:
    """Return at most `most` lines: the smallest ones as one where there are more."""
    if len(lines) <= most:
        return lines
    large = sorted(range(len(lines)), key=lambda place: -abs(lines[place].fen))[: most - 1]
    small = [line for place, line in enumerate(lines) if place not in large]
    label = words(N_("其余 {count} 项"), count=len(small))
    rest_of_them = CumulativeLine(lines[0].group, label, sum(line.fen for line in small))
    return (*(line for place, line in enumerate(lines) if place in large), rest_of_them)


def cumulative(statement: MonthlyStatement, words: Wording) -> Table:
    """Return the whole of it in one table: group by group, and how the groups add up."""
    parts = cumulative_parts(statement, words)
    return replace(parts[0], rows=tuple(row for part in parts for row in part.rows))


def cumulative_parts(
    statement: MonthlyStatement, words: Wording, *, most: int = 10_000
) -> tuple[Table, Table, Table]:
    """Return it in three tables: what came and was taken off; where it went, is and whose it is; the sums.

    A group with more than `most` lines is folded, so that a page can hold it.
    """
    columns = (Column(words(N_("项目")), wide=1), Column(words(N_("金额")), "money", summed=True))
    found = statement.cumulative
    table = Table(
        "cumulative",
        "",
        words(N_("累计：自启用以来")),
        columns,
        (),
        note="" if found is None else facts(found, words),
        empty=words(N_("尚未汇总累计数。")),
    )
    if found is None:
        return table, table, table
    strange = {line.group for line in found.lines} - GROUPS.keys()
    if strange:
        raise ValueError(f"cumulative lines of no known group: {sorted(strange)}")
    return (
        replace(table, rows=_groups(found, CAME, most, words)),
        replace(table, rows=_groups(found, WENT, most, words)),
        replace(table, rows=_sums(found, words)),
    )


CAME = ("opening", "income", "deduction")
WENT = ("spending", "place", "owner")


def _groups(found: Cumulative, groups: tuple[str, ...], most: int, words: Wording) -> tuple[Row, ...]:
    rows: tuple[Row, ...] = ()
    for group in groups:
        lines = folded(lines_of(found, group), most, words)
        if lines:
            rows += (
                Row((words(GROUPS[group]),), kind="heading"),
                *(Row((words(line.label), line.fen)) for line in lines),
                Row((words(TOTALS[group]), sum_of_group(found, group)), kind="total"),
            )
    return rows


def _sums(found: Cumulative, words: Wording) -> tuple[Row, ...]:
    """Return the last block: how the totals above come together."""
    opening = sum_of_group(found, "opening")
    first = (Row((words(N_("带来的结余")), opening)),) if lines_of(found, "opening") else ()
    return (
        Row((words(N_("六、合起来算")),), kind="heading"),
        *first,
        Row((words(N_("加：收入合计")), sum_of_group(found, "income"))),
        Row((words(N_("减：扣减合计")), sum_of_group(found, "deduction")), sign=-1),
        Row((words(N_("减：公益支出合计")), sum_of_group(found, "spending")), sign=-1),
        Row((words(N_("结余")), rest(found)), kind="total"),
    )


def facts(found: Cumulative, words: Wording) -> str:
    """Return since when, and how many months, broadcasts and beneficiaries."""
    return words(
        N_(
            "自 {first} 起 {months} 个月，直播 {broadcasts} 场，受益 {beneficiaries} 人次（同一人多次受益计多次）。"
        ),
        first=found.first_month,
        months=found.months,
        broadcasts=f"{found.broadcasts:,}",
        beneficiaries=f"{found.beneficiaries:,}",
    )


def in_words(found: Cumulative, words: Wording) -> tuple[str, ...]:
    """Return the three sums that count, in capital characters."""
    return tuple(
        words(label, capital=capital(fen))
        for label, fen in (
            (N_("净收入（含带来的结余）：{capital}"), net(found)),
            (N_("公益支出：{capital}"), sum_of_group(found, "spending")),
            (N_("结余：{capital}"), rest(found)),
        )
    )


def verdict(found: Cumulative, words: Wording) -> str:
    """Return in one sentence whether the sums of the page agree."""
    if agrees(found):
        return words(N_("结余＝收入－扣减－支出，与所在、归属两处合计相等，差额 0.00 元。"))
    return words(N_("合计不平：结余与所在或归属合计不相等，请先查明原因再公开。"))
