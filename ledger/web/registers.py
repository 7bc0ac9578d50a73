"""Agreements and resolutions: what was promised before a broadcast, what was decided about the fund, what came back."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from ledger.book import accounts as live
from ledger.book import agreements, allocation, broadcasts, evidence, resolutions, roster
from ledger.book import chart as charts
from ledger.book.duties import Actor
from ledger.errors import SunbookError
from ledger.web import forms, percents
from ledger.web.access import current_actor, needs
from ledger.web.desk import now, store
from ledger.web.language import gettext
from ledger.words import N_

blueprint = Blueprint("registers", __name__, url_prefix="/<book>/registers")

TABS: dict[str, tuple[str, str]] = {
    "agreements": ("registers.index", N_("协议")),
    "resolutions": ("registers.decisions", N_("决议")),
    "receipts": ("charity_receipts.index", N_("票据")),
    "goods": ("goods.index", N_("选品与费用")),
    "events": ("goods.events", N_("他方活动")),
    "chart": ("charts.index", N_("科目表")),
}
"""The pages of this part, each with its endpoint and name."""

NOT_REGISTER = N_("您的角色不能登记；由制单或会计主管办理。")
NOT_RETURN = N_("您的角色不能填制结余退回凭证；由会计主管办理。")
NOTHING_HELD = N_("这家机构手上没有未使用的拨付款。")


@blueprint.get("/")
@needs("view")
def index(book: str) -> Response:
    """Show the agreements."""
    return _agreements(book)


@blueprint.post("/agreements")
@needs("register")
def agree(book: str) -> Response | AnyResponse:
    """Register an agreement with its document."""
    try:
        terms, files = _terms(book), forms.uploads(request.files, "document")
        with store().transaction(book) as session:
            actor = current_actor(session, book)
            attached = forms.attach(session, actor, files)
            agreements.register(session, actor, terms, attachments=attached, at=now())
    except forms.REFUSED as error:
        return _agreements(book, error, "new")
    flash(gettext(N_("协议 {number} 已登记。")).format(number=terms.number))
    return redirect(url_for("registers.index", book=book))


@blueprint.post("/agreements/<int(max=999999999):idx>")
@needs("register")
def change(book: str, idx: int) -> Response | AnyResponse:
    """Register changed terms of an agreement with the reason; `idx` is its newest record."""
    try:
        terms, files = _terms(book), forms.uploads(request.files, "document")
        reason = forms.text(request.form, "reason", N_("变更原因"), most=forms.LONG)
        with store().transaction(book) as session:
            actor = current_actor(session, book)
            attached = forms.attach(session, actor, files)
            agreements.change(session, actor, terms, reason=reason, attachments=attached, at=now())
    except forms.REFUSED as error:
        return _agreements(book, error, f"change-{idx}")
    flash(gettext(N_("协议 {number} 的变更已登记，原来的记录仍可查看。")).format(number=terms.number))
    return redirect(url_for("registers.index", book=book))


def _terms(book: str) -> agreements.Terms:
    form = request.form
    with store().reading() as reading:
        known = {item.account for item in live.accounts(reading, book)}
    chosen = tuple(dict.fromkeys(form.getlist("accounts")))
    if not set(chosen) <= known:
        raise forms.BadField(N_("直播账号请从列表里选择。"))
    last = form.get("last_day", "").strip()
    return agreements.Terms(
        number=forms.text(form, "number", N_("协议编号")),
        party=forms.text(form, "party", N_("签约对方")),
        signed_on=forms.day(form, "signed_on", N_("签订日期")),
        first_day=forms.day(form, "first_day", N_("起始日期")),
        last_day=forms.day(form, "last_day", N_("截止日期")) if last else None,
        accounts=chosen,
        share_bp=percents.ten_thousandths(form, "share", N_("承诺比例")),
        scope=forms.text(form, "scope", N_("适用范围"), most=forms.LONG),
    )


def _agreements(book: str, error: SunbookError | None = None, at_form: str = "") -> Response:
    """Return the agreements, and which broadcasts have none or a late one."""
    with store().reading() as reading:
        actor = current_actor(reading, book)
        found = agreements.agreements(reading, book)
        documents = evidence.attachments(reading, book, [item.idx for item in found])
        shown = broadcasts.of_month(reading, book)[::-1]
        covered = {item.number: agreements.coverage(found, item) for item in shown}
        accounts = live.accounts(reading, book)
        platforms = charts.current(reading, book).platforms
    return forms.answer(
        "registers/agreements.html",
        error,
        at_form=at_form,
        book=book,
        tabs=TABS,
        place="agreements",
        agreements=found[::-1],
        documents=documents,
        lacking=[item for item in shown if covered[item.number] is None],
        late=[(item, one) for item in shown if (one := covered[item.number]) is not None and one.late],
        accounts=accounts,
        platforms=platforms,
        today=now().date(),
        off=_off(actor),
    )


def _off(actor: Actor) -> str:
    """Return why this person cannot register anything here, empty if he or she can."""
    return "" if actor.may("register") else gettext(NOT_REGISTER)


# ---- resolutions ----------------------------------------------------------------------------------------


@blueprint.get("/resolutions")
@needs("view")
def decisions(book: str) -> Response:
    """Show the resolutions and where each charity's money stands."""
    return _resolutions(book)


@blueprint.post("/resolutions")
@needs("register")
def decide(book: str) -> Response | AnyResponse:
    """Register a resolution with its document."""
    form = request.form
    try:
        with store().reading() as reading:
            charities = charts.current(reading, book).charities
        shares = {
            charity: forms.fen_or_none(form, f"share-{charity}", N_("分配金额")) or 0 for charity in charities
        }
        new = resolutions.NewResolution(
            number=forms.text(form, "number", N_("决议编号")),
            passed_on=forms.day(form, "passed_on", N_("决议日期")),
            body=forms.text(form, "body", N_("决定机构")),
            purpose=forms.text(form, "purpose", N_("用途"), most=forms.LONG),
            shares=shares,
        )
        files = forms.uploads(request.files, "document")
        with store().transaction(book) as session:
            actor = current_actor(session, book)
            attached = forms.attach(session, actor, files)
            resolutions.record(session, actor, new, attachments=attached, at=now())
    except forms.REFUSED as error:
        return _resolutions(book, error, "new")
    flash(gettext(N_("决议 {number} 已登记；下一步填制分配凭证。")).format(number=new.number))
    return redirect(url_for("registers.decisions", book=book))


@blueprint.post("/give-back/<charity>")
@needs("draft")
def give_back(book: str, charity: str) -> Response | AnyResponse:
    """Draft the two vouchers of money that a charity returns unspent."""
    form = request.form
    try:
        amount = forms.fen(form, "amount", N_("退回金额"))
        day = forms.day(form, "day", N_("到账日期"))
        bank_text = forms.text(form, "bank_text", N_("银行流水号"), required=False)
        files = forms.uploads(request.files, "document")
        with store().transaction(book) as session:
            actor = current_actor(session, book)
            made = resolutions.give_back(
                session,
                actor,
                charity=charity,
                amount_fen=amount,
                day=day,
                bank_text=bank_text,
                attachments=tuple(forms.attach(session, actor, files)),
                at=now(),
            )
    except forms.REFUSED as error:
        return _resolutions(book, error, f"back-{charity}")
    flash(gettext(N_("已生成草稿（退回与红字分配两张凭证），请交由另一人审核记账。")))
    return redirect(url_for("drafts.show", book=book, draft=made.draft))


def _resolutions(book: str, error: SunbookError | None = None, at_form: str = "") -> Response:
    with store().reading() as reading:
        actor = current_actor(reading, book)
        chart = charts.current(reading, book)
        found = allocation.resolutions(reading, book)
        documents = evidence.attachments(reading, book, [item.idx for item in found])
        fund, promised = resolutions.free(reading, book)
        projects = resolutions.projects(reading, book)
        names = roster.parties(reading, book)
    back = chart.types.get("ALLOCATE_BACK")
    returns = back is not None and actor.role in back.drafters
    return forms.answer(
        "registers/resolutions.html",
        error,
        at_form=at_form,
        book=book,
        tabs=TABS,
        place="resolutions",
        resolutions=found[::-1],
        documents=documents,
        fund_fen=fund,
        promised_fen=promised,
        projects=projects,
        names=names,
        today=now().date(),
        off=_off(actor),
        back_off="" if returns else gettext(NOT_RETURN),
        nothing=gettext(NOTHING_HELD),
        may_allocate=actor.may("draft") and actor.role in chart.type("ALLOCATE").drafters,
    )
