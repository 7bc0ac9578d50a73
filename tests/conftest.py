"""Fixtures for every test: first the machines (databases, browser), then the books."""

from __future__ import annotations

import contextlib
import functools
import itertools
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy.engine import make_url

from ledger import demo as demonstration
from ledger.book import people
from ledger.demo import cast
from ledger.proof.signature import Work, seal_new_key
from ledger.store import schema
from ledger.store.engine import Store, open_store
from tests import books, postgres
from tests.books import Office

# ---- machines: a database server, an empty database, a browser ---------------------------

CHROMIUM_FLAGS = (
    "--no-sandbox",  # the tests may run as root
    "--disable-dev-shm-usage",  # a container's /dev/shm may be tiny
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    """One PostgreSQL server per test process; where there is none the test fails, it is not skipped."""
    try:
        with postgres.server() as running:
            yield running
    except postgres.Unavailable as error:
        pytest.fail(f"PostgreSQL is needed for this test: {error}", pytrace=False)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database, once on SQLite (a file) and once on PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'sunbook.db'}"
        return
    running = request.getfixturevalue("postgres_server")
    url = postgres.new_database(running)
    yield url
    postgres.drop_database(running, url)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium, without a window; each test opens its own context in it."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.fail("Chromium is needed for this test: run tools/prepare", pytrace=False)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=list(CHROMIUM_FLAGS))
        yield running
        running.close()


# ---- books: an empty store, a small office with people of all roles, the demonstration month --------------


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """A migrated database without a book, once on SQLite and once on PostgreSQL."""
    opened = open_store(database_url)
    schema.migrate(opened)
    yield opened
    opened.engine.dispose()


@pytest.fixture
def sqlite_store(tmp_path: Path) -> Iterator[Store]:
    """A migrated SQLite database without a book."""
    opened = open_store(f"sqlite:///{tmp_path / 'sunbook.db'}")
    schema.migrate(opened)
    yield opened
    opened.engine.dispose()


@pytest.fixture
def office(store: Store) -> Iterator[Office]:
    """A book of 示例县 with everybody seated, its opening posted and two live accounts; verified at the end."""
    made = books.build(store)
    yield made
    books.check_everything(store)


_copies = itertools.count(1)


@dataclass(frozen=True)
class Demo:
    """The demonstration's store, its book's code, and its logins by user."""

    store: Store
    book: str
    logins: dict[str, demonstration.Login]


def build_demo(url: str) -> dict[str, demonstration.Login]:
    """Build the demonstration in an empty database, with passwords that cost nothing."""
    opened = open_store(url)
    with pytest.MonkeyPatch.context() as patch:
        cheap = functools.partial(Work, 1, 8, 1)
        patch.setattr(people, "Work", cheap)
        patch.setattr(cast.keys, "seal_new_key", lambda password, work: seal_new_key(password, work or cheap()))
        schema.migrate(opened)
        logins = demonstration.build(opened)
    opened.engine.dispose()
    return {login.user: login for login in logins}


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, demonstration.Login]]:
    """The demonstration as one SQLite file, built once; tests copy it."""
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    logins = build_demo(f"sqlite:///{path}")
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path, logins


@pytest.fixture(scope="session")
def demo_database(postgres_server: postgres.Server) -> tuple[str, dict[str, demonstration.Login]]:
    """The demonstration as a PostgreSQL database, built once; tests use it as a template."""
    url = postgres.new_database(postgres_server)
    return url, build_demo(url)


@pytest.fixture
def demo_sqlite(demo_file: tuple[Path, dict[str, demonstration.Login]], tmp_path: Path) -> Iterator[Demo]:
    """The test's own copy of the demonstration on SQLite."""
    path, logins = demo_file
    shutil.copyfile(path, tmp_path / "demo.db")
    opened = open_store(f"sqlite:///{tmp_path / 'demo.db'}")
    yield Demo(opened, demonstration.BOOK, logins)
    opened.engine.dispose()


@pytest.fixture
def demo_postgresql(
    postgres_server: postgres.Server, demo_database: tuple[str, dict[str, demonstration.Login]]
) -> Iterator[Demo]:
    """The test's own copy of the demonstration on PostgreSQL."""
    template, logins = demo_database
    name = f"demo_{next(_copies)}"
    original = make_url(template).database
    postgres_server.run(f"CREATE DATABASE {name} TEMPLATE {original}")
    opened = open_store(postgres_server.url(name))
    yield Demo(opened, demonstration.BOOK, logins)
    opened.engine.dispose()
    postgres.drop_database(postgres_server, postgres_server.url(name))


@pytest.fixture(params=["sqlite", "postgresql"])
def demo(request: pytest.FixtureRequest) -> Demo:
    """The test's own copy of the demonstration, on both databases."""
    made: Demo = request.getfixturevalue(f"demo_{request.param}")
    return made
