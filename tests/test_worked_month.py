"""The worked month to the fen: the nine equations from the database, from the PDF's text and from the Excel file.

The figures below stand here as the domain gives them (示例县, March 2026, in
yuan); each source is read by itself and must agree with them and with its own sums.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import text

from ledger import demo
from ledger.book.statement import monthly
from ledger.money import capital, plain_yuan
from ledger.months import Month
from ledger.store.engine import open_store
from reports import excel, pdf

D = Decimal
Equations = dict[int, tuple[list[Decimal], Decimal]]

EXPECTED: dict[int, tuple[str, str]] = {
    1: ("54343.76", "54343.76"),
    2: ("34143.76 -15054.16", "19089.60"),
    3: ("20000.00 19089.60 -17860.00", "21229.60"),
    4: ("12004.76 1575.00 5709.84 2140.00 -200.00", "21229.60"),
    5: ("19089.60 2140.00 0.00", "21229.60"),
    6: ("28725.50 -14362.75 -144.91 -1575.00", "12642.84"),
    7: ("5415.00 -541.50", "4873.50"),
    8: ("20000.00 -20000.00 6933.00 200.00 -5.00 3.26 4873.50", "12004.76"),
    9: ("9680.00 -9680.00 9860.00", "9860.00"),
}

BALANCES = {
    "1002.01": "12004.76",
    "1009.02": "1575.00",
    "1122.21": "5709.84",
    "1122.31": "2140.00",
    "2209.01": "-200.00",
    "3102.02": "-12000.00",
    "3102.03": "-8000.00",
    "4301.01": "-5415.00",
    "4901.01": "-28725.50",
    "4901.03": "-3.26",
    "5101.01": "9860.00",
    "5101.02": "8000.00",
    "5401.01": "14362.75",
    "5401.03": "541.50",
    "5401.04": "5.00",
    "5901.01": "144.91",
}
"""The trial balance before close, credit negative; every other account stands at zero."""


@pytest.fixture(scope="module")
def month(demo_file, tmp_path_factory):
    """The demonstration's statement, and a folder with its PDF, its text and the recalculated Excel file."""
    path, _ = demo_file
    folder = tmp_path_factory.mktemp("month")
    store = open_store(f"sqlite:///{path}")
    with store.reading() as session:
        statement = monthly(session, demo.BOOK, Month(2026, 3))
        postings = session.execute(
            text("SELECT account, SUM(CASE dc WHEN 'D' THEN fen ELSE -fen END) FROM posting GROUP BY account")
        ).all()
        opening = session.execute(text("SELECT account, fen FROM opening_line WHERE part = 'balance'")).all()
    store.engine.dispose()
    (folder / "month.pdf").write_bytes(pdf.render(statement))
    (folder / "month.xlsx").write_bytes(excel.render(statement))
    subprocess.run(["pdftotext", "-layout", "month.pdf", "month.txt"], cwd=folder, check=True)
    subprocess.run(
        [
            *("soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile"),
            *("--convert-to", "xlsx", "--outdir", "recalculated", "month.xlsx"),
        ],
        cwd=folder,
        check=True,
        capture_output=True,
        timeout=120,
    )
    return statement, dict(postings), dict(opening), folder


def from_statement(month) -> Equations:
    statement = month[0]
    return {
        check.number: ([D(plain_yuan(fen)) for _, fen in check.terms], D(plain_yuan(check.expected_fen)))
        for check in statement.checks
    }


def from_pdf(month) -> Equations:
    """Read the section of the check equations out of the PDF's text, line by line."""
    words = (month[3] / "month.txt").read_text("utf-8")
    section = words.split("\n 勾稽关系核对表\n")[1].split("各项相加减")[0]
    found: Equations = {}
    terms: list[Decimal] = []
    number = 0
    for line in section.splitlines():
        amounts = re.findall(r"-?[\d,]+\.\d\d", line)
        begun = re.match(r"\s*(\d)\s", line)
        if begun and amounts:
            number, terms = int(begun[1]), []
        if "应为：" in line:
            assert amounts[1] == "0.00", line
            assert line.rstrip().endswith("平"), line
            found[number] = (terms, D(amounts[0].replace(",", "")))
        elif amounts:
            terms.append(D(amounts[0].replace(",", "")))
    return found


def from_excel(month) -> Equations:
    """Read the sheet as LibreOffice recalculated it; its check column must have come to 0."""
    book = load_workbook(month[3] / "recalculated" / "month.xlsx", data_only=True)
    found: Equations = {}
    terms: list[Decimal] = []
    number = 0
    for row in book["勾稽关系核对表"].iter_rows(min_row=6, values_only=True):
        if row[0] is not None:
            number, terms = int(str(row[0])), []
        amount = D(str(row[3])).quantize(D("0.01"))
        if str(row[2]).startswith("应为："):
            assert row[6] == 0, row
            found[number] = (terms, amount)
        else:
            terms.append(amount)
    return found


SOURCES = {"database": from_statement, "pdf": from_pdf, "excel": from_excel}


@pytest.mark.parametrize("number", EXPECTED)
@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_each_check_equation_holds_and_has_the_figures_of_the_worked_month(
    month, source: Callable[..., Equations], number: int
):
    terms, result = source(month)[number]
    wanted, expected = EXPECTED[number]
    assert sorted(terms) == sorted(D(term) for term in wanted.split())
    assert result == D(expected)
    assert sum(terms) == result


def test_the_trial_balance_before_close_is_that_of_the_worked_month_on_both_sides(month):
    statement, postings, opening, _ = month
    by_hand = {
        code: postings.get(code, 0) + opening.get(code, 0) for code in postings.keys() | opening.keys()
    }
    assert {code: fen for code, fen in by_hand.items() if fen} == {
        code: int(D(yuan) * 100) for code, yuan in BALANCES.items()
    }
    assert sum(fen for fen in by_hand.values() if fen > 0) == 5_434_376
    assert {line.code: line.closing_fen for line in statement.trial if line.closing_fen} == {
        code: fen for code, fen in by_hand.items() if fen
    }


def test_net_and_closing_fund_stand_in_figures_and_capital_characters(month):
    statement, _, _, folder = month
    assert statement.summary.net_fen == 1_908_960
    assert statement.summary.closing_fund_fen == 2_122_960
    words = re.sub(r"\s", "", (folder / "month.txt").read_text("utf-8"))
    for fen, said in (
        (1_908_960, "人民币壹万玖仟零捌拾玖元陆角整"),
        (2_122_960, "人民币贰万壹仟贰佰贰拾玖元陆角整"),
    ):
        assert capital(fen) == said
        assert said in words


def test_the_year_to_date_counts_what_january_and_february_brought(month):
    tips = month[0].tips
    assert tips.withdrawn_year_fen == 1_200_000 + 1_278_775
    assert tips.handed_over_year_fen == 1_200_000 + 693_300


def test_the_commission_of_the_order_file_is_booked_on_settlement_only(month):
    commission = month[0].commission
    assert (commission.settled_fen, commission.settled_fee_fen) == (548_000, 54_800)
    assert (commission.clawback_fen, commission.clawback_fee_fen) == (-6_500, -650)
    assert (commission.unsettled_orders, commission.refunded_orders) == (180, 10)
    assert (commission.gmv_fen, commission.gmv_refund_fen) == (8_642_000, 130_000)


def test_no_asset_is_below_zero_at_the_end_of_any_day(demo_sqlite):
    with demo_sqlite.store.reading() as session:
        rows = session.execute(
            text(
                "SELECT e.date, p.account, SUM(CASE p.dc WHEN 'D' THEN p.fen ELSE -p.fen END) FROM posting p "
                "JOIN entry e ON e.book_id = p.book_id AND e.idx = p.idx "
                "WHERE p.account LIKE '1%' GROUP BY e.date, p.account ORDER BY e.date"
            )
        ).all()
    balance = {"1002.01": 2_000_000}
    for day, account, fen in rows:
        balance[account] = balance.get(account, 0) + fen
        assert balance[account] >= 0, (day, account)


def test_the_demonstration_uses_the_files_that_an_office_would_upload():
    folder = Path(demo.__file__).parent / "files"
    assert {"打赏登记表.csv", "达人订单明细_百应.csv", "工行对公明细.csv"} <= {
        file.name for file in folder.iterdir()
    }
