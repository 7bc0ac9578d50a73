"""The register of official receipts, each reviewed by the other charity, and the related-party declarations."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from ledger.book import charity_receipts, evidence, relations, roster
from ledger.book.duties import CHARITIES, Actor
from ledger.errors import SunbookError
from ledger.web import forms
from ledger.web.access import current_actor, needs
from ledger.web.desk import now, store
from ledger.web.language import gettext
from ledger.web.registers import TABS
from ledger.words import N_

blueprint = Blueprint("charity_receipts", __name__, url_prefix="/<book>/registers/receipts")

DECISIONS = {"agree": N_("相符"), "query": N_("提出问询")}
NOT_RECEIPT = N_("票据由收款的慈善机构经办登记。")
NOT_RELATION = N_("由支出的慈善机构经办声明。")


@blueprint.get("")
@needs("view")
def index(book: str) -> Response:
    """Show the payments with their receipts."""
    return _page(book)


@blueprint.post("/<int(max=999999999):entry>")
@needs("receipt")
def record(book: str, entry: int) -> Response | AnyResponse:
    """Record a receipt for a payment with its scan."""
    form = request.form
    try:
        new = charity_receipts.NewReceipt(
            code=forms.text(form, "code", N_("票据代码"), required=False),
            number=forms.text(form, "number", N_("票据号码")),
            check_code=forms.text(form, "check_code", N_("校验码"), required=False),
            issued_on=forms.day(form, "issued_on", N_("开票日期")),
            received_on=forms.day(form, "received_on", N_("到账日期")),
            amount_fen=forms.fen(form, "amount", N_("票据金额")),
        )
        files = forms.uploads(request.files, "scan")
        with store().transaction(book) as session:
            actor = current_actor(session, book)
            attached = forms.attach(session, actor, files)
            charity_receipts.record(session, actor, entry, new, attachments=attached, at=now())
    except forms.REFUSED as error:
        return _page(book, error, f"receipt-{entry}")
    flash(gettext(N_("票据已登记，请另一家慈善机构复核。")))
    return redirect(url_for("charity_receipts.index", book=book))


@blueprint.post("/review/<int(max=999999999):idx>")
@needs("receipt")
def review(book: str, idx: int) -> Response | AnyResponse:
    """Say whether a receipt of the other charity agrees, or ask about it."""
    form = request.form
    try:
        decision = forms.chosen(form, "decision", N_("复核意见"), DECISIONS)
        note = forms.text(form, "note", N_("说明"), most=forms.LONG, required=False)
        with store().transaction(book) as session:
            actor = current_actor(session, book)
            charity_receipts.review(session, actor, idx, decision=decision, note=note, at=now())
    except forms.REFUSED as error:
        return _page(book, error, f"review-{idx}")
    flash(gettext(N_("复核意见已登记。")))
    return redirect(url_for("charity_receipts.index", book=book))


@blueprint.post("/relation/<int(max=999999999):entry>")
@needs("welfare")
def relate(book: str, entry: int) -> Response | AnyResponse:
    """Declare whether the payee of a spending is a related party."""
    form = request.form
    try:
        relation = forms.chosen(form, "relation", N_("与收款人的关系"), relations.RELATIONS)
        detail = forms.text(form, "detail", N_("关联说明"), most=forms.LONG, required=False)
        with store().transaction(book) as session:
            actor = current_actor(session, book)
            relations.declare(session, actor, entry, relation=relation, detail=detail, at=now())
    except forms.REFUSED as error:
        return _page(book, error, f"relation-{entry}")
    flash(gettext(N_("关联方声明已登记。")))
    return redirect(url_for("charity_receipts.index", book=book))


def _page(book: str, error: SunbookError | None = None, at_form: str = "") -> Response:
    with store().reading() as reading:
        actor = current_actor(reading, book)
        payments = charity_receipts.payments(reading, book)
        scans = evidence.attachments(reading, book, [one.idx for paid in payments for one in paid.receipts])
        spending = relations.spending(reading, book)[:120]
        declared = relations.declared(reading, book)
        names = roster.parties(reading, book)
    return forms.answer(
        "registers/receipts.html",
        error,
        at_form=at_form,
        book=book,
        tabs=TABS,
        place="receipts",
        payments=payments,
        scans=scans,
        reviewed=charity_receipts.REVIEWED,
        decisions=DECISIONS,
        spending=spending,
        declared=declared,
        relations=relations.RELATIONS,
        names=names,
        mine=_own(actor, "receipt"),
        not_mine=gettext(NOT_RECEIPT),
        spends=_own(actor, "welfare"),
        not_relation=gettext(NOT_RELATION),
        sees_detail=actor.may("welfare"),
        today=now().date(),
    )


def _own(actor: Actor, action: str) -> str:
    """Return the charity for which this person may write here, empty if none."""
    return actor.party if actor.may(action) and actor.party in CHARITIES else ""
