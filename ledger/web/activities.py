"""Welfare activities: cards with photos, one activity with its evidence, a form that works on a phone."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from ledger.book import activities, activity_reads, relations, roster
from ledger.book.activity_reads import LOVETEAM, ORGANISERS, Goods
from ledger.book.duties import CHARITIES, Actor
from ledger.book.masking import mask
from ledger.errors import SunbookError
from ledger.months import Month
from ledger.store import tables as t
from ledger.web import forms
from ledger.web.access import current_actor, needs
from ledger.web.desk import now, store
from ledger.web.language import gettext
from ledger.words import N_, Text

blueprint = Blueprint("activities", __name__, url_prefix="/<book>/activities")

ROWS, SPARE = 4, 3
"""Lines for goods and volunteers: at least so many, and so many beyond those that are filled."""

OFFERED_MAX = 60
"""Vouchers that the form offers to link."""

NOT_RECORD = N_("您的角色不能登记公益活动；由慈善机构经办或会计主管办理。")
NOT_OWN = N_("慈善机构经办只能修改本单位主办的活动。")


@blueprint.get("/")
@needs("view")
def index(book: str) -> Response:
    """Show the activities of a month, or of all time."""
    asked = request.args.get("month", "")
    month = Month.parse(asked) if asked else None
    with store().reading() as reading:
        actor = current_actor(reading, book)
        every = activity_reads.activities(reading, book)
        names = _organisers(roster.parties(reading, book))
    return forms.answer(
        "activities/index.html",
        book=book,
        months=sorted({Month.of(item.day) for item in every}, reverse=True),
        month=month,
        activities=[item for item in every if month is None or Month.of(item.day) == month],
        names=names,
        off="" if actor.may("welfare") else gettext(NOT_RECORD),
    )


@blueprint.get("/new")
@needs("welfare")
def new(book: str) -> Response:
    """Show the empty form."""
    return _form(book)


@blueprint.post("/new")
@needs("welfare")
def create(book: str) -> Response | AnyResponse:
    """Register an activity with its photos and receipts."""
    try:
        facts, files = _facts(), forms.uploads(request.files, "camera", "gallery")
        with store().transaction(book) as session:
            actor = current_actor(session, book)
            attached = forms.attach(session, actor, files)
            made = activities.record(session, actor, facts, attachments=attached, at=now())
    except forms.REFUSED as error:
        return _form(book, error=error)
    number = made.body["activity"]
    flash(gettext(N_("公益活动 {number} 已登记。")).format(number=number))
    return redirect(url_for("activities.show", book=book, number=number))


@blueprint.get("/<number>")
@needs("view")
def show(book: str, number: str) -> Response:
    """Show one activity."""
    return _show(book, number)


@blueprint.get("/<number>/change")
@needs("welfare")
def change(book: str, number: str) -> Response:
    """Show the form with the activity as it is."""
    return _form(book, number)


@blueprint.post("/<number>/change")
@needs("welfare")
def changed(book: str, number: str) -> Response | AnyResponse:
    """Record the whole activity again, with the reason."""
    try:
        facts, files = _facts(), forms.uploads(request.files, "camera", "gallery")
        reason = forms.text(request.form, "reason", N_("变更原因"), most=forms.LONG)
        with store().transaction(book) as session:
            actor = current_actor(session, book)
            attached = forms.attach(session, actor, files)
            activities.change(session, actor, number, facts, reason=reason, attachments=attached, at=now())
    except forms.REFUSED as error:
        return _form(book, number, error)
    flash(gettext(N_("变更已登记，原来的记录仍可查看。")))
    return redirect(url_for("activities.show", book=book, number=number))


@blueprint.post("/<number>/files")
@needs("welfare")
def add_files(book: str, number: str) -> Response | AnyResponse:
    """File photos or receipts that came later."""
    try:
        note = forms.text(request.form, "note", N_("说明"), required=False)
        files = forms.uploads(request.files, "camera", "gallery")
        with store().transaction(book) as session:
            actor = current_actor(session, book)
            attached = forms.attach(session, actor, files)
            activities.add_files(session, actor, number, note=note, attachments=attached, at=now())
    except forms.REFUSED as error:
        return _show(book, number, error)
    flash(gettext(N_("照片和票据已补充。")))
    return redirect(url_for("activities.show", book=book, number=number))


def _facts() -> activities.NewActivity:
    """Read the form."""
    form = request.form
    return activities.NewActivity(
        title=forms.text(form, "title", N_("活动名称")),
        organisers=tuple(form.getlist("organisers")),
        day=forms.day(form, "day", N_("活动日期")),
        place=forms.text(form, "place", N_("地点")),
        beneficiaries=forms.whole_or_none(form, "beneficiaries", N_("受益人数")) or 0,
        who=forms.text(form, "who", N_("受益群体"), required=False),
        goods=tuple(_goods(form)),
        payee=forms.text(form, "payee", N_("收款人"), required=False),
        volunteers=tuple(_volunteers(form)),
        intent=forms.text(form, "intent", N_("捐赠意愿"), most=forms.LONG, required=False),
        spending=tuple(_vouchers(form)),
    )


def _vouchers(form: forms.Given) -> list[int]:
    chosen = form.getlist("spending")
    if not all(one.isascii() and one.isdecimal() and len(one) < 10 for one in chosen):  # noqa: PLR2004 - an index
        raise forms.BadField(N_("支出凭证请从列表里选择。"))
    return [int(one) for one in chosen]


def _rows(form: forms.Given, field: str) -> range:
    """Return the numbers of the lines that the form has."""
    return range(sum(1 for name in form if name.startswith(f"{field}-")))


def _goods(form: forms.Given) -> list[Goods]:
    """Read the goods; a line without anything in it is left out."""
    found = []
    for row in _rows(form, "goods"):
        typed = [form.get(f"{field}-{row}", "").strip() for field in ("goods", "quantity", "unit", "cost")]
        if not any(typed):
            continue
        name = forms.text(form, f"goods-{row}", N_("物资名称"))
        quantity = forms.whole_or_none(form, f"quantity-{row}", N_("数量")) or 0
        unit = forms.text(form, f"unit-{row}", N_("单位"), required=False)
        cost = forms.fen_or_none(form, f"cost-{row}", N_("金额")) or 0
        found.append(Goods(name, quantity, unit, cost))
    return found


def _volunteers(form: forms.Given) -> list[tuple[str, int]]:
    """Read the volunteers; a line without anything in it is left out."""
    found = []
    for row in _rows(form, "volunteer"):
        if not form.get(f"volunteer-{row}", "").strip() and not form.get(f"minutes-{row}", "").strip():
            continue
        name = forms.text(form, f"volunteer-{row}", N_("志愿者姓名"))
        found.append((name, forms.whole_or_none(form, f"minutes-{row}", N_("服务分钟数")) or 0))
    return found


def _organisers(parties: dict[str, Text]) -> dict[str, str | Text]:
    """Return the organisers' names, as the book calls the charities."""
    return {
        code: parties.get(code, label) if code != LOVETEAM else label for code, label in ORGANISERS.items()
    }


def _form(book: str, number: str = "", error: SunbookError | None = None) -> Response:
    """Return the form for a new activity, or for one that is changed."""
    with store().reading() as reading:
        actor = current_actor(reading, book)
        found = activity_reads.get(reading, book, number) if number else None
        own = (actor.party,) if actor.party in CHARITIES else CHARITIES
        linked = {one.idx for one in found.spending} if found else set()
        spending = _offered(relations.spending(reading, book), own, linked)
        names = _organisers(roster.parties(reading, book))
    return forms.answer(
        "activities/form.html",
        error,
        book=book,
        found=found,
        names=names,
        spending=spending,
        linked=linked,
        own=actor.party if actor.party in CHARITIES else "",
        goods_rows=max(ROWS, (len(found.goods) if found else 0) + SPARE, len(_typed("goods"))),
        volunteer_rows=max(ROWS, (len(found.volunteers) if found else 0) + SPARE, len(_typed("volunteer"))),
        today=now().date(),
        off=_off(actor, found.organisers) if found else "",
    )


def _offered(every: list[t.Entry], own: tuple[str, ...], linked: set[int]) -> list[t.Entry]:
    """Return the newest vouchers of these charities, and all that are linked already: a change must not lose any."""
    newest = [row for row in every if row.charity in own][:OFFERED_MAX]
    return newest + [row for row in every if row.idx in linked and row not in newest]


def _typed(field: str) -> range:
    return _rows(request.form, field)


def _off(actor: Actor, organisers: tuple[str, ...]) -> str:
    """Return why this person cannot change the activity, empty if he or she can."""
    if not actor.may("welfare"):
        return gettext(NOT_RECORD)
    return "" if activities.may_edit(actor, organisers) else gettext(NOT_OWN)


def _show(book: str, number: str, error: SunbookError | None = None) -> Response:
    with store().reading() as reading:
        actor = current_actor(reading, book)
        found = activity_reads.get(reading, book, number)
        versions = activity_reads.history(reading, book, number)
        receipts = activities.files_of(reading, book, found)
        names = _organisers(roster.parties(reading, book))
        people = roster.names(reading, book)
    off = _off(actor, found.organisers)
    shown: dict[str, Any] = {
        "payee": mask(found.payee) if off else found.payee,
        "volunteers": [(mask(name) if off else name, minutes) for name, minutes in found.volunteers],
    }
    return forms.answer(
        "activities/show.html",
        error,
        book=book,
        found=found,
        versions=versions,
        receipts=receipts,
        names=names,
        people=people,
        off=off,
        **shown,
    )
