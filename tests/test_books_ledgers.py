"""Day book, general and subsidiary ledger, balances and counterpart vouchers: the figures of the worked month, on paper and in Excel."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from openpyxl import load_workbook

from ledger.book import balances, ledgers, ledgers_accounts, ledgers_counterpart
from ledger.errors import Invalid, NotFound
from ledger.months import CHINA, Month
from ledger.sections_books import AccountLedger, Ledgers
from ledger.store.engine import Store
from reports import books_ledgers, books_tables
from reports.excel import HEAD_ROW
from reports.wording import Wording
from tests import closed_demo
from tests.test_reports_excel import formulas, opened, recalculated
from tests.test_reports_pdf import page_count, text
from tests.test_worked_month import BALANCES

MARCH, APRIL = Month(2026, 3), Month(2026, 4)


def read(store: Store, first: Month = MARCH, last: Month = MARCH, book: str = "demo") -> Ledgers:
    with store.reading() as session:
        return ledgers_accounts.of_months(session, book, first, last)


def account(found: tuple[AccountLedger, ...], code: str) -> AccountLedger:
    return next(one for one in found if one.account.code == code)


def fen(yuan: str) -> int:
    return round(float(yuan.replace(",", "")) * 100)


@pytest.fixture
def march(demo_sqlite) -> Ledgers:
    return read(demo_sqlite.store)


@pytest.fixture
def closed(demo_sqlite) -> Ledgers:
    closed_demo.close(demo_sqlite.store)
    return read(demo_sqlite.store)


# ---- the figures ------------------------------------------------------------------------------


def test_the_day_book_of_the_bank_runs_day_by_day_to_the_balance_of_the_statement(march):
    """Domain C4, check 8: 20,000 − 20,000 + 6,933.00 + 200.00 + 3.26 − 5.00 + 4,873.50 = 12,004.76."""
    bank = account(march.day_books, "1002.01")
    (month,) = bank.months
    assert bank.opening_fen == 2_000_000
    assert [
        (line.date.day, line.number, line.debit_fen - line.credit_fen, line.balance_fen)
        for line in month.lines
    ] == [
        (13, "记-0010", -1_200_000, 800_000),
        (13, "记-0011", -800_000, 0),
        (16, "记-0013", 693_300, 693_300),
        (19, "记-0014", 20_000, 713_300),
        (21, "记-0016", -500, 712_800),
        (21, "记-0019", 326, 713_126),
        (27, "记-0022", 487_350, 1_200_476),
    ]
    assert month.lines[0].against == ("1122.31",)
    assert (month.debit_fen, month.credit_fen, bank.closing_fen) == (1_200_976, 2_000_500, 1_200_476)
    assert {one.account.code for one in march.day_books} == {"1002.01", "1009.01", "1009.02", "1009.11"}


def test_no_wallet_is_below_zero_on_any_line_of_its_day_book(march):
    assert all(line.balance_fen >= 0 for one in march.day_books for line in one.months[0].lines)


def test_the_balances_before_the_close_are_those_of_the_worked_month(march):
    assert {one.account.code: one.closing_fen for one in march.before if one.closing_fen} == {
        code: fen(yuan) for code, yuan in BALANCES.items()
    }
    for kind in ("debit_fen", "credit_fen", "year_debit_fen"):
        assert sum(getattr(one, kind) for one in march.before) == 13_624_776
    assert sum(one.closing_fen for one in march.before if one.closing_fen > 0) == 5_434_376
    assert march.before == march.after
    assert {item.fen for item in march.brought} == {-2_400_000, 1_200_000}


def test_after_the_close_income_and_expense_are_even_and_the_fund_stands_at_its_closing_figure(closed):
    after = {one.account.code: one.closing_fen for one in closed.after if one.closing_fen}
    assert after == {
        "1002.01": 1_200_476, "1009.02": 157_500, "1122.21": 570_984, "1122.31": 214_000, "2209.01": -20_000,
        "3102.01": -1_908_960, "3102.02": -214_000,
    }  # fmt: skip
    assert sum(one.closing_fen for one in closed.before if one.closing_fen > 0) == 5_434_376
    tips = account(closed.subsidiary, "4901.01")
    assert (tips.months[0].debit_fen, tips.months[0].credit_fen, tips.closing_fen) == (
        2_872_550,
        2_872_550,
        0,
    )
    assert (tips.months[0].year_debit_fen, tips.months[0].year_credit_fen) == (2_872_550, 2_872_550)


def test_the_general_ledger_is_the_sum_of_its_subsidiary_accounts(march):
    assert [one.account.code for one in march.general] == [
        "1002", "1009", "1122", "2209", "3102", "4301", "4901", "5101", "5401", "5901",
    ]  # fmt: skip
    assert account(march.general, "1122").account.name.zh == "其他应收款"
    assert account(march.general, "1122").closing_fen == 570_984 + 214_000
    for kind in ("opening_fen", "closing_fen"):
        assert sum(getattr(one, kind) for one in march.general) == 0
    assert sum(one.months[0].debit_fen for one in march.general) == 13_624_776


def test_a_red_letter_pair_lowers_the_turnover_and_leaves_no_swapped_sides(march):
    """Domain C4, check 9: 9,680 − 9,680 + 9,860 = 9,860 on one side."""
    (month,) = account(march.subsidiary, "5101.01").months
    assert [(line.debit_fen, line.credit_fen) for line in month.lines] == [
        (968_000, 0),
        (-968_000, 0),
        (986_000, 0),
    ]
    assert (month.debit_fen, month.credit_fen) == (986_000, 0)


def test_every_ledger_agrees_with_the_balances_that_the_statement_uses(closed, demo_sqlite):
    with demo_sqlite.store.reading() as session:
        begins = balances.movements(session, "demo", APRIL)
    for one in closed.subsidiary:
        assert one.closing_fen == begins[one.account.code].opening_fen, one.account.code
        month = one.months[0]
        assert one.opening_fen + month.debit_fen - month.credit_fen == one.closing_fen
    assert {one.account.code: one.closing_fen for one in closed.after} == {
        one.account.code: one.closing_fen for one in closed.subsidiary
    }


def test_a_year_goes_on_from_month_to_month_and_its_totals_grow(office):
    office.tip(office.broadcast("2026-0001"))
    office.now = datetime(2026, 4, 30, 9, 0, tzinfo=CHINA)
    draft_close(office, MARCH)
    office.entry("BANK_FEE", "cashier", date=date(2026, 4, 3), amount=700)
    office.now = datetime(2026, 5, 30, 9, 0, tzinfo=CHINA)
    office.entry("BANK_FEE", "cashier", date=date(2026, 5, 3), amount=900)
    year = read(office.store, MARCH, Month(2026, 5), office.book)
    fee = account(year.subsidiary, "5401.04").months
    assert [(m.opening_fen, m.debit_fen, m.year_debit_fen, m.closing_fen) for m in fee] == [
        (0, 0, 0, 0),
        (0, 700, 700, 700),
        (700, 900, 1600, 1600),
    ]
    share = account(year.subsidiary, "5401.01").months
    assert [(m.debit_fen, m.credit_fen, m.closing_fen, m.year_credit_fen) for m in share] == [
        (5000, 5000, 0, 5000),
        (0, 0, 0, 5000),
        (0, 0, 0, 5000),
    ]
    assert year.head.open_months == (APRIL, Month(2026, 5))
    assert sum(one.closing_fen for one in year.before) == sum(one.closing_fen for one in year.after) == 0
    assert next(one.closing_fen for one in year.before if one.account.code == "5401.01") == 5000
    assert next(one.closing_fen for one in year.after if one.account.code == "5401.01") == 0
    with office.store.reading() as session:
        assert ledgers.months_of(session, office.book, "2026") == (MARCH, Month(2026, 5))
        for period, error in (("2025", NotFound), ("2026-02", NotFound), ("2026-1", Invalid), ("x", Invalid)):
            with pytest.raises(error):
                ledgers.months_of(session, office.book, period)


def draft_close(office, period: Month) -> None:
    from ledger.book import closing, drafts, month

    def act(session):
        payload = {"close": closing.plan(month.view(session, office.book, period), [])}
        return drafts.prepare(
            session, office.who("accountant"), kind="close", payload=payload, at=office.tick()
        )

    office.post(office.write(act))


# ---- on paper ---------------------------------------------------------------------------------


def test_the_printed_day_book_shows_each_day_with_its_total_and_balance(march):
    told = text(books_ledgers.pdf(march, "day-book"), page=1)
    assert "1002.01 银行存款—公益监管专户" in told
    assert re.search(r"2026-03-13 +本日合计 +20,000\.00 +平 +0\.00", told)
    assert re.search(r"2026-03-21 +本日合计 +3\.26 +5\.00 +借 +7,131\.26", told)
    assert re.search(r"本月合计 +12,009\.76 +20,005\.00 +借 +12,004\.76", told)


def test_the_printed_balances_have_equal_sides(march, closed):
    told = text(books_ledgers.pdf(march, "balances"))
    assert "结转后" not in told
    assert "尚未月结：2026年3月" in told
    totals = next(line for line in told.splitlines() if line.strip().startswith("合计")).split()[1:]
    assert totals[0::2] == totals[1::2] == ["20,000.00", "136,247.76", "136,247.76", "54,343.76"]
    told = text(books_ledgers.pdf(closed, "balances"))
    assert "结转后" in told
    assert "尚未" not in told
    assert re.search(r"3102\.01.* 19,089\.60$", told, re.MULTILINE)


def long(ledger: AccountLedger, count: int) -> AccountLedger:
    """Return an account with many lines of 1.00, and the balance that goes with them."""
    (month,) = ledger.months
    lines = tuple(
        replace(
            month.lines[0],
            date=date(2026, 3, 1) + timedelta(days=place * 31 // count),
            number=f"记-{place + 1:04d}",
            debit_fen=100,
            credit_fen=0,
            balance_fen=month.opening_fen + 100 * (place + 1),
        )
        for place in range(count)
    )
    closing = month.opening_fen + 100 * count
    return replace(
        ledger,
        months=(replace(month, lines=lines, debit_fen=100 * count, credit_fen=0, closing_fen=closing),),
    )


@pytest.mark.parametrize("kind", ["day-book", "subsidiary"])
def test_a_page_carries_its_sums_over_and_the_next_one_takes_them_up(march, kind):
    bank = long(account(march.day_books, "1002.01"), 300)
    data = books_ledgers.pdf(replace(march, day_books=(bank,), subsidiary=(bank,)), kind)
    pages = [text(data, page=number + 1) for number in range(page_count(data))]
    assert len(pages) > 4
    for place, (page, following) in enumerate(pairwise(pages)):
        over = re.search(r"过次页 +([\d,.]+) +([\d,.]+) +借 +([\d,.]+)", page)
        taken = re.search(r"承前页 +([\d,.]+) +([\d,.]+) +借 +([\d,.]+)", following)
        assert over, page
        assert taken, following
        assert over.groups() == taken.groups()
        lines = sum(len(re.findall(r"^ *2026-03-\d\d +记-", one, re.MULTILINE)) for one in pages[: place + 1])
        assert fen(over[1]) == 100 * lines
        assert fen(over[3]) == 2_000_000 + 100 * lines
        assert f"第{place + 1}页/共{len(pages)}页" in page.replace(" ", "")
    assert "过次页" not in pages[-1]
    assert "承前页" not in pages[0]
    assert "本年累计" in pages[-1]


def test_the_same_months_give_the_same_bytes_and_a_closed_month_gives_them_for_ever(demo_sqlite):
    store = demo_sqlite.store
    closed_demo.close(store)
    first = read(store)
    files = [books_ledgers.pdf(first, kind) for kind in books_ledgers.TITLES] + [
        books_ledgers.workbook(first)
    ]
    with store.transaction("demo") as session:
        from ledger.book import accounts

        accounts.open_account(
            session,
            closed_demo.actor(session, "recorder"),
            platform="kuaishou",
            handle="示例县新号",
            owner_kind="institution",
            owner="示例县人民政府办公室",
            at=closed_demo.AT + timedelta(days=1),
        )
    again = read(store)
    assert again == first
    assert [books_ledgers.pdf(again, kind) for kind in books_ledgers.TITLES] + [
        books_ledgers.workbook(again)
    ] == files


# ---- in Excel ---------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_check_of_the_workbook_comes_to_zero_when_libreoffice_calculates_it(
    closed, tmp_path: Path, language
):
    data = books_ledgers.workbook(closed, language=language)
    places = formulas(opened(data))
    assert len(places) > 200
    counted = recalculated(data, tmp_path)
    assert {counted[sheet][cell].value for sheet, cell in places} == {0}


def test_one_fen_wrong_anywhere_is_seen_in_the_check_column(closed, tmp_path: Path):
    bank = account(closed.subsidiary, "1002.01")
    (month,) = bank.months
    lines = (
        *month.lines[:2],
        replace(month.lines[2], debit_fen=month.lines[2].debit_fen + 1),
        *month.lines[3:],
    )
    wrong = replace(bank, months=(replace(month, lines=lines),))
    line = replace(closed.after[0], closing_fen=closed.after[0].closing_fen + 1)
    general = account(closed.general, "1009")
    year = replace(general, months=(replace(general.months[0], credit_fen=general.months[0].credit_fen + 1),))
    data = books_ledgers.workbook(
        replace(closed, subsidiary=(wrong,), day_books=(), general=(year,), after=(line, *closed.after[1:]))
    )
    counted = recalculated(data, tmp_path)
    found = [sheet for sheet, cell in formulas(opened(data)) if counted[sheet][cell].value != 0]
    assert sorted(found) == sorted(
        ["科目余额表（结转后）"] * 2
        + ["明细账 1002.01 银行存款—公益监管专户"] * 2
        + ["总账 1009 其他货币资金"]
    )


def test_codes_and_numbers_are_text_and_hostile_summaries_no_formulas(march):
    bank = account(march.subsidiary, "1002.01")
    (month,) = bank.months
    lines = tuple(replace(line, summary="=1+1") for line in month.lines)
    sheet = opened(
        books_ledgers.workbook(
            replace(
                march,
                subsidiary=(replace(bank, months=(replace(month, lines=lines),)),),
                day_books=(),
                general=(),
            )
        )
    )["明细账 1002.01 银行存款—公益监管专户"]
    day, number, summary, *_ = sheet[HEAD_ROW + 2]
    assert (day.is_date, number.value, number.number_format) == (True, "记-0010", "@")
    assert (summary.value, summary.data_type) == ("=1+1", "s")
    assert sheet.print_title_rows == f"${HEAD_ROW}:${HEAD_ROW}"
    book = opened(books_ledgers.workbook(march))
    assert len(book.sheetnames) == 1 + 10 + 4 + 23
    assert book["科目余额表（结转前）"].cell(HEAD_ROW + 1, 1).value == "1002.01"


def test_pdf_and_workbook_say_the_same_closing_balances(closed):
    words = Wording("zh")
    told = text(books_ledgers.pdf(closed, "subsidiary"))
    for one in closed.subsidiary:
        *_, balance = books_tables.subsidiary(one, words).table.rows[-1].cells
        assert balance == abs(one.closing_fen)
        assert f"{abs(one.closing_fen) / 100:,.2f}" in told


@pytest.mark.parametrize("kind", books_ledgers.TITLES)
def test_no_fixed_chinese_is_left_in_the_english_books(closed, kind):
    told = text(books_ledgers.pdf(closed, kind, language="en"), layout=False)
    own = {word for line in repr(closed).split("'") for word in re.findall(r"[\u3400-\u9fff]+", line)}
    assert {
        word for word in re.findall(r"[\u3400-\u9fff]+", told) if not any(word in one for one in own)
    } == set()


# ---- what a charity may book ------------------------------------------------------------------


def counter(store: Store, party: str, variant: str = "donation"):
    with store.reading() as session:
        return ledgers_counterpart.suggested(session, "demo", party, MARCH, MARCH, variant=variant)


def test_a_charity_is_offered_income_when_it_is_paid_and_cost_when_it_spends(demo_sqlite):
    told = [
        (line.ours, line.code, line.debit_fen, line.credit_fen)
        for line in counter(demo_sqlite.store, "redcross").lines
    ]
    assert told == [
        ("记-0010", "1002", 1_200_000, 0), ("记-0010", "4101.02", 0, 1_200_000),
        ("记-0015", "5101", 968_000, 0), ("记-0015", "1002", 0, 968_000),
        ("记-0017", "5101", -968_000, 0), ("记-0017", "1002", 0, -968_000),
        ("记-0018", "5101", 986_000, 0), ("记-0018", "1002", 0, 986_000),
    ]  # fmt: skip
    charity = counter(demo_sqlite.store, "charity", "agency").lines
    assert [(line.code, line.debit_fen, line.credit_fen) for line in charity] == [
        ("1801", 800_000, 0), ("2601", 0, 800_000), ("2601", 800_000, 0), ("1801", 0, 800_000),
    ]  # fmt: skip


def test_what_is_left_of_the_grant_is_the_balance_of_the_bank_in_the_charitys_books(demo_sqlite):
    lines = counter(demo_sqlite.store, "redcross").lines
    assert sum(line.debit_fen - line.credit_fen for line in lines if line.code == "1002") == 214_000


def test_money_that_comes_back_is_the_first_posting_in_red(office):
    office.now = datetime(2026, 3, 25, 9, 0, tzinfo=CHINA)
    shot = office.write(lambda s: office.document(s, b"x"))
    office.entry("GRANT_PAY", "cashier", day=20, charity="charity", attachments=(shot,), amount=5000)
    office.entry("GRANT_RETURN", "accountant", day=21, charity="charity", attachments=(shot,), amount=2000)
    with office.store.reading() as session:
        lines = ledgers_counterpart.suggested(session, office.book, "charity", MARCH, MARCH).lines
    assert [(line.group, line.code, line.debit_fen, line.credit_fen) for line in lines] == [
        (1, "1002", 5000, 0), (1, "4101.02", 0, 5000), (2, "1002", -2000, 0), (2, "4101.02", 0, -2000),
    ]  # fmt: skip


def test_the_receipt_of_a_payment_stands_beside_it(full):
    with full.store.reading() as session:
        lines = ledgers_counterpart.suggested(session, full.book, "redcross", MARCH, MARCH).lines
    assert any(line.receipt for line in lines if line.code == "4101.02")


@pytest.fixture
def full(originals, tmp_path):
    with originals.copy("full", "sqlite", tmp_path) as (opened, made):
        yield replace(made, store=opened)


@pytest.mark.parametrize(
    ("party", "variant"), [("operator", "donation"), ("redcross", "gift"), ("discipline", "agency")]
)
def test_only_the_two_charities_and_the_two_ways_have_counterparts(demo_sqlite, party, variant):
    with pytest.raises(NotFound):
        counter(demo_sqlite.store, party, variant)


@pytest.mark.parametrize("variant", ledgers_counterpart.VARIANTS)
def test_the_counterpart_sheet_says_that_it_is_a_suggestion_and_adds_up(demo_sqlite, tmp_path: Path, variant):
    value = counter(demo_sqlite.store, "redcross", variant)
    data = books_ledgers.counterparts(value)
    sheet = load_workbook(io.BytesIO(data)).active
    assert "供本单位会计参考" in sheet["A1"].value
    assert "建议" in sheet["A4"].value
    (place,) = formulas(opened(data))
    assert recalculated(data, tmp_path)[place[0]][place[1]].value == 0
    codes = [row[3].value for row in sheet.iter_rows(min_row=HEAD_ROW + 1)]
    assert set(codes[:-1]) == {line.code for line in value.lines}
    assert sheet.cell(HEAD_ROW + 1, 4).number_format == "@"
