"""Signing in and out, one's own page: password, language, signing key."""

from __future__ import annotations

import logging
import re
from typing import cast

from flask import (
    Blueprint,
    Response,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_login import login_user
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from ledger.book import keys, people, roster, throttle
from ledger.errors import Invalid, SunbookError
from ledger.proof.signature import Work
from ledger.store import tables_desk as d
from ledger.store.append_only import table_of
from ledger.web import sessions
from ledger.web.access import SIGNED_IN, SignedIn, current_actor, current_person, needs, show_book
from ledger.web.desk import desk, now, store
from ledger.web.language import gettext, language
from ledger.words import N_

blueprint = Blueprint("auth", __name__)
KEY = table_of(d.SealedKeyRow)
SECURITY = logging.getLogger("sunbook.security")
OWN_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]{0,500}", re.ASCII)
"""A path on this server: what may follow a sign-in. `//host` and `/\\host` would lead elsewhere."""


@blueprint.route("/login", methods=["GET", "POST"])
def login() -> Response | AnyResponse:
    """Show the sign-in page; let in whoever gives the right password."""
    if request.method == "GET":
        return redirect(url_for("home.start")) if g.person else make_response(_login_page())
    name = request.form.get("login", "").strip().lower()[:64]
    try:
        person = _check(name, request.form.get("password", ""))
    except throttle.TooMany as error:
        SECURITY.warning("sign-in throttled login=%r from=%r", name, _address())
        return make_response(_login_page(name, error), 429, {"Retry-After": str(error.seconds)})
    except people.WrongLogin as error:
        SECURITY.warning("sign-in failed login=%r from=%r", name, _address())
        return make_response(_login_page(name, error), 401)
    SECURITY.info("sign-in person=%s from=%r", person.person, _address())
    _open_session(person)
    return redirect(_own_path(request.form.get("next", "")))


@blueprint.post("/logout")
@needs(SIGNED_IN)
def logout() -> AnyResponse:
    """End the session on the server, and forget it in the browser."""
    sessions.renew(store(), _session())
    flash(gettext(N_("您已退出登录。")))
    return redirect(url_for("auth.login"))


@blueprint.post("/language/<any(zh, en):chosen>", endpoint="language")
def language_choice(chosen: str) -> AnyResponse:
    """Switch the language, for good where the person is known, and return to the page."""
    person = g.person
    if person is None:
        session["language"] = chosen
    else:
        with store().transaction() as writing:
            people.set_language(writing, person.person, chosen)
    return redirect(_own_path(request.form.get("next", "")))


@blueprint.get("/me")
@needs(SIGNED_IN)
def me() -> str:
    """Show one's own page."""
    person = current_person()
    with store().reading() as reading:
        seats = [current_actor(reading, book) for book in roster.books(reading, person.person)]
        if seats:
            show_book(reading, seats[0])
        names = {seat.book: roster.parties(reading, seat.book) for seat in seats}
        signing = [
            (seat, keys.active(reading, seat.book, person.person))
            for seat in seats
            if keys.may_sign(reading, seat, now())
        ]
        waiting = _requested(reading, person.person)
    return render_template(
        "auth/me.html",
        seats=seats,
        names=names,
        signing=signing,
        waiting=waiting,
        least=people.PASSWORD_MIN,
        least_signing=keys.PASSWORD_MIN,
    )


@blueprint.post("/me/password")
@needs(SIGNED_IN)
def password() -> AnyResponse:
    """Change one's own password; every other session of the person ends."""
    person = current_person()
    new = request.form.get("new", "")
    if new != request.form.get("again", ""):
        raise Invalid(N_("两次输入的新密码不一样，密码没有更改。"))
    with store().transaction() as writing:
        throttle.knock(writing, person.login, _address(), now())
    with store().transaction() as writing:
        people.change_password(writing, person.person, old=request.form.get("old", ""), new=new, work=_work())
        throttle.welcome(writing, person.login, _address(), now())
    SECURITY.info("password changed person=%s", person.person)
    sessions.end_all(store(), person.person)
    _open_session(person)
    flash(gettext(N_("密码已更改。您在其他地方的登录都已退出。")))
    return redirect(url_for("auth.me"))


@blueprint.post("/me/key")
@needs(SIGNED_IN)
def key() -> AnyResponse:
    """Make a signing key sealed by a signing password; the security administrator confirms it."""
    chosen = request.form.get("signing_password", "")
    if chosen != request.form.get("again", ""):
        raise Invalid(N_("两次输入的签名口令不一样，没有生成密钥。"))
    with store().transaction() as writing:
        actor = current_actor(writing, request.form.get("book", ""))
        keys.request(writing, actor, signing_password=chosen, at=now(), work=_work())
    flash(gettext(N_("签名密钥已生成，等安全管理员确认后即可签认。请记住签名口令，任何人都不能找回。")))
    return redirect(url_for("auth.me"))


def _requested(reading: Session, person: str) -> str | None:
    """Return the name of the person's key that waits for confirmation."""
    query = select(KEY.c.key_id).where(KEY.c.person == person, KEY.c.state == "requested")
    found: str | None = reading.connection().execute(query).scalar()
    return found


def _check(name: str, given: str) -> people.Person:
    """Return the person; raise TooMany or WrongLogin. No lock is held while the password is hashed."""
    moment = now()
    with store().transaction() as writing:
        throttle.knock(writing, name, _address(), moment)
    with store().reading() as reading:
        stored = people.credentials(reading, name)
    person = people.authenticate(stored, given, _work())
    with store().transaction() as writing:
        throttle.welcome(writing, name, _address(), moment)
        if session.get("language") and session["language"] != person.language:
            people.set_language(writing, person.person, session["language"])
    return person


def _open_session(person: people.Person) -> None:
    sessions.renew(store(), _session())
    login_user(SignedIn(person))


def _login_page(name: str = "", error: SunbookError | None = None) -> str:
    said = error.text(language()) if error else ""
    return render_template("auth/login.html", login=name, said=said, next=request.values.get("next", ""))


def _own_path(path: str) -> str:
    """Return `path` if it lies on this server, else the home page."""
    return path if OWN_PATH.fullmatch(path) else url_for("home.start")


def _address() -> str:
    return request.remote_addr or ""


def _work() -> Work:
    return Work(*desk().config.password_work)


def _session() -> sessions.WebSession:
    return cast("sessions.WebSession", session._get_current_object())  # type: ignore[attr-defined]  # noqa: SLF001 - behind the proxy
