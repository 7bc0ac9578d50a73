"""Publication (信息公开): the duties of a month with their days, and the registering of what was published."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from ledger.book import disclosures, entries, roster
from ledger.book.disclosure_items import DUTIES
from ledger.errors import SunbookError
from ledger.months import Month
from ledger.web import forms
from ledger.web.access import current_actor, needs
from ledger.web.desk import now, store
from ledger.web.language import gettext
from ledger.words import N_

blueprint = Blueprint("disclosures", __name__, url_prefix="/<book>/disclosures")

STATES = {
    "done": (N_("已公开"), "good"),
    "late": (N_("已公开，逾期"), "wait"),
    "due": (N_("待公开"), "note"),
    "overdue": (N_("逾期未公开"), "bad"),
}
OFF = N_("您的角色不能登记信息公开；由制单、会计主管或慈善机构经办办理。")
WHAT = N_("公开事项")


@blueprint.get("/")
@needs("view")
def index(book: str) -> Response:
    """Show the duties that concern a month, as of today."""
    return _page(book, request.args.get("month", ""))


@blueprint.post("/")
@needs("disclose")
def register(book: str) -> Response | AnyResponse:
    """Register a publication, with its link or a picture of it."""
    form = request.form
    month = form.get("month", "")
    try:
        duty, _, subject = forms.text(form, "what", WHAT).partition("/")
        done_on = forms.day(form, "done_on", N_("公开日期"))
        link = forms.text(form, "link", N_("网址"), most=disclosures.LINK_MAX, required=False)
        shots = forms.uploads(request.files, "shots")
        with store().transaction(book) as session:
            actor = current_actor(session, book)
            disclosures.register(
                session,
                actor,
                duty=duty,
                subject=subject,
                done_on=done_on,
                link=link,
                attachments=forms.attach(session, actor, shots) if shots else [],
                at=now(),
            )
    except forms.REFUSED as error:
        return _page(book, month, error)
    flash(gettext(N_("信息公开已登记，并记入账本。")))
    return redirect(url_for("disclosures.index", book=book, month=month or None))


def _page(book: str, asked: str, error: SunbookError | None = None) -> Response:
    """Return the page of a month; after a refusal with what was typed."""
    today = now().date()
    current = Month.of(today)
    with store().reading() as reading:
        actor = current_actor(reading, book)
        known = entries.months(reading, book)
        month = Month.parse(asked) if asked and error is None else _month(asked, known, current)
        found = disclosures.standings(reading, book, month, today)
        made = disclosures.made(reading, book)
        names = roster.names(reading, book)
        day = disclosures.day_of_month(reading, book)
    open_ones = {
        f"{one.item.duty}/{one.item.subject}": (one.item, one.due) for one in found if one.done is None
    }
    return forms.answer(
        "disclosures/index.html",
        error,
        book=book,
        month=month,
        earlier=month.plus(-1) if known and month > known[-1] else None,
        later=month.plus(1) if month < current else None,
        found=found,
        made=made[::-1],
        names=names,
        duties=DUTIES,
        states=STATES,
        open_ones=open_ones,
        day=day,
        today=today,
        uncounted=sorted({one.item.arises.year for one in found if one.due is None}),
        what=WHAT,
        off="" if actor.may("disclose") else gettext(OFF),
    )


def _month(asked: str, known: list[Month], current: Month) -> Month:
    """Return the month that a form was on, else the newest with entries, else this one."""
    found = next((month for month in known if str(month) == asked), None)
    return found or (known[0] if known else current)
