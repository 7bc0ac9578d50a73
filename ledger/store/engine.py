"""Connections and transactions: the settings are asserted on every connection, the edge commits once.

`transaction()` writes and commits when its block ends well; `reading()` sees one
snapshot and cannot write. SQLite: WAL with synchronous=FULL, because under NORMAL
an acknowledged commit may be gone after a power cut.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from ledger.errors import Broken
from ledger.words import N_

BUSY_MS = 60_000
"""How long a writer waits for another; SQLite's lock is unfair, so this is generous."""

PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": "2",
    "foreign_keys": "1",
    "recursive_triggers": "1",
    "busy_timeout": str(BUSY_MS),
}
"""Settings of every SQLite connection, as SQLite reports them back."""


@dataclass(frozen=True, slots=True)
class Store:
    """A database. `write_queue` makes writers of this process wait in line instead of polling."""

    engine: Engine
    write_queue: threading.Lock = field(default_factory=threading.Lock)

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.engine.dialect.name

    @contextmanager
    def transaction(self, book_id: str = "") -> Iterator[Session]:
        """Write: all of the block or nothing. On PostgreSQL the book's lock is taken first."""
        if self.dialect == "sqlite":
            with self.write_queue, self._begin("BEGIN IMMEDIATE") as session:
                yield session
            return
        with self._begin("READ COMMITTED") as session:
            if book_id:
                lock_book(session, book_id)
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Read one snapshot; a write in the block is refused by the database."""
        if self.dialect == "sqlite":
            with self._begin("BEGIN") as session:
                session.connection().exec_driver_sql("PRAGMA query_only = ON")
                try:
                    yield session
                finally:
                    session.connection().exec_driver_sql("PRAGMA query_only = OFF")
            return
        with self._begin("REPEATABLE READ") as session:
            session.connection().exec_driver_sql("SET TRANSACTION READ ONLY")
            yield session

    @contextmanager
    def _begin(self, how: str) -> Iterator[Session]:
        """Open a connection, begin as `how` says, and commit when the block ends well."""
        options = {"sunbook_begin": how} if self.dialect == "sqlite" else {"isolation_level": how}
        with self.engine.connect() as opened:
            connection = opened.execution_options(**options)
            with connection.begin(), Session(connection, autoflush=False) as session:
                yield session


def open_store(url: str) -> Store:
    """Return the store at an SQLAlchemy URL; no connection is made yet."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        engine = create_engine(url, connect_args={"timeout": BUSY_MS / 1000, "check_same_thread": False})
        event.listen(engine, "connect", _configure_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        engine = create_engine(url, pool_size=8, max_overflow=24, pool_pre_ping=True)
    return Store(engine)


def _configure_sqlite(raw: Any, _record: object) -> None:  # noqa: ANN401 - a DBAPI connection
    """Set and assert what durability and append-only depend on."""
    raw.isolation_level = None
    cursor = raw.cursor()
    for name, value in PRAGMAS.items():
        cursor.execute(f"PRAGMA {name} = {value}")
        found = cursor.execute(f"PRAGMA {name}").fetchone()[0]
        if str(found).lower() != value:
            raise Broken(
                N_("数据库设置 {name} 应为 {wanted}，实际为 {found}，已停止。"),
                name=name,
                wanted=value,
                found=str(found),
            )
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    """Begin as the block asked; pysqlite by itself would delay the BEGIN and lose updates."""
    connection.exec_driver_sql(connection.get_execution_options().get("sunbook_begin", "BEGIN"))


def lock_book(session: Session, book_id: str) -> None:
    """Let one writer at a time into a book (PostgreSQL; SQLite has one writer anyway)."""
    if session.connection().dialect.name == "postgresql":
        number = int.from_bytes(
            hashlib.sha256(b"sunbook/book/" + book_id.encode()).digest()[:8], "big", signed=True
        )
        session.connection().execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": number})
