"""A generated year closes month by month, and two other programs add it up to the same balances."""

from __future__ import annotations

import os
import random
import re
import subprocess
from decimal import Decimal

import pytest
from beancount import loader
from beancount.core import realization

from ledger.book import balances, ledgers, statement
from ledger.months import Month
from reports import plaintext
from tests import year_book
from tests.books import Office, check_everything

SCALE = year_book.FULL if os.environ.get("SUNBOOK_DRILL") else year_book.SMALL
LAST = year_book.FIRST.plus(year_book.MONTHS - 1)


def play(office: Office, scale: year_book.Scale, seed: int) -> None:
    """Play, reconcile and close every month; every month's figures hold before the next begins."""
    year = year_book.Year(office, scale, random.Random(seed))
    before: dict[str, int] = {"1002.01": 2_000_000, "3102.01": -2_000_000}
    for month in year_book.months():
        year_book.play_month(year, month)
        year_book.reconcile_month(year, month)
        opened = office.read(lambda s, month=month: balances.movements(s, office.book, month))
        assert {code: m.opening_fen for code, m in opened.items() if m.opening_fen} == before
        found = office.read(lambda s, month=month: statement.monthly(s, office.book, month))
        assert [check.difference_fen for check in found.checks] == [0] * 9, month
        assert all(one.open == () for one in found.reconciliations), month
        year_book.close_month(year, month)
        after = office.read(lambda s, month=month: balances.movements(s, office.book, month.plus(1)))
        before = {code: m.opening_fen for code, m in after.items() if m.opening_fen}


def journal(office: Office, style: str) -> str:
    """Return the whole book as another program reads it."""

    def write(session) -> str:
        first, last = ledgers.span(session, office.book)
        return "".join(
            plaintext.journal(
                style,
                first.first_day,
                ledgers.accounts(session, office.book),
                ledgers.opening_rows(session, office.book),
                ledgers.all_vouchers(session, office.book, first, last),
            )
        )

    return office.read(write)


def ours(office: Office) -> dict[str, int]:
    """Return the balances after the last close, debit positive."""
    moved = office.read(lambda s: balances.movements(s, office.book, LAST.plus(1)))
    return {code: m.opening_fen for code, m in moved.items() if m.opening_fen}


@pytest.fixture(scope="module")
def year(originals, tmp_path_factory) -> Office:
    """A small year, all of it closed; the drill plays one of 200,000 rows."""
    with originals.copy("office", "sqlite", tmp_path_factory.mktemp("year")) as (_, office):
        play(office, SCALE, 20260301)
        yield office


def test_a_generated_year_closes_month_by_month_and_verifies(year):
    check_everything(year.store)
    months = year.read(lambda s: statement.monthly(s, year.book, LAST))
    assert months.close is not None
    assert months.close.closed_at is not None
    cumulative = months.cumulative
    assert (cumulative.months, cumulative.broadcasts) == (12, 11 * SCALE.broadcasts)


def test_hledger_adds_the_year_up_to_the_same_balances(year, tmp_path):
    file = tmp_path / "year.journal"
    file.write_text(journal(year, "hledger"), "utf-8")
    told = subprocess.run(
        ["hledger", "-f", str(file), "balance", "--flat", "--no-total"],
        check=True,
        capture_output=True,
        text=True,
        encoding="utf-8",
    ).stdout
    found = {
        code: int(Decimal(amount.replace(",", "")) * 100)
        for amount, code in re.findall(r"CNY (-?[\d,]+\.\d\d)\s+\w+:([\d.]+)", told)
    }
    assert found == ours(year)


def test_beancount_adds_the_year_up_to_the_same_balances(year, tmp_path):
    file = tmp_path / "year.beancount"
    file.write_text(journal(year, "beancount"), "utf-8")
    entries, errors, _ = loader.load_file(str(file))
    assert errors == []
    found = {}
    for account in realization.iter_children(realization.realize(entries)):
        for position in account.balance:
            found[account.account.split(":A")[-1].replace("-", ".")] = int(position.units.number * 100)
    assert {code: fen for code, fen in found.items() if fen} == ours(year)


def test_a_fen_that_is_changed_in_the_journal_is_seen_by_the_other_program(year, tmp_path):
    file = tmp_path / "wrong.beancount"
    text = journal(year, "beancount")
    file.write_text(re.sub(r"(\d)\.(\d)\d CNY\n", r"\1.\g<2>7 CNY\n", text, count=1), "utf-8")
    assert loader.load_file(str(file))[1] != []


def test_the_month_without_a_broadcast_has_its_report_as_well(year):
    quiet = year.read(lambda s: statement.monthly(s, year.book, year_book.QUIET))
    assert (quiet.summary.broadcasts, quiet.summary.checks_hold) == (0, True)
    assert quiet.month == Month(2026, 8)
