"""An administrator at work: random changes of stored rows, behind the triggers' back.

Each change is made inside a savepoint with the triggers of its table dropped and
created again, then verified, then rolled back. Changes that the database itself
refuses (a key that is there already, a column that may not be empty) are tried again.
Reading the same bytes again is remembered, so that a thousand verifications take a minute.
"""

from __future__ import annotations

import random
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from itertools import chain
from typing import Any
from unittest.mock import patch

from sqlalchemy import Table, and_, delete, insert, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from ledger import intake
from ledger.proof import canonical
from ledger.store import append_only, verify
from ledger.store.engine import Store

TABLES: tuple[Table, ...] = tuple(
    append_only.table_of(model) for model in (*append_only.LOG, *append_only.PRIVATE, *append_only.PROJECTION)
)
Row = dict[str, Any]
SHOWS_IN = {"source_leaf": "source_row"}
"""A leaf without its row and a row are under one root, which cannot tell which of them was changed."""


@dataclass
class Outcome:
    """How many changes were made by kind and table, and which of them nobody noticed."""

    kinds: Counter[str] = field(default_factory=Counter)
    tables: Counter[str] = field(default_factory=Counter)
    unnoticed: list[str] = field(default_factory=list)
    misnamed: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many changes were made."""
        return self.kinds.total()


def run(store: Store, book: str, count: int, seed: int, tables: Sequence[Table] = TABLES) -> Outcome:
    """Make `count` random changes, one after the other on the same data, and verify after each."""
    chance = random.Random(seed)
    outcome = Outcome()
    with store.transaction() as session, patch.object(canonical, "decode", cache(canonical.decode)):
        if store.dialect == "sqlite":
            session.connection().exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        tables = [table for table in tables if _rows(session, table, book)]
        for _ in range(20 * count):  # some changes the database refuses by itself
            if outcome.count == count:
                break
            table = tables[outcome.count % len(tables)]
            kind = chance.choice(list(CHANGES))
            savepoint = session.connection().begin_nested()
            try:
                told = _change(session, table, book, kind, chance)
            except DBAPIError:
                told = ""
            if told:
                outcome.kinds[kind] += 1
                outcome.tables[table.name] += 1
                _judge(session, book, table, f"{kind} {table.name}: {told}", outcome)
            savepoint.rollback()
            session.expire_all()
    return outcome


def _judge(session: Session, book: str, table: Table, told: str, outcome: Outcome) -> None:
    """Verify; the table must be named, or a record."""
    named: list[str] = []
    for code in chain([book], _others(session, book)):
        verdict = verify.verify(session, code, derive=intake.derive)
        named += [finding.where for finding in verdict.broken]
        if {table.name, SHOWS_IN.get(table.name, ""), "record"} & set(named):
            return
    if not named:
        outcome.unnoticed.append(told)
    elif table.name != "record":  # a missing or second record shows in whatever stands beside it first
        outcome.misnamed.append(f"{told} → {named}")


def _others(session: Session, book: str) -> Iterator[str]:
    yield from (other for other in verify.books(session) if other != book)


@contextmanager
def unguarded(session: Session, table: Table) -> Iterator[None]:
    """Switch the triggers of a table off, as its owner can, and on again."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        yield
        connection.exec_driver_sql("SET LOCAL session_replication_role = origin")
        return
    mine = dict(append_only.guards(table, "sqlite")) if table in append_only.GUARDED else {}
    mine |= {
        name: statement
        for name, statement in append_only.rules("sqlite")
        if append_only.RULES[name][0] == table.name
    }
    for name in mine:
        connection.exec_driver_sql(f"DROP TRIGGER {name}")
    yield
    for statement in mine.values():
        connection.exec_driver_sql(statement)


def _change(session: Session, table: Table, book: str, kind: str, chance: random.Random) -> str:
    """Make one change; return what was done, or nothing if it changed nothing."""
    rows = _rows(session, table, book)
    if not rows:
        return ""
    row = chance.choice([rows[0], rows[-1], chance.choice(rows), chance.choice(rows)])
    with unguarded(session, table):
        told = CHANGES[kind](session, table, row, rows, chance)
    after = _rows(session, table, book)
    return told if after != rows else ""


def _rows(session: Session, table: Table, book: str) -> list[Row]:
    query = select(table).where(table.c.book_id == book).order_by(*table.primary_key.columns)
    return [dict(row) for row in session.connection().execute(query).mappings()]


def _place(table: Table, row: Row) -> Any:
    return and_(*(column == row[column.name] for column in table.primary_key.columns))


def _write(session: Session, table: Table, row: Row, values: Row) -> None:
    session.connection().execute(update(table).where(_place(table, row)).values(**values))


def _column(session: Session, table: Table, row: Row, rows: list[Row], chance: random.Random) -> str:
    """Another value in one column that is no key."""
    keys = {column.name for column in table.primary_key.columns}
    others = [column.name for column in table.columns if column.name not in keys]
    if not others:
        return ""
    name = chance.choice(others)
    value = other_value(row[name], [r[name] for r in rows], chance)
    _write(session, table, row, {name: value})
    return f"{name} {row[name]!r:.60} → {value!r:.60}"


def other_value(value: Any, all_values: list[Any], chance: random.Random) -> Any:
    """Return another value such as somebody would try."""
    if chance.random() < 0.2:
        return chance.choice(all_values)
    if value is None:
        return chance.choice([item for item in all_values if item is not None] or [None])
    if isinstance(value, int):
        return chance.choice([value + 1, value - 1, -value, 0, value + 2**32, value * 10])
    if isinstance(value, str):
        return _other_text(value, chance)
    spot = chance.randrange(len(value)) if value else 0
    flipped = (
        value[:spot] + bytes([value[spot] ^ 1 << chance.randrange(8)]) + value[spot + 1 :] if value else b"\0"
    )
    return chance.choice([flipped, value + b"\0", value[:-1], b"", bytes(len(value))])


def _other_text(value: str, chance: random.Random) -> str:
    spot = chance.randrange(len(value) + 1)
    one = value[spot : spot + 1]
    return chance.choice(
        [
            value + " ",
            value[:spot] + "\u200b" + value[spot:],
            value[:spot] + chr(ord(one or "a") + 1) + value[spot + 1 :],
            value[:spot] + value[spot + 1 :],
            unicodedata.normalize("NFD", value),
            value.upper(),
            "",
        ]
    )


def _delete(session: Session, table: Table, row: Row, rows: list[Row], chance: random.Random) -> str:
    """A row gone."""
    session.connection().execute(delete(table).where(_place(table, row)))
    return f"{_name(table, row)}"


def _insert(session: Session, table: Table, row: Row, rows: list[Row], chance: random.Random) -> str:
    """A row more: a copy under another key."""
    copy = dict(row)
    name = chance.choice([column.name for column in table.primary_key.columns][1:])
    copy[name] = _other_key(copy[name], [r[name] for r in rows], chance)
    session.connection().execute(insert(table), copy)
    return f"{_name(table, copy)}"


def _other_key(value: Any, taken: list[Any], chance: random.Random) -> Any:
    if isinstance(value, int):
        return chance.choice([max(taken) + 1, max(taken) + 1000, value + 1, min(taken) - 1])
    if len(value) == 64:
        return "".join(chance.choice("0123456789abcdef") for _ in range(64))
    return value + "x"


def _swap(session: Session, table: Table, row: Row, rows: list[Row], chance: random.Random) -> str:
    """Two rows with each other's content."""
    other = chance.choice(rows)
    keys = {column.name for column in table.primary_key.columns}
    content = [name for name in row if name not in keys]
    if other is row or not content:
        return ""
    _write(session, table, row, {name: other[name] for name in content})
    _write(session, table, other, {name: row[name] for name in content})
    return f"{_name(table, row)} ↔ {_name(table, other)}"


def _renumber(session: Session, table: Table, row: Row, rows: list[Row], chance: random.Random) -> str:
    """A row under another key."""
    name = chance.choice([column.name for column in table.primary_key.columns][1:])
    value = _other_key(row[name], [r[name] for r in rows], chance)
    _write(session, table, row, {name: value})
    return f"{_name(table, row)}: {name} → {value!r}"


def _book(session: Session, table: Table, row: Row, rows: list[Row], chance: random.Random) -> str:
    """A row moved to another book, or to one that does not exist."""
    value = chance.choice(["other", "zzz", "", "county "])
    _write(session, table, row, {"book_id": value})
    return f"{_name(table, row)} → {value!r}"


def _name(table: Table, row: Row) -> str:
    return ",".join(f"{row[column.name]!s:.16}" for column in list(table.primary_key.columns)[1:])


CHANGES = {
    "column": _column,
    "delete": _delete,
    "insert": _insert,
    "swap": _swap,
    "renumber": _renumber,
    "book": _book,
}
