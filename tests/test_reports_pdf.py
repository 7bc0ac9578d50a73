"""The monthly report as PDF: read back with poppler's tools, as an auditor would."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest
from reportlab.pdfbase import ttfonts

from ledger.statement import MonthlyStatement
from reports import pdf, pdf_grid, pdf_table
from reports.digest import statement_digest
from reports.pdf_page import Flow, Label
from reports.tables import Column, Row, Table
from reports.wording import Wording
from tests.sample_statement import sample

ROOT = Path(__file__).resolve().parents[1]
ZH = Wording("zh")
SECTIONS = (
    "一、本月摘要",
    "二、收支总表",
    "三、分场次收入明细",
    "四、打赏资金流向表",
    "五、带货佣金明细",
    "六、分配与拨付",
    "七、公益支出明细",
    "八、三方对账表",
    "九、未决事项",
    "十、异常与更正",
    "十一、信息公开时限检查",
    "十二、签署页",
    "勾稽关系核对表",
    "科目余额表（结转前）",
    "凭证目录",
    "结转凭证与结转后余额",
    "附件清单",
    "累计：自启用以来",
)


def tool(data: bytes, *command: str) -> bytes:
    """Run a poppler tool on a PDF given on its standard input."""
    return subprocess.run([*command], input=data, capture_output=True, check=True).stdout


def text(data: bytes, *, page: int = 0, layout: bool = True) -> str:
    pages = ("-f", str(page), "-l", str(page)) if page else ()
    return tool(data, "pdftotext", *(("-layout",) if layout else ("-raw",)), *pages, "-", "-").decode()


def page_count(data: bytes) -> int:
    found = re.search(rb"Pages: +(\d+)", tool(data, "pdfinfo", "-"))
    assert found
    return int(found[1])


@pytest.fixture(scope="module")
def final() -> bytes:
    return pdf.render(sample(), draft=False)


@pytest.fixture(scope="module")
def draft() -> bytes:
    return pdf.render(sample())


def with_title(title: str) -> MonthlyStatement:
    statement = sample()
    first, *rest = statement.broadcasts
    return replace(statement, broadcasts=(replace(first, title=title), *rest))


def test_every_figure_of_the_worked_month_can_be_copied_from_the_file(final: bytes) -> None:
    told = text(final)
    for figure in (
        "34,143.76", "15,054.16", "19,089.60", "20,000.00", "17,860.00", "21,229.60", "28,725.50",
        "14,362.75",
        "5,415.00", "541.50", "4,873.50", "12,642.84", "6,933.00", "5,709.84", "144.91", "1,575.00",
        "12,004.76",
        "-300.00", "-9,680.00", "-65.00", "86,420.00", "9,624.84",
    ):  # fmt: skip
        assert figure in told, figure
    assert "人民币贰万壹仟贰佰贰拾玖元陆角整" in told
    assert "人民币壹万玖仟零捌拾玖元陆角整" in told


def test_the_trial_balance_shows_equal_totals(final: bytes) -> None:
    closing = [line for line in text(final).splitlines() if line.startswith("合计")]
    assert any(line.split()[-2:] == ["54,343.76", "54,343.76"] for line in closing)


def test_all_nine_checks_hold_and_a_broken_one_is_called_broken(final: bytes) -> None:
    told = text(final)
    assert len(re.findall(r"0\.00 +平$", told, re.MULTILINE)) == 9
    assert "9 项全部平衡" in told
    assert "不平" not in told
    statement = sample()
    wrong = replace(statement.checks[3], expected_fen=statement.checks[3].expected_fen - 1)
    broken = replace(statement, checks=(*statement.checks[:3], wrong, *statement.checks[4:]))
    told = text(pdf.render(broken))
    assert re.search(r"0\.01 +不平$", told, re.MULTILINE)
    assert "4 (0.01)" in told
    assert "全部平衡" not in told


def test_the_same_statement_gives_the_same_bytes_in_another_process_and_under_another_hash_seed() -> None:
    script = (
        "import hashlib, sys; from reports import pdf; from tests.sample_statement import sample;"
        "print(hashlib.sha256(pdf.render(sample(), draft=False)).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", script],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone},
            capture_output=True,
            check=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Shanghai"))
    }
    assert len(digests) == 1


def test_one_fen_more_gives_another_file_and_another_digest(final: bytes) -> None:
    statement = sample()
    other = replace(
        statement, summary=replace(statement.summary, pending_fen=statement.summary.pending_fen + 1)
    )
    assert statement_digest(other) != statement_digest(statement)
    assert pdf.render(other, draft=False) != final


def test_rendering_twice_in_one_process_gives_the_same_bytes_whatever_came_between(final: bytes) -> None:
    pdf.render(with_title("䶮㛃𬭚𫟹😀"), language="zh")
    assert pdf.render(sample(), draft=False) == final


def test_rare_characters_are_copied_as_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    statement = with_title("䶮㛃𬭚𫟹")
    assert "䶮㛃𬭚𫟹" in text(pdf.render(statement))
    # The control: with ReportLab's own table, a character beyond U+FFFF is copied as another one.
    monkeypatch.setattr(ttfonts, "makeToUnicodeCMap", broken_table)
    assert "𬭚" not in text(pdf.render(statement))


def broken_table(fontname: str, subset: list[int]) -> str:
    """Write the table as ReportLab 5.1 does: a code point in hex, five digits beyond U+FFFF."""
    pairs = [f"<{code:02X}> <{value:04X}>" for code, value in enumerate(subset)]
    return "\n".join((
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo",
        f"<< /Registry ({fontname}) /Ordering ({fontname}) /Supplement 0 >> def",
        f"/CMapName /{fontname} def\n/CMapType 2 def\n1 begincodespacerange",
        f"<00> <{len(subset) - 1:02X}>\nendcodespacerange\n{len(pairs)} beginbfchar",
        *pairs,
        "endbfchar\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend",
    ))  # fmt: skip


def test_only_our_own_fonts_are_used_and_each_is_embedded() -> None:
    lines = tool(pdf.render(with_title("😀 𬭚")), "pdffonts", "-").decode().splitlines()[2:]
    assert len(lines) >= 4
    for line in lines:
        name, *_, embedded, subset, unicode, _, _ = line.split()
        assert re.fullmatch(r"[A-Z]{6}\+Noto(SansSC|Emoji)-\w+", name), line
        assert (embedded, subset, unicode) == ("yes", "yes", "yes"), line


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_says_which_report_it_is_and_which_page_of_how_many(language: str) -> None:
    data = pdf.render(sample(), language=language, draft=False)
    count = page_count(data)
    assert count >= 10
    wording = "第 {} 页 / 共 {} 页" if language == "zh" else "Page {} of {}"
    version = "第 1 版" if language == "zh" else "Version 1"
    for page in range(1, count + 1):
        told = text(data, page=page)
        assert wording.format(page, count) in told
        assert "SX-2026-03" in told
        assert version in told


def test_a_draft_says_so_on_every_page_and_its_watermark_is_never_copied(draft: bytes, final: bytes) -> None:
    for page in range(1, page_count(draft) + 1):
        marked = text(draft, page=page, layout=False)
        assert marked.count("草稿 未签署") == 1
        assert marked.replace("草稿 未签署", "").split() == text(final, page=page, layout=False).split()
    assert "草稿" not in text(final)


def test_the_watermark_is_seen_on_every_page(draft: bytes, final: bytes) -> None:
    for page in range(1, page_count(draft) + 1):
        grey, plain = (
            tool(data, "pdftoppm", "-r", "18", "-gray", "-f", str(page), "-l", str(page), "-")
            for data in (draft, final)
        )
        assert len(grey) == len(plain)
        darker = sum(a < b - 5 for a, b in zip(grey, plain, strict=True))
        assert darker > len(plain) / 100, page


def test_markup_in_a_title_is_printed_as_it_was_typed() -> None:
    title = "<b>&amp; <font color=red>{{7*7}}</font> %s {x}"
    assert title in text(pdf.render(with_title(title)), layout=False).replace("\n", " ").replace("  ", " ")


def test_emoji_are_printed_and_hidden_characters_are_shown() -> None:
    told = text(pdf.render(with_title("好😀\u202e\u200bก")), layout=False).replace("\n", "")
    assert "好😀[U+202E][U+200B][U+0E01]" in told


def test_the_outline_has_the_official_sections_in_order_and_no_other(final: bytes) -> None:
    reader = pypdf.PdfReader(io.BytesIO(final))
    assert tuple(str(entry.title) for entry in reader.outline if not isinstance(entry, list)) == SECTIONS


def test_the_contents_list_names_the_page_where_each_section_begins(final: bytes) -> None:
    cover = text(final, page=1)
    for title in SECTIONS:
        found = re.search(re.escape(title) + r" \.+ +(\d+)", cover)
        assert found, title
        assert any(line.strip().startswith(title) for line in text(final, page=int(found[1])).splitlines())


def test_the_file_is_dated_by_the_statement_and_says_what_it_is(final: bytes) -> None:
    facts = pypdf.PdfReader(io.BytesIO(final)).metadata
    assert facts is not None
    assert str(facts["/CreationDate"]) == "D:20260403112000+08'00'"
    assert facts.title == "示例县 公益直播善款收支月报 2026年3月"
    assert facts.author == "示例县农旅公司"


def test_the_cover_prints_what_the_report_can_be_checked_by(final: bytes) -> None:
    statement = sample()
    cover = text(final, page=1)
    for fact in (
        statement_digest(statement),
        statement.log_root,
        "214",
        statement.public_url,
        statement.number,
    ):
        assert fact in cover


def test_the_signature_page_never_calls_a_confirmation_a_reliable_signature(final: bytes) -> None:
    told = text(final)
    assert "系统内确认（非可靠电子签名）" in told
    assert "线下签署" in told
    for box in ("□ 未发现异常", "□ 提出问询", "□ 建议整改", "□ 建议暂停拨付"):
        assert box in told
    assert "主播声明" in told
    assert "捐赠人" not in told.replace("打赏用户不等于捐赠人", "")


def test_a_page_is_a4_upright_or_lying(final: bytes) -> None:
    sizes = {
        tuple(round(float(side)) for side in page.mediabox[2:])
        for page in pypdf.PdfReader(io.BytesIO(final)).pages
    }
    assert sizes == {(595, 842), (842, 595)}


def test_a_negative_amount_has_a_minus_sign_and_is_red() -> None:
    table = Table("t", "", "t", (Column("额", "money"),), (Row((-5,)), Row((5,)), Row((0,)), Row((None,))))
    laid = pdf_grid.lay(table, ZH, wide=300)
    cells = [line.cells[0] for block in laid.blocks for line in block]
    assert [(cell.lines[0], cell.tone) for cell in cells] == [
        ("-0.05", "red"), ("0.05", "ink"), ("0.00", "ink"), ("—", "ink"),
    ]  # fmt: skip
    assert {cell.align for cell in cells} == {"right"}


def rows_by_page(count: int, room: float) -> Iterator[list[str]]:
    """Draw a table of `count` rows and a total, beginning `room` above the margin; yield each page's rows."""
    rows = tuple(Row((f"r{number}", number)) for number in range(count))
    table = Table(
        "t",
        "",
        "t",
        (Column("号", "id"), Column("数", "count", summed=True)),
        (*rows, Row(("计", 1), "total")),
    )
    flow = Flow()
    flow.y = 52 + room
    flow.add(Label(0, 800, "above", 8))
    pdf_table.draw(flow, pdf_grid.lay(table, ZH, wide=flow.width), ZH)
    for page in flow.pages:
        yield [m.text for m in page.marks if isinstance(m, Label) and re.fullmatch(r"r\d+|计|号", m.text)]


def test_no_page_begins_or_ends_with_a_single_row_and_each_repeats_the_heading() -> None:
    for count in range(3, 120):
        for room in (40.0, 55.0, 70.0, 300.0):
            pages = [page for page in rows_by_page(count, room) if page]
            assert [row for page in pages for row in page if row != "号"] == [
                *(f"r{n}" for n in range(count)),
                "计",
            ]
            for page in pages:
                assert page[0] == "号", (count, room)
                assert len(page) >= 3, (count, room, page)


def test_an_empty_month_is_a_whole_report_too() -> None:
    statement = sample()
    empty = replace(
        statement, lines=(), broadcasts=(), grants=(), spending=(), pending=(), corrections=(), refunds=(),
        exceptions=(), trial=(), checks=(), vouchers=(), attachments=(), parties=(), public_url="",
        commission=replace(statement.commission, products=()),
    )  # fmt: skip
    told = text(pdf.render(empty))
    assert "本月没有直播场次。" in told
    assert "凭证号连续，没有断号。" in told


def test_missing_voucher_numbers_are_named() -> None:
    told = text(pdf.render(replace(sample(), missing_numbers=("记-0007", "记-0009"))))
    assert "凭证断号：记-0007、记-0009。" in told
    assert "没有断号" not in told


def test_a_month_of_thousands_of_files_is_printed_whole() -> None:
    statement = sample()
    one = statement.attachments[0]
    many = tuple(replace(one, name=f"附件{number}.jpg") for number in range(2000))
    told = text(pdf.render(replace(statement, attachments=many), draft=False))
    assert len(re.findall(r"附件\d+\.jpg", told)) == 2000
