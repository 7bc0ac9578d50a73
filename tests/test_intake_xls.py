"""Old .xls files and tables in web pages: read for what they show, refused for what they hide."""

from __future__ import annotations

import random
import time
import tracemalloc
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from struct import pack, unpack_from

import pytest

from ledger import intake
from ledger.errors import SunbookError
from ledger.intake import biff, compound, sheets
from tests.test_intake_banks import FOLDER, MARCH, movements, read
from tests.test_intake_rules import RESAVED, problems

ABC, CCB = FOLDER / "农行明细.xls", FOLDER / "建行活期明细.xls"
UNSEEN = FOLDER / "看不见的.xls"
LONG, DATES = FOLDER / "农行长附言.xls", FOLDER / "日期与时间.xls"
PAGE = (FOLDER / "民生明细.xls").read_bytes().decode("gb18030")
HEADER = [
    "交易日期",
    "交易时间",
    "交易摘要",
    "交易金额",
    "本次余额",
    "对手信息",
    "日 志 号",
    "交易渠道",
    "交易附言",
]


def long_rows() -> list[list[str]]:
    """Return the rows of 农行长附言.xls: notes that go on from one record of the file to the next."""
    letters = "示例县公益直播abcdef𠮷😀éñ 0123"
    rows = [HEADER]
    for n in range(1, 81):
        note = "".join(letters[(n * 7 + at * at) % len(letters)] for at in range(n * 11 % 300))
        rows.append(
            [
                "20260313",
                f"15{n % 60:02d}00",
                "转存",
                "+1.00",
                f"{n}.00",
                f"张某{n}",
                f"36939{n:04d}",
                "网银",
                note,
            ]
        )
    return rows


def cells_of(path: Path) -> list[list[str]]:
    (grid,) = sheets.grids(path.read_bytes(), path.name)
    return [list(row) for batch in grid.batches for row in batch.rows]


def records(data: bytes) -> list[tuple[int, int, int]]:
    """Return kind, place in the file and length of each record of a small .xls, whose sectors are in order."""
    _, stream = compound.stream_of(data, "Workbook")
    start = data.index(stream[:512])
    assert data[start : start + len(stream)] == stream
    found, at = [], 0
    while at + 4 <= len(stream):
        kind, length = unpack_from("<HH", stream, at)
        found.append((kind, start + at, length))
        at += 4 + length
    return found


def with_record(data: bytes, kind: int, change: Callable[[bytearray, int, int], None]) -> bytes:
    """Return a file with its first record of a kind changed in place."""
    place, length = next((place, length) for found, place, length in records(data) if found == kind)
    changed = bytearray(data)
    change(changed, place, length)
    return bytes(changed)


@pytest.mark.parametrize("path", [ABC, CCB], ids=lambda path: path.stem)
def test_an_old_workbook_gives_the_rows_of_its_csv(path):
    old, plain = read(path.name), read(path.with_suffix(".csv").name)
    assert old.encoding == "xls"
    assert [row.key for row in old.rows] == [row.key for row in plain.rows]
    assert movements(old) == movements(plain) == MARCH
    assert old.controls == plain.controls
    assert old.fingerprint == plain.fingerprint
    assert (old.header, old.header_row, old.account) == (plain.header, plain.header_row, plain.account)


def test_numbers_dates_and_times_of_an_old_workbook_read_as_they_are_shown():
    first = read(CCB.name).rows[0]
    assert first.cells[:6] == ("20260313", "20260313", "15:40:00", "12000", "0", "8000")
    assert cells_of(DATES) == [
        ["日期", "时刻", "日期和时间", "小数", "百分比", "两位小数", "负数"],
        ["2026-03-13", "15:40:00", "2026-03-13 15:40:00", "0.3", "0.3", "1234.50", "-4873.5"],
        ["2026-03-14", "00:00:00", "2026-03-14 00:00:00", "4.35", "1", "8000.00", "-0.01"],
        ["", "", "", "4503.9", "", "", "-123456789.12"],
    ]


def test_strings_that_go_on_in_the_next_record_are_whole():
    assert cells_of(LONG) == [[*row[:8], row[8]] if row[8] else row[:8] for row in long_rows()]
    assert len(intake.read(LONG.read_bytes(), LONG.name).rows) == 80


def test_a_string_may_change_its_width_where_it_goes_on():
    head = pack("<II", 3, 3)
    first = pack("<HBH", 4, 1 | 8, 1) + "县公".encode("utf-16-le")
    rest = b"\0ab" + bytes(4) + pack("<HBI", 2, 4, 3) + b"xyEXT" + pack("<HB", 1, 1)
    assert biff._shared_strings([head + first, rest, b"\0z"]) == ["县公ab", "xy", "z"]
    assert biff._shared_strings([]) == []
    for parts in ([head + first], [head + first, b""], [head + first, b"\1a"], [head + first + b"\0"]):
        with pytest.raises((compound.Damaged, IndexError)):
            biff._shared_strings(parts)


def test_what_a_person_would_not_see_is_refused():
    found = problems(UNSEEN.read_bytes(), UNSEEN.name)
    assert [(row, text[:12]) for row, _, text in found] == [
        (5, "I 列是公式，显示的数未"),
        (6, "I 列是公式，显示的数未"),
        (4, "这一行是隐藏或被筛选掉的"),
        (0, "H 列是隐藏的，请取消隐"),
        (7, "表格里有合并的单元格，请"),
    ]


def set_state(data: bytearray, place: int, _: int) -> None:
    data[place + 8] |= 2


def set_sort(sort: int) -> Callable[[bytearray, int, int], None]:
    def change(data: bytearray, place: int, _: int) -> None:
        data[place + 9] = sort

    return change


def make_password(data: bytearray, place: int, _: int) -> None:
    data[place : place + 2] = pack("<H", 0x2F)


def make_error(data: bytearray, place: int, length: int) -> None:
    data[place : place + 2] = pack("<H", 0x0205)
    data[place + 4 + 7] = 1


@pytest.mark.parametrize(
    ("kind", "change", "sentence"),
    [
        (0x85, set_state, "是隐藏的"),
        (0x85, set_sort(1), "带有宏"),
        (0x85, set_sort(6), "带有宏"),
        (0x85, set_sort(2), "不是普通表格"),
        (0xE1, make_password, "打开密码"),
        (0x42, make_password, "打开密码"),
        (0x0203, make_error, "是错误值"),
    ],
)
def test_hidden_sheets_macros_passwords_and_error_values_are_refused(kind, change, sentence):
    data = with_record(CCB.read_bytes(), kind, change)
    assert any(sentence in text for _, _, text in problems(data, CCB.name))


def test_a_project_of_macros_beside_the_workbook_is_refused():
    data = ABC.read_bytes()
    name = "\x05SummaryInformation".encode("utf-16-le")
    at = data.index(name)
    other = "_VBA_PROJECT_CUR".encode("utf-16-le")
    changed = bytearray(data)
    changed[at : at + 64] = other.ljust(64, b"\0")
    changed[at + 64 : at + 66] = pack("<H", len(other) + 2)
    assert "带有宏" in problems(bytes(changed), ABC.name)[0][2]


def test_accounts_that_are_stored_as_numbers_are_damaged_beyond_repair():
    name = "建行_账号成了数字.xls"
    with pytest.raises(intake.Unreadable, match=RESAVED):
        intake.read((FOLDER / name).read_bytes(), name)
    data = bytearray(CCB.read_bytes())
    place = next(place for kind, place, _ in records(bytes(data)) if kind == 0xBD)
    data[place + 10 : place + 14] = pack("<d", 3.011e18)[4:]
    data[place + 10] &= 0xFC
    with pytest.raises(intake.Unreadable, match=RESAVED):
        intake.read(bytes(data), CCB.name)
    name = "农行_日志号成了数字.xls"
    found = problems((FOLDER / name).read_bytes(), name)
    assert [row for row, _, text in found if "编号存成了数字" in text] == list(range(2, 9))


def test_bytes_and_name_must_agree():
    assert "扩展名" in problems(ABC.read_bytes(), "农行.csv")[0][2]
    assert "扩展名" in problems(ABC.read_bytes(), "农行.xlsx")[0][2]
    assert intake.read(ABC.read_bytes(), "农行").rows
    assert "扩展名" in problems(PAGE.encode("gb18030"), "民生.csv")[0][2]
    with pytest.raises(intake.NoHeader):
        intake.read(PAGE.encode("gb18030"), "民生.html")


@pytest.mark.parametrize("path", [ABC, CCB, UNSEEN], ids=lambda path: path.stem)
def test_a_truncated_old_workbook_is_refused(path):
    data = path.read_bytes()
    last = max(place + 4 + length for _, place, length in records(data))
    for length in [*range(8, last, 211), last - 1]:
        with pytest.raises(intake.Unreadable, match=r"没有读入|旧式 \.xls"):
            intake.read(data[:length], path.name)


@pytest.mark.parametrize("path", [ABC, CCB, UNSEEN, LONG], ids=lambda path: path.stem)
def test_an_old_workbook_with_bytes_changed_is_refused_or_read_and_nothing_else(path):
    data, chance = path.read_bytes(), random.Random(path.name)
    start = time.process_time()
    for _ in range(250):
        changed = bytearray(data)
        for _ in range(chance.choice((1, 2, 8, 40))):
            changed[chance.randrange(8, len(data))] = chance.choice((0, 255, chance.randrange(256)))
        with suppress(SunbookError):
            intake.read(bytes(changed), path.name)
    assert time.process_time() - start < 25


def test_a_chain_that_leads_into_itself_ends():
    data = bytearray(ABC.read_bytes())
    table = 512 + 512 * unpack_from("<I", data, 76)[0]
    data[table : table + 512] = pack("<128I", *([0] * 128))
    tracemalloc.start()
    try:
        assert "旧式 .xls" in problems(bytes(data), ABC.name)[0][2]
        assert tracemalloc.get_traced_memory()[1] < 10e6
    finally:
        tracemalloc.stop()


def test_a_count_that_lies_reserves_no_memory():
    def lie(data: bytearray, place: int, _: int) -> None:
        data[place + 8 : place + 12] = pack("<I", 0xFFFFFFFF)

    data = with_record(ABC.read_bytes(), 0xFC, lie)
    assert movements(intake.read(data, ABC.name)) == MARCH


def test_a_far_cell_costs_nothing():
    def far(data: bytearray, place: int, _: int) -> None:
        data[place + 4 : place + 8] = pack("<HH", 65_535, 255)

    data = with_record(CCB.read_bytes(), 0x0203, far)
    assert "超出表格范围" in problems(data, CCB.name)[0][2]


def test_rows_out_of_order_are_refused():
    def backwards(data: bytearray, place: int, _: int) -> None:
        data[place + 4 : place + 6] = pack("<H", 60_000)

    data = with_record(CCB.read_bytes(), 0xBD, backwards)
    assert "行号混乱" in problems(data, CCB.name)[0][2]


@pytest.mark.parametrize(
    ("short", "number"),
    [
        (0x00000002 | (123 << 2), 123),
        (0x00000003 | (12_345 << 2), 123.45),
        (0xFFFFFFFE, -1),
        (0x3FF00000, 1.0),
        (0x40590001, 1.0),
        (0x80000002, -(2**29)),
        (0x7FFFFFFE, 2**29 - 1),
    ],
)
def test_numbers_in_30_bits(short, number):
    assert biff._short(short) == number


# Tables in web pages


def test_a_page_is_read_in_any_of_the_known_encodings():
    for encoding in ("gb18030", "utf-8", "utf-8-sig"):
        (sheet,) = intake.preview(PAGE.encode(encoding), "民生.xls")
        march = intake.read(PAGE.encode(encoding), "民生.xls", mapping=sheet.suggestion)
        assert movements(march) == MARCH
        assert march.rows[2].at == datetime.fromisoformat("2026-03-16T10:02:11+08:00")


@pytest.mark.parametrize(
    ("old", "new", "row", "sentence"),
    [
        ("</head>", "<script>1</script></head>", 0, "脚本"),
        ("<table", "<IFRAME src=x></IFRAME><table", 0, "脚本"),
        ("<td>佣金", "<td><table><tr><td>1</td></tr></table>佣金", 0, "表格套着表格"),
        ("<td>示例县红十字会</td>", "<td rowspan=2>示例县红十字会</td>", 3, "合并的单元格"),
        ("<td>示例县红十字会</td>", "<td colspan='2'>示例县红十字会</td>", 3, "合并的单元格"),
        ("<td>示例县红十字会</td>", "<td style='display : NONE'>示例县红十字会</td>", 3, "隐藏"),
        ("<tr><td>2026-03-16", "<tr hidden><td>2026-03-16", 5, "隐藏"),
        ("<tr><td>2026-03-16", "<tr style='visibility:collapse'><td>2026-03-16", 5, "隐藏"),
        ("<td>李某</td>", "", 6, "有 6 格，表头有 7 格"),
        ("200.00", "200.005", 6, "小数超过两位"),
        ("12,000.00", "1.3E+15", 3, "不是金额"),
    ],
)
def test_a_page_that_could_show_one_thing_and_hold_another_is_refused(old, new, row, sentence):
    (sheet,) = intake.preview(PAGE.encode("utf-8"), "民生.xls")
    page = PAGE.replace("佣金提现", "x").replace("转账", "佣金", 1)
    assert old in page
    with pytest.raises(intake.Unreadable) as caught:
        intake.read(page.replace(old, new, 1).encode(), "民生.xls", mapping=sheet.suggestion)
    assert [(problem.row, sentence in problem.text()) for problem in caught.value.problems] == [(row, True)]


@pytest.mark.parametrize(
    "page",
    [
        "<html>请重新登录</html>",
        "<table></table>",
        "<?xml version='1.0'?><Workbook></Workbook>",
        "<svg onload=alert(1)>",
        "<!DOCTYPE html><html><body><table><tr></table>",
        "<" * 5_000,
        "<table" + " a=b" * 5_000,
    ],
)
def test_a_page_without_a_table_is_no_statement(page):
    with pytest.raises(intake.Unreadable):
        intake.read(page.encode(), "a.xls")


def test_a_page_of_too_many_rows_or_columns_is_refused_while_it_is_read(monkeypatch):
    wide = "<table><tr>" + "<td>x" * 5_000_000
    tracemalloc.start()
    try:
        assert "最多 100 列" in problems(wide[: 2**24].encode(), "a.xls")[0][2]
        assert tracemalloc.get_traced_memory()[1] < 100e6
    finally:
        tracemalloc.stop()
    monkeypatch.setattr("ledger.intake.html_table.ROWS_MAX", 1_000)
    found = problems(("<table>" + "<tr><td>x" * 5_000).encode(), "a.xls")
    assert found == [(1_026, "", "超过 1000 行，请按更短的时间段分次导出")]


def test_end_tags_that_are_left_out_entities_and_line_breaks():
    page = (
        "<TABLE><TR><TH>日期<TH>金额<TH>摘要"
        "<TR><TD>2026-03-13<TD>1.00<TD>&#24352;&lt;b&gt;某<br>某<!-- 看不见 --><style>td{}</style>"
        "<TR><TD>2026-03-14<TD>2.00<TD></TABLE>"
    )
    mapping = intake.Mapping(date="日期", amount="金额", summary="摘要")
    found = intake.read(page.encode(), "a.xls", mapping=mapping)
    assert [(row.number, row.title, row.amount_fen) for row in found.rows] == [
        (2, "张<b>某 某", 100),
        (3, "", 200),
    ]


def test_a_long_page_is_read_in_time():
    row = "<tr><td>2026-03-13</td><td>1.00</td><td>摘要</td></tr>"
    page = "<table><tr><td>日期</td><td>金额</td><td>摘要</td></tr>" + row * 30_000 + "</table>"
    mapping = intake.Mapping(date="日期", amount="金额", summary="摘要")
    start = time.process_time()
    assert len(intake.read(page.encode(), "a.xls", mapping=mapping).rows) == 30_000
    assert time.process_time() - start < 10
