"""The night declaration: made on a phone at 22:30, in under a minute."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from ledger.book import broadcasts, declarations
from ledger.book import chart as charts
from ledger.book.duties import Actor
from ledger.errors import SunbookError
from ledger.web import dossiers, forms
from ledger.web.access import current_actor, needs
from ledger.web.desk import now, store
from ledger.web.language import gettext
from ledger.words import N_

blueprint = Blueprint("declaring", __name__, url_prefix="/<book>/broadcasts/<number>/declare")


@blueprint.get("")
@needs("declare")
def form(book: str, number: str) -> Response:
    """Show the form with big fields, one per account."""
    return _page(book, number)


@blueprint.post("")
@needs("declare")
def declare(book: str, number: str) -> Response | AnyResponse:
    """Declare what the screen shows; accounts ticked as zero get a zero-income declaration."""
    try:
        shots = forms.uploads(request.files, "camera", "gallery")
        captured_at = forms.moment(request.form, "captured_at", N_("截图时间"))
        with store().transaction(book) as session:
            actor = current_actor(session, book)
            _declare(session, actor, number, captured_at, forms.attach(session, actor, shots))
    except forms.REFUSED as error:
        return _page(book, number, error)
    flash(gettext(N_("已申报，辛苦了。次日导入平台数据后再核对差异。")))
    return redirect(url_for("broadcasts.show", book=book, number=number))


def _declare(
    session: Session, actor: Actor, number: str, captured_at: datetime, files: list[dict[str, Any]]
) -> None:
    """Append the declaration of the figures, and that of the accounts without income."""
    given, item = request.form, broadcasts.get(session, actor.book, number)
    zero = tuple(account for account in item.accounts if account in given.getlist("zero"))
    shown = []
    for account in item.accounts:
        if account in zero and given.get(f"amount-{account}", "").strip():
            raise forms.BadField(N_("同一个账号填了金额又勾了零收入，请只选一种。"))
        if account not in zero:
            amount = forms.fen(given, f"amount-{account}", N_("打赏金额"))
            if not amount:
                raise forms.BadField(N_("没有收入请勾选“零收入声明”，不要填 0。"))
            shown.append((account, amount, forms.whole_or_none(given, f"units-{account}", N_("礼物单位数"))))
    facts: dict[str, Any] = {"captured_at": captured_at, "attachments": files, "at": now()}
    if shown:
        declarations.declare(session, actor, number, shown=tuple(shown), **facts)
    if zero:
        declarations.declare_zero(session, actor, number, accounts=zero, **facts)


def _page(book: str, number: str, error: SunbookError | None = None) -> Response:
    with store().reading() as reading:
        actor = current_actor(reading, book)
        found = dossiers.one(reading, actor, number, at=now())
        platforms = charts.current(reading, book).platforms
    off = N_("您是本场主播，须由其他人申报。") if found.broadcast.host_person == actor.person else ""
    off = off or (N_("还没有开播，开播后再申报。") if found.broadcast.starts_at > now() else "")
    return forms.answer(
        "broadcasts/declare.html",
        error,
        book=book,
        found=found,
        platforms=platforms,
        now=now(),
        off=gettext(off) if off else "",
    )
