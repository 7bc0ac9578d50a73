"""The streamer's hands: what he holds by parcel and age, what was handed over, and his declarations."""

from __future__ import annotations

import re
from datetime import date

from flask import Blueprint, Response, flash, make_response, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from ledger.book import accounts, books, handover, in_hands, roster
from ledger.book.duties import ROLES, Actor
from ledger.book.handover_figures import Figures, figures
from ledger.errors import SunbookError
from ledger.months import Month
from ledger.web import forms
from ledger.web.access import current_actor, needs
from ledger.web.desk import now, store
from ledger.web.language import gettext, language
from ledger.words import N_
from reports import handover_sheet

blueprint = Blueprint("handover", __name__, url_prefix="/<book>/handover")

THROUGH = N_("截止日期")
SHOWN = re.compile(r"-?[0-9]{1,16}", re.ASCII)
METHODS = {"screen": N_("本人在系统中声明"), "paper": N_("线下签署")}
OFF = N_("您的角色不能作上缴声明；由主播本人，或由制单、出纳登记书面声明。")


@blueprint.get("/")
@needs("view", "handover")
def index(book: str) -> Response:
    """Show what is in the streamer's hands, the month's movements and the declarations."""
    return _page(book, _asked_day("through"))


@blueprint.get("/sheet.pdf")
@needs("view", "handover")
def sheet(book: str) -> Response:
    """Hand out the declaration as a PDF to sign on paper."""
    through = _asked_day("through")
    with store().reading() as reading:
        shown = figures(reading, book, through)
        parcels = handover.ages(reading, book, through)
        name = books.get(reading, book).name.in_(language())
    printed = handover_sheet.HandoverSheet(
        book_name=name,
        first=shown.first,
        through=through,
        text=shown.text,
        before_fen=shown.before_fen,
        withdrawn_fen=shown.withdrawn_fen,
        handed_over_fen=shown.handed_over_fen,
        in_hands_fen=shown.in_hands_fen,
        parcels=tuple((one.since, one.fen, one.working_days, one.due) for one in parcels),
        at=now(),
    )
    response = make_response(handover_sheet.render(printed, language=language()))
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="handover-{through.isoformat()}.pdf"'
    return response


@blueprint.post("/")
@needs("handover")
def declare(book: str) -> Response | AnyResponse:
    """Record a declaration of the figures that the page showed."""
    form, through = request.form, now().date()
    try:
        through = forms.day(form, "through", THROUGH)
        shown = Figures(through, *(_shown(form, name) for name in ("before", "withdrawn", "handed", "held")))
        scans = forms.uploads(request.files, "scan")
        host = forms.text(form, "host", N_("主播姓名"), required=False)
        with store().transaction(book) as session:
            actor = current_actor(session, book)
            handover.declare(
                session,
                actor,
                shown,
                host=host,
                host_person=form.get("host_person", "").strip() or None,
                attachments=forms.attach(session, actor, scans) if scans else [],
                at=now(),
            )
    except forms.REFUSED as error:
        return _page(book, through, error)
    flash(gettext(N_("上缴声明已登记，并记入账本。")))
    return redirect(url_for("handover.index", book=book, through=through.isoformat()))


def _shown(form: forms.Given, name: str) -> int:
    """Return a figure of the page in fen, as its hidden field carried it back."""
    value = form.get(name, "")
    if not SHOWN.fullmatch(value):
        raise forms.BadField(N_("页面上的数字没有传回来，请刷新页面后再声明。"))
    return int(value)


def _asked_day(name: str) -> date:
    """Return the day in the address, not later than today; today where there is none or it is no day."""
    today = now().date()
    try:
        return min(forms.day(request.args, name, THROUGH), today)
    except forms.BadField:
        return today


def _page(book: str, through: date, error: SunbookError | None = None) -> Response:
    """Return the page; figures of the declaration are those of now, also after a refusal."""
    today = now().date()
    through = min(through, today)
    with store().reading() as reading:
        actor = current_actor(reading, book)
        month = Month.of(through)
        shown = figures(reading, book, through)
        until = min(month.last_day, today)
        whole = figures(reading, book, until)
        parcels = handover.ages(reading, book, today)
        moved = in_hands.movements(reading, book, month, until)
        said = handover.declarations(reading, book)
        names = roster.names(reading, book)
        owners = _personal_owners(reading, book)
        allowed = handover.days_allowed(reading, book)
        streamers = handover.streamers(reading, book)
    return forms.answer(
        "handover/index.html",
        error,
        book=book,
        today=today,
        through=through,
        month=month,
        earlier=month.plus(-1),
        later=month.plus(1) if month < Month.of(today) else None,
        shown=shown,
        whole=whole,
        parcels=parcels,
        held_fen=sum(one.fen for one in parcels),
        moved=moved,
        declarations=said,
        names=names,
        methods=METHODS,
        several=owners > 1,
        owners=owners,
        allowed=allowed,
        streamers=streamers,
        on_paper=actor.role != handover.STREAMER,
        looks=_looks(actor),
        off="" if actor.may("handover") else gettext(OFF),
    )


def _looks(actor: Actor) -> bool:
    """Say whether the person may open vouchers and scans; the streamer may not."""
    return "view" in ROLES[actor.role].actions


def _personal_owners(reading: Session, book: str) -> int:
    """Return how many persons own live accounts of the book."""
    return len({one.owner for one in accounts.accounts(reading, book) if one.owner_kind == "personal"})
