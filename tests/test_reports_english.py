"""The report in English: everything fixed is translated, everything a person wrote stays."""

from __future__ import annotations

import io
import re

from openpyxl import load_workbook

from ledger.money import capital
from reports import cumulative, excel, pdf
from reports.public import masked
from reports.tables_cumulative import net
from tests.sample_statement import sample
from tests.test_reports_pdf import text

CHINESE = re.compile(r"[\u3400-\u9fff]+")


def own_words() -> set[str]:
    """Return the Chinese that users wrote in the sample, or that is signed or written in Chinese as such."""
    statement = sample()
    amounts = [value for value in vars_of(statement.summary) if isinstance(value, int)]
    flow = statement.tips
    assert statement.cumulative
    amounts += [flow.to_card_fen, flow.handed_over_fen, net(statement.cumulative)]
    said = repr(statement) + "".join(map(capital, amounts))
    return set(CHINESE.findall(said))


def vars_of(value: object) -> list[object]:
    return [getattr(value, name) for name in value.__slots__]  # type: ignore[attr-defined]


def foreign(told: str) -> set[str]:
    """Return Chinese words in a text that stand nowhere in the sample."""
    known = "|".join(own_words())
    return {word for word in CHINESE.findall(told) if word not in known}


def test_no_fixed_chinese_is_left_in_the_english_pdf() -> None:
    told = text(pdf.render(sample(), language="en"), layout=False)
    assert foreign(told) == set()
    for title in (
        "1. Summary",
        "2. Income and expense",
        "8. Three-way reconciliation",
        "9. Pending items",
        "11. Disclosure deadlines",
        "Cumulative: since the beginning",
        "12. Signature page",
        "Check equations",
    ):
        assert title in told
    assert "March 2026" in told


def test_no_fixed_chinese_is_left_in_the_english_workbook() -> None:
    book = load_workbook(io.BytesIO(excel.render(sample(), language="en")))
    told = "\n".join(
        [*book.sheetnames, *(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)]
    )
    assert foreign(told) == set()


def test_no_fixed_chinese_is_left_in_the_english_public_edition_and_its_cumulative_page() -> None:
    statement = masked(sample(), "ab" * 32)
    for data in (pdf.render(statement, language="en"), cumulative.render(statement, "en")):
        assert foreign(text(data, layout=False)) == set()


def test_the_chinese_report_would_be_caught() -> None:
    assert "本月摘要" in foreign(text(pdf.render(sample()), layout=False))
