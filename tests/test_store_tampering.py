"""Whoever changes a row behind the triggers' back is found out: every table, every kind of change."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ledger.store import append_only, verify, verify_openings, verify_projections, verify_rows
from ledger.store import tables as t
from ledger.store.engine import Store, open_store
from ledger.store.schema import migrate
from tests import full_book, tampering
from tests.books import check_everything
from tests.tampering import TABLES

SEED = 20260331


@pytest.fixture(scope="module")
def full_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("full") / "full.db"
    store = open_store(f"sqlite:///{path}")
    migrate(store)
    full_book.build(store)
    store.engine.dispose()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


@pytest.fixture
def full(full_file: Path, tmp_path: Path) -> Iterator[Store]:
    """The full book on SQLite, the test's own copy."""
    shutil.copyfile(full_file, tmp_path / "full.db")
    store = open_store(f"sqlite:///{tmp_path / 'full.db'}")
    yield store
    store.engine.dispose()


def test_the_full_book_is_sound_on_both_databases(store):
    full_book.build(store)
    check_everything(store)


@pytest.mark.parametrize("part", range(4))
def test_each_of_1000_random_changes_is_found_and_its_table_or_record_named(full, part):
    outcome = tampering.run(full, "county", 250, SEED + part)
    assert outcome.unnoticed == []
    assert outcome.misnamed == []
    assert outcome.count == 250
    assert set(outcome.tables) == {table.name for table in TABLES}
    assert set(outcome.kinds) == set(tampering.CHANGES)
    check_everything(full)


def test_each_of_100_random_changes_is_found_on_postgresql(postgres_server):
    from tests import postgres

    url = postgres.new_database(postgres_server)
    store = open_store(url)
    migrate(store)
    full_book.build(store)
    outcome = tampering.run(store, "county", 100, SEED)
    assert (outcome.unnoticed, outcome.misnamed, outcome.count) == ([], [], 100)
    check_everything(store)
    store.engine.dispose()
    postgres.drop_database(postgres_server, url)


def test_random_changes_of_the_demonstration_are_found(demo_sqlite):
    outcome = tampering.run(demo_sqlite.store, demo_sqlite.book, 40, SEED)
    assert (outcome.unnoticed, outcome.misnamed, outcome.count) == ([], [], 40)


def nothing(*_):
    yield from ()


CONTROLS = {
    "projections": (verify_projections.Projections, ("see", "finish"), (t.Posting, t.Membership)),
    "openings": (verify_openings.Openings, ("finish",), (t.PrivateValue,)),
    "blobs": (verify_openings.Blobs, ("finish",), (t.BlobChunk,)),
    "rows": (verify_rows.Rows, ("finish",), (t.SourceRow,)),
    "nodes": (verify, ("_nodes",), (t.NodeRow,)),
}


@pytest.mark.parametrize(("where", "names", "models"), CONTROLS.values(), ids=CONTROLS.keys())
def test_without_one_of_the_checks_the_same_test_turns_red(full, monkeypatch, where, names, models):
    """The negative control: it is the check, and no accident, that finds the changes."""
    tables = [append_only.table_of(model) for model in models]
    assert tampering.run(full, "county", 8, SEED, tables).unnoticed == []
    for name in names:
        monkeypatch.setattr(where, name, nothing)
    assert tampering.run(full, "county", 8, SEED, tables).unnoticed != []


def test_without_the_leaf_hashes_a_changed_record_is_only_found_by_what_was_made_of_it(full, monkeypatch):
    tables = [append_only.table_of(t.RecordRow)]
    monkeypatch.setattr(verify, "_record", lambda *args: _believe(*args))
    monkeypatch.setattr(verify, "_nodes", nothing)
    monkeypatch.setattr(verify_projections.Projections, "see", nothing)
    monkeypatch.setattr(verify_projections.Projections, "finish", nothing)
    assert tampering.run(full, "county", 12, SEED, tables).unnoticed != []


def _believe(_book, _expected, _idx, data, leaf, records):
    """Take a record as it stands, without looking at its leaf."""
    from ledger.errors import SunbookError
    from ledger.store.log import parse_record

    try:
        records.append(parse_record(data, leaf))
    except (SunbookError, ValueError):
        return verify.Finding("record", "")
    return None


def test_without_the_search_for_strays_a_row_of_no_book_is_not_noticed(full, monkeypatch):
    with full.transaction() as session:
        session.connection().exec_driver_sql(
            "INSERT INTO blob_chunk (book_id, digest, n, data) VALUES ('zzz', 'a', 0, x'00')"
        )
    with full.reading() as session:
        assert verify.verify(session, "county", derive=None).broken[0].where == "blob_chunk"
        monkeypatch.setattr(verify, "_strays", nothing)
        assert verify.verify(session, "county", derive=None).sound
