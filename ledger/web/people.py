"""The roster: who fills which seat, whose keys count, who stands in for whom; and the logins."""

from __future__ import annotations

import logging
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from ledger.book import evidence, keys, people, roster
from ledger.book.duties import ROLES
from ledger.errors import Invalid
from ledger.proof.signature import Work
from ledger.web import sessions
from ledger.web.access import current_actor, needs
from ledger.web.desk import desk, now, store
from ledger.web.language import gettext
from ledger.words import N_

blueprint = Blueprint("people", __name__, url_prefix="/<book>/people")
SECURITY = logging.getLogger("sunbook.security")


@blueprint.get("/")
@needs("view", "roles", "keys", "accounts", "audit")
def roster_page(book: str) -> str:
    """Show the smallest lawful roster, the members, the keys and the substitutes."""
    with store().reading() as reading:
        actor = current_actor(reading, book)
        members = roster.members(reading, book)
        shown = {
            "seats": roster.roster(reading, book),
            "members": [member for member in members if not member.ended],
            "former": [member for member in members if member.ended],
            "names": roster.names(reading, book),
            "parties": roster.parties(reading, book),
            "keys": keys.keys(reading, book),
            "requests": keys.requests(reading, book) if actor.may("keys") else [],
            "substitutes": roster.substitutes(reading, book),
            "signers": [m for m in members if not m.ended and "sign" in ROLES[m.role].actions],
            "viewers": [m for m in members if not m.ended and m.role == "viewer"],
            "newcomers": _without_seat(reading, book) if actor.may("roles") else [],
        }
    return render_template("people/roster.html", **shown, roles=ROLES, today=now().date().isoformat())


@blueprint.post("/members")
@needs("roles")
def join(book: str) -> Response:
    """Give a person a seat."""
    party, _, role = request.form.get("seat", "").partition("/")
    with store().transaction(book) as writing:
        actor = current_actor(writing, book)
        person = people.find(writing, request.form.get("person", ""))
        if person is None:
            raise Invalid(N_("请选择人员。没有登录账户的人，先由系统管理员建立账户。"))
        roster.join(
            writing,
            actor,
            person=person.person,
            name=person.name,
            party=party,
            role=role,
            post=request.form.get("post", "").strip()[:60],
            at=now(),
        )
    flash(gettext(N_("岗位已安排，并记入账本。")))
    return _back(book)


@blueprint.post("/members/<int(max=999999999):member>/end")
@needs("roles")
def leave(book: str, member: int) -> Response:
    """End a person's seat, with a reason."""
    reason = _reason()
    with store().transaction(book) as writing:
        roster.leave(writing, current_actor(writing, book), member, reason=reason, at=now())
    flash(gettext(N_("岗位已结束，并记入账本。此前的签认和凭证仍然有效。")))
    return _back(book)


@blueprint.post("/keys/<key>/confirm")
@needs("keys")
def confirm_key(book: str, key: str) -> Response:
    """Confirm a key that its owner made."""
    with store().transaction(book) as writing:
        keys.confirm(writing, current_actor(writing, book), key, at=now())
    flash(gettext(N_("签名密钥已确认，并记入账本。")))
    return _back(book)


@blueprint.post("/keys/<key>/end")
@needs("keys")
def end_key(book: str, key: str) -> Response:
    """End a key that was lost."""
    reason = _reason()
    with store().transaction(book) as writing:
        keys.end(writing, current_actor(writing, book), key, reason=reason, at=now())
    flash(gettext(N_("签名密钥已停用，并记入账本。此前的签名仍然有效。")))
    return _back(book)


@blueprint.post("/substitutes")
@needs("roles")
def substitute(book: str) -> Response:
    """Record a 授权委托书 with its scan."""
    scan = request.files.get("scan")
    data = scan.read() if scan else b""
    first, last = _day("first_day"), _day("last_day")
    with store().transaction(book) as writing:
        actor = current_actor(writing, book)
        roster.authorise_substitute(
            writing,
            actor,
            absent=request.form.get("absent", ""),
            person=request.form.get("person", ""),
            first_day=first,
            last_day=last,
            attachments=[evidence.keep(writing, book, data, scan.filename or "")] if scan and data else [],
            at=now(),
        )
    flash(gettext(N_("授权委托书已登记，并记入账本。")))
    return _back(book)


@blueprint.get("/logins/")
@needs("accounts")
def logins(book: str) -> str:
    """Show the logins of this book's persons and of those without any seat."""
    with store().reading() as reading:
        found = _of_this_book(reading, book)
        members = {member.person: member for member in roster.members(reading, book) if not member.ended}
    return render_template("people/logins.html", people=found, members=members)


@blueprint.post("/logins/")
@needs("accounts")
def create(book: str) -> str:
    """Add a login; its one-time password is shown here and nowhere again."""
    password = people.one_time_password()
    with store().transaction(book) as writing:
        actor = current_actor(writing, book)
        person = people.create(
            writing,
            login=request.form.get("login", ""),
            name=request.form.get("name", ""),
            password=password,
            must_change=True,
            work=_work(),
        )
    SECURITY.info("login created person=%s by=%s", person.person, actor.person)
    return render_template("people/once.html", one=person, password=password)


@blueprint.post("/logins/<person>/reset")
@needs("accounts")
def reset(book: str, person: str) -> str:
    """Give a person a one-time password and end all sessions of the old one."""
    with store().transaction(book) as writing:
        actor = current_actor(writing, book)
        password = people.reset_password(writing, actor, person, work=_work())
        found = people.find(writing, person)
    sessions.end_all(store(), person)
    SECURITY.warning("password reset person=%s by=%s", person, actor.person)
    return render_template("people/once.html", one=found, password=password)


@blueprint.post("/logins/<person>/<any(on, off):switch>")
@needs("accounts")
def switch(book: str, person: str, switch: str) -> Response:
    """Switch a login on or off."""
    with store().transaction(book) as writing:
        actor = current_actor(writing, book)
        people.set_disabled(writing, actor, person, disabled=switch == "off")
    sessions.end_all(store(), person)
    SECURITY.warning("login switched %s person=%s by=%s", switch, person, actor.person)
    flash(gettext(N_("登录账户已停用。") if switch == "off" else N_("登录账户已恢复。")))
    return redirect(url_for("people.logins", book=book))


def _of_this_book(reading: Session, book: str) -> list[people.Person]:
    """Return the persons with a seat in this book, and those with none anywhere."""
    return [
        person
        for person in people.everyone(reading)
        if book in (roster.books(reading, person.person) or [book])
    ]


def _without_seat(reading: Session, book: str) -> list[people.Person]:
    """Return who can be given a seat."""
    return [one for one in _of_this_book(reading, book) if not roster.books(reading, one.person)]


def _reason() -> str:
    reason = request.form.get("reason", "").strip()
    if not reason:
        raise Invalid(N_("请填写原因。"))
    return reason[:400]


def _day(name: str) -> date:
    try:
        return date.fromisoformat(request.form.get(name, ""))
    except ValueError:
        raise Invalid(N_("请填写日期，如 2026-03-01。")) from None


def _work() -> Work:
    return Work(*desk().config.password_work)


def _back(book: str) -> Response:
    return redirect(url_for("people.roster_page", book=book))
