"""A bank of which no format is known: its columns are mapped once, and the mapping names the reader."""

from __future__ import annotations

import json
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import intake
from ledger.errors import Invalid
from ledger.intake import Mapping, first_look, mapping
from tests.test_intake_banks import BY_MAPPING, FOLDER, MARCH, RURAL, control, movements, table_of
from tests.test_intake_month import BANK, COMMISSION, TIPS, csv_of, xlsx_of

MINSHENG = FOLDER / "民生明细.xls"


def rural(mapped: Mapping = BY_MAPPING, **change: str) -> intake.Settlement:
    """Read the rural bank's file, with cells changed: `r4_发生额="1"`."""
    table = table_of(RURAL)
    for where, value in change.items():
        row, column = where.removeprefix("r").split("_")
        table[int(row) - 1][table[2].index(column)] = value
    return intake.read(csv_of(table), "农信社.csv", mapping=mapped)


def told(error: Invalid) -> list[tuple[int, str, str]]:
    return [(problem.row, problem.column, problem.text()) for problem in error.problems]


def test_a_preview_shows_the_header_samples_and_a_mapping_to_begin_with():
    (sheet,) = intake.preview(RURAL.read_bytes(), RURAL.name)
    assert (sheet.header_row, sheet.readers, sheet.name) == (3, (), "")
    assert sheet.header == tuple(table_of(RURAL)[2])
    assert [number for number, _ in sheet.samples] == list(range(4, 11))
    assert sheet.samples[0][1] == tuple(table_of(RURAL)[3])
    assert sheet.suggestion == BY_MAPPING
    assert sheet.fingerprint == rural().fingerprint


def test_the_suggested_mapping_reads_the_file():
    march = rural()
    assert movements(march) == MARCH
    assert (march.kind, march.version, march.platform) == ("bank_statement", 1, "")
    assert march.account == "3011000000000000001"
    assert (march.rows[0].title, march.rows[0].note) == ("转账", "拨付公益款")


def test_the_table_that_minsheng_calls_xls_is_read_through_a_mapping():
    data = MINSHENG.read_bytes()
    with pytest.raises(intake.NoHeader, match="没有找到表头"):
        intake.read(data, MINSHENG.name)
    (sheet,) = intake.preview(data, MINSHENG.name)
    assert (sheet.header_row, sheet.header[0]) == (2, "交易时间")
    assert sheet.suggestion is not None
    march = intake.read(data, MINSHENG.name, mapping=sheet.suggestion)
    assert movements(march) == MARCH
    assert march.encoding == "html"
    assert (control(march, "期初余额"), control(march, "期末余额")) == (2_000_000, 1_200_476)


def test_the_readers_name_alone_is_enough_to_read_the_rows_again():
    march = rural()
    assert march.reader == "mapped:" + mapping.encode(BY_MAPPING) == mapping.reader_name(BY_MAPPING)
    cells = [(row.number, row.cells) for row in march.rows]
    keys = [row.key for row in march.rows]
    assert keys[0] == "||2026-03-13T15:40:00|out|1200000|800000|1"
    assert intake.derive(march.reader, 1, march.header, cells) == keys
    assert intake.reread(march.reader, 1, march.header, cells) == list(march.rows)
    assert intake.derive(march.reader, 1, march.header, cells[2::2], partial=True) == keys[2::2]
    assert intake.read(RURAL.read_bytes(), "a.csv", reader=march.reader).rows == march.rows
    with pytest.raises(Invalid):
        intake.derive(march.reader, 2, march.header, cells)
    with pytest.raises(Invalid):
        intake.derive(march.reader + " ", 1, march.header, cells)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"date": ""}, "恰好选一项"),
        ({"moment": "备用"}, "恰好选一项"),
        ({"date": "", "moment": "交易日"}, "不要再选“时刻”"),
        ({"dates": "13/03/2026"}, "不认识的日期写法“13/03/2026”"),
        ({"amount": ""}, "请选一列“金额”"),
        ({"amount": "", "out": "支"}, "请选一列“金额”"),
        ({"out": "支", "into": "收"}, "只能选一种"),
        ({"in_words": ()}, "要写明哪些字表示收入"),
        ({"direction": ""}, "却没有选收支方向列"),
        ({"in_words": ("付",)}, "不能相同"),
        ({"in_words": ("收", " ")}, "也不能为空"),
        ({"party": "摘要说明"}, "既是“对方户名”又是“摘要”"),
        ({"party": " 摘要 说明"}, "既是“对方户名”又是“摘要”"),
        ({"note": " "}, "没有列名"),
        ({"note": "e\u0301"}, "NFC"),
    ],
)
def test_a_mapping_that_cannot_work_says_what_to_choose(change, sentence):
    wrong = replace(BY_MAPPING, **change)
    for use in (lambda: rural(wrong), lambda: mapping.encode(wrong)):
        with pytest.raises(Invalid, match="需要改选") as caught:
            use()
        assert [sentence in text for _, _, text in told(caught.value)].count(True) == 1


def test_a_column_that_the_file_does_not_have_is_named_with_its_line():
    with pytest.raises(intake.NoHeader) as caught:
        rural(replace(BY_MAPPING, party="收款人", summary="事由"))
    assert told(caught.value) == [
        (3, "收款人", "文件里没有列“收款人”：请重新选择它对应的列"),
        (3, "事由", "文件里没有列“事由”：请重新选择它对应的列"),
    ]
    with pytest.raises(intake.NoHeader) as caught:
        intake.read(csv_of([["一", "二"], ["1", "2"]]), "a.csv", mapping=BY_MAPPING)
    assert {row for row, _, _ in told(caught.value)} == {0}
    assert len(caught.value.problems) == 9


@pytest.mark.parametrize(
    ("where", "value", "sentence"),
    [
        ("r4_交易日", "2026-13-01", "没有“2026-13-01”这一天"),
        ("r4_交易日", "13/03/2026", "应写成 2026/03/13"),
        ("r4_交易日", "2026/3/13", "曾被 Excel 另存"),
        ("r4_交易时刻", "下午", "不是时刻"),
        ("r4_收付标志", "平", "不认识的借贷方向“平”：应为 付、收"),
        ("r4_发生额", "-", "不能为空"),
        ("r4_发生额", "+12000", "正负号与收支方向矛盾"),
        ("r4_对方账号", "3.011E+18", "曾被 Excel 另存"),
        ("r5_结余", "1.00", "余额对不上"),
    ],
)
def test_what_is_wrong_in_a_mapped_file_is_told_with_row_and_column(where, value, sentence):
    with pytest.raises(intake.Unreadable) as caught:
        rural(**{where: value})
    row, column = where.removeprefix("r").split("_")
    assert told(caught.value)[0][:2] == (int(row), column)
    assert sentence in told(caught.value)[0][2]


def test_what_stands_above_a_mapped_header_is_checked_too():
    table = table_of(RURAL)
    table[1][1] = "查询期间：2026/03/14-2026/03/31"
    with pytest.raises(intake.Unreadable) as caught:
        intake.read(csv_of(table), "a.csv", mapping=BY_MAPPING)
    assert [row for row, _, _ in told(caught.value)] == [4, 5]


def test_a_sign_alone_may_tell_the_direction():
    table = [["日期", "金额"], ["2026-03-13", "-5.00"], ["2026-03-14", "+6"], ["2026-03-15", "7.10"]]
    found = intake.read(csv_of(table), "a.csv", mapping=Mapping(date="日期", amount="金额"))
    assert [(row.kind, row.amount_fen) for row in found.rows] == [
        ("bank_out", 500),
        ("bank_in", 600),
        ("bank_in", 710),
    ]
    assert {row.balance_fen for row in found.rows} == {None}


@pytest.mark.parametrize(
    ("dates", "day", "at"),
    [
        ("20260313", "20260313", "154000"),
        ("2026/03/13", "2026/03/13", "15:40:00"),
        ("2026.03.13", "2026.03.13", "15:40"),
        ("2026年03月13日", "2026年3月13日", "15:40:00"),
        ("2026-03-13", "2026-03-13", "15:40"),
    ],
)
@pytest.mark.parametrize("space", ["", " "])
def test_dates_and_times_may_stand_together_or_apart(dates, day, at, space):
    apart = csv_of([["日期", "时刻", "金额"], [day, at, "1.00"]])
    together = csv_of([["时间", "金额"], [day + space + at, "1.00"]])
    ways = {"amount": "金额", "dates": dates}
    found = [
        intake.read(apart, "a.csv", mapping=Mapping(date="日期", time="时刻", **ways)),
        intake.read(together, "a.csv", mapping=Mapping(moment="时间", **ways)),
    ]
    assert {f"{row.rows[0].at:%Y-%m-%d %H:%M}" for row in found} == {"2026-03-13 15:40"}


def test_a_nameless_first_column_is_a_margin():
    table = [["", *row] for row in table_of(RURAL)]
    assert movements(intake.read(csv_of(table), "a.csv", mapping=BY_MAPPING)) == MARCH
    table[4][0] = "x"
    with pytest.raises(intake.Unreadable, match="没有读入"):
        intake.read(csv_of(table), "a.csv", mapping=BY_MAPPING)


# The text of a mapping


WORDS = st.text(alphabet='收付借贷入出abc"\\ ', min_size=1, max_size=6).filter(str.strip)


@given(st.lists(WORDS, min_size=3, max_size=3, unique_by=lambda word: word.replace(" ", "")))
def test_every_usable_mapping_comes_back_from_its_text(names):
    date, amount, note = names
    given_one = Mapping(date=date, amount=amount, note=note)
    text = mapping.encode(given_one)
    assert mapping.decode(text) == given_one
    assert len(text) < 3_500
    assert json.dumps(json.loads(text), ensure_ascii=False, sort_keys=True, separators=(",", ":")) == text


def test_only_what_was_encoded_is_decoded():
    text = mapping.encode(BY_MAPPING)
    chosen = json.loads(text)
    for bad in (
        "",
        "null",
        "[]",
        "1",
        "{}",
        text + " ",
        text.replace(",", ", "),
        json.dumps(chosen),
        json.dumps(chosen | {"date": 1}, ensure_ascii=False, sort_keys=True, separators=(",", ":")),
        json.dumps(chosen | {"in_words": "收"}, ensure_ascii=False, sort_keys=True, separators=(",", ":")),
        json.dumps(chosen | {"in_words": [1]}, ensure_ascii=False, sort_keys=True, separators=(",", ":")),
        json.dumps(chosen | {"in_words": None}, ensure_ascii=False, sort_keys=True, separators=(",", ":")),
        json.dumps(chosen | {"name": "x"}, ensure_ascii=False, sort_keys=True, separators=(",", ":")),
        json.dumps(chosen | {"date": ""}, ensure_ascii=False, sort_keys=True, separators=(",", ":")),
        "[" * 3_000,
        text[:-1] + ',"date":"x"}',
        "{" + " " * 10_000 + "}",
    ):
        with pytest.raises(Invalid, match="无法识别"):
            mapping.decode(bad)
        with pytest.raises(Invalid, match="无法识别"):
            intake.read(RURAL.read_bytes(), "a.csv", reader="mapped:" + bad)


def test_a_mapping_that_is_too_long_is_refused():
    with pytest.raises(Invalid, match="3500"):
        mapping.encode(replace(BY_MAPPING, note="长" * 3_500))


def test_every_role_has_a_name_for_a_person_and_a_field():
    names = {item.name for item in fields(Mapping)}
    assert set(mapping.ROLES) | {"in_words", "out_words", "dates"} == names
    assert set(first_look._WORDS) | {"direction"} == set(mapping.ROLES)


# Previews


def test_a_preview_of_a_known_format_names_its_reader():
    (sheet,) = intake.preview(BANK.read_bytes(), BANK.name)
    assert sheet.readers == ("icbc-corporate",)
    assert sheet.header_row == 2
    suggestion = sheet.suggestion
    assert suggestion is not None
    assert (suggestion.moment, suggestion.out, suggestion.into) == ("交易时间", "借方发生额", "贷方发生额")
    assert (suggestion.own_account, suggestion.party) == ("本方账号", "对方单位名称")
    assert movements(intake.read(BANK.read_bytes(), "a.csv", mapping=suggestion)) == MARCH


@pytest.mark.parametrize(
    "name", ["建行活期明细.csv", "中行个人流水.csv", "招行明细.csv", "交行个人明细.csv", "渤海明细.csv"]
)
def test_the_suggestion_for_a_known_bank_reads_what_its_preset_reads(name):
    data = (FOLDER / name).read_bytes()
    (sheet,) = intake.preview(data, name)
    assert sheet.suggestion is not None
    mapped = intake.read(data, name, mapping=sheet.suggestion)
    assert [row[3:12] for row in mapped.rows] == [row[3:12] for row in intake.read(data, name).rows]


def test_a_preview_shows_every_filled_sheet_and_at_most_twenty_rows():
    many = [["日期", "金额", "摘要"], *[["2026-03-13", "1.00", "甲"] for _ in range(50)]]
    sheets = intake.preview(xlsx_of(many, 说明=[["请勿外传"]], 另一=table_of(RURAL)), "a.xlsx")
    assert [(sheet.name, len(sheet.samples)) for sheet in sheets] == [("Sheet", 20), ("另一", 7)]
    assert sheets[1].suggestion == BY_MAPPING


@pytest.mark.parametrize("path", [TIPS, COMMISSION], ids=lambda path: path.stem)
def test_no_mapping_is_suggested_for_what_is_no_bank_statement(path):
    (sheet,) = intake.preview(path.read_bytes(), path.name)
    assert sheet.suggestion is None


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"PK\x03\x04", b"\xff\xfe\x00\xd8"])
def test_what_cannot_be_opened_cannot_be_previewed(data):
    with pytest.raises(intake.Unreadable):
        intake.preview(data, "a.csv")


@pytest.mark.parametrize(
    "text", ["甲\n", "1,2,3\n4,5,6\n", "一,二\n1,2\n", "\n\n\n,,,\n", "日期,金额,摘要\n"]
)
def test_a_file_without_a_table_has_no_preview_or_an_empty_one(text):
    for sheet in intake.preview(text.encode(), "a.csv"):
        assert sheet.suggestion is None or not sheet.samples
