"""Forty kinds of bad input: each is refused with its place, quickly, and nothing of it is taken in."""

from __future__ import annotations

import io
import time
import tracemalloc
import zipfile
from contextlib import suppress
from datetime import datetime
from typing import Any

import pytest
from openpyxl import Workbook

from ledger import intake
from ledger.intake import model, sheets
from tests.test_intake_month import (
    ALL,
    BANK,
    COMMISSION,
    FLOW,
    TIPS,
    csv_of,
    read,
    saved,
    table_of,
    xlsx_of,
)
from tests.test_intake_rules import problems, with_cell

SHEET = "xl/worksheets/sheet1.xml"


def archive(data: bytes, **change: bytes | None) -> bytes:
    """Return an .xlsx with members replaced, added or (None) left out; `/` is written `__`."""
    out = io.BytesIO()
    parts = {name.replace("__", "/"): value for name, value in change.items()}
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, value in parts.items():
            if value is not None:
                new.writestr(name, value)
    return out.getvalue()


def member(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as old:
        return old.read(name)


def tips_book() -> tuple[Workbook, Any]:
    book = Workbook()
    sheet: Any = book.active
    for row in table_of(TIPS):
        sheet.append([value or None for value in row])
    return book, sheet


def sheet_xml(rows: str, head: str = "", tail: str = "") -> bytes:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    text = f'<worksheet xmlns="{space}">{head}<sheetData>{rows}</sheetData>{tail}</worksheet>'
    return text.encode()


def with_sheet(rows: str, head: str = "", tail: str = "") -> bytes:
    return archive(xlsx_of([["a"]]), **{"xl__worksheets__sheet1.xml": sheet_xml(rows, head, tail)})


def inline(row: int, cells: list[str]) -> str:
    letters = "ABCDEFGHIJKLMNOP"
    return f'<row r="{row}">' + "".join(
        f'<c r="{letters[at]}{row}" t="inlineStr"><is><t>{cell}</t></is></c>' for at, cell in enumerate(cells)
    )


def refused(data: bytes, name: str = "a.xlsx", seconds: float = 5.0) -> str:
    """Return all sentences with which a file is refused, within the time and memory that are promised."""
    tracemalloc.start()
    start = time.process_time()
    try:
        found = problems(data, name)
        taken, peak = time.process_time() - start, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert taken < seconds * 4  # memory tracing slows the reading about fourfold
    assert peak < 256e6
    return "\n".join(f"{row} {column} {text}" for row, column, text in found)


def test_f1_a_zip_bomb_is_refused_before_it_is_opened():
    swollen = sheet_xml("<!-- -->" + " " * 190_000_000)
    data = archive(xlsx_of([["a"]]), **{"xl__worksheets__sheet1.xml": swollen})
    assert len(data) < 500_000
    assert "展开后过大" in refused(data, seconds=1)


def test_f1_many_middling_members_are_added_up(monkeypatch):
    monkeypatch.setattr(sheets, "UNPACKED_BYTES_MAX", 100_000)
    assert "展开后过大" in refused(
        archive(xlsx_of([["a"]]), a=bytes(range(256)) * 200, b=bytes(range(256)) * 300)
    )


def test_f2_an_archive_in_an_archive_is_no_workbook():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as new:
        new.writestr("账单.xlsx", xlsx_of(table_of(TIPS)))
    assert "先解压" in refused(out.getvalue())
    assert "嵌有别的文件" in refused(archive(xlsx_of(table_of(TIPS)), xl__embeddings__a=b"PK"))


def test_f3_a_lying_size_is_found():
    data = bytearray(xlsx_of(table_of(TIPS)))
    at = data.rindex(b"PK\x01\x02", 0, data.rindex(SHEET.encode()))
    data[at + 24 : at + 28] = (50).to_bytes(4, "little")
    assert "损坏" in refused(bytes(data))


@pytest.mark.parametrize(
    "prolog",
    [
        '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>',
    ],
)
@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/styles.xml"])
def test_f4_f5_entities_are_refused(prolog, part):
    data = xlsx_of(table_of(TIPS))
    text = prolog.encode() + member(data, part)
    assert "内部结构不正常" in refused(archive(data, **{part.replace("/", "__"): text}))


def test_f6_a_corner_cell_costs_nothing():
    book, sheet = tips_book()
    sheet["XFD1048576"] = 1
    assert "超过" in refused(saved(book))
    book, sheet = tips_book()
    sheet["XFD3"] = "远处"
    assert "超出表格范围" in refused(saved(book))


@pytest.mark.parametrize("dimension", ["A1", "A1:XFD1048576", ""])
def test_f7_the_stated_dimension_is_not_trusted(dimension):
    data = xlsx_of(table_of(TIPS))
    text = member(data, SHEET).replace(b'<dimension ref="A1:M5"', f'<dimension ref="{dimension}"'.encode())
    assert f'"{dimension}"'.encode() in text
    assert (
        intake.read(archive(data, xl__worksheets__sheet1__xml=None, **{SHEET: text}), "a.xlsx").rows
        == read(TIPS).rows
    )


def test_f8_rows_and_cells_without_numbers_are_counted_and_long_sheets_end_early(monkeypatch):
    rows = "".join(
        "<row>" + "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in row) + "</row>"
        for row in table_of(TIPS)
    )
    assert intake.read(with_sheet(rows), "a.xlsx").rows == read(TIPS).rows
    monkeypatch.setattr("ledger.intake.workbook.ROWS_MAX", 1000)
    assert "超过 1000 行" in refused(with_sheet(rows + "<row><c><v>1</v></c></row>" * 3000))


def test_f8_rows_out_of_order_are_refused():
    head, first, second, *_ = table_of(TIPS)
    text = inline(1, head) + "</row>" + inline(3, first) + "</row>" + inline(2, second) + "</row>"
    assert "行号混乱" in refused(with_sheet(text))


def test_f9_a_file_that_is_too_large_is_refused_unread():
    data = csv_of(table_of(TIPS)) + b" " * model.FILE_BYTES_MAX
    assert "最大 20 MB" in refused(data, "a.csv", seconds=0.5)


@pytest.mark.parametrize("data", [b"", b"\x00", b" ", b"\r\n\r\n", b"\x00" * 5000])
@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
def test_f10_empty_files(data, name):
    assert "空的" in refused(data, name)


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
@pytest.mark.parametrize("tenth", range(1, 10))
def test_f10_a_truncated_workbook_is_refused_at_every_tenth(path, tenth):
    data = xlsx_of(table_of(path))
    assert refused(data[: len(data) * tenth // 10])


@pytest.mark.parametrize("path", [BANK, TIPS, FLOW], ids=lambda path: path.stem)
def test_f10_a_truncated_csv_is_refused_or_noticed_at_every_byte(path):
    data = path.read_bytes()
    for length in range(1, len(data) - 2):
        # Refused, or whole rows are left, or it is said that the end is missing.
        with suppress(intake.Unreadable):
            cut = intake.read(data[:length], path.name)
            complete = data[length - 1 : length] in {b"\r", b"\n"}
            assert complete or any("末尾没有换行" in notice.text() for notice in cut.notices)


def test_f11_a_name_that_says_something_else_is_refused():
    assert "扩展名" in refused(xlsx_of(table_of(TIPS)), "账.csv")
    assert "扩展名" in refused(csv_of(table_of(TIPS)), "账.xlsx")
    assert "扩展名" in refused(xlsx_of(table_of(TIPS)), "账.xlsm")
    assert intake.read(csv_of(table_of(TIPS)), "没有扩展名").rows


def test_f11_an_open_document_is_no_xlsx():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as new:
        new.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        new.writestr("content.xml", "<a/>")
    assert "不是 .xlsx" in refused(out.getvalue())


def test_f11_a_password_on_the_archive():
    data = bytearray(xlsx_of(table_of(TIPS)))
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    assert "先解压" in refused(bytes(data))


@pytest.mark.parametrize("name", ["..__a.xml", "__etc__passwd", "a\\b.xml", "C:a.xml", "xl__Workbook.xml"])
def test_f12_odd_and_double_members_are_refused(name):
    assert "内部结构不正常" in refused(archive(xlsx_of(table_of(TIPS)), **{name: b"<a/>"}))


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("xl__vbaProject.bin", "宏"),
        ("xl__macrosheets__sheet1.xml", "宏"),
        ("xl__externalLinks__externalLink1.xml", "外部链接"),
        ("xl__connections.xml", "外部链接"),
    ],
)
def test_f13_macros_and_links_are_refused(name, sentence):
    assert sentence in refused(archive(xlsx_of(table_of(TIPS)), **{name: b"<a/>"}))


def hide_row(_, sheet):
    sheet.row_dimensions[3].hidden = True


def hide_column(_, sheet):
    sheet.column_dimensions["G"].hidden = True


def hide_all_rows(_, sheet):
    sheet.sheet_format.zeroHeight = True


def hide_sheet(book, _):
    book.create_sheet("藏").sheet_state = "hidden"


def very_hidden_sheet(book, _):
    book.create_sheet("藏").sheet_state = "veryHidden"


def merge(_, sheet):
    sheet.merge_cells("M3:M4")


def chart_sheet(book, _):
    book.create_chartsheet("图")


def filter_rows(_, sheet):
    sheet.auto_filter.ref = "A1:M5"
    sheet.auto_filter.add_filter_column(1, ["抖音"])
    sheet.row_dimensions[4].hidden = True


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (hide_row, "3  这一行是隐藏"),
        (filter_rows, "4  这一行是隐藏"),
        (hide_all_rows, "默认是隐藏"),
        (hide_column, "G 列是隐藏的"),
        (hide_sheet, "“藏”是隐藏的"),
        (very_hidden_sheet, "“藏”是隐藏的"),
        (merge, "合并的单元格"),
        (chart_sheet, "不是普通表格"),
    ],
)
def test_f14_what_a_person_would_not_see_is_refused(change, sentence):
    book, sheet = tips_book()
    change(book, sheet)
    assert sentence in refused(saved(book))


def test_drop_down_lists_and_other_extensions_of_a_sheet_are_no_harm():
    rows = "".join(inline(number, row) + "</row>" for number, row in enumerate(table_of(TIPS), 1))
    tail = '<extLst><ext uri="{CCE6A557-97BC-4B89-ADB6-D9C93CAAB3DF}"/></extLst>'
    assert intake.read(with_sheet(rows, tail=tail), "a.xlsx").rows == read(TIPS).rows


@pytest.mark.parametrize(("old", "new"), [(b'<row r="3"', b'<row r="3" ht="0.0" customHeight="1"')])
def test_f14_a_row_without_height_is_hidden(old, new):
    data = xlsx_of(table_of(TIPS))
    assert old in member(data, SHEET)
    assert "3  这一行是隐藏" in refused(archive(data, **{SHEET: member(data, SHEET).replace(old, new)}))


def test_f14_a_merged_title_above_the_header_is_no_harm():
    book = Workbook()
    sheet: Any = book.active
    for row in [["示例县打赏登记表"], *table_of(TIPS)]:
        sheet.append(row)
    sheet.merge_cells("A1:M1")
    assert intake.read(saved(book), "a.xlsx").header_row == 2


def test_f14_the_header_twice():
    rows = table_of(TIPS)
    assert "3  表头在这里又出现一次" in refused(csv_of([*rows[:2], rows[0], *rows[2:]]), "a.csv")


def test_f14_two_sheets_with_data_and_a_sheet_with_notes():
    assert "几张工作表" in refused(xlsx_of(table_of(TIPS), 第二张=table_of(BANK)))
    settlement = intake.read(xlsx_of(table_of(TIPS), 填写说明=[["请按场次填写"]]), "a.xlsx")
    assert [notice.values for notice in settlement.notices] == [{"name": "填写说明"}]


@pytest.mark.parametrize(
    "name", ["../账.csv", "账\x00.csv", "a\r\nb.csv", "\u202evsc.账.csv", "长" * 300 + ".csv", "CON.csv"]
)
def test_f15_a_file_name_is_shown_harmless(name):
    with pytest.raises(intake.Unreadable) as caught:
        intake.read(csv_of(with_cell(TIPS, 2, "平台", "无")), name)
    shown = str(caught.value.values["name"])
    assert shown.isprintable()
    assert "/" not in shown
    assert len(shown) <= 80


def test_f16_two_encodings_in_one_file_are_never_guessed():
    parts = csv_of(table_of(FLOW), "utf-8").split(b"\n")
    mixed = b"\n".join([*parts[:2], table_of(FLOW)[2][6].encode("gb18030") + b"\xff"])
    assert "编码" in refused(mixed, "a.csv")


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("蜂蜜\x00500g", "U+0000"),
        ("蜂蜜\x07", "U+0007"),
        ("蜂蜜\x1b[31m", "U+001B"),
        ("蜂蜜\x85", "U+0085"),
        ("蜂蜜\u202e500g", "U+202E"),
        ("蜂蜜\u2066", "U+2066"),
        ("e\u0301", "NFC"),
        ("\u212b", "NFC"),
        ("蜜" * 4001, "4001"),
    ],
)
@pytest.mark.parametrize("column", ["商品名称", "流量来源"])
def test_f17_f19_f20_f22_text_that_may_not_be_stored_is_refused_with_its_place(value, sentence, column):
    found = refused(csv_of(with_cell(COMMISSION, 9, column, value)), "a.csv")
    assert found.startswith(f"9 {column} ")
    assert sentence in found


def test_f17_columns_that_are_only_kept_are_checked_as_well():
    rows = [[*row, "备用"] for row in table_of(FLOW)]
    rows[2][-1] = "甲\x00"
    assert "3 备用" in refused(csv_of(rows), "a.csv")
    rows = [[*row, "e\u0301" if at == 0 else ""] for at, row in enumerate(table_of(FLOW))]
    assert "NFC" in refused(csv_of(rows), "a.csv")


def test_f18_a_lone_surrogate_is_no_utf8():
    data = csv_of(table_of(FLOW)).replace("售后冻结".encode(), b"\xed\xa0\x80")
    assert refused(data, "a.csv")


@pytest.mark.parametrize(
    "value",
    ["👨‍👩‍👧‍👦家庭装", "𠮷野家", "🇨🇳", "é", "ＡＢ", "<script>alert(1)</script>", "{{7*7}}", "'; DROP TABLE"],
)
def test_f19_f26_unusual_but_sound_text_is_kept_as_it_is(value):
    settlement = intake.read(csv_of(with_cell(COMMISSION, 2, "商品名称", value)), "a.csv")
    assert settlement.rows[0].cells[2] == value
    assert settlement.rows[0].title == value.removeprefix("'").strip()


@pytest.mark.parametrize("at", [2, 700, 1301])
def test_f21_an_unclosed_quote_is_refused_where_it_opens(at):
    lines = COMMISSION.read_bytes().split(b"\r\n")
    lines[at - 1] = lines[at - 1].replace(",订单".encode(), ',"订单'.encode(), 1)
    assert f"第 {at} 行起的引号" in refused(b"\r\n".join(lines), "a.csv")


def test_f22_a_cell_beyond_the_limit_of_the_csv_module():
    rows = with_cell(COMMISSION, 4, "商品名称", "蜜," * 100_000)
    assert "第 4 行起" in refused(csv_of(rows), "a.csv")


def test_f23_half_rows_and_rows_that_are_too_long():
    rows = table_of(FLOW)
    rows[1] = rows[1][:5]
    rows[2] = [*rows[2], "多"]
    assert refused(csv_of(rows), "a.csv").splitlines() == [
        "2  这一行有 5 格，表头有 9 格：内容缺失或错位",
        "3  这一行有 10 格，表头有 9 格：内容缺失或错位",
    ]


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"])
def test_f23_line_ends_of_any_kind_and_blank_lines_are_read_alike(end):
    data = FLOW.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", end)
    assert intake.read(data, "a.csv").rows == read(FLOW).rows
    assert intake.read(data + end + b",,,,,,,," + end, "a.csv").rows == read(FLOW).rows
    mixed = data.replace(end, b"\r", 1)
    assert intake.read(mixed, "a.csv").rows == read(FLOW).rows


def test_f23_a_shifted_row_is_told_cell_by_cell():
    rows = table_of(COMMISSION)
    rows[4] = ["", *rows[4][:-1]]
    found = refused(csv_of(rows), "a.csv")
    assert "5 订单id 这一格不能为空" in found
    assert "5 总佣金收入 “5.00%”不是金额" in found


def test_f24_a_doubled_nameless_or_missing_column():
    doubled = [[*row, row[4]] for row in table_of(FLOW)]
    assert "1 发生额（元） 表头里有两列" in refused(csv_of(doubled), "a.csv")
    nameless = [[row[0], "", *row[1:]] for row in table_of(FLOW)]
    assert "表头第 2 列没有列名" in refused(csv_of(nameless), "a.csv")
    wide = [
        [*row, *([f"列{at}" if number == 0 else "" for at in range(95)])]
        for number, row in enumerate(table_of(FLOW))
    ]
    assert "最多 100 列" in refused(csv_of(wide), "a.csv")


def test_f27_to_f31_a_bad_number_is_told_with_its_place():
    for value in ("NaN", "1e400", "1E+5000", "１２", "1_000", "1.005", "9" * 5000):
        found = refused(csv_of(with_cell(COMMISSION, 3, "总佣金收入", value)), "a.csv")
        assert found.startswith("3 总佣金收入 ")


def test_f32_a_number_of_an_order_that_is_stored_as_a_number_is_refused():
    rows = table_of(COMMISSION)[:4]
    rows[2][0] = 12345678901234567890
    assert "3 订单id 该文件曾被 Excel 另存" in refused(xlsx_of(rows))
    rows[2][0] = 693100000000010
    assert "3  A 列的编号存成了数字" in refused(xlsx_of(rows))
    long = [*table_of(COMMISSION)[:700]]
    long[650][1] = 362000000000000
    assert "651  B 列的编号存成了数字" in refused(xlsx_of(long))
    rows = table_of(TIPS)
    rows[1][2] = 10086
    assert "2  C 列的编号存成了数字" in refused(xlsx_of(rows))


def test_f33_a_formula_is_refused_whatever_it_shows():
    head, first, *_ = table_of(TIPS)
    lying = inline(2, first[:12]) + '<c r="M2"><f>1+1</f><v>999999</v></c></row>'
    assert "2  M 列是公式" in refused(with_sheet(inline(1, head) + "</row>" + lying))


def test_f34_error_values_truth_values_and_odd_dates_are_refused():
    for value in ("#N/A", True, datetime.fromisoformat("1900-01-01")):
        book, sheet = tips_book()
        sheet["G3"] = value
        assert refused(saved(book)).startswith("3 ")
    book, sheet = tips_book()
    sheet["D3"] = 3_000_000
    sheet["D3"].number_format = "yyyy-mm-dd hh:mm"
    assert refused(saved(book))


def test_f35_a_totals_row_is_never_income():
    rows = [*table_of(TIPS), ["合计", *[""] * 5, "29,025.50", "14512.75", *[""] * 5]]
    assert len(intake.read(csv_of(rows), "a.csv").rows) == 4
    rows[-1][6] = "29,025.51"
    assert "逐行相加是 29,025.50" in refused(csv_of(rows), "a.csv")
    assert "合计行之后还有数据" in refused(
        csv_of([*rows[:5], [*rows[5][:6], "29025.5", *rows[5][7:]], rows[1]]), "a.csv"
    )


def test_f36_the_same_number_with_other_content_is_refused_too():
    rows = table_of(TIPS)
    rows[2][0] = rows[1][0]
    assert "第 2 行和第 3 行重复" in refused(csv_of(rows), "a.csv")


def test_f37_f38_bad_dates_and_zones_are_told_with_their_place():
    for value in ("2026-02-30 00:00:00", "2026-03-24T08:00:00Z", "2026-03-24 08:00:00+08:00", "1774310400"):
        found = refused(csv_of(with_cell(BANK, 5, "交易时间", value)), "a.csv")
        assert found.startswith("5 交易时间 ")


def test_a_date_cell_without_a_time_of_day_is_not_taken_for_midnight():
    book, sheet = tips_book()
    sheet["D3"] = datetime.fromisoformat("2026-03-10")
    sheet["D3"].number_format = "yyyy-mm-dd"
    assert "3 开播时间 “2026-03-10”不是时间" in refused(saved(book))


def test_the_1904_calendar_is_respected():
    book, sheet = tips_book()
    book.epoch = datetime.fromisoformat("1904-01-01")
    for row, source in zip(sheet.iter_rows(min_row=2), table_of(TIPS)[1:], strict=True):
        row[3].value = datetime.fromisoformat(source[3])
    assert intake.read(saved(book), "a.xlsx").rows[0].at == read(TIPS).rows[0].at


def test_a_file_without_data_rows_is_no_zero_income():
    for path in ALL:
        header = 2 if path == BANK else 1
        assert "没有数据行" in refused(csv_of(table_of(path)[:header]), "a.csv")


def test_every_problem_is_collected_and_the_list_is_capped():
    rows = table_of(COMMISSION)
    for row in rows[1:301]:
        row[5] = "多少"
    found = problems(csv_of(rows))
    assert len(found) == model.PROBLEMS_MAX + 1
    assert found[0] == (2, "成交金额", "“多少”不是金额：请用半角数字，最多两位小数，例如 1234.50")
    assert found[-1] == (0, "", "还有 100 处问题没有列出")


def test_too_many_rows_are_refused(monkeypatch):
    monkeypatch.setattr("ledger.intake.table.ROWS_MAX", 1299)
    assert "超过 1299 行" in refused(COMMISSION.read_bytes(), "a.csv")
    monkeypatch.setattr("ledger.intake.table.ROWS_MAX", 1300)
    assert len(read(COMMISSION).rows) == 1300


def test_every_sentence_fills_in_and_has_a_place_for_each_value():
    for path, row, column, value in (
        (COMMISSION, 2, "订单状态", "{status}"),
        (TIPS, 2, "平台", "{name}{0}"),
        (FLOW, 2, "发生额（元）", "{cell!r}"),
    ):
        assert value in refused(csv_of(with_cell(path, row, column, value)), "a.csv")
