"""Hidden income: whatever is left out, lowered, swapped, shifted or never registered is found, and nothing else is."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import suppress
from datetime import date

import pytest

from ledger.book import findings, findings_flow
from ledger.book.findings import INCOME, Item
from ledger.book.month import view
from ledger.months import Month
from ledger.store import schema
from ledger.store.engine import open_store
from tests import books, hidden_month
from tests.books import Office
from tests.hidden_month import MUTATIONS, Plan, Writer

MARCH, APRIL_1 = Month(2026, 3), date(2026, 4, 1)
SEEDS = 15
CLEAN = 40


class Dropped(Exception):
    """Ends a transaction so that nothing of it stays."""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """One book for all months: each is written in a transaction that is dropped."""
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('hidden') / 'book.db'}")
    schema.migrate(store)
    made = books.build(store)
    hidden_month.prepare_accounts(made)
    yield made
    store.engine.dispose()


def found_in(office: Office, month: Plan) -> list[Item]:
    """Write a month, return what the rules of income find of it (high or middle), and drop the month."""
    found: list[Item] = []
    with suppress(Dropped), office.store.transaction(office.book) as session:
        Writer(office, session).write(month)
        every = findings.items(session, view(session, office.book, MARCH), APRIL_1)
        found = [item for item in every if item.rule.code in INCOME and item.severity != "low"]
        raise Dropped
    return found


def told(items: list[Item]) -> str:
    return "; ".join(f"{item.rule.code} {item.found.where}" for item in items)


def make(seed: str) -> tuple[Plan, random.Random]:
    rng = random.Random(seed)
    return hidden_month.plan(rng), rng


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.__name__)
def test_hidden_income_is_found_and_the_broadcast_or_the_file_is_named(office: Office, mutation) -> None:
    for seed in range(SEEDS):
        month, rng = make(f"{mutation.__name__}/{seed}")
        mutation(month, rng)
        items = found_in(office, month)
        named = [item for item in items if any(name in item.found.where for name in month.hidden)]
        assert named, f"seed {seed}: {month.hidden} is not among: {told(items)}"


def test_a_clean_month_raises_no_alarm(office: Office) -> None:
    for seed in range(CLEAN):
        month, _ = make(f"clean/{seed}")
        assert not (items := found_in(office, month)), f"seed {seed}: {told(items)}"


def test_at_least_200_months_are_made() -> None:
    assert len(MUTATIONS) * SEEDS + CLEAN >= 200


@pytest.mark.parametrize(
    "mutation", [hidden_month.both_lowered, hidden_month.declared_zero, hidden_month.never_happened]
)
def test_only_the_platforms_flow_finds_what_is_missing_on_every_side_of_the_office(
    office: Office, mutation, monkeypatch: pytest.MonkeyPatch
) -> None:
    month, rng = make(f"{mutation.__name__}/0")
    mutation(month, rng)
    codes = {rule.code for rule in findings_flow.RULES}
    assert {item.rule.code for item in found_in(office, month)} <= codes
    monkeypatch.setattr(findings, "RULES", tuple(rule for rule in findings.RULES if rule.code not in codes))
    assert not found_in(office, month)
