"""Vouchers entered by hand and corrections: forms made from the chart, one draft out of each."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from ledger.book import accounts as live
from ledger.book import broadcasts, corrections, drafts, entries, evidence, journal, roster
from ledger.book import chart as charts
from ledger.book.chart import EntryType
from ledger.book.compose import NewEntry, compose
from ledger.book.duties import CHARITIES, Actor
from ledger.errors import SunbookError
from ledger.web import forms, vouchers
from ledger.web.access import current_actor, needs
from ledger.web.desk import now, store
from ledger.web.language import gettext, language
from ledger.words import N_

blueprint = Blueprint("drafting", __name__, url_prefix="/<book>/drafts")

GROUPS = {
    "tips": N_("打赏"),
    "commission": N_("佣金"),
    "spending": N_("分配与使用"),
    "bank": N_("银行"),
}
OFTEN = (
    "TIP",
    "TIP_SETTLE",
    "WITHDRAW_CARD",
    "HANDOVER",
    "COMMISSION",
    "COMM_SETTLE",
    "ALLOCATE",
    "GRANT_PAY",
    "SPEND",
)
"""Types that a month always has come first in their group; the chart itself has no order."""

HOW = {
    "amount": N_("金额有误"),
    "broadcast": N_("场次有误"),
    "cancel": N_("整笔冲销"),
}
PREPARED = N_("已生成草稿，请核对后交由另一人审核记账。")


@blueprint.get("/new")
@needs("draft")
def new(book: str) -> Response:
    """Show the entry types this role may draft, or the form of one."""
    wanted = request.args.get("type", "")
    return _new_form(book, wanted) if wanted else _choice(book)


@blueprint.post("/new")
@needs("draft")
def create(book: str) -> Response | AnyResponse:
    """Draft one voucher."""
    wanted = request.form.get("type", "")
    try:
        kind = _kind(book, wanted)
        entry, files = (
            _entry(kind, NewEntry(kind.code, forms.day(request.form, "date", N_("日期")), {})),
            _files(),
        )
        with store().transaction(book) as session:
            actor, at = current_actor(session, book), now()
            filed = replace(entry, attachments=tuple(forms.attach(session, actor, files)))
            payload = {"entries": [compose(session, actor, filed, at=at)]}
            made = drafts.prepare(session, actor, kind="manual", payload=payload, at=at)
    except forms.REFUSED as error:
        return _new_form(book, wanted, error)
    flash(gettext(PREPARED))
    return redirect(url_for("drafts.show", book=book, draft=made.draft))


@blueprint.get("/correct/<int(max=999999999):idx>")
@needs("draft")
def correct(book: str, idx: int) -> Response:
    """Show the form that corrects a posted voucher."""
    return _correction_form(book, idx, request.args.get("how", "amount"))


@blueprint.post("/correct/<int(max=999999999):idx>")
@needs("draft")
def corrected(book: str, idx: int) -> Response | AnyResponse:
    """Draft the red letters and, unless all is cancelled, the right voucher."""
    how = request.form.get("how", "")
    if how not in HOW:
        abort(400)
    try:
        reason = forms.text(request.form, "reason", N_("更正原因"), most=forms.LONG)
        day, files = forms.day(request.form, "date", N_("更正日期")), _files()
        with store().reading() as reading:
            original, chart = entries.get(reading, book, idx), charts.current(reading, book)
            before = (
                corrections.as_new(reading, book, idx) if how != "cancel" and not _is_red(original) else None
            )
        right = _entry(chart.type(before.type), before, how) if before is not None else None
        with store().transaction(book) as session:
            actor = current_actor(session, book)
            if right is not None:
                right = replace(right, attachments=(*right.attachments, *forms.attach(session, actor, files)))
            made = corrections.prepare(session, actor, idx, right=right, reason=reason, day=day, at=now())
    except forms.REFUSED as error:
        return _correction_form(book, idx, how, error)
    flash(gettext(PREPARED))
    return redirect(url_for("drafts.show", book=book, draft=made.draft))


def _is_red(entry: entries.Entry) -> bool:
    return entry.type == charts.REVERSAL


def _files() -> list[forms.Upload]:
    return forms.uploads(request.files, "evidence")


def _kind(book: str, code: str) -> EntryType:
    with store().reading() as reading:
        return charts.current(reading, book).type(code)


def _entry(kind: EntryType, start: NewEntry, how: str = "new") -> NewEntry:
    """Return what the form says; what it does not ask stays as in `start`."""
    given = request.form
    found = start
    if how in ("new", "broadcast"):
        found = replace(
            found,
            broadcast=forms.text(given, "broadcast", N_("直播场次"), required=False),
            account=forms.text(given, "account", N_("直播账号"), required=False),
        )
    if how == "new":
        found = replace(
            found,
            summary=forms.text(given, "summary", N_("摘要"), required=False),
            platform=forms.text(given, "platform", N_("平台"), required=False),
            charity=forms.text(given, "charity", N_("慈善机构"), required=False),
        )
    if how in ("new", "amount"):
        found = replace(found, amounts=_amounts(kind), facts=_facts(kind))
    return found


def _amounts(kind: EntryType) -> dict[str, int]:
    """Read the amounts that the type is made from; only an adjustment may be negative."""
    found = {}
    for item in kind.inputs:
        read = forms.fen_or_none if item.optional else forms.fen
        value = read(request.form, f"amount-{item.name}", item.label, negative=kind.code == "ADJUST")
        if value is not None:
            found[item.name] = value
    return found


def _facts(kind: EntryType) -> dict[str, str | int]:
    """Read the further fields of the type that were filled in."""
    found: dict[str, str | int] = {}
    for fact in kind.facts:
        field = f"fact-{fact.name}"
        if fact.kind == "integer":
            count = forms.whole_or_none(request.form, field, fact.label)
            if count is not None:
                found[fact.name] = count
        elif words := forms.text(request.form, field, fact.label, most=forms.LONG, required=False):
            found[fact.name] = words
    return found


def _choice(book: str) -> Response:
    """Return the types that this person may draft, by group."""
    with store().reading() as reading:
        actor = current_actor(reading, book)
        types = list(charts.current(reading, book).types.values())
    types.sort(key=lambda kind: OFTEN.index(kind.code) if kind.code in OFTEN else len(OFTEN))
    groups = {
        name: [kind for kind in types if kind.group == group and actor.role in kind.drafters]
        for group, name in GROUPS.items()
    }
    return forms.answer("drafts/choose.html", book=book, groups=groups)


def _new_form(book: str, code: str, error: SunbookError | None = None) -> Response:
    with store().reading() as reading:
        actor = current_actor(reading, book)
        kind = charts.current(reading, book).type(code)
        choices = _choices(reading, actor)
    off = "" if actor.role in kind.drafters else gettext(N_("您的角色不能填制这种凭证。"))
    return forms.answer(
        "drafts/new.html", error, book=book, kind=kind, off=off, today=now().date(), **choices
    )


def _correction_form(book: str, idx: int, how: str, error: SunbookError | None = None) -> Response:
    """Return the form for one way of correcting, filled with the voucher as it is."""
    if how not in HOW:
        abort(404)
    with store().reading() as reading:
        actor = current_actor(reading, book)
        entry, chart = entries.get(reading, book, idx), charts.current(reading, book)
        before = None if _is_red(entry) else corrections.as_new(reading, book, idx)
        files = evidence.attachments(reading, book, [idx]).get(idx, ())
        shown = vouchers.of_entry(chart, entry, entries.lines(reading, book, [idx])[idx], files)
        off = _correction_off(reading, actor, entry, chart)
        choices = _choices(reading, actor)
    return forms.answer(
        "drafts/correct.html",
        error,
        book=book,
        entry=entry,
        voucher=shown,
        before=before,
        kind=chart.types[entry.type],
        how=how,
        ways=HOW,
        off=off,
        today=now().date(),
        **choices,
    )


def _correction_off(reading: Session, actor: Actor, entry: entries.Entry, chart: charts.Chart) -> str:
    """Return why this voucher cannot be corrected by this person, empty if it can."""
    if _is_red(entry):
        return gettext(N_("红字凭证不能再冲销；请另做正确的凭证。"))
    try:
        journal.refuse_second_reversal(reading, actor.book, entry.idx)
    except forms.REFUSED as error:
        return error.text(language())
    if actor.role not in chart.types[entry.type].drafters:
        return gettext(N_("您的角色不能填制这种凭证，因此也不能更正它。"))
    return ""


def _choices(reading: Session, actor: Actor) -> dict[str, Any]:
    """Return what the selects offer: broadcasts newest first, accounts, platforms, charities."""
    names = roster.parties(reading, actor.book)
    own = (actor.party,) if actor.party in CHARITIES else CHARITIES
    return {
        "broadcasts": broadcasts.of_month(reading, actor.book)[::-1],
        "accounts": live.accounts(reading, actor.book),
        "platforms": charts.current(reading, actor.book).platforms,
        "charities": [(party, names[party]) for party in own if party in names],
        "names": names,
    }
