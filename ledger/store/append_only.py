"""Which class each table is of, and the triggers that keep log and projections append-only.

Triggers stop accidents and an application that went astray. They do not stop
the owner of the database; the Merkle log and checkpoints kept elsewhere do.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, Table, UniqueConstraint
from sqlmodel import SQLModel

from ledger.store import tables as t
from ledger.store import tables_activity as a
from ledger.store import tables_check as c
from ledger.store import tables_desk as d
from ledger.store import tables_people as p
from ledger.store import tables_welfare as w

LOG: tuple[type[SQLModel], ...] = (t.RecordRow, t.NodeRow, t.BlobChunk)
PRIVATE: tuple[type[SQLModel], ...] = (t.PrivateValue, t.SourceRow, c.SourceLeaf)
PROJECTION: tuple[type[SQLModel], ...] = (
    t.RecordHead,
    t.Book,
    t.Chart,
    p.Policy,
    p.Party,
    p.Membership,
    p.MembershipEnd,
    p.Substitute,
    p.SigningKey,
    p.SigningKeyEnd,
    t.Attachment,
    t.Entry,
    t.Posting,
    t.Duty,
    t.Opening,
    t.OpeningLine,
    t.Signoff,
    t.Reply,
    t.Erasure,
    a.LiveAccount,
    a.Filing,
    a.AccountPause,
    a.Broadcast,
    a.BroadcastLeg,
    a.Audience,
    a.Declaration,
    a.Explanation,
    a.SourceFile,
    a.FileDiscard,
    a.RowClaim,
    a.MemoSum,
    c.CalendarYear,
    c.BankProfile,
    c.StatementPlace,
    c.Match,
    c.MatchLine,
    c.MatchUndone,
    c.Judgement,
    c.BalanceShown,
    c.Handover,
    c.ExceptionOutcome,
    c.Override,
    c.MonthClosed,
    c.ClosedSum,
    c.Disclosure,
    w.Agreement,
    w.Resolution,
    w.ResolutionShare,
    w.Receipt,
    w.ReceiptReview,
    w.GoodsSelection,
    w.Cost,
    w.OutsideEvent,
    w.WelfareActivity,
    w.ActivityGoods,
    w.ActivityHours,
    w.ActivitySpending,
    w.Relation,
    w.AddedEvidence,
)
DESK: tuple[type[SQLModel], ...] = (d.Person, d.SealedKeyRow, d.WebSession, d.Throttle, d.Draft, d.HeldUpload)


def table_of(model: type[SQLModel]) -> Table:
    """Return the table behind a model class."""
    table: Table = model.__table__  # type: ignore[attr-defined]  # SQLModel sets it on table classes
    return table


GUARDED = tuple(table_of(model) for model in (*LOG, *PROJECTION))


def guards(table: Table, dialect: str) -> Iterator[tuple[str, str]]:
    """Yield (trigger name, statement) of the triggers that make `table` append-only."""
    name = table.name
    if dialect == "postgresql":
        for event, scope in (("UPDATE OR DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
            trigger = f"{name}_append_only_{scope.lower()}"
            yield (
                trigger,
                (
                    f"CREATE TRIGGER {trigger} BEFORE {event} ON {name} "
                    f"FOR EACH {scope} EXECUTE FUNCTION refuse_change()"
                ),
            )
        return
    for event in ("UPDATE", "DELETE"):
        trigger = f"{name}_no_{event.lower()}"
        yield (
            trigger,
            (
                f"CREATE TRIGGER {trigger} BEFORE {event} ON {name} "
                f"BEGIN SELECT RAISE(ABORT, 'append-only: {name}'); END"
            ),
        )
    # REPLACE deletes without firing delete triggers unless recursive_triggers is on,
    # so a row whose key is already there is refused before it is inserted.
    keys = [list(table.primary_key.columns.keys())]
    keys += [list(c.columns.keys()) for c in table.constraints if isinstance(c, UniqueConstraint)]
    keys += [list(index.columns.keys()) for index in table.indexes if index.unique]
    same = " OR ".join(
        f"EXISTS (SELECT 1 FROM {name} WHERE "  # noqa: S608 - names of our own
        + " AND ".join(f'"{col}" = NEW."{col}"' for col in key)
        + ")"
        for key in sorted(keys)
    )
    trigger = f"{name}_no_replace"
    yield (
        trigger,
        (
            f"CREATE TRIGGER {trigger} BEFORE INSERT ON {name} WHEN {same} "
            f"BEGIN SELECT RAISE(ABORT, 'append-only: {name}'); END"
        ),
    )


POSTED = "FROM posting WHERE book_id = NEW.book_id AND period = NEW.period AND idx = NEW.idx"
RULES = {
    "record_gapless": (
        "record",
        "NEW.idx <> (SELECT COALESCE(MAX(idx), -1) + 1 FROM record WHERE book_id = NEW.book_id)",
    ),
    "entry_gapless": (
        "entry",
        (
            "NEW.seq <> (SELECT COALESCE(MAX(seq), 0) + 1 FROM entry "
            "WHERE book_id = NEW.book_id AND period = NEW.period)"
        ),
    ),
    "entry_balanced": (
        "entry",
        (
            f"(SELECT COUNT(*) {POSTED}) <> NEW.lines "
            f"OR (SELECT COALESCE(SUM(CASE dc WHEN 'D' THEN fen ELSE -fen END), 0) {POSTED}) <> 0 "
            f"OR (SELECT COALESCE(SUM(CASE dc WHEN 'D' THEN fen ELSE 0 END), 0) {POSTED}) <> NEW.amount_fen"
        ),
    ),
    "entry_open_month": (
        "entry",
        "EXISTS (SELECT 1 FROM month_closed WHERE book_id = NEW.book_id AND period >= NEW.period)",
    ),
    "posting_in_time": (
        "posting",
        "EXISTS (SELECT 1 FROM entry WHERE book_id = NEW.book_id AND idx = NEW.idx)",
    ),
}
"""What the database itself refuses, beyond keys: name -> (table, condition that is wrong)."""


def rules(dialect: str) -> Iterator[tuple[str, str]]:
    """Yield (trigger name, statement) of the bookkeeping rules the database checks."""
    for name, (table, wrong) in RULES.items():
        if dialect == "postgresql":
            yield (
                name,
                (
                    f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                    f"IF {wrong} THEN RAISE EXCEPTION 'rule: {name}' USING ERRCODE = '23514'; END IF; "
                    f"RETURN NEW; END $$; "
                    f"CREATE TRIGGER {name} BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
                ),
            )
        else:
            yield (
                name,
                (
                    f"CREATE TRIGGER {name} BEFORE INSERT ON {table} WHEN {wrong} "
                    f"BEGIN SELECT RAISE(ABORT, 'rule: {name}'); END"
                ),
            )


REFUSE_CHANGE = (
    "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "RAISE EXCEPTION 'append-only: %', TG_TABLE_NAME USING ERRCODE = '23001'; END $$"
)


def statements(dialect: str, tables: tuple[Table, ...] = GUARDED) -> list[tuple[str, str]]:
    """Return every (trigger name, statement) for a new database."""
    found = [pair for table in tables for pair in guards(table, dialect)]
    return [*found, *rules(dialect)]


def install(connection: Connection) -> None:
    """Create all triggers in a new database."""
    dialect = connection.dialect.name
    if dialect == "postgresql":
        connection.exec_driver_sql(REFUSE_CHANGE.replace("%", "%%"))
    for _, statement in statements(dialect):
        connection.exec_driver_sql(statement)


def problems(connection: Connection) -> list[str]:
    """Return the names of triggers that are gone, switched off or changed, and of those that do not belong here."""
    wanted = dict(statements(connection.dialect.name))
    if connection.dialect.name == "postgresql":
        return _postgresql_problems(connection, set(wanted))
    there: dict[str, str] = dict(
        connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").all()
    )
    return sorted(name for name in wanted.keys() | there.keys() if wanted.get(name) != there.get(name))


def _postgresql_problems(connection: Connection, wanted: set[str]) -> list[str]:
    """Compare each trigger's table, timing and function, and each function's text, with what was installed."""
    found = connection.exec_driver_sql(
        "SELECT tgname, c.relname, tgtype, tgenabled, tgqual IS NULL, proname, prosrc FROM pg_trigger "
        "JOIN pg_class c ON c.oid = tgrelid JOIN pg_namespace s ON s.oid = c.relnamespace "
        "JOIN pg_proc p ON p.oid = tgfoid WHERE NOT tgisinternal AND s.nspname = current_schema()"
    ).all()
    there = {row[0]: tuple(row[1:]) for row in found}
    right = _postgresql_triggers()
    return sorted(name for name in wanted | there.keys() if right.get(name) != there.get(name))


ROW_INSERT, ROW_UPDATE_DELETE, STATEMENT_TRUNCATE = 7, 27, 34
"""`pg_trigger.tgtype`: bits row 1, before 2, insert 4, delete 8, update 16, truncate 32."""


def _postgresql_triggers() -> dict[str, tuple[str, int, str, bool, str, str]]:
    """Return table, type, state, unconditional, function and its text of every trigger that is installed."""
    source = _body(REFUSE_CHANGE)
    found: dict[str, tuple[str, int, str, bool, str, str]] = {}
    for table in GUARDED:
        for (name, _), kind in zip(
            guards(table, "postgresql"), (ROW_UPDATE_DELETE, STATEMENT_TRUNCATE), strict=True
        ):
            found[name] = (table.name, kind, "O", True, "refuse_change", source)
    for name, statement in rules("postgresql"):
        found[name] = (RULES[name][0], ROW_INSERT, "O", True, name, _body(statement))
    return found


def _body(statement: str) -> str:
    """Return the text of a function between its dollar signs."""
    return statement.split("$$")[1]
