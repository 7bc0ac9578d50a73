"""Live accounts: who owns them, their filings with both bodies, pauses."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from ledger.book import accounts, evidence
from ledger.book import chart as charts
from ledger.errors import SunbookError
from ledger.web import forms
from ledger.web.access import current_actor, needs
from ledger.web.desk import now, store
from ledger.web.language import gettext
from ledger.words import N_

blueprint = Blueprint("accounts", __name__, url_prefix="/<book>/accounts")

OWNER_KINDS = {"institution": N_("单位账号"), "personal": N_("个人账号")}
FILED_WITH = {"leaders": N_("县领导"), "discipline": N_("县纪委监委")}
NO_BROADCAST = N_("您的角色不能登记直播账号；由制单或会计主管办理。")


@blueprint.get("/")
@needs("view")
def index(book: str) -> Response:
    """Show the accounts."""
    return _page(book)


@blueprint.post("/")
@needs("broadcast")
def add(book: str) -> Response | AnyResponse:
    """Register an account."""
    form = request.form
    try:
        platform = form.get("platform", "").strip()[:40]
        handle = forms.text(form, "handle", N_("账号名称"))
        kind = forms.chosen(form, "owner_kind", N_("账号性质"), OWNER_KINDS)
        owner = forms.text(form, "owner", N_("开户人（单位）"))
        with store().transaction(book) as session:
            accounts.open_account(
                session,
                current_actor(session, book),
                platform=platform,
                handle=handle,
                owner_kind=kind,
                owner=owner,
                at=now(),
            )
    except forms.REFUSED as error:
        return _page(book, error, "add")
    flash(gettext(N_("已登记账号“{handle}”。开播前请完成两方备案。")).format(handle=handle))
    return redirect(url_for("accounts.index", book=book))


@blueprint.post("/<account>/file")
@needs("broadcast")
def file(book: str, account: str) -> Response | AnyResponse:
    """Record a filing with its document."""
    form = request.form
    try:
        filed_with = forms.chosen(form, "filed_with", N_("备案对象"), FILED_WITH)
        number = forms.text(form, "number", N_("备案编号"))
        filed_on = forms.day(form, "filed_on", N_("备案日期"))
        documents = forms.uploads(request.files, "document")
        if not documents:
            raise forms.BadField(N_("请上传备案文件的照片或扫描件。"))
        with store().transaction(book) as session:
            actor = current_actor(session, book)
            accounts.file_account(
                session,
                actor,
                account,
                filed_with=filed_with,
                number=number,
                filed_on=filed_on,
                attachments=forms.attach(session, actor, documents),
                at=now(),
            )
    except forms.REFUSED as error:
        return _page(book, error, f"file-{account}")
    flash(gettext(N_("备案已登记。")))
    return redirect(url_for("accounts.index", book=book))


@blueprint.post("/<account>/pause")
@needs("broadcast")
def pause(book: str, account: str) -> Response | AnyResponse:
    """Pause an account, or resume it, with the reason."""
    form = request.form
    try:
        paused = forms.chosen(form, "paused", N_("状态"), ("1", "0")) == "1"
        on_day = forms.day(form, "on_day", N_("起始日期"))
        reason = forms.text(form, "reason", N_("原因"), most=forms.LONG)
        with store().transaction(book) as session:
            accounts.pause(
                session,
                current_actor(session, book),
                account,
                paused=paused,
                on_day=on_day,
                reason=reason,
                at=now(),
            )
    except forms.REFUSED as error:
        return _page(book, error, f"pause-{account}")
    flash(gettext(N_("账号已暂停。") if paused else N_("账号已恢复。")))
    return redirect(url_for("accounts.index", book=book))


def _page(book: str, error: SunbookError | None = None, at_form: str = "") -> Response:
    """Return the accounts with their forms; `at_form` is the one that was refused."""
    with store().reading() as reading:
        actor = current_actor(reading, book)
        found = accounts.accounts(reading, book)
        filings = [idx for item in found for *_, idx in item.filings]
        documents = evidence.attachments(reading, book, filings)
        platforms = charts.current(reading, book).platforms
    return forms.answer(
        "accounts/index.html",
        error,
        at_form=at_form,
        book=book,
        accounts=found,
        documents=documents,
        platforms=platforms,
        owner_kinds=OWNER_KINDS,
        bodies=FILED_WITH,
        today=now().date(),
        off="" if actor.may("broadcast") else gettext(NO_BROADCAST),
    )
