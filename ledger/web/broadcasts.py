"""Broadcasts: the list of a month, a broadcast's dossier, the night declaration, amendments."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from ledger.book import accounts as live
from ledger.book import broadcasts, declarations, entries, evidence, roster, tracing
from ledger.book import chart as charts
from ledger.book.duties import Actor
from ledger.errors import SunbookError
from ledger.months import Month
from ledger.web import dossiers, forms, vouchers
from ledger.web.access import current_actor, needs
from ledger.web.desk import now, store
from ledger.web.language import gettext
from ledger.words import N_

blueprint = Blueprint("broadcasts", __name__, url_prefix="/<book>/broadcasts")

NUMBER = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{0,23}", re.ASCII)
METRICS = (("观看", "人次"), ("点赞", "次"), ("评论", "条"), ("新增关注", "人"))
"""Names and units as the platforms' screens show them; what they mean differs, so they are never added up."""

NOT_RECORD = N_("您的角色不能登记场次；由制单或会计主管办理。")
NOT_DECLARE = N_("您的角色不能申报；由制单人员申报。")
HOST_PERSON = N_("主播是本账本的哪位成员")
HOST = N_("您是本场主播，须由其他人申报。")


@blueprint.get("/")
@needs("view")
def index(book: str) -> Response:
    """Show the broadcasts of a month, and what is still to be declared."""
    asked = request.args.get("month", "")
    with store().reading() as reading:
        actor = current_actor(reading, book)
        every = broadcasts.of_month(reading, book)
        months = sorted({item.month for item in every}, reverse=True)
        month = Month.parse(asked) if asked else (months[0] if months else Month.of(now()))
        shown = dossiers.of_broadcasts(
            reading, actor, [item for item in every if item.month == month], at=now()
        )
        waiting = dossiers.undeclared(reading, book, at=now())
        accounts = {item.account: item for item in live.accounts(reading, book)}
        platforms = charts.current(reading, book).platforms
    return forms.answer(
        "broadcasts/index.html",
        book=book,
        month=month,
        months=months,
        dossiers=shown[::-1],
        waiting=waiting if actor.may("declare") else [],
        accounts=accounts,
        platforms=platforms,
        off="" if actor.may("broadcast") else gettext(NOT_RECORD),
        not_declare="" if actor.may("declare") else gettext(NOT_DECLARE),
    )


@blueprint.get("/new")
@needs("broadcast")
def new(book: str) -> Response:
    """Show the empty form."""
    return _form(book)


@blueprint.post("/new")
@needs("broadcast")
def create(book: str) -> Response | AnyResponse:
    """Register a broadcast; the night declaration comes next."""
    try:
        facts, number = _facts(book), forms.text(request.form, "number", N_("场次号"), required=False)
        if number and not NUMBER.fullmatch(number):
            raise forms.BadField(N_("场次号只用字母、数字和横线，最多 24 位。"))
        with store().transaction(book) as session:
            actor = current_actor(session, book)
            record = broadcasts.record(session, actor, number=number, at=now(), **facts)
    except forms.REFUSED as error:
        return _form(book, error=error)
    made = record.body["broadcast"]
    flash(gettext(N_("场次 {number} 已登记。")).format(number=made))
    target = "declaring.form" if actor.may("declare") and facts["starts_at"] <= now() else "broadcasts.show"
    return redirect(url_for(target, book=book, number=made))


@blueprint.get("/<number>")
@needs("view")
def show(book: str, number: str) -> Response:
    """Show the dossier."""
    return _dossier(book, number)


@blueprint.get("/<number>/amend")
@needs("broadcast")
def amend(book: str, number: str) -> Response:
    """Show the form for correcting the facts."""
    return _form(book, number)


@blueprint.post("/<number>/amend")
@needs("broadcast")
def amended(book: str, number: str) -> Response | AnyResponse:
    """Correct the facts of a broadcast, with the reason."""
    try:
        facts = _facts(book)
        reason = forms.text(request.form, "reason", N_("更正原因"), most=forms.LONG)
        with store().transaction(book) as session:
            actor = current_actor(session, book)
            broadcasts.amend(session, actor, number, reason=reason, at=now(), **facts)
    except forms.REFUSED as error:
        return _form(book, number, error)
    flash(gettext(N_("场次信息已更正，原来的记录仍可查看。")))
    return redirect(url_for("broadcasts.show", book=book, number=number))


@blueprint.post("/<number>/measure")
@needs("broadcast")
def measure(book: str, number: str) -> Response | AnyResponse:
    """Record audience figures as the platform's screen shows them."""
    form = request.form
    try:
        figures = tuple(_figures(form))
        if not figures:
            raise forms.BadField(N_("请至少填写一个数值。"))
        captured_at = forms.moment(form, "captured_at", N_("截图时间"))
        shots = forms.uploads(request.files, "evidence")
        with store().transaction(book) as session:
            actor = current_actor(session, book)
            files = forms.attach(session, actor, shots)
            declarations.measure(
                session, actor, number, figures=figures, captured_at=captured_at, attachments=files, at=now()
            )
    except forms.REFUSED as error:
        return _dossier(book, number, error, "measure")
    flash(gettext(N_("观看数据已登记。")))
    return redirect(url_for("broadcasts.show", book=book, number=number))


@blueprint.post("/<number>/explain")
@needs("reply")
def explain(book: str, number: str) -> Response | AnyResponse:
    """Explain why the settled figure differs; the difference explained is the one that the page showed."""
    form = request.form
    try:
        account = forms.text(form, "account", N_("账号"))
        difference = forms.fen(form, "difference", N_("差异"), negative=True)
        words = forms.text(form, "explanation", N_("差异原因"), most=forms.LONG)
        with store().transaction(book) as session:
            declarations.explain(
                session,
                current_actor(session, book),
                number,
                account=account,
                difference_fen=difference,
                explanation=words,
                at=now(),
            )
    except forms.REFUSED as error:
        return _dossier(book, number, error, f"explain-{form.get('account', '')}")
    flash(gettext(N_("差异说明已登记。")))
    return redirect(url_for("broadcasts.show", book=book, number=number))


def _facts(book: str) -> dict[str, Any]:
    """Read what is the same for a new broadcast and for an amended one."""
    form = request.form
    with store().reading() as reading:
        members = {item.person for item in roster.members(reading, book) if not item.ended}
    return {
        "title": forms.text(form, "title", N_("场次主题")),
        "starts_at": forms.moment(form, "starts_at", N_("开播时间")),
        "ends_at": forms.moment_or_none(form, "ends_at", N_("下播时间")),
        "accounts": tuple(form.getlist("accounts")),
        "department": forms.text(form, "department", N_("承办部门"), required=False),
        "host": forms.text(form, "host", N_("主播")),
        "host_person": forms.chosen(form, "host_person", HOST_PERSON, members, required=False) or None,
    }


def _figures(form: forms.Given) -> list[tuple[str, str, str, int]]:
    """Read the audience figures that were filled in: (account, name, unit, value)."""
    found = []
    for row in range(len(METRICS)):
        value = forms.whole_or_none(form, f"value-{row}", N_("数值"))
        if value is not None:
            name, unit = (
                forms.text(form, f"name-{row}", N_("指标")),
                forms.text(form, f"unit-{row}", N_("计量单位")),
            )
            found.append((forms.text(form, "account", N_("账号")), name, unit, value))
    return found


def _form(book: str, number: str = "", error: SunbookError | None = None) -> Response:
    """Return the form for a new broadcast, or for the facts of one."""
    with store().reading() as reading:
        accounts = live.accounts(reading, book)
        platforms = charts.current(reading, book).platforms
        found = broadcasts.get(reading, book, number) if number else None
        members = [item for item in roster.members(reading, book) if not item.ended]
    return forms.answer(
        "broadcasts/form.html",
        error,
        book=book,
        found=found,
        accounts=accounts,
        platforms=platforms,
        members=members,
        now=now(),
        host_person=HOST_PERSON,
    )


def _dossier(book: str, number: str, error: SunbookError | None = None, at_form: str = "") -> Response:
    """Return the page of a broadcast; `at_form` is the form that was refused."""
    with store().reading() as reading:
        actor = current_actor(reading, book)
        chart = charts.current(reading, book)
        found = dossiers.one(reading, actor, number, at=now())
        shown = _vouchers(reading, actor, chart, found)
        audience = declarations.audience(reading, book, [number]).get(number, [])
        measured = evidence.attachments(reading, book, sorted({row.idx for row in audience}))
        versions = dossiers.history(reading, book, number)
        names = roster.names(reading, book)
        trace = tracing.trace(reading, book, number, Month.of(now()))
    return forms.answer(
        "broadcasts/show.html",
        error,
        at_form=at_form,
        book=book,
        found=found,
        trace=trace,
        vouchers=shown,
        audience=audience,
        measured=measured,
        versions=versions,
        names=names,
        platforms=chart.platforms,
        metrics=METRICS,
        now=now(),
        may_record=actor.may("broadcast"),
        may_explain=actor.may("reply"),
        not_declare=_not_declare(actor, found),
    )


def _vouchers(
    reading: Session, actor: Actor, chart: charts.Chart, found: dossiers.Dossier
) -> list[tuple[entries.Entry, vouchers.Voucher, str]]:
    """Return the entries of a broadcast as vouchers, with their state."""
    indexes = [entry.idx for entry, _ in found.entries]
    lines = entries.lines(reading, actor.book, indexes)
    files = evidence.attachments(reading, actor.book, indexes)
    return [
        (
            entry,
            vouchers.of_entry(chart, entry, lines.get(entry.idx, ()), files.get(entry.idx, ())),
            standing.state,
        )
        for entry, standing in found.entries
    ]


def _not_declare(actor: Actor, found: dossiers.Dossier) -> str:
    """Return why this person cannot declare the night's figure, empty if he or she can."""
    if not actor.may("declare"):
        return gettext(NOT_DECLARE)
    return gettext(HOST) if found.broadcast.host_person == actor.person else ""
