"""What templates may call: wording, figures and times as a person reads them."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from functools import cache
from pathlib import Path

from flask import Flask, current_app, g, url_for

from ledger.book.duties import ACTIONS, ROLES
from ledger.errors import Problem
from ledger.money import capital, yuan
from ledger.months import CHINA, Month
from ledger.web import navigation
from ledger.web.desk import desk
from ledger.web.language import gettext, language, ngettext
from ledger.words import Text

MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MINUS = "\u2212"


def setup(app: Flask) -> None:
    """Add the filters, the translations and the names that every page uses."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        yuan=money,
        capital=capital,
        china_time=china_time,
        day=day,
        month=month,
        digest8=digest8,
        wording=wording,
        problem=problem,
        role=role,
        action=action,
    )
    app.jinja_env.globals.update(asset=asset)
    app.context_processor(_every_page)


def _every_page() -> dict[str, object]:
    """Return what base.html shows; it asks no database, so that an error page can use it too."""
    person = g.get("person")
    actor = g.get("actor")
    return {
        "language": language(),
        "person": person,
        "actor": actor,
        "here": g.get("book"),
        "navigation": navigation.items(actor, signs=g.get("signs", False)) if actor is not None else (),
        "plain_http": not desk().config.https,
    }


def money(fen: int) -> str:
    """Return fen as yuan for a page, with a true minus sign: `−1,234.50`."""
    return yuan(fen).replace("-", MINUS)


def china_time(moment: datetime | str) -> str:
    """Return a moment, or its stamp, in China time to the minute: `2026-03-20 16:02`."""
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment)
    return moment.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")


def day(value: date | datetime | str) -> str:
    """Return a day in words: `2026年3月20日`, `20 Mar 2026`."""
    if isinstance(value, str):
        value = date.fromisoformat(value[:10])
    if language() == "en":
        return f"{value.day} {MONTHS_EN[value.month - 1]} {value.year}"
    return f"{value.year}年{value.month}月{value.day}日"


def month(value: Month | str) -> str:
    """Return a month in words: `2026年3月`, `Mar 2026`."""
    if isinstance(value, str):
        value = Month.parse(value)
    if language() == "en":
        return f"{MONTHS_EN[value.number - 1]} {value.year}"
    return f"{value.year}年{value.number}月"


def digest8(digest: str | bytes) -> str:
    """Return the first eight hex characters of a digest."""
    return (digest.hex() if isinstance(digest, bytes) else digest)[:8]


def wording(text: Text | str) -> str:
    """Return a name that brings its own translation, or a message, in the reader's language."""
    return text.in_(language()) if isinstance(text, Text) else gettext(text)


def problem(item: Problem) -> str:
    """Return the sentence of a problem in the reader's language."""
    return item.text(language())


def role(name: str) -> str:
    """Return a role as a person would call it."""
    return ROLES[name].name.in_(language()) if name in ROLES else name


def action(name: str) -> str:
    """Return an action as a person would call it."""
    return ACTIONS[name].in_(language()) if name in ACTIONS else name


def asset(name: str) -> str:
    """Return the address of a static file; it changes with the file, so no browser shows an old one."""
    return url_for("static", filename=name, v=_version(Path(str(current_app.static_folder)) / name))


@cache
def _version(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]
