"""A small book with every role filled, and the application over it, for the tests of the web."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.test import TestResponse

from config import Config
from ledger.book import books, people, roster
from ledger.book.duties import ROSTER, Actor
from ledger.months import CHINA
from ledger.proof.signature import Work
from ledger.store.engine import Store, open_store
from ledger.store.schema import migrate
from ledger.web import create_app
from ledger.words import Text

CHEAP = Work(1, 8, 1)
"""Hashing that costs nothing: the tests are about what happens, not about how long it takes."""

AT = datetime(2026, 3, 31, 18, 0, tzinfo=CHINA)
PASSWORD = "sunny-ledger-1"
NAMES = {"recorder": "张某某", "checker": "李某", "accountant": "王某", "cashier": "赵某"}


def login_of(party: str, role: str) -> str:
    """The login of a seat: `recorder`, `redcross-signer`, `sysadmin`."""
    return f"{party}-{role}" if party in ("redcross", "charity") else role


LOGINS = {login_of(party, role): (party, role) for party, role in ROSTER} | {
    "redcross-viewer": ("redcross", "viewer")
}
"""Every login and its seat."""


@dataclass
class Clock:
    """A clock that the test moves."""

    moment: datetime = AT
    readings: int = field(default=0)

    def __call__(self) -> datetime:
        self.readings += 1
        return self.moment

    def forward(self, **by: float) -> None:
        self.moment += timedelta(**by)


class Compiled(BytecodeCache):
    """Templates compiled once for all applications that the tests make."""

    def __init__(self) -> None:
        self.by_key: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.by_key:
            bucket.bytecode_from_string(self.by_key[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.by_key[bucket.key] = bucket.bytecode_to_string()


COMPILED = Compiled()


def fill(store: Store) -> None:
    """Make the tables, open the books `demo` and `other`, and seat somebody everywhere."""
    migrate(store)
    with store.transaction("demo") as session:
        for code in ("demo", "other"):
            books.open_book(
                session,
                code,
                name=Text("示例县公益直播专账", "Example ledger"),
                county=Text("示例县", "Example"),
                at=AT,
            )
        for login, (party, role) in LOGINS.items():
            one = people.create(
                session, login=login, name=NAMES.get(login, "张某某"), password=PASSWORD, work=CHEAP
            )
            roster.seat(
                session,
                "demo",
                person=one.person,
                name=one.name,
                party=party,
                role=role,
                post="",
                by="system",
                at=AT,
            )
        people.create(session, login="newcomer", name="周某", password=PASSWORD, work=CHEAP)
        stranger = people.create(session, login="stranger", name="吴某", password=PASSWORD, work=CHEAP)
        roster.seat(
            session,
            "other",
            person=stranger.person,
            name="吴某",
            party="operator",
            role="recorder",
            post="",
            by="system",
            at=AT,
        )


def template_in(folder: Path) -> Path:
    """Fill a database in `folder` and return its file, to be copied for each test."""
    file = folder / "sunbook.db"
    store = open_store(f"sqlite:///{file}")
    fill(store)
    store.engine.dispose()
    return file


def copy_of(template: Path, folder: Path) -> Store:
    """Return a store over a copy of a filled database."""
    return open_store(f"sqlite:///{shutil.copy(template, folder / 'sunbook.db')}")


def config_for(folder: Path, **changes: object) -> Config:
    """Return settings for a test, with passwords that cost nothing to hash."""
    settings: dict[str, object] = {
        "data_dir": folder,
        "database_url": f"sqlite:///{folder / 'sunbook.db'}",
        "migrate_url": f"sqlite:///{folder / 'sunbook.db'}",
        "secret_key": "only for tests, " * 3,
        "password_work": (CHEAP.passes, CHEAP.memory_kib, CHEAP.lanes),
    }
    return Config(**(settings | changes))  # type: ignore[arg-type]  # a mapping of mixed values


def app_over(store: Store, config: Config, clock: Clock) -> Flask:
    """Return the application; an error inside it becomes a page, as in real life."""
    app = create_app(config, store, clock=clock)
    app.jinja_env.bytecode_cache = COMPILED
    return app


def actor_of(store: Store, login: str, book: str = "demo") -> Actor:
    """Return the seat of a login."""
    with store.reading() as session:
        person = people.by_login(session, login)
        assert person is not None
        return roster.actor(session, book, person.person)


def token(page: TestResponse) -> str:
    """Return the form token of a page."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert found, page.text
    return found[1]


def sign_in(client: FlaskClient, login: str, password: str = PASSWORD, **more: str) -> TestResponse:
    """Sign in through the page."""
    form = {"csrf_token": token(client.get("/login")), "login": login, "password": password, **more}
    return client.post("/login", data=form)


def post(
    client: FlaskClient, path: str, data: Mapping[str, object] | None = None, page: str = "/me"
) -> TestResponse:
    """Send a form with the token of `page`."""
    return client.post(path, data={"csrf_token": token(client.get(page)), **(data or {})})
