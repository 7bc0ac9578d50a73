"""The monthly close: the checklist with links to what stands in the way, submitting, confirming."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from ledger.book import checklist, drafts, month_end, roster
from ledger.book.duties import ROLES
from ledger.errors import SunbookError
from ledger.months import Month
from ledger.web import forms
from ledger.web.access import current_actor, needs
from ledger.web.desk import now, store
from ledger.web.language import gettext
from ledger.words import N_

blueprint = Blueprint("close", __name__, url_prefix="/<book>/close")


@blueprint.get("/")
@needs("view")
def index(book: str) -> Response:
    """Show every month of the book and whether it is closed."""
    with store().reading() as reading:
        found = month_end.months(reading, book, Month.of(now()))
        names = roster.names(reading, book)
    return forms.answer("close/index.html", book=book, months=found, names=names)


@blueprint.get("/<month>")
@needs("view")
def show(book: str, month: str) -> Response:
    """Show a month's checklist, closing vouchers and position after close."""
    return _page(book, Month.parse(month))


@blueprint.post("/<month>/submit")
@needs("close")
def submit(book: str, month: str) -> Response | AnyResponse:
    """Submit the month: the checker confirms it."""
    period = Month.parse(month)
    try:
        notes = {
            code: forms.text(request.form, f"note-{code}", checklist.NAMES[code], most=forms.LONG)
            for code in checklist.SOFT
            if request.form.get(f"note-{code}", "").strip()
        }
        with store().transaction(book) as session:
            month_end.submit(session, current_actor(session, book), period, notes=notes, at=now())
    except forms.REFUSED as error:
        return _page(book, period, error)
    flash(gettext(N_("月结已提交，请审核人员核对后确认。")))
    return redirect(url_for("close.show", book=book, month=month))


@blueprint.post("/<month>/confirm")
@needs("post")
def confirm(book: str, month: str) -> Response | AnyResponse:
    """Confirm a close exactly as the page showed it; afterwards nothing enters the month."""
    period = Month.parse(month)
    try:
        with store().transaction(book) as session:
            actor = current_actor(session, book)
            drafts.post(
                session,
                actor,
                request.form.get("draft", ""),
                seen=request.form.get("digest", ""),
                at=now(),
            )
    except forms.REFUSED as error:
        return _page(book, period, error)
    flash(gettext(N_("本月已月结：凭证不再增加，更正请在以后的月份用红字凭证。")))
    return redirect(url_for("close.show", book=book, month=month))


@blueprint.post("/<month>/return")
@needs("post", "close")
def send_back(book: str, month: str) -> Response | AnyResponse:
    """Send a submitted close back with a note."""
    period = Month.parse(month)
    try:
        note = forms.text(request.form, "note", N_("退回原因"), most=forms.LONG)
        with store().transaction(book) as session:
            drafts.drop(session, current_actor(session, book), request.form.get("draft", ""), note=note)
    except forms.REFUSED as error:
        return _page(book, period, error)
    flash(gettext(N_("月结草稿已退回，本月仍可记账。")))
    return redirect(url_for("close.show", book=book, month=month))


def _page(book: str, period: Month, error: SunbookError | None = None) -> Response:
    with store().reading() as reading:
        actor = current_actor(reading, book)
        desk = month_end.desk(reading, book, period)
        names = roster.names(reading, book)
    due = checklist.due(desk.items)
    off = ""
    if not actor.may("close"):
        off = gettext(N_("由会计提交月结；您的角色是{role}。")).format(role=ROLES[actor.role].name)
    elif desk.turn != period:
        off = gettext(N_("月份按顺序结账，现在应结 {month}。")).format(month=desk.turn or "")
    elif now().date() <= period.last_day:
        off = gettext(N_("本月还没有结束。"))
    elif due:
        off = gettext(N_("还有 {count} 项没有完成。")).format(count=len(due))
    confirm_off = ""
    if desk.draft is not None and not actor.may("post"):
        confirm_off = gettext(N_("由审核人员确认。"))
    elif desk.draft is not None and desk.draft.drafter == actor.person:
        confirm_off = gettext(N_("月结由另一人确认，提交人不能自己确认。"))
    return forms.answer(
        "close/show.html",
        error,
        book=book,
        month=period,
        desk=desk,
        names=names,
        off=off,
        confirm_off=confirm_off,
        done=sum(item.done for item in desk.items),
    )
