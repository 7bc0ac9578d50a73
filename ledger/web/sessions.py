"""Sessions kept by the server: the browser holds a random token, the table its hash.

A session that was ended cannot be used again, whoever copied its cookie, and a
request still under way cannot bring it back. Before sign-in nothing is stored:
the little that a visitor needs (a form token, a language) is in a signed cookie.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from typing import Any

from flask import Flask, Request, Response
from flask.sessions import SessionInterface, SessionMixin
from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy import delete, insert, or_, select, update
from werkzeug.datastructures import CallbackDict

from config import Config
from ledger.store import tables_desk as d
from ledger.store.append_only import table_of
from ledger.store.engine import Store
from ledger.web.desk import desk, now

TOKEN = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
OF_VISITORS = ("csrf_token", "language", "_flashes")
"""What a visitor's cookie may say; who has signed in stands in the table only."""
SEEN_EVERY_S = 60
"""How stale the time of the last click may get before it is written again."""
SESSION = table_of(d.WebSession)


class WebSession(CallbackDict[str, Any], SessionMixin):
    """What is known of a browser. `token` is None until somebody signs in."""

    modified = False

    def __init__(
        self, data: dict[str, Any] | None = None, token: str | None = None, seen_at: int = 0
    ) -> None:
        def touched(changed: CallbackDict[str, Any]) -> None:
            changed.modified = True  # type: ignore[attr-defined]  # it is this class

        super().__init__(data or {}, touched)
        self.token = token
        self.seen_at = seen_at
        self.had_cookie = data is not None
        self.modified = False


class Sessions(SessionInterface):
    """Opens and saves sessions for Flask."""

    def __init__(self, config: Config) -> None:
        self.cookie = "__Host-sunbook" if config.https else "sunbook"
        self.https = config.https
        self.absolute_s = config.session_absolute_s
        self.signer = URLSafeTimedSerializer(config.secret_key, salt="sunbook/visitor/v1")

    def open_session(self, app: Flask, request: Request) -> WebSession:  # noqa: ARG002 - Flask's signature
        """Return the session of the browser that asks; an unknown or expired one is new and empty."""
        given = request.cookies.get(self.cookie, "")
        if TOKEN.fullmatch(given):
            return _load(desk().store, given, int(now().timestamp()), desk().config) or WebSession()
        try:
            data = self.signer.loads(given, max_age=self.absolute_s)
        except BadData:
            return WebSession()
        return WebSession({name: data[name] for name in OF_VISITORS if name in data})

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:  # noqa: ARG002
        """Store what changed; one that was ended meanwhile stays ended."""
        if not isinstance(session, WebSession):
            return
        if session.get("_user_id"):
            moment = int(now().timestamp())
            if session.token is None:
                session.token = _start(desk().store, session, moment)
                self._set(response, session.token)
            elif not _keep(desk().store, session, moment):
                self._drop(response)
        elif session.token is not None:
            end(desk().store, session)
            self._drop(response)
        elif session.modified and session:
            self._set(response, str(self.signer.dumps(dict(session))))
        elif session.modified and session.had_cookie:
            self._drop(response)

    def _set(self, response: Response, value: str) -> None:
        """Send the cookie; it ends with the browser, and for the server with the session's own limits."""
        response.set_cookie(self.cookie, value, secure=self.https, httponly=True, samesite="Lax", path="/")

    def _drop(self, response: Response) -> None:
        response.delete_cookie(self.cookie, secure=self.https, httponly=True, samesite="Lax", path="/")


def setup(app: Flask, config: Config) -> None:
    """Let the application keep its sessions here."""
    app.session_interface = Sessions(config)


def token_hash(token: str) -> str:
    """Return what is stored of a token; who reads the table cannot use a session."""
    return hashlib.sha256(token.encode()).hexdigest()


def renew(store: Store, session: WebSession) -> None:
    """Forget all and take a new token with the next save: one known before sign-in is worth nothing after."""
    end(store, session)
    session.clear()


def end(store: Store, session: WebSession) -> None:
    """Delete the session now, before the answer is sent."""
    if session.token is not None:
        with store.transaction() as writing:
            writing.connection().execute(
                delete(SESSION).where(SESSION.c.token_hash == token_hash(session.token))
            )
        session.token = None


def end_all(store: Store, person: str) -> None:
    """Delete every session of a person: after a new password the old ones are worth nothing."""
    with store.transaction() as writing:
        writing.connection().execute(delete(SESSION).where(SESSION.c.person == person))


def _load(store: Store, token: str, moment: int, config: Config) -> WebSession | None:
    """Return the stored session unless it is too old."""
    with store.reading() as reading:
        row = (
            reading.connection()
            .execute(select(SESSION).where(SESSION.c.token_hash == token_hash(token)))
            .first()
        )
    if (
        row is None
        or moment - row.seen_at >= config.session_idle_s
        or moment - row.made_at >= config.session_absolute_s
    ):
        return None
    return WebSession(json.loads(row.data), token, row.seen_at)


def _start(store: Store, session: WebSession, moment: int) -> str:
    """Store a new session under a new token; sweep out the expired ones. Return the token."""
    token = secrets.token_urlsafe(32)
    config = desk().config
    row = {
        "token_hash": token_hash(token),
        "person": session["_user_id"],
        "data": json.dumps(dict(session)),
        "made_at": moment,
        "seen_at": moment,
    }
    too_old = or_(
        SESSION.c.seen_at <= moment - config.session_idle_s,
        SESSION.c.made_at <= moment - config.session_absolute_s,
    )
    with store.transaction() as writing:
        writing.connection().execute(delete(SESSION).where(too_old))
        writing.connection().execute(insert(SESSION), row)
    return token


def _keep(store: Store, session: WebSession, moment: int) -> bool:
    """Write what changed, or that somebody clicked; return False if the session was ended meanwhile."""
    if not session.modified and moment - session.seen_at < SEEN_EVERY_S:
        return True
    change = update(SESSION).where(SESSION.c.token_hash == token_hash(session.token or ""))
    with store.transaction() as writing:
        done = writing.connection().execute(change.values(data=json.dumps(dict(session)), seen_at=moment))
    return done.rowcount > 0
