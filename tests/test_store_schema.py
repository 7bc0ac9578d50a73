"""The migrated schema is exactly that of the tables: columns, types, keys, checks, indexes, STRICT and triggers."""

from __future__ import annotations

import re

import pytest
from sqlmodel import SQLModel

from ledger.store import append_only, schema
from ledger.store.engine import Store, open_store
from tests import postgres

SQLITE = "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'alembic%' AND tbl_name NOT LIKE 'alembic%'"
POSTGRESQL = (
    (
        "SELECT 'column', table_name, column_name, data_type || is_nullable || coalesce(collation_name, '') "
        "FROM information_schema.columns WHERE table_schema = 'public'"
    ),
    (
        "SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE connamespace = 'public'::regnamespace"
    ),
    "SELECT 'index', tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "SELECT 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "SELECT 'function', proname, '', prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
)


def described(store: Store) -> set[tuple[str, ...]]:
    """Everything that the database says of its own schema, white space folded, Alembic's own table left out."""
    with store.reading() as session:
        queries = (SQLITE,) if store.dialect == "sqlite" else POSTGRESQL
        rows = [row for query in queries for row in session.connection().exec_driver_sql(query)]
    plain = {tuple(re.sub(r"\s+", " ", str(item or "")).strip() for item in row) for row in rows}
    return {row for row in plain if "alembic_version" not in row[1:3]}


@pytest.fixture
def as_tables(database_url, tmp_path, request) -> Store:
    """A database made from today's table classes and triggers."""
    url = f"sqlite:///{tmp_path / 'tables.db'}"
    if database_url.startswith("postgresql"):
        server = request.getfixturevalue("postgres_server")
        url = postgres.new_database(server)
        request.addfinalizer(lambda: postgres.drop_database(server, url))
    store = open_store(url)
    request.addfinalizer(store.engine.dispose)
    with store.transaction() as session:
        SQLModel.metadata.create_all(session.connection())
        append_only.install(session.connection())
    return store


@pytest.fixture
def migrated(database_url, request) -> Store:
    """A database made by the migrations."""
    store = open_store(database_url)
    request.addfinalizer(store.engine.dispose)
    schema.migrate(store)
    return store


def test_the_migrations_make_the_schema_of_the_tables(migrated: Store, as_tables: Store):
    assert described(migrated) == described(as_tables)
    assert schema.is_current(migrated)
    assert not schema.is_current(as_tables)


def test_a_column_or_trigger_that_differs_is_seen(migrated: Store, as_tables: Store):
    with as_tables.transaction() as session:
        session.connection().exec_driver_sql("ALTER TABLE draft ADD COLUMN extra INTEGER")
    assert described(migrated) != described(as_tables)
    with migrated.transaction() as session:
        session.connection().exec_driver_sql("ALTER TABLE draft ADD COLUMN extra INTEGER")
    assert {row[:3] for row in described(migrated)} == {row[:3] for row in described(as_tables)}
    with migrated.transaction() as session:
        on = "" if migrated.dialect == "sqlite" else " ON entry"
        session.connection().exec_driver_sql(f"DROP TRIGGER entry_gapless{on}")
    assert described(migrated) != described(as_tables)


def test_every_sqlite_table_is_strict(tmp_path, request):
    store = open_store(f"sqlite:///{tmp_path / 'strict.db'}")
    request.addfinalizer(store.engine.dispose)
    schema.migrate(store)
    with store.reading() as session:
        tables = session.connection().exec_driver_sql("PRAGMA table_list").mappings().all()
    loose = [row["name"] for row in tables if row["schema"] == "main" and not row["strict"]]
    assert {name for name in loose if not name.startswith("sqlite_")} == {"alembic_version"}


def test_migrating_twice_changes_nothing(migrated: Store):
    before = described(migrated)
    schema.migrate(migrated)
    assert described(migrated) == before
