"""The plain-text export: two programs that know nothing of ours add the books up and get the same balances."""

from __future__ import annotations

import subprocess
from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from beancount import loader
from beancount.core import data

from ledger import cli
from ledger.book import balances, ledgers
from ledger.months import Month
from ledger.sections_books import Voucher
from ledger.store.engine import Store
from reports import plaintext
from tests import closed_demo

MARCH, APRIL = Month(2026, 3), Month(2026, 4)


def exported(store: Store, style: str, folder: Path) -> Path:
    """Write the demonstration's journal."""
    path = folder / f"books.{style}"
    with store.reading() as session:
        given = (
            MARCH.first_day,
            ledgers.accounts(session, "demo"),
            ledgers.opening_rows(session, "demo"),
            ledgers.all_vouchers(session, "demo", MARCH, MARCH),
        )
        path.write_text("".join(plaintext.journal(style, *given)), "utf-8")
    return path


def by_hledger(path: Path) -> dict[str, int]:
    """Return the balances by code in fen as hledger adds them up; it refuses a journal that does not balance."""
    told = subprocess.run(
        ["hledger", "-f", str(path), "balance", "--flat", "--no-total", "-O", "csv"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    rows = [line.strip('"').split('","') for line in told.splitlines()[1:]]
    return {
        name.rpartition(":")[2]: int(Decimal(amount.removeprefix("CNY ").replace(",", "")) * 100)
        for name, amount in rows
        if amount != "0"
    }


def by_beancount(path: Path) -> dict[str, int]:
    """Return the balances by code in fen as beancount read the journal, without any error of its own."""
    entries, errors, _ = loader.load_file(str(path))
    assert errors == []
    found: Counter[str] = Counter()
    for entry in entries:
        for posting in entry.postings if isinstance(entry, data.Transaction) else ():
            assert posting.units is not None
            assert posting.units.number is not None
            code = posting.account.rpartition(":A")[2].replace("-", ".")
            found[code] += int(posting.units.number * 100)
    return {code: fen for code, fen in found.items() if fen}


ADD_UP = {"hledger": by_hledger, "beancount": by_beancount}


@pytest.mark.parametrize("style", plaintext.FORMATS)
def test_an_open_month_has_the_balances_that_the_books_have_before_the_close(demo, tmp_path, style):
    found = ADD_UP[style](exported(demo.store, style, tmp_path))
    with demo.store.reading() as session:
        moved = balances.movements(session, "demo", MARCH)
    assert found == {code: item.closing_fen for code, item in moved.items() if item.closing_fen}
    assert sum(fen for fen in found.values() if fen > 0) == 5_434_376
    assert (found["4901.01"], found["1002.01"], found.get("3102.01", 0)) == (
        -2_872_550,
        1_200_476,
        0,
    )


@pytest.mark.parametrize("style", plaintext.FORMATS)
def test_a_closed_month_has_the_balances_with_which_the_next_one_begins(demo, tmp_path, style):
    closed_demo.close(demo.store)
    found = ADD_UP[style](exported(demo.store, style, tmp_path))
    with demo.store.reading() as session:
        moved = balances.movements(session, "demo", APRIL)
    assert found == {code: item.opening_fen for code, item in moved.items() if item.opening_fen}
    assert found == {
        "1002.01": 1_200_476,
        "1009.02": 157_500,
        "1122.21": 570_984,
        "1122.31": 214_000,
        "2209.01": -20_000,
        "3102.01": -1_908_960,
        "3102.02": -214_000,
    }


def vouchers(store: Store) -> tuple[Voucher, ...]:
    with store.reading() as session:
        return ledgers.vouchers(session, "demo", MARCH)


@pytest.mark.parametrize("style", plaintext.FORMATS)
def test_one_fen_too_much_on_one_side_is_refused_by_the_other_program(demo_sqlite, tmp_path, style):
    first, *rest = vouchers(demo_sqlite.store)
    wrong = replace(first, rows=(replace(first.rows[0], fen=first.rows[0].fen + 1), *first.rows[1:]))
    with demo_sqlite.store.reading() as session:
        accounts = ledgers.accounts(session, "demo")
    path = tmp_path / "wrong"
    path.write_text("".join(plaintext.journal(style, MARCH.first_day, accounts, (), (wrong, *rest))), "utf-8")
    with pytest.raises((subprocess.CalledProcessError, AssertionError)):
        ADD_UP[style](path)


HOSTILE = (
    'a "quoted" \\ word',
    "; comment",
    "two\nlines  and\ttabs",
    "* ! 2026-03-04 (x) y | z",
    "#tag ^link @@ {1}",
    "=1+1",
    "】“引号”",
)


@pytest.mark.parametrize("style", plaintext.FORMATS)
@pytest.mark.parametrize("summary", HOSTILE)
def test_no_summary_changes_what_is_added_up(demo_sqlite, tmp_path, style, summary):
    posted = [replace(one, summary=summary) for one in vouchers(demo_sqlite.store)]
    with demo_sqlite.store.reading() as session:
        accounts = ledgers.accounts(session, "demo")
        opening = ledgers.opening_rows(session, "demo")
    path = tmp_path / "hostile"
    path.write_text("".join(plaintext.journal(style, MARCH.first_day, accounts, opening, posted)), "utf-8")
    assert ADD_UP[style](path) == ADD_UP[style](exported(demo_sqlite.store, style, tmp_path))


def test_red_letters_stay_negative_on_their_own_side(demo_sqlite):
    red = next(one for one in vouchers(demo_sqlite.store) if one.number == "记-0017")
    told = "".join(plaintext.journal("hledger", date(2026, 3, 1), (), (), (red,)))
    assert "    Expenses:5101.01  CNY -9680.00\n    Assets:1122.31  CNY 9680.00\n" in told


def test_another_style_is_refused():
    with pytest.raises(ValueError, match="ledger-cli"):
        list(plaintext.journal("ledger-cli", date(2026, 3, 1), (), (), ()))


def test_the_command_writes_the_journal_to_a_file_or_to_standard_output(
    demo_sqlite, tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv("SUNBOOK_DATABASE_URL", str(demo_sqlite.store.engine.url))
    monkeypatch.setenv("SUNBOOK_DATA_DIR", str(tmp_path))
    for style in plaintext.FORMATS:
        out = tmp_path / f"out.{style}"
        assert cli.main(["journal", "--book", "demo", "--format", style, "--out", str(out)]) == 0
        assert cli.main(["journal", "--book", "demo", "--format", style]) == 0
        assert capsys.readouterr().out == out.read_text("utf-8")
        assert ADD_UP[style](out)["1002.01"] == 1_200_476
    assert cli.main(["journal", "--book", "nobody", "--format", "hledger"]) == 1
    assert "nobody" in capsys.readouterr().err
