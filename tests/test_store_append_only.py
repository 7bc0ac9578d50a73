"""Log and projections are append-only in the database itself, and the schema is what it is said to be."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from sqlalchemy import (
    ForeignKeyConstraint,
    PrimaryKeyConstraint,
    UniqueConstraint,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel

from ledger.store import append_only, schema, verify
from ledger.store.append_only import DESK, GUARDED, LOG, PRIVATE, PROJECTION, table_of
from ledger.store.engine import Store

NAMES = [table.name for table in GUARDED]
TABLES = {table.name: table for table in GUARDED}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def full(request, originals, tmp_path_factory) -> Iterator[Store]:
    """A book with rows in every table. No test here succeeds in changing it."""
    with originals.copy("full", request.param, tmp_path_factory.mktemp("full")) as (opened, _):
        yield opened


def first_row(store: Store, name: str) -> dict:
    with store.reading() as session:
        return dict(session.execute(select(TABLES[name]).limit(1)).mappings().one())


def refuses(store: Store, statement, name: str) -> None:
    """Run a statement in an own transaction; append-only or a rule of bookkeeping must refuse it."""
    with pytest.raises(DBAPIError, match=f"append-only: {name}|rule: "), store.transaction() as session:
        if isinstance(statement, str):
            session.connection().exec_driver_sql(statement)
        else:
            session.connection().execute(statement)


def upsert(store: Store, table, row: dict):
    from sqlalchemy.dialects import postgresql, sqlite

    kind = sqlite if store.dialect == "sqlite" else postgresql
    keys = list(table.primary_key.columns.keys())
    statement = kind.insert(table).values(**row)
    return statement.on_conflict_do_update(index_elements=keys, set_={keys[-1]: row[keys[-1]]})


@pytest.mark.parametrize("name", NAMES)
def test_no_row_is_updated_deleted_replaced_or_truncated(full, name):
    table, row = TABLES[name], first_row(full, name)
    last = list(table.columns)[-1].name
    refuses(full, update(table).values({last: row[last]}), name)
    refuses(full, delete(table), name)
    refuses(full, delete(table).where(table.c.book_id == "county"), name)
    refuses(full, upsert(full, table, row), name)
    if full.dialect == "postgresql":
        refuses(full, f"TRUNCATE {name} CASCADE", "")
    else:
        refuses(full, insert(table).prefix_with("OR REPLACE").values(**row), name)
        refuses(full, update(table).prefix_with("OR REPLACE").values({last: row[last]}), name)
        refuses(full, insert(table).prefix_with("OR IGNORE").values(**row), name)
    assert first_row(full, name) == row


@pytest.mark.parametrize("name", NAMES)
def test_replace_finds_no_way_through_a_unique_key_even_without_recursive_triggers(full, name):
    """A plain connection, as any tool would open it: every unique key is a door for REPLACE."""
    if full.dialect == "postgresql":
        return  # has no REPLACE; ON CONFLICT is tried above
    table, row = TABLES[name], first_row(full, name)
    keys = [list(c.columns.keys()) for c in table.constraints if isinstance(c, UniqueConstraint)]
    keys += [list(index.columns.keys()) for index in table.indexes if index.unique]
    with closing(sqlite3.connect(full.engine.url.database or "")) as plain:
        for key in [list(table.primary_key.columns.keys()), *keys]:
            if any(row[column] is None for column in key):
                continue
            other = dict(row)
            for column in table.primary_key.columns:
                if column.name not in key:
                    other[column.name] = 9999 if isinstance(row[column.name], int) else "zzz"
            places = ", ".join("?" for _ in other)
            statement = f"INSERT OR REPLACE INTO {name} ({', '.join(other)}) VALUES ({places})"
            plain.execute("BEGIN")
            for rule, (ruled, _) in append_only.RULES.items():
                if ruled == name:
                    plain.execute(f"DROP TRIGGER {rule}")  # or it would refuse first
            with pytest.raises(sqlite3.IntegrityError, match=f"append-only: {name}"):
                plain.execute(statement, list(other.values()))
            plain.rollback()
    assert first_row(full, name) == row


def test_every_table_is_of_exactly_one_class():
    classes = [table_of(model).name for model in (*LOG, *PRIVATE, *PROJECTION, *DESK)]
    assert sorted(classes) == sorted(SQLModel.metadata.tables)
    assert set(NAMES) == {table_of(model).name for model in (*LOG, *PROJECTION)}


def test_every_key_of_a_book_begins_with_the_book():
    for model in (*LOG, *PRIVATE, *PROJECTION):
        table = table_of(model)
        for constraint in table.constraints:
            if isinstance(constraint, PrimaryKeyConstraint | UniqueConstraint | ForeignKeyConstraint):
                assert next(iter(constraint.columns)).name == "book_id", (table.name, constraint)
        for index in table.indexes:
            assert next(iter(index.columns)).name == "book_id", (table.name, index.name)


def test_the_database_holds_exactly_the_tables_and_triggers_that_are_declared(store):
    wanted = dict(append_only.statements(store.dialect))
    assert schema.is_current(store)
    with store.reading() as session:
        run = session.connection().exec_driver_sql
        assert append_only.problems(session.connection()) == []
        if store.dialect == "sqlite":
            tables = {
                row[1]: row for row in run("PRAGMA table_list") if row[0] == "main" and row[2] != "shadow"
            }
            tables = {name: row for name, row in tables.items() if not name.startswith("sqlite_")}
            views = run("SELECT name FROM sqlite_master WHERE type = 'view'").all()
            triggers = dict(run("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").all())
            assert triggers == wanted
            assert {name for name, row in tables.items() if not row[5]} == {"alembic_version"}  # STRICT
            rowids = {name for name, row in tables.items() if not row[4]} - {"alembic_version"}
            assert rowids == {"blob_chunk", "held_upload"}
        else:
            tables = {
                row[0]: row
                for row in run("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
            }
            views = run("SELECT viewname FROM pg_views WHERE schemaname = current_schema()").all()
            triggers = run("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal").scalars().all()
            assert sorted(triggers) == sorted(wanted)
            types = run(
                "SELECT DISTINCT data_type, collation_name FROM information_schema.columns "
                "WHERE table_schema = current_schema() AND table_name <> 'alembic_version'"
            ).all()
            assert set(map(tuple, types)) == {("text", "C"), ("bigint", None), ("bytea", None)}
        assert views == []
        assert set(tables) == {*SQLModel.metadata.tables, "alembic_version"}


def test_a_type_that_does_not_fit_is_refused(sqlite_store):
    for statement in (
        "INSERT INTO throttle (subject, failures, last_at) VALUES ('a', 1.5, 1)",
        "INSERT INTO throttle (subject, failures, last_at) VALUES ('a', 'x', 1)",
        "INSERT INTO throttle (subject, failures, last_at) VALUES ('a', NULL, 1)",
        "INSERT INTO throttle (subject, failures, last_at) VALUES (x'00', 1, 1)",
    ):
        with pytest.raises(DBAPIError), sqlite_store.transaction() as session:
            session.connection().exec_driver_sql(statement)


NO_OP = "BEGIN SELECT 1; END"
SABOTAGE = {
    "sqlite": {
        "a trigger dropped": ("posting_no_update", ["DROP TRIGGER posting_no_update"]),
        "a trigger emptied": (
            "record_no_delete",
            [
                "DROP TRIGGER record_no_delete",
                f"CREATE TRIGGER record_no_delete BEFORE DELETE ON record {NO_OP}",
            ],
        ),
        "a trigger made conditional": (
            "entry_no_update",
            [
                "DROP TRIGGER entry_no_update",
                (
                    "CREATE TRIGGER entry_no_update BEFORE UPDATE ON entry WHEN 0 "
                    "BEGIN SELECT RAISE(ABORT, 'append-only: entry'); END"
                ),
            ],
        ),
        "a trigger moved": (
            "entry_no_update",
            [
                "DROP TRIGGER entry_no_update",
                (
                    "CREATE TRIGGER entry_no_update BEFORE UPDATE ON throttle "
                    "BEGIN SELECT RAISE(ABORT, 'append-only: entry'); END"
                ),
            ],
        ),
        "a rule gone": ("entry_balanced", ["DROP TRIGGER entry_balanced"]),
        "a trigger too many": ("evil", [f"CREATE TRIGGER evil AFTER INSERT ON posting {NO_OP}"]),
    },
    "postgresql": {
        "a trigger dropped": ("posting_append_only_row", ["DROP TRIGGER posting_append_only_row ON posting"]),
        "a trigger switched off": (
            "record_append_only_row",
            ["ALTER TABLE record DISABLE TRIGGER record_append_only_row"],
        ),
        "all triggers switched off": ("entry_balanced", ["ALTER TABLE entry DISABLE TRIGGER USER"]),
        "the function emptied": (
            "record_append_only_statement",
            [
                (
                    "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
                    "$$ BEGIN RETURN NEW; END $$"
                )
            ],
        ),
        "a trigger made conditional": (
            "entry_append_only_row",
            [
                "DROP TRIGGER entry_append_only_row ON entry",
                (
                    "CREATE TRIGGER entry_append_only_row BEFORE UPDATE OR DELETE ON entry "
                    "FOR EACH ROW WHEN (false) EXECUTE FUNCTION refuse_change()"
                ),
            ],
        ),
        "only for updates": (
            "entry_append_only_row",
            [
                "DROP TRIGGER entry_append_only_row ON entry",
                (
                    "CREATE TRIGGER entry_append_only_row BEFORE UPDATE ON entry "
                    "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
                ),
            ],
        ),
        "a trigger too many": (
            "evil",
            ["CREATE TRIGGER evil BEFORE INSERT ON posting FOR EACH ROW EXECUTE FUNCTION refuse_change()"],
        ),
    },
}


@pytest.mark.parametrize("how", sorted({*SABOTAGE["sqlite"], *SABOTAGE["postgresql"]}))
def test_verify_names_a_trigger_that_was_tampered_with(full, how):
    if how not in SABOTAGE[full.dialect]:
        return
    name, statements = SABOTAGE[full.dialect][how]
    with full.transaction() as session:
        savepoint = session.connection().begin_nested()
        for statement in statements:
            session.connection().exec_driver_sql(statement)
        assert name in append_only.problems(session.connection())
        findings = verify.verify(session, "county", derive=None, most=200).broken
        assert ("schema", name) in {(finding.where, finding.values.get("name")) for finding in findings}
        savepoint.rollback()
        assert verify.verify(session, "county", derive=None).sound
