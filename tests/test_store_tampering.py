"""Whoever changes a row behind the triggers' back is found out: every table, every kind of change."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.store import append_only, verify, verify_openings, verify_projections, verify_rows
from ledger.store import tables as t
from ledger.store import tables_people as p
from ledger.store.engine import Store
from tests import tampering
from tests.books import check_everything
from tests.tampering import TABLES

SEED = 20260331


@pytest.fixture
def full(originals, tmp_path: Path) -> Iterator[Store]:
    """The full book on SQLite, the test's own copy."""
    with originals.copy("full", "sqlite", tmp_path) as (opened, _):
        yield opened


def test_the_full_book_is_sound_on_both_databases(originals, dialect, tmp_path):
    with originals.copy("full", dialect, tmp_path) as (opened, _):
        check_everything(opened)


@pytest.mark.parametrize("part", range(4))
def test_each_of_1000_random_changes_is_found_and_its_table_or_record_named(full, part):
    outcome = tampering.run(full, "county", 250, SEED + part)
    assert outcome.unnoticed == []
    assert outcome.misnamed == []
    assert outcome.count == 250
    assert set(outcome.tables) == {table.name for table in TABLES}
    assert set(outcome.kinds) == set(tampering.CHANGES)
    check_everything(full)


def test_each_of_100_random_changes_is_found_on_postgresql(originals, tmp_path):
    with originals.copy("full", "postgresql", tmp_path) as (opened, _):
        outcome = tampering.run(opened, "county", 100, SEED)
        assert (outcome.unnoticed, outcome.misnamed, outcome.count) == ([], [], 100)
        check_everything(opened)


def test_random_changes_of_the_demonstration_are_found(demo_sqlite):
    outcome = tampering.run(demo_sqlite.store, demo_sqlite.book, 24, SEED)
    assert (outcome.unnoticed, outcome.misnamed, outcome.count) == ([], [], 24)


def nothing(*_):
    yield from ()


CONTROLS = {
    "projections": (verify_projections.Projections, ("see", "finish"), (t.Posting, p.Membership)),
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
    monkeypatch.setattr(verify, "_record", _believe)
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


def test_two_wounds_at_once_are_a_finding_and_no_crash(full):
    wounds = {t.Posting: "UPDATE posting SET fen = fen + 1", t.NodeRow: "DELETE FROM node"}
    with full.transaction() as session:
        for model, statement in wounds.items():
            with tampering.unguarded(session, append_only.table_of(model)):
                session.connection().exec_driver_sql(statement)
        verdict = verify.verify(session, "county", derive=None)
    assert [finding.where for finding in verdict.broken] == ["posting"]
    assert verdict.root == ""


def test_without_the_search_for_strays_a_row_of_no_book_is_not_noticed(full, monkeypatch):
    with full.transaction() as session:
        session.connection().exec_driver_sql(
            "INSERT INTO blob_chunk (book_id, digest, n, data) VALUES ('zzz', 'a', 0, x'00')"
        )
    with full.reading() as session:
        assert verify.verify(session, "county", derive=None).broken[0].where == "blob_chunk"
        monkeypatch.setattr(verify, "_strays", nothing)
        assert verify.verify(session, "county", derive=None).sound
