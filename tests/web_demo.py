"""The demonstration book behind a test client: signing in, forms, a fresh copy for each test."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from config import Config
from ledger import demo
from ledger.months import CHINA
from ledger.store import schema
from ledger.store.engine import Store, open_store
from ledger.web import create_app
from ledger.web.desk import Desk as WebDesk

COOKIE = "sunbook"
NOW = datetime(2026, 4, 2, 9, 0, tzinfo=CHINA)
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass
class Built:
    """The demonstration, made once: folder, application, people, and the session of each."""

    folder: Path
    app: Flask
    logins: dict[str, demo.Login]
    sessions: dict[str, tuple[str, str]]


@dataclass
class Office:
    """One copy of the demonstration: its store, its application, its people."""

    store: Store
    app: Flask
    built: Built

    def desk(self, user: str) -> Desk:
        """Return the desk of a person who has signed in."""
        client = self.app.test_client()
        if user in self.built.sessions:
            cookie, form_token = self.built.sessions[user]
            client.set_cookie(COOKIE, cookie)
        else:
            form_token = sign_in(client, self.built.logins[user])
        return Desk(client, self.built.logins[user], form_token)

    def at(self, moment: datetime) -> None:
        """Let the application's clock show another moment; who works then signs in again."""
        self.app.extensions["sunbook"] = replace(self.app.extensions["sunbook"], clock=lambda: moment)
        self.built = replace(self.built, sessions={})


@dataclass
class Desk:
    """A person who has signed in."""

    client: FlaskClient
    login: demo.Login
    token: str

    def get(self, address: str) -> TestResponse:
        return self.client.get(address)

    def post(self, address: str, data: dict[str, Any], **more: Any) -> TestResponse:
        """Send a form, with this person's token."""
        return self.client.post(address, data={"csrf_token": self.token, **data}, **more)


@cache
def build(folder: Path) -> Built:
    """Make the demonstration, once for a folder, and sign everybody in, through the page."""
    folder.mkdir(exist_ok=True)
    url = f"sqlite:///{folder / 'demo.db'}"
    store = open_store(url)
    schema.migrate(store)
    logins = {item.user: item for item in demo.build(store)}
    app = create_app(config(folder, url), store, clock=lambda: NOW)
    sessions = {}
    for user, login in logins.items():
        client = app.test_client()
        form_token = sign_in(client, login)
        cookie = client.get_cookie(COOKIE)
        assert cookie
        sessions[user] = (cookie.value, form_token)
    with store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    store.engine.dispose()
    return Built(folder, app, logins, sessions)


def sign_in(client: FlaskClient, login: demo.Login) -> str:
    """Sign a person in through the page; return the token that his or her forms carry."""
    form = {"csrf_token": token(client.get("/login")), "login": login.user, "password": login.password}
    answer = client.post("/login", data=form)
    assert answer.status_code == 302, shown(answer)
    return token(client.get("/me"))


def copy(built: Built, folder: Path) -> Office:
    """Return the application over a fresh copy of the demonstration; its templates stay compiled."""
    shutil.copy(built.folder / "demo.db", folder / "demo.db")
    url = f"sqlite:///{folder / 'demo.db'}"
    store = open_store(url)
    built.app.extensions["sunbook"] = WebDesk(config(folder, url), store, lambda: NOW)
    return Office(store, built.app, replace(built, logins=dict(built.logins)))


def config(folder: Path, url: str) -> Config:
    """Return settings whose secret is the same for every copy, so that sessions go on."""
    return Config(folder, url, url, secret_key="t" * 48, password_work=(1, 8, 1))


def token(page: TestResponse) -> str:
    """Return the form token of a page."""
    found = TOKEN.search(page.text)
    assert found, shown(page)
    return found[1]


def shown(page: TestResponse) -> str:
    """Return a page's words without its marks, to look for sentences in."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text.split('<main id="main"')[-1])).split())
