"""The sheet on which a streamer declares what was handed over."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from ledger.months import CHINA
from reports import handover_sheet
from reports.handover_sheet import HandoverSheet
from tests.test_reports_pdf import page_count, text

SHEET = HandoverSheet(
    book_name="示例县公益直播专账",
    first=date(2026, 3, 1),
    through=date(2026, 3, 31),
    text="2026-03-01 至 2026-03-31，本人账户收到提现 12,642.84 元，已上缴 6,933.00 元，尚余 5,709.84 元未上缴；无截留。",
    before_fen=0,
    withdrawn_fen=1_264_284,
    handed_over_fen=693_300,
    in_hands_fen=570_984,
    parcels=((date(2026, 3, 31), 570_984, 0, date(2026, 4, 3)),),
    at=datetime(2026, 4, 2, 22, 30, tzinfo=CHINA),
)


def test_it_shows_the_figures_in_capitals_the_sentence_the_parcels_and_room_to_sign() -> None:
    told = text(handover_sheet.render(SHEET))
    for words in (
        "主播上缴声明",
        "人民币壹万贰仟陆佰肆拾贰元捌角肆分",
        "人民币陆仟玖佰叁拾叁元整",
        "人民币伍仟柒佰零玖元捌角肆分",
        "2026-04-03",
        "主播签名：",
        "主播不得作为三方签署人",
        "不是票据",
    ):
        assert words in told, words
    assert "无截留" in "".join(told.split())


@pytest.mark.parametrize(
    "changes",
    [{"withdrawn_fen": 1}, {"before_fen": 1}, {"in_hands_fen": 0}, {"parcels": ()}],
)
def test_figures_that_do_not_add_up_are_never_printed(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="hand-over sheet"):
        handover_sheet.render(replace(SHEET, **changes))  # type: ignore[arg-type]  # a mapping of mixed values


def test_an_age_that_is_not_known_is_a_dash_and_nothing_held_has_no_parcels() -> None:
    unknown = replace(SHEET, parcels=((date(2026, 3, 31), 570_984, None, None),))
    assert "—" in text(handover_sheet.render(unknown))
    nothing = replace(SHEET, handed_over_fen=1_264_284, in_hands_fen=0, parcels=())
    told = text(handover_sheet.render(nothing))
    assert "应上缴日期" not in told
    assert "人民币零元整" in told


def test_many_parcels_leave_the_signature_whole_on_the_last_page_and_the_bytes_are_the_same_again() -> None:
    parcels = ((date(2026, 3, 31), 9_516, 0, date(2026, 4, 3)),) * 59
    long = replace(SHEET, parcels=(*parcels, (date(2026, 3, 31), 9_540, 0, date(2026, 4, 3))))
    data = handover_sheet.render(long)
    last = text(data, page=page_count(data))
    assert "声明：" in last
    assert "主播签名：" in last
    assert handover_sheet.render(long) == data
