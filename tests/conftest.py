"""Fixtures for every test: first the machines (databases, browser), then the books."""

from __future__ import annotations

import contextlib
import functools
import itertools
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy.engine import make_url

from ledger import demo as demonstration
from ledger.book import people
from ledger.demo import cast
from ledger.proof.signature import Work, seal_new_key
from ledger.store import schema
from ledger.store.engine import Store, open_store
from tests import books, full_book, postgres
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


@dataclass(frozen=True)
class Demo:
    """The demonstration's store, its book's code, and its logins by user."""

    store: Store
    book: str
    logins: dict[str, demonstration.Login]


def build_demo(store: Store) -> dict[str, demonstration.Login]:
    """Build the demonstration, with passwords that cost nothing."""
    with pytest.MonkeyPatch.context() as patch:
        cheap = functools.partial(Work, 1, 8, 1)
        patch.setattr(people, "Work", cheap)
        patch.setattr(
            cast.keys, "seal_new_key", lambda password, work: seal_new_key(password, work or cheap())
        )
        return {login.user: login for login in demonstration.build(store)}


BUILDERS: dict[str, Callable[[Store], Any]] = {
    "empty": lambda _: None,
    "office": books.build,
    "full": full_book.build,
    "demo": build_demo,
}
"""What a test may start from, each built once per process and database."""


class Originals:
    """Databases that were built once; a test works on its own copy."""

    def __init__(self, request: pytest.FixtureRequest, folder: Path) -> None:
        self._request, self._folder = request, folder
        self._made: dict[tuple[str, str], tuple[str, Any]] = {}
        self._numbers = itertools.count(1)

    def original(self, what: str, dialect: str) -> tuple[str, Any]:
        """Build one of BUILDERS unless it is there; return its address and what its builder gave back."""
        if (what, dialect) not in self._made:
            url = f"sqlite:///{self._folder / what}.db"
            if dialect == "postgresql":
                url = postgres.new_database(self._request.getfixturevalue("postgres_server"))
            opened = open_store(url)
            schema.migrate(opened)
            made = BUILDERS[what](opened)
            if dialect == "sqlite":
                with opened.engine.connect() as connection:
                    connection.exec_driver_sql("ROLLBACK")
                    connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            opened.engine.dispose()
            self._made[what, dialect] = url, made
        return self._made[what, dialect]

    @contextlib.contextmanager
    def copy(self, what: str, dialect: str, folder: Path) -> Iterator[tuple[Store, Any]]:
        """Open a copy of an original, and remove it at the end."""
        original, made = self.original(what, dialect)
        name = f"copy_{next(self._numbers)}"
        if dialect == "sqlite":
            shutil.copyfile(make_url(original).database or "", folder / f"{name}.db")
            url = f"sqlite:///{folder / name}.db"
        else:
            server = self._request.getfixturevalue("postgres_server")
            server.run(f"CREATE DATABASE {name} TEMPLATE {make_url(original).database}")
            url = server.url(name)
        opened = open_store(url)
        try:
            yield opened, made
        finally:
            opened.engine.dispose()
            if dialect == "postgresql":
                postgres.drop_database(server, url)


@pytest.fixture(scope="session")
def originals(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Originals:
    """Everything that is built once and copied."""
    return Originals(request, tmp_path_factory.mktemp("originals"))


@pytest.fixture(params=["sqlite", "postgresql"])
def dialect(request: pytest.FixtureRequest) -> str:
    """Both databases, one after the other."""
    return str(request.param)


@pytest.fixture
def store(originals: Originals, dialect: str, tmp_path: Path) -> Iterator[Store]:
    """A migrated database without a book, once on SQLite and once on PostgreSQL."""
    with originals.copy("empty", dialect, tmp_path) as (opened, _):
        yield opened


@pytest.fixture
def sqlite_store(originals: Originals, tmp_path: Path) -> Iterator[Store]:
    """A migrated SQLite database without a book."""
    with originals.copy("empty", "sqlite", tmp_path) as (opened, _):
        yield opened


@pytest.fixture
def office(originals: Originals, dialect: str, tmp_path: Path) -> Iterator[Office]:
    """A book of 示例县 with everybody seated, its opening posted and two live accounts; verified at the end."""
    with originals.copy("office", dialect, tmp_path) as (opened, made):
        yield Office(opened, made.book, dict(made.actors), made.now)
        books.check_everything(opened)


@pytest.fixture
def sqlite_office(originals: Originals, tmp_path: Path) -> Iterator[Office]:
    """The same on SQLite only, for rules in which the database has no part."""
    with originals.copy("office", "sqlite", tmp_path) as (opened, made):
        yield Office(opened, made.book, dict(made.actors), made.now)
        books.check_everything(opened)


@pytest.fixture(scope="session")
def demo_file(originals: Originals) -> tuple[Path, dict[str, demonstration.Login]]:
    """The demonstration as one SQLite file, built once, to be copied; and its logins."""
    url, logins = originals.original("demo", "sqlite")
    return Path(make_url(url).database or ""), logins


@pytest.fixture
def demo_sqlite(originals: Originals, tmp_path: Path) -> Iterator[Demo]:
    """The test's own copy of the demonstration on SQLite."""
    with originals.copy("demo", "sqlite", tmp_path) as (opened, logins):
        yield Demo(opened, demonstration.BOOK, logins)


@pytest.fixture
def demo(originals: Originals, dialect: str, tmp_path: Path) -> Iterator[Demo]:
    """The test's own copy of the demonstration, on both databases."""
    with originals.copy("demo", dialect, tmp_path) as (opened, logins):
        yield Demo(opened, demonstration.BOOK, logins)
