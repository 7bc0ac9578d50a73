"""Who may come in: every page says what it needs, and one that says nothing is shut.

`@needs("action")` on a book's page checks the person's seat before the handler
runs; the handler asks again with `current_actor`, inside its own transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Response, abort, current_app, g, redirect, request, session, url_for
from flask_login import LoginManager, UserMixin, current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from ledger.book import books, keys, people, roster
from ledger.book.duties import Actor, require
from ledger.errors import Forbidden
from ledger.web.desk import now, store
from ledger.words import N_

PUBLIC = ("static", "auth.login", "auth.language")
"""Pages that need no sign-in. `@public` is not enough: the name must stand here as well."""

SIGNED_IN = "signed-in"
"""Need of a page that belongs to no book: any person who has signed in."""

SAFE = ("GET", "HEAD", "OPTIONS")
WHILE_MUST_CHANGE = ("auth.me", "auth.password", "auth.logout", "auth.language", "static")
"""What a person with a one-time password may open before choosing an own one."""

CROSS_SITE = N_("这个请求来自别的网站，没有执行。")

View = TypeVar("View", bound=Callable[..., Any])


class SignedIn(UserMixin):  # type: ignore[misc]  # flask_login has no types
    """The person who signed in, as Flask-Login wants it."""

    def __init__(self, person: people.Person) -> None:
        self.id = person.person
        self.person = person


def needs(*actions: str) -> Callable[[View], View]:
    """Say which action a page of a book needs; of several, one is enough. No book: `needs(SIGNED_IN)`."""

    def mark(view: View) -> View:
        view.sunbook_needs = actions  # type: ignore[attr-defined]  # a mark on the function
        return view

    return mark


def current_person() -> people.Person:
    """Return who has signed in; 401 if nobody."""
    person: people.Person | None = g.get("person")
    if person is None:
        abort(401)
    return person


def current_actor(reading: Session, book: str) -> Actor:
    """Return the seat of the person who asks; NotFound if there is none in this book."""
    return roster.actor(reading, book, current_person().person)


def allow(reading: Session, actor: Actor, actions: tuple[str, ...]) -> None:
    """Raise NotYourDuty unless the actor may do one of the actions; a substitute may sign."""
    if any(actor.may(action) for action in actions):
        return
    if "sign" in actions and keys.may_sign(reading, actor, now()):
        return
    require(actor, actions[0])


def setup(app: Flask) -> None:
    """Put the guard before every request."""
    manager = LoginManager()
    manager.session_protection = None  # the token itself is the protection, see sessions
    manager.init_app(app, add_context_processor=False)  # it would ask the database on error pages
    manager.user_loader(_load_person)
    app.before_request(_guard)


def _load_person(person_id: str) -> SignedIn | None:
    """Return the person of a session, unless the login was switched off."""
    with store().reading() as reading:
        person = people.find(reading, person_id)
    return SignedIn(person) if person is not None and not person.disabled else None


def _guard() -> AnyResponse | None:
    """Let a request through only where its page's need is met."""
    if request.endpoint == "static":
        return None
    if request.method not in SAFE and request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site"):
        raise Forbidden(CROSS_SITE)
    _recognise()
    if request.endpoint is None or request.endpoint in PUBLIC:
        return None  # where there is no such page, Flask says so
    actions: tuple[str, ...] = getattr(current_app.view_functions[request.endpoint], "sunbook_needs", ())
    if not actions:
        abort(403)
    if g.person is None:
        return _to_login()
    if g.person.must_change and request.endpoint not in WHILE_MUST_CHANGE:
        return redirect(url_for("auth.me"))
    if actions != (SIGNED_IN,):
        _enter(actions)
    return None


def _recognise() -> None:
    """Set `g.person`; a session whose person is gone or switched off ends."""
    g.person = current_user.person if current_user.is_authenticated else None
    if g.person is None and session.get("_user_id"):
        session.clear()


def _enter(actions: tuple[str, ...]) -> None:
    """Set `g.actor` and `g.book`, or refuse. A page of a book without a book in its address is shut."""
    book = (request.view_args or {}).get("book")
    if not book:
        abort(403)
    with store().reading() as reading:
        actor = current_actor(reading, book)
        allow(reading, actor, actions)
        show_book(reading, actor)


def show_book(reading: Session, actor: Actor) -> None:
    """Let the page show this book's name and side bar."""
    g.actor, g.book = actor, books.get(reading, actor.book)
    g.signs = keys.may_sign(reading, actor, now())


def _to_login() -> Response | AnyResponse:
    """Send a visitor to the sign-in page, and back to where he was going afterwards."""
    if request.method in SAFE and request.path != "/":
        return redirect(url_for("auth.login", next=request.full_path.rstrip("?")))
    return redirect(url_for("auth.login"))
