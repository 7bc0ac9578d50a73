"""The cumulative page: one page, whose sums add up on it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from ledger.money import yuan
from ledger.sections_welfare import Cumulative, CumulativeLine
from ledger.statement import MonthlyStatement
from reports import cumulative, cumulative_picture, excel, pdf, tables_cumulative
from reports.pdf_marks import COLOURS
from reports.pdf_page import Flow, Label
from reports.wording import Wording
from tests.sample_statement import sample
from tests.test_reports_excel import opened
from tests.test_reports_pdf import page_count, text

ZH = Wording("zh")


def found() -> Cumulative:
    given = sample().cumulative
    assert given
    return given


def with_lines(lines: tuple[CumulativeLine, ...]) -> MonthlyStatement:
    return replace(sample(), cumulative=replace(found(), lines=lines))


def crowded(each: int) -> MonthlyStatement:
    """Return a statement with `each` lines in every group, that still adds up."""
    sums = {"opening": 0, "income": 60, "deduction": 20, "spending": 30, "place": 10, "owner": 10}
    return with_lines(
        tuple(
            CumulativeLine(group, f"很长的一个项目名称第{number}号", fen * 100)
            for group, fen in sums.items()
            for number in range(each)
        )
    )


def amounts(told: str, label: str) -> list[int]:
    """Return the figures that stand behind a label in a page's text, in fen."""
    return [
        int(amount.replace(",", "").replace(".", ""))
        for amount in re.findall(rf"{re.escape(label)} +(-?[\d,]+\.\d\d)", told)
    ]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_it_is_one_page(language: str) -> None:
    assert page_count(cumulative.render(sample(), language)) == 1


@pytest.mark.parametrize("each", [1, 5, 9, 14, 40, 300])
def test_it_stays_one_page_however_many_lines_there_are_and_still_adds_up(each: int) -> None:
    data = cumulative.render(crowded(each))
    assert page_count(data) == 1
    told = text(data)
    assert amounts(told, "收入合计")[0] == each * 6_000
    assert amounts(told, "结余")[-1] == each * 1_000
    assert "差额 0.00 元" in told


@pytest.mark.parametrize("language", ["zh", "en"])
def test_in_the_monthly_report_too_the_last_page_holds_all_of_it(language: str) -> None:
    data = pdf.render(crowded(40), language=language)
    last = text(data, page=page_count(data))
    assert yuan(40 * 6_000) in last
    assert {"zh": "资金来源合计", "en": "All that came in"}[language] in last
    assert {"zh": "差额 0.00 元", "en": "difference 0.00 yuan"}[language] in last


def test_the_sums_add_up_on_the_page() -> None:
    told = text(cumulative.render(sample()))
    parts = {
        "income": ("直播打赏", "带货佣金", "利息"),
        "deduction": ("平台分成", "技术服务费", "手续费", "代扣个税"),
        "spending": ("县红十字会：暖冬包项目", "县慈善总会：助学项目"),
        "place": ("银行存款", "平台可提现余额", "主播代收待缴", "拨付待核销", "暂收待查款"),
        "owner": ("待分配", "县红十字会项目", "县慈善总会项目"),
    }
    totals = {group: amounts(told, tables_cumulative.TOTALS[group])[0] for group in parts}
    for group, labels in parts.items():
        assert sum(amounts(told, label)[-1] for label in labels) == totals[group], group
    brought = amounts(told, "带来的结余")[0]
    left = brought + totals["income"] - totals["deduction"] - totals["spending"]
    assert left == totals["place"] == totals["owner"] == 2_122_960
    assert amounts(told, "结余")[-1] == left
    assert "人民币贰万壹仟贰佰贰拾玖元陆角整" in told
    assert "人民币壹万柒仟捌佰陆拾元整" in told
    assert "直播 5 场，受益 74 人次" in told


@pytest.mark.parametrize("group", ["income", "deduction", "spending", "place", "owner"])
def test_a_page_that_does_not_add_up_says_so_in_red(group: str) -> None:
    at = next(n for n, line in enumerate(found().lines) if line.group == group)
    lines = list(found().lines)
    lines[at] = replace(lines[at], fen=lines[at].fen + 1)
    flow = Flow()
    cumulative.body(flow, with_lines(tuple(lines)), ZH)
    (said,) = [mark for mark in flow.page.marks if isinstance(mark, Label) and "合计不平" in mark.text]
    assert said.tone == "red"
    assert "差额 0.00 元" not in text(cumulative.render(with_lines(tuple(lines))))


def test_lines_that_agree_with_wrong_totals_do_not_agree() -> None:
    lines = tuple(replace(line, fen=line.fen + 1) if line.total else line for line in found().lines)
    assert tables_cumulative.agrees(found())
    assert not tables_cumulative.agrees(replace(found(), lines=lines))


def test_a_group_without_a_total_gets_one() -> None:
    lines = tuple(line for line in found().lines if not line.total)
    assert text(cumulative.render(with_lines(lines))).split() == [
        *re.sub(r"[0-9a-f]{64}", digest_of(with_lines(lines)), text(cumulative.render(sample()))).split()
    ]


def digest_of(statement: MonthlyStatement) -> str:
    from reports.digest import statement_digest

    return statement_digest(statement)


def test_a_line_of_no_known_group_is_refused_rather_than_lost() -> None:
    with pytest.raises(ValueError, match="no known group"):
        cumulative.render(with_lines((*found().lines, CumulativeLine("other", "别的", 1))))


def test_it_is_the_last_page_of_the_monthly_report_and_a_sheet_of_the_workbook() -> None:
    data = pdf.render(sample(), draft=False)
    last = text(data, page=page_count(data))
    assert "累计：自启用以来" in last
    assert amounts(last, "结余")[-1] == 2_122_960
    sheet: Any = opened(excel.render(sample()))["累计：自启用以来"]
    values = [tuple(cell.value for cell in row[:2]) for row in sheet.iter_rows(min_row=excel.HEAD_ROW + 1)]
    assert values[-1] == ("结余", 21_229.6)
    assert ("收入合计", 34_143.76) in values


def test_both_sides_of_the_picture_have_the_same_sum() -> None:
    for statement in (sample(), crowded(40)):
        given = statement.cumulative
        assert given
        came, went = cumulative_picture.sides(given, ZH)
        assert sum(line.fen for line in came) == sum(line.fen for line in went)
        assert max(len(came), len(went)) <= cumulative_picture.MOST


def test_the_picture_names_every_amount_and_reads_without_colour() -> None:
    flow = Flow()
    cumulative_picture.draw(flow, found(), ZH)
    labels = [mark for mark in flow.page.marks if isinstance(mark, Label)]
    for fen in (2_000_000, 2_872_550, 541_500, 326, 5_414_376, 1_505_416, 986_000, 800_000, 2_122_960):
        assert yuan(fen) in [label.text for label in labels]
    greys = {tone: sum(COLOURS[tone]) / 3 for tone in ("accent", "head", "white")}
    assert greys["head"] - greys["accent"] > 0.5


def test_folding_keeps_the_largest_lines_and_the_sum() -> None:
    lines = tuple(CumulativeLine("income", f"第{n}项", fen) for n, fen in enumerate((5, -90, 3, 70, 1)))
    kept = tables_cumulative.folded(lines, 3, ZH)
    assert [(line.label, line.fen) for line in kept] == [("第1项", -90), ("第3项", 70), ("其余 3 项", 9)]
    assert tables_cumulative.folded(lines, 5, ZH) == lines


def test_the_same_statement_gives_the_same_page_and_a_draft_says_so() -> None:
    assert cumulative.render(sample()) == cumulative.render(sample())
    assert "草稿" not in text(cumulative.render(sample()))
    assert "草稿 未签署" in text(cumulative.render(sample(), draft=True))


def test_without_cumulative_figures_the_page_says_so() -> None:
    assert "尚未汇总累计数。" in text(cumulative.render(replace(sample(), cumulative=None)))
