"""The report's sections on reconciliation, welfare, exceptions, disclosure and the close."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from ledger.sections_welfare import BankReconciliation, Finding, OpenLine
from ledger.statement import MonthlyStatement
from reports import excel, pdf, tables_all, tables_findings, tables_reconcile, tables_sales
from reports.excel_checks import formulas as check_formulas
from reports.tables import Row, Table, sum_of
from reports.tables_welfare import percent
from reports.wording import Wording
from tests.sample_sections import BANK, day
from tests.sample_statement import sample
from tests.test_reports_excel import formulas, opened, recalculated
from tests.test_reports_pdf import text

ZH = Wording("zh")
EMPTY = {
    "three_way": "本月没有编制三方对账表。",
    "reconciliations": "本月没有编制银行存款余额调节表。",
    "tie_out": "本月没有可追踪的打赏场次。",
    "agreements": "本月没有适用的捐赠协议。",
    "receipts": "本月没有拨付，无票据登记。",
    "goods": "本月没有选品登记。",
    "costs": "本月没有费用承担登记。",
    "activities": "本月没有登记公益活动。",
    "findings": "本月没有异常事项。",
    "disclosures": "本月没有需要检查的信息公开事项。",
    "close": "本月没有结转凭证。",
    "cumulative": "尚未汇总累计数。",
}


def tables(statement: MonthlyStatement) -> dict[str, Table]:
    return {table.title: table for table in tables_all.every_table(statement, ZH)}


def emptied() -> MonthlyStatement:
    blank = {name: None if name in ("close", "cumulative") else () for name in EMPTY}
    return replace(sample(), exceptions=(), pending=(), **blank)  # type: ignore[arg-type]


def bank(statement_fen: int | None, book_fen: int, *lines: OpenLine) -> Table:
    return tables_reconcile.reconciliation(
        BankReconciliation("1002.01", BANK, statement_fen, book_fen, 7, lines), ZH
    )


def item(side: str, fen: int, detail: str = "某笔") -> OpenLine:
    return OpenLine(side, day(31), detail, fen, "transit", "", day(1, 4))


def test_each_empty_section_says_so_in_one_line_in_both_files() -> None:
    statement = emptied()
    told = text(pdf.render(statement, draft=False))
    cells = {
        str(cell.value) for sheet in opened(excel.render(statement)) for row in sheet.rows for cell in row
    }
    for sentence in (*EMPTY.values(), "期末没有主播代收待缴的款项。", "本月没有月结检查单。"):
        assert len(re.findall(rf"^ *{sentence}", told, re.MULTILINE)) == 1, sentence
        assert sentence in cells


def test_sections_that_are_not_empty_say_nothing_of_being_empty() -> None:
    told = text(pdf.render(sample(), draft=False))
    assert [sentence for sentence in EMPTY.values() if sentence in told] == []


def test_the_summary_gives_the_reconciliation_in_one_sentence_and_the_findings_by_severity() -> None:
    told = text(pdf.render(sample()), page=2).replace("\n", "")
    assert re.search("三方对账：共 11 项（一致 8 项、时间性差异 1 项、差异待查 1 项、已解释 1 项）", told)
    assert re.search("余额调节表 2 户，其中调节相符 *2 户。", told)
    assert "异常事项 5 项：高 2 项，中 1 项，低 2 项；尚未说明 2 项。" in told
    counts = tables(sample())["一、本月摘要：数量"].rows
    assert [row.cells for row in counts[-4:]] == [
        ("异常事项", 5), ("其中：高", 2), ("其中：中", 1), ("其中：低", 2),
    ]  # fmt: skip


def test_an_account_that_does_not_agree_is_not_counted_as_agreeing() -> None:
    first, second = sample().reconciliations
    broken = replace(sample(), reconciliations=(replace(first, book_fen=first.book_fen + 1), second))
    assert "其中调节相符 1 户" in tables_reconcile.verdict(broken, ZH)
    unknown = replace(sample(), reconciliations=(replace(first, statement_fen=None), second))
    assert "其中调节相符 1 户" in tables_reconcile.verdict(unknown, ZH)


def test_the_reconciliation_statement_has_the_classic_two_columns() -> None:
    table = bank(
        1_000, 1_300, item("book", 500, "上缴"), item("book", -150, "拨付"), item("statement", 60, "结息"),
        item("statement", -10, "手续费"),
    )  # fmt: skip
    assert [row.cells for row in table.rows] == [
        ("银行对账单余额", 1_000, "账面余额", 1_300),
        (
            "加：本账已收、银行未收\n2026-03-31 上缴\n时间性差异\n预计 2026-04-01", 500,
            "加：银行已收、本账未收\n2026-03-31 结息\n时间性差异\n预计 2026-04-01", 60,
        ),
        (
            "减：本账已付、银行未付\n2026-03-31 拨付\n时间性差异\n预计 2026-04-01", 150,
            "减：银行已付、本账未付\n2026-03-31 手续费\n时间性差异\n预计 2026-04-01", 10,
        ),
        ("调节后余额", 1_350, "调节后余额", 1_350),
    ]  # fmt: skip
    assert [row.sign for row in table.rows] == [1, 1, -1, 1]
    assert "两边调节后余额相等" in table.note


def test_lines_of_one_side_stand_below_each_other_beside_empty_cells() -> None:
    rows = bank(0, 70, item("statement", -30), item("statement", -40)).rows
    assert [row.cells[1:] for row in rows[2:4]] == [
        (0, "减：银行已付、本账未付\n2026-03-31 某笔\n时间性差异\n预计 2026-04-01", 30),
        ("", "2026-03-31 某笔\n时间性差异\n预计 2026-04-01", 40),
    ]
    assert rows[3].joined


def test_adjusted_balances_that_differ_are_called_different() -> None:
    table = bank(1_000, 1_300, item("book", 500))
    assert "相差 2.00 元" in table.note
    assert check_formulas(table, 6)[-1].endswith("ABS(ROUND(N(B9)-N(D9),2))")


def test_without_a_statement_to_the_end_of_the_month_no_balance_is_made_up() -> None:
    table = bank(None, 1_300, item("book", 500))
    assert (table.rows[0].cells[1], table.rows[-1].cells[1]) == (None, None)
    assert "对账单尚未上传到月末" in table.note
    assert "N(B" not in check_formulas(table, 6)[-1]


def test_a_wallet_is_reconciled_with_its_platform() -> None:
    told = text(pdf.render(sample()))
    assert "八（附）、余额调节表（1009.02）" in told
    assert re.search(r"加：本账已收、平台未收 +50\.00 加：平台已收、本账未收 +32\.00", told)
    assert re.search(r"调节后余额 +1,607\.00 调节后余额 +1,607\.00", told)


def test_findings_stand_by_severity_with_what_came_of_them() -> None:
    rows = tables(sample())["十、异常与更正"].rows
    assert [str(row.cells[1]).split("\n")[0] for row in rows] == ["R11", "R12", "R04", "R07", "R21"]
    assert [row.cells[2] for row in rows] == ["高", "高", "中", "低", "低"]
    assert rows[0].cells[5] == "已知悉接受\n水利局 4 月 1 日补签\n张某某 2026-04-02 15:05"
    assert rows[1].cells[5] == "尚未说明"
    assert rows[2].cells[4] == "场次 2026-0002 申报与结算相差 35.00 元，已附说明。"


def test_a_severity_nobody_knows_comes_last_and_is_printed_as_it_is() -> None:
    odd = Finding("R99", "新规则", "dire", "2026-0001", "新事项。", ())
    rows = tables_findings.findings(replace(sample(), findings=(odd, *sample().findings)), ZH).rows
    assert rows[-1].cells[1:4] == ("R99\n新规则", "dire", "2026-0001")


def test_old_exceptions_are_printed_only_where_there_are_no_findings() -> None:
    old = "主播个人账户收款：张某某，提现后应及时上缴。"
    assert old not in text(pdf.render(sample())).replace("\n", "")
    told = text(pdf.render(replace(sample(), findings=())))
    assert old in told
    assert "异常事项 2 项。" in told


def test_ageing_shows_the_streamers_parcels_only_and_says_when_no_calendar_is_loaded() -> None:
    first = sample().pending[0]
    parcels = (
        replace(first, amount_fen=100, due=day(30), working_days=2),
        replace(first, amount_fen=200, due=None, working_days=None),
    )
    rows = tables_sales.ageing(replace(sample(), pending=(*parcels, *sample().pending[1:])), ZH).rows
    assert [row.cells[3:] for row in rows] == [
        (2, day(30), "逾期", 100), ("日历未载入", None, None, 200), ("", "", "", 300),
    ]  # fmt: skip
    assert rows[-1].kind == "total"


def test_ageing_of_the_sample_comes_to_what_the_streamer_holds() -> None:
    assert tables_sales.ageing(sample(), ZH).rows[-1].cells[-1] == sample().tips.in_hands_fen


def test_the_tie_out_of_all_broadcasts_comes_to_the_tip_flow() -> None:
    flow, total = sample().tips, tables(sample())["三（附二）、逐场追踪：从当晚申报到监管专户"].rows[-1]
    assert total.cells[3:12] == (
        flow.gross_fen, flow.share_fen, flow.guild_fen, flow.net_fen, flow.tax_fen, 0, 157_500, flow.in_hands_fen,
        flow.handed_over_fen,
    )  # fmt: skip


def test_pending_items_say_who_is_in_charge_until_when_and_since_how_many_working_days() -> None:
    rows = tables(sample())["九、未决事项"].rows
    assert rows[0].cells[4:8] == (0, 0, "张某某", day(3, 4))
    assert rows[2].cells[5:7] == (12, "示例县红十字会")
    assert rows[3].cells[5:8] == ("日历未载入", None, None)


def test_closing_vouchers_balance_and_the_position_after_them_too() -> None:
    found = tables(sample())
    totals = [row.cells[4:] for row in found["结转凭证与结转后余额"].rows if row.kind == "total"]
    assert totals == [(3_414_376,) * 2, (1_505_416,) * 2, (1_786_000,) * 2]
    assert found["结转后余额"].rows[-1].cells[2:] == (2_142_960, 2_142_960)
    assert "本月已于 2026-04-03 11:05 月结" in found["结转凭证与结转后余额"].note


def test_an_open_month_says_that_its_closing_vouchers_are_not_posted() -> None:
    close = sample().close
    assert close
    still = replace(close, closed_at=None, vouchers=(replace(close.vouchers[0], number=""),))
    table = tables(replace(sample(), close=still))["结转凭证与结转后余额"]
    assert table.rows[0].cells[0] == "待记账"
    assert "本月尚未月结" in table.note


def test_a_receipt_that_has_not_come_is_a_dash_and_not_reviewed() -> None:
    rows = tables(sample())["六（附二）、公益事业捐赠票据登记"].rows
    assert rows[0].cells[3:7] == (day(17), "63060126", "0000012601", "a1b2c3")
    assert rows[1].cells[3:8] == (None, None, None, None, "未复核")


def test_each_duty_of_disclosure_shows_its_state_source_and_link() -> None:
    rows = tables(sample())["十一、信息公开时限检查"].rows
    assert [row.cells[5] for row in rows] == ["已公开", "未到期", "已公开（逾期）", "逾期未公开"]
    assert rows[0].cells[1] == "公益慈善捐助信息公开指引（2011）"
    assert rows[0].cells[6] == "https://shaizhang.example/gs/2026-03"


@pytest.mark.parametrize(
    ("points", "shown"),
    [(10_000, "100%"), (8_050, "80.5%"), (1, "0.01%"), (0, "0%"), (1_000, "10%"), (20_001, "200.01%")],
)
def test_a_share_is_printed_without_needless_zeros(points: int, shown: str) -> None:
    assert percent(points) == shown


def test_hours_of_volunteers_are_added_up_from_minutes() -> None:
    rows = tables(sample())["七（附一）、公益活动"].rows
    assert [row.cells[5] for row in rows] == ["36 小时 30 分", "6 小时", ""]
    assert rows[-1].cells[3:5] == (74, 15)


def test_a_fen_too_much_is_seen_in_the_check_column_of_each_new_sheet(tmp_path: Path) -> None:
    statement = sample()
    close, found = statement.close, statement.cumulative
    assert close
    assert found
    first = close.vouchers[0]
    side, code, name, fen = first.lines[0]
    *rest, (last, last_name, last_fen) = close.position
    wrong = replace(
        statement,
        tie_out=(replace(statement.tie_out[0], net_fen=417_001), *statement.tie_out[1:]),
        activities=(replace(statement.activities[0], goods_fen=986_001), *statement.activities[1:]),
        reconciliations=(replace(statement.reconciliations[0], book_fen=1_200_477),),
        close=replace(
            close,
            vouchers=(replace(first, lines=((side, code, name, fen + 1), *first.lines[1:])),),
            position=(*rest, (last, last_name, last_fen - 1)),
        ),
        cumulative=replace(
            found,
            lines=tuple(replace(line, fen=line.fen + 1) if line.total else line for line in found.lines),
        ),
    )
    data = excel.render(wrong)
    counted = recalculated(data, tmp_path)
    off = [sheet for sheet, place in formulas(opened(data)) if counted[sheet][place].value != 0]
    assert sorted(set(off)) == sorted(
        (
            "三（附二）、逐场追踪：从当晚申报到监管专户", "七（附二）、发放物资", "结转凭证与结转后余额", "结转后余额",
            "八（附）、银行存款余额调节表（1002.01）", "累计：自启用以来",
        )
    )  # fmt: skip


def test_the_difference_of_a_three_way_line_is_checked_against_its_sides() -> None:
    checks = check_formulas(tables(sample())["八、三方对账表"], 6)
    assert checks[0] == ""
    assert checks[1] == "=ABS(ROUND(MAX(B7:E7)-MIN(B7:E7)-F7,2))"


def test_every_total_row_of_every_table_is_the_sum_of_its_rows() -> None:
    for title, table in tables(sample()).items():
        part: list[Row] = []
        for row in table.rows:
            if row.kind == "total":
                for place, column in enumerate(table.columns):
                    if column.summed and isinstance(row.cells[place], int):
                        added = sum_of(tuple(part), place)
                        assert row.cells[place] == added, (title, row.cells)
                part = []
            elif row.kind == "body":
                part.append(row)


def test_pdf_and_workbook_have_the_same_tables_in_the_same_order() -> None:
    told = text(pdf.render(sample(), draft=False), layout=False)
    titles = [title for title in tables(sample()) if title not in NOT_IN_PDF]
    found = [re.search(rf"^\f?{re.escape(title)}$", told, re.MULTILINE) for title in titles]
    assert [title for title, place in zip(titles, found, strict=True) if place is None] == []
    spots = [place.start() for place in found if place]
    assert spots == sorted(spots)


NOT_IN_PDF = ("一、本月摘要：数量", "十二、签署情况", "十二（附）、签认人")
"""In the PDF these are sentences and the signature page."""
