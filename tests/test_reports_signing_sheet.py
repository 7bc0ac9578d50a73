"""The sheet that a party without a computer signs."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from reports import signing_sheet
from reports.signing_sheet import SheetEntry, SigningSheet
from reports.wording import SUPERVISION_DECISIONS
from tests.sample_statement import REDCROSS, digest, sample
from tests.test_reports_pdf import page_count, text

STATEMENT = sample()


def sheet(times: int = 1) -> SigningSheet:
    entries: tuple[SheetEntry, ...] = tuple(
        (line.number, line.date, line.summary, line.amount_fen, line.digest[:16])
        for line in STATEMENT.vouchers
    )
    return SigningSheet(
        book_name=STATEMENT.book.name.zh,
        month=STATEMENT.month,
        party_name=REDCROSS.zh,
        statement=STATEMENT.parties[0].statement,
        entries=entries * times,
        count=30 * times,
        sum_fen=15_130_851 * times,
        digest=digest("sheet"),
        at=STATEMENT.as_of,
    )


def test_it_lists_every_entry_with_count_sum_in_capitals_statement_and_digest() -> None:
    told = text(signing_sheet.render(sheet()))
    assert len(re.findall(r"^记-\d{4}", told, re.MULTILINE)) == 30
    assert "共 30 张，合计 151,308.51 元（人民币壹拾伍万壹仟叁佰零捌元伍角壹分）。" in told
    assert digest("sheet") in told
    assert STATEMENT.vouchers[6].digest[:16] in told
    assert "示例县红十字会" in told
    assert "公章处（60×60 毫米）" in told
    assert "不是票据" in told


def test_a_sheet_whose_count_or_sum_is_not_that_of_its_entries_is_never_printed() -> None:
    for wrong in (replace(sheet(), count=29), replace(sheet(), sum_fen=1)):
        with pytest.raises(ValueError, match="count and sum"):
            signing_sheet.render(wrong)


def test_sum_statement_and_room_for_the_seal_are_on_one_page_however_long_the_list() -> None:
    for times in (1, 2, 3):
        data = signing_sheet.render(sheet(times))
        last = text(data, page=page_count(data))
        assert "合计" in last
        assert "声明：" in last
        assert "公章处" in last


def test_the_discipline_committee_gets_its_own_boxes() -> None:
    told = text(signing_sheet.render(replace(sheet(), decisions=SUPERVISION_DECISIONS)))
    assert "□ 建议暂停拨付" in told
    assert "□ 同意" not in told


def test_the_same_sheet_gives_the_same_bytes_and_the_english_one_says_so() -> None:
    assert signing_sheet.render(sheet()) == signing_sheet.render(sheet())
    assert "Sign-off sheet" in text(signing_sheet.render(sheet(), language="en"))
