"""A desk for tests of the pages: the application over a copy of the demonstration, and people signed in."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from config import Config
from ledger import demo
from ledger.book import drafts
from ledger.months import CHINA
from ledger.store import engine, tables_desk
from ledger.store import tables as t
from ledger.store.append_only import table_of
from ledger.web import create_app
from tests.books import check_everything
from tests.conftest import Demo
from tests.desk import COMPILED, config_for

NIGHT = datetime(2026, 4, 2, 22, 30, tzinfo=CHINA)
"""When the tests happen: the demonstration's last record is of 1 April 2026."""

FILES = Path(demo.__file__).parent / "files"
SCREENSHOT = (FILES / "screen-0001.png").read_bytes()
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass
class Person:
    """Somebody at a browser: pages are asked for and forms sent as the browser would."""

    client: FlaskClient
    token: str
    book: str = "/demo"

    def get(self, path: str) -> TestResponse:
        return self.client.get(self.book + path)

    def post(self, path: str, **fields: object) -> TestResponse:
        """Send a form; a file is (bytes, name), several are a list."""
        data = {name: _part(value) for name, value in fields.items()} | {"csrf_token": self.token}
        return self.client.post(self.book + path, data=data, content_type="multipart/form-data")

    def sees(self, response: TestResponse, *words: str, status: int = 200) -> str:
        """Check the status, follow a redirect, and check that the page says these words."""
        if response.status_code == 302:
            response = self.client.get(response.headers["Location"])
        page = response.get_data(as_text=True)
        assert response.status_code == status, f"{response.status_code} {said(page)}"
        for one in words:
            assert one in page, f"{one!r} is not on the page, which says {said(page)}"
        return page


@dataclass
class Desk:
    """The application over a copy of the demonstration; `at` is its clock."""

    store: engine.Store
    logins: dict[str, demo.Login]
    config: Config
    at: datetime = NIGHT

    def __post_init__(self) -> None:
        self.app = create_app(self.config, self.store, clock=lambda: self.at)
        self.app.jinja_env.bytecode_cache = COMPILED

    def sign_in(self, login: str) -> Person:
        client = self.app.test_client()
        token = find_token(client.get("/login").get_data(as_text=True))
        password = self.logins[login].password
        answer = client.post("/login", data={"login": login, "password": password, "csrf_token": token})
        assert answer.status_code == 302
        return Person(client, find_token(client.get("/me").get_data(as_text=True)))

    def count(self) -> dict[str, int]:
        """Return how many rows each table of facts and of drafts holds."""
        names = (t.RecordRow, t.PrivateValue, t.BlobChunk, t.SourceRow, tables_desk.Draft)
        with self.store.reading() as reading:
            tables = [table_of(name) for name in names]
            return {one.name: reading.scalar(select(func.count()).select_from(one)) or 0 for one in tables}

    @contextmanager
    def nothing_stored(self) -> Iterator[None]:
        before = self.count()
        yield
        assert self.count() == before

    def post_the_only_draft(self, poster: Person) -> TestResponse:
        """Let somebody post the one draft that waits, as its page shows it."""
        with self.store.reading() as reading:
            (draft,) = drafts.waiting(reading, "demo")
        page = poster.get(f"/drafts/{draft.draft}").get_data(as_text=True)
        found = re.search(r'name="digest" value="([0-9a-f]{64})"', page)
        assert found, said(page)
        return poster.post(f"/drafts/{draft.draft}/post", digest=found[1])

    def check_everything(self) -> None:
        """Verify the whole book: what the pages wrote is as sound as what was there."""
        check_everything(self.store)


def find_token(page: str) -> str:
    found = TOKEN.search(page)
    assert found, "no form on the page"
    return found[1]


def said(page: str) -> str:
    """Return what a page says, for a message: its main part without marks."""
    main = page.partition("<main")[2] or page
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())[:400]


def _part(value: object) -> object:
    if isinstance(value, list):
        return [_part(one) for one in value]
    return (io.BytesIO(value[0]), value[1]) if isinstance(value, tuple) else value


@pytest.fixture
def desk(demo_sqlite: Demo, tmp_path: Path) -> Desk:
    """The application over the test's own copy of the demonstration."""
    return Desk(demo_sqlite.store, demo_sqlite.logins, config_for(tmp_path))


@pytest.fixture
def person(desk: Desk) -> Callable[[str], Person]:
    """Sign somebody in by login name."""
    return desk.sign_in
