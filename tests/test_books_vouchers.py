"""记账凭证 on paper: each once, two on a page, capitals right, red letters red, and who really answered for it."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace

import pytest

from ledger.book import ledgers
from ledger.money import capital
from ledger.sections_books import Account, BookHead, Voucher, VoucherRow
from ledger.store.engine import Store
from ledger.words import Text
from reports import books_vouchers
from tests import closed_demo
from tests.closed_demo import MARCH
from tests.test_reports_pdf import page_count, text, tool

NUMBER = re.compile(r"凭证字号：(记-\d{4}(?:（\d/\d）)?)")


def read(store: Store) -> tuple[BookHead, tuple[Voucher, ...]]:
    with store.reading() as session:
        return ledgers.head(session, "demo", MARCH, MARCH), ledgers.vouchers(session, "demo", MARCH)


@pytest.fixture
def march(demo_sqlite) -> tuple[BookHead, tuple[Voucher, ...]]:
    return read(demo_sqlite.store)


def close_up(told: str) -> str:
    """Return text without spaces: Chinese words may be set apart by layout."""
    return re.sub(r"\s", "", told)


def test_each_voucher_is_printed_once_in_order_and_two_to_a_page(march):
    head, vouchers = march
    data = books_vouchers.render(head, vouchers)
    assert page_count(data) == 13
    found = [NUMBER.findall(close_up(text(data, page=page, layout=False))) for page in range(1, 14)]
    assert [len(page) for page in found] == [2] * 13
    assert [number for page in found for number in page] == [f"记-{n:04d}" for n in range(1, 27)]


def test_a_voucher_shows_everything_that_the_rules_ask_for(march):
    head, vouchers = march
    grant = next(one for one in vouchers if one.number == "记-0010")
    told = text(books_vouchers.render(head, [grant]))
    for words in (
        "记账凭证", "单位名称：公益直播运营单位", "日期：2026-03-13", "凭证字号：记-0010", "附件 1 张", "拨付县红十字会",
        "1122 其他应收款", "1002 银行存款", "1002.01 公益监管专户", "合计：人民币壹万贰仟元整", "会计主管", "记账", "出纳",
        "审核", "制单", f"摘要值 {grant.digest[:16]}", f"第 {grant.idx} 条记录",
    ):  # fmt: skip
        assert close_up(words) in close_up(told), words
    assert told.count("12,000.00") == 4
    assert grant.preparer
    assert grant.reviewer
    boxes = next(line for line in told.splitlines() if "会计主管" in line)
    assert boxes.split() == [
        "会计主管",
        "记账",
        grant.reviewer,
        "出纳",
        "审核",
        grant.reviewer,
        "制单",
        grant.preparer,
    ]


def test_the_total_in_capitals_is_that_of_every_voucher(march):
    head, vouchers = march
    told = close_up(text(books_vouchers.render(head, vouchers), layout=False))
    for voucher in vouchers:
        assert f"合计：{capital(voucher.amount_fen)}" in told, voucher.number
    assert told.count("合计：人民币") == 26
    assert "合计：人民币负玖仟陆佰捌拾元整" in told


def red_dots(data: bytes) -> int:
    """Return how many dots of a rendered page are red."""
    ppm = tool(data, "pdftoppm", "-r", "50", "-f", "1", "-l", "1", "-")
    dots = ppm.split(b"\n", 3)[3]
    return sum(
        r > 120 and g < 90 and b < 90 for r, g, b in zip(dots[0::3], dots[1::3], dots[2::3], strict=False)
    )


def test_red_letters_are_red_and_have_a_minus(march):
    head, vouchers = march
    by_number = {one.number: one for one in vouchers}
    red = books_vouchers.render(head, [by_number["记-0017"]])
    assert text(red).count("-9,680.00") == 4
    assert red_dots(red) > 100
    assert red_dots(books_vouchers.render(head, [by_number["记-0018"]])) == 0


def longer(voucher: Voucher, count: int) -> Voucher:
    """Return a voucher with `count` debits of 1.00 and one credit."""
    account = Account("5401.01", Text("筹资费用—平台分成（打赏）", ""), "expense")
    rows = (*(VoucherRow(account, "D", 100) for _ in range(count)), VoucherRow(account, "C", 100 * count))
    return replace(voucher, rows=rows, amount_fen=100 * count)


@pytest.mark.parametrize(("lines", "forms"), [(2, 1), (8, 1), (9, 2), (16, 2), (17, 3)])
def test_a_voucher_with_more_lines_than_fit_continues_and_is_totalled_once(march, lines, forms):
    head, vouchers = march
    told = close_up(text(books_vouchers.render(head, [longer(vouchers[0], lines - 1)]), layout=False))
    numbers = NUMBER.findall(told)
    assert numbers == (
        ["记-0001"] if forms == 1 else [f"记-0001（{n}/{forms}）" for n in range(1, forms + 1)]
    )
    assert told.count("合计：人民币") == 1
    assert told.count("转下页") == forms - 1
    assert len(re.findall(r"(?<![\d,])1\.00", told)) == lines - 1 + 2 * (lines == 2)


def test_a_long_summary_is_printed_to_its_last_character(march):
    head, vouchers = march
    summary = "订正" + "暖冬包采购和发放" * 40 + "到此为止"
    data = books_vouchers.render(head, [replace(vouchers[0], summary=summary)])
    told = text(data, layout=False)
    assert "到此为" in close_up(told)
    assert sum(told.count(char) for char in "暖") == 40
    assert re.search(r"记-0001（2/\d）", close_up(told))


def test_closing_vouchers_are_printed_with_the_others(demo_sqlite):
    closed_demo.close(demo_sqlite.store)
    head, vouchers = read(demo_sqlite.store)
    told = close_up(text(books_vouchers.render(head, vouchers), layout=False))
    assert len(vouchers) == 35
    assert NUMBER.findall(told)[-1] == "记-0035"
    assert "2026年3月结转" in told
    assert "尚未月结" not in told


def test_an_erased_name_leaves_its_box_empty(march):
    head, vouchers = march
    told = text(books_vouchers.render(head, [replace(vouchers[0], preparer="", reviewer="")]))
    assert next(line for line in told.splitlines() if "会计主管" in line).split() == [
        "会计主管",
        "记账",
        "出纳",
        "审核",
        "制单",
    ]


def test_large_amounts_and_rare_characters_fit_their_columns(march):
    head, vouchers = march
    rows = tuple(replace(row, fen=2**53 - 1) for row in vouchers[6].rows[:2])
    big = replace(vouchers[6], rows=rows, amount_fen=2**53 - 1, summary="䶮㛃𬭚😀\u202e")
    told = text(books_vouchers.render(head, [big]))
    assert "90,071,992,547,409.91" in told
    assert "[U+202E]" in told


def test_the_same_vouchers_give_the_same_bytes_and_a_month_without_any_says_so(march):
    head, vouchers = march
    assert books_vouchers.render(head, vouchers) == books_vouchers.render(head, vouchers)
    one_more = (replace(vouchers[0], amount_fen=vouchers[0].amount_fen + 1), *vouchers[1:])
    assert books_vouchers.render(head, one_more) != books_vouchers.render(head, vouchers)
    assert "本月没有凭证" in text(books_vouchers.render(head, []))


def test_no_fixed_chinese_is_left_in_the_english_vouchers(march):
    head, vouchers = march
    told = text(books_vouchers.render(head, vouchers, language="en"), layout=False)
    own = re.findall(r"[\u3400-\u9fff]+", repr(march) + "".join(capital(one.amount_fen) for one in vouchers))
    assert {
        word for word in re.findall(r"[\u3400-\u9fff]+", told) if not any(word in one for one in own)
    } == set()
    assert "Voucher no.: 记-0010" in told


def test_the_printed_page_leaves_a_margin_for_binding(march):
    head, vouchers = march
    told = subprocess.run(
        ["pdftotext", "-bbox", "-f", "1", "-l", "1", "-", "-"],
        input=books_vouchers.render(head, vouchers),
        capture_output=True,
        check=True,
    ).stdout.decode()
    left = [float(x) for x, y in re.findall(r'xMin="([\d.]+)" yMin="([\d.]+)"', told) if 50 < float(y) < 780]
    assert min(left) > 70
