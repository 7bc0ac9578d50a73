"""Old data survives: a database of the first schema, with a book in it, is brought up to date and goes on."""

from __future__ import annotations

import re

import pytest

from ledger.book import statement
from ledger.months import Month
from ledger.store import schema
from ledger.store.engine import Store, open_store
from tests import books
from tests.books import check_everything
from tests.test_book_closing import close, month_of_march

FIRST = schema.MIGRATIONS / "versions" / "0001_sqlite.sql"
AFTER = ("posting",)
"""Rows of these tables come before those that a rule compares them with."""


@pytest.fixture
def old(tmp_path, request) -> Store:
    """A database of the first schema with a month of a book, as it was before there was a close."""
    new = open_store(f"sqlite:///{tmp_path / 'new.db'}")
    schema.migrate(new)
    office = books.build(new)
    month_of_march(office)
    new.engine.dispose()
    found = open_store(f"sqlite:///{tmp_path / 'old.db'}")
    request.addfinalizer(found.engine.dispose)
    schema.migrate(found, "0001")
    tables = re.findall(r"CREATE TABLE (\w+)", FIRST.read_text("utf-8"))
    with found.engine.connect() as connection:
        raw = connection.connection.dbapi_connection
        raw.execute("ATTACH DATABASE ? AS new", (str(tmp_path / "new.db"),))
        raw.execute("BEGIN")
        raw.execute("PRAGMA defer_foreign_keys = ON")
        for table in sorted(tables, key=lambda name: name not in ("record", *AFTER)):
            raw.execute(f"INSERT INTO main.{table} SELECT * FROM new.{table}")
        raw.execute("COMMIT")
        raw.execute("DETACH DATABASE new")
    return found


def test_a_book_of_the_first_schema_verifies_and_closes_after_migration(old):
    assert not schema.is_current(old)
    schema.migrate(old)
    assert schema.is_current(old)
    check_everything(old)
    office = books.Office(old, "county", now=books.at(29))
    for login, (party, role) in books.SEATS.items():
        office.actors[login] = books.Actor(f"p-{login}", "county", party, role, "岗位")
    before = office.read(lambda s: statement.monthly(s, "county", Month(2026, 3)))
    close(office)
    after = office.read(lambda s: statement.monthly(s, "county", Month(2026, 3)))
    assert (after.lines, after.summary) == (before.lines, before.summary)
    check_everything(old)


def test_an_old_database_is_not_taken_for_a_current_one(old):
    with old.reading() as session:
        there = session.connection().exec_driver_sql(
            "SELECT COUNT(*) FROM sqlite_master WHERE name = 'month_closed'"
        )
        assert there.scalar_one() == 0
    assert not schema.is_current(old)
