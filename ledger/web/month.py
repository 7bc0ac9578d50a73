"""The month at a glance: figures, flow, broadcasts, sign-offs, exceptions, checks, and what to do next."""

from __future__ import annotations

from flask import Blueprint, render_template
from sqlalchemy.orm import Session

from ledger.book import browse, drafts, entries, opening, tasks
from ledger.book import statement as statements
from ledger.book.duties import Actor
from ledger.errors import NotFound
from ledger.months import Month
from ledger.statement import MonthlyStatement
from ledger.web import strips
from ledger.web.access import current_actor, needs
from ledger.web.desk import desk, now, store
from ledger.web.language import language
from ledger.words import N_
from reports import chart
from reports.wording import Wording

blueprint = Blueprint("month", __name__, url_prefix="/<book>")


@blueprint.get("/")
@needs("view", "accounts", "roles", "keys", "audit")
def newest(book: str) -> str:
    """Show the newest month that has entries; to administrators, that this book's business is not theirs."""
    with store().reading() as reading:
        actor = current_actor(reading, book)
        todo = tasks.tasks(reading, actor, at=now())
        months = entries.months(reading, book) if actor.may("view") else []
        statement = _statement(reading, actor, months[0]) if months else None
        indexes = browse.index_of(reading, book, str(months[0])) if months else {}
        begun = opening.exists(reading, book)
        waiting = len(drafts.waiting(reading, book))
    if not actor.may("view"):
        return render_template("month/administrator.html", todo=todo)
    if statement is None:
        return render_template("month/empty.html", todo=todo, begun=begun, waiting=waiting)
    return _page(statement, actor, todo, months, indexes)


@blueprint.get("/month/<month>/")
@needs("view")
def show(book: str, month: str) -> str:
    """Show one month."""
    wanted = Month.parse(month)
    with store().reading() as reading:
        actor = current_actor(reading, book)
        months = known(reading, book, wanted)
        todo = tasks.tasks(reading, actor, at=now())
        statement = _statement(reading, actor, wanted)
        indexes = browse.index_of(reading, book, month)
    return _page(statement, actor, todo, months, indexes)


def known(reading: Session, book: str, month: Month) -> list[Month]:
    """Return the months with entries, newest first; raise NotFound if `month` is none of them."""
    months = entries.months(reading, book)
    if month not in months:
        raise NotFound(N_("{month} 没有账目。"), month=str(month))
    return months


def _statement(reading: Session, actor: Actor, month: Month) -> MonthlyStatement:
    return statements.monthly(reading, actor.book, month, public_url=desk().config.public_url)


def _page(
    statement: MonthlyStatement,
    actor: Actor,
    todo: list[tasks.Task],
    months: list[Month],
    indexes: dict[str, int],
) -> str:
    """Return the page of a month, made from the same value as its report."""
    place = months.index(statement.month)
    return render_template(
        "month/show.html",
        one=statement,
        fund=strips.fund(statement, language()),
        tips=strips.strips(chart.bars(statement.tips, Wording(language()))),
        todo=todo,
        indexes=indexes,
        shows={line.number for line in statement.broadcasts},
        earlier=months[place + 1] if place + 1 < len(months) else None,
        later=months[place - 1] if place else None,
        may_download=actor.may("download"),
        open_findings=[item for item in statement.findings if not item.outcome],
    )
