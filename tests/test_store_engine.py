"""Connections and transactions: what durability depends on is asserted on every connection."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from ledger.errors import Broken
from ledger.proof.private import Private
from ledger.store import engine, log, verify
from ledger.store.engine import open_store
from tests import books
from tests.books import at, check_everything

PARTY = {"party": "redcross", "name": {"zh": "县红十字会", "en": ""}}


def open_book(session, book="county", **more):
    first = {
        "code": book,
        "name": {"zh": "账", "en": ""},
        "county": {"zh": "示例县", "en": ""},
        "hash": "sha-256",
    }
    return log.append(
        session, book, "book.opened", {**first, "nonce": "0" * 32, **more}, by="system", at=at(1)
    )


def refused(store, statement: str) -> str:
    """Run one statement in an own transaction; return the database's words of refusal."""
    with pytest.raises(DBAPIError) as caught, store.transaction() as session:
        session.connection().exec_driver_sql(statement)
    return str(caught.value.orig)


def test_every_sqlite_connection_has_the_settings_that_durability_needs(sqlite_store):
    connections = [sqlite_store.engine.connect() for _ in range(12)]
    try:
        for connection in connections:
            for name, value in engine.PRAGMAS.items():
                found = connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
                assert str(found).lower() == value, name
    finally:
        for connection in connections:
            connection.close()
    assert engine.PRAGMAS["synchronous"] == "2"
    assert engine.PRAGMAS["journal_mode"] == "wal"


@pytest.mark.parametrize("name", ["synchronous", "foreign_keys", "recursive_triggers", "journal_mode"])
def test_a_connection_on_which_a_setting_does_not_hold_is_refused(tmp_path: Path, monkeypatch, name):
    monkeypatch.setitem(engine.PRAGMAS, name, "7")
    store = open_store(f"sqlite:///{tmp_path / 'a.db'}")
    with pytest.raises(Broken, match=name), store.reading():
        pass


def test_a_database_in_memory_has_no_wal_and_is_refused():
    with pytest.raises(Broken, match="journal_mode"), open_store("sqlite://").reading():
        pass


def test_reading_cannot_write_and_the_next_writer_can(store):
    with store.transaction() as session:
        open_book(session)
    for statement in (
        "INSERT INTO throttle (subject, failures, last_at) VALUES ('a', 1, 1)",
        "DELETE FROM private_value",
        "CREATE TABLE evil (a INTEGER)",
    ):
        with pytest.raises(DBAPIError), store.reading() as session:
            session.connection().exec_driver_sql(statement)
    with pytest.raises(DBAPIError), store.reading() as session:
        log.append(session, "county", "party.named", PARTY, by="system", at=at(1))
    with store.transaction() as session:
        log.append(session, "county", "party.named", PARTY, by="system", at=at(1))
    check_everything(store)


def test_reading_sees_one_snapshot_while_others_write(store):
    with store.transaction() as session:
        open_book(session)
    with store.reading() as reader:
        assert log.size(reader, "county") == 1

        def write() -> None:
            with store.transaction("county") as session:
                log.append(session, "county", "party.named", PARTY, by="system", at=at(1))

        thread = threading.Thread(target=write)
        thread.start()
        thread.join(30)
        assert not thread.is_alive(), "a reader held up a writer"
        assert log.size(reader, "county") == 1
    with store.reading() as reader:
        assert log.size(reader, "county") == 2


def test_a_transaction_that_fails_leaves_nothing_of_itself(store):
    with store.transaction() as session:
        open_book(session)
    before = counted(store)
    for broken in (RuntimeError, KeyboardInterrupt):
        with pytest.raises(broken), store.transaction("county") as session:
            log.append(session, "county", "party.named", PARTY, by="system", at=at(1))
            seat = {
                "person": "p",
                "party": "redcross",
                "role": "signer",
                "post": "",
                "name": Private("张某某"),
            }
            log.append(session, "county", "member.joined", seat, by="system", at=at(1))
            raise broken
    with pytest.raises(DBAPIError), store.transaction("county") as session:
        log.append(session, "county", "party.named", PARTY, by="system", at=at(1))
        log.append(session, "county", "party.named", PARTY, by="system", at=at(1))
    assert counted(store) == before
    check_everything(store)


def counted(store) -> dict[str, int]:
    """Return how many rows each table has."""
    from ledger.store.append_only import DESK, LOG, PRIVATE, PROJECTION, table_of

    with store.reading() as session:
        return {
            name: session.connection().execute(text(f"SELECT COUNT(*) FROM {name}")).scalar_one()
            for name in (table_of(model).name for model in (*LOG, *PRIVATE, *PROJECTION, *DESK))
        }


def test_writers_wait_for_each_other_instead_of_losing_what_they_wrote(store):
    with store.transaction() as session:
        open_book(session)
    failures: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for turn in range(5):
                name = {"zh": "单位", "en": ""}
                with store.transaction("county") as session:
                    party = {"party": f"party-{number}-{turn}", "name": name}
                    log.append(session, "county", "party.named", party, by="system", at=at(1))
        except BaseException as error:  # noqa: BLE001 - told to the test below
            failures.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    with store.reading() as session:
        assert log.size(session, "county") == 1 + 16 * 5
    check_everything(store)


def test_without_the_immediate_begin_the_same_writers_lose(tmp_path: Path):
    """The negative control: the drivers' own deferred BEGIN, read then write, loses updates or fails."""
    path = tmp_path / "a.db"
    with sqlite3.connect(path) as setup:
        setup.execute("PRAGMA journal_mode = wal")
        setup.execute("CREATE TABLE counter (value INTEGER)")
        setup.execute("INSERT INTO counter VALUES (0)")
    lost = []
    start = threading.Barrier(8)

    def work() -> None:
        connection = sqlite3.connect(path, timeout=10)
        start.wait()
        for _ in range(20):
            try:
                connection.execute("BEGIN")
                value = connection.execute("SELECT value FROM counter").fetchone()[0]
                connection.execute("UPDATE counter SET value = ?", (value + 1,))
                connection.commit()
            except sqlite3.OperationalError:
                connection.rollback()
                lost.append(1)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert lost


def test_two_books_in_one_database_do_not_mix(store):
    first, second = books.build(store, "county"), books.build(store, "other")
    first.broadcast("2026-0001")
    second.broadcast("2026-0001")
    first.tip("2026-0001")
    second.tip("2026-0001", gross=20000, share=10000)
    assert books.balances(first)["4901.01"] == -10000
    assert books.balances(second)["4901.01"] == -20000
    with store.reading() as session:
        heads = [log.head(session, book) for book in ("county", "other")]
        assert heads[0].origin != heads[1].origin
        assert heads[0].root != heads[1].root
        assert verify.books(session) == ["county", "other"]
    check_everything(store)


def test_two_books_of_the_same_code_have_different_origins(tmp_path: Path):
    origins = set()
    for name in ("a", "b"):
        office = books.build(_migrated(f"sqlite:///{tmp_path / name}.db"), "demo", opened=False)
        origins.add(office.read(lambda session: log.head(session, "demo").origin))
        office.store.engine.dispose()
    assert len(origins) == 2


def _migrated(url: str) -> engine.Store:
    from ledger.store import schema

    store = open_store(url)
    schema.migrate(store)
    return store
