"""Queries, returns and advices with their replies: a desk of their own, and the form to answer."""

from __future__ import annotations

import re

from flask import Blueprint, Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from ledger.book import opinions, receipts, roster, signoff
from ledger.errors import SunbookError
from ledger.web import forms
from ledger.web.access import current_actor, needs
from ledger.web.desk import now, store
from ledger.web.language import gettext
from ledger.words import N_

blueprint = Blueprint("queries", __name__, url_prefix="/<book>/signing/queries")


@blueprint.get("")
@needs("view")
def index(book: str) -> Response:
    """Show every query, return and advice, the open ones first."""
    return _page(book)


@blueprint.post("/<int(max=999999999):idx>")
@needs("reply")
def reply(book: str, idx: int) -> Response | AnyResponse:
    """Answer one, with further evidence if there is any."""
    try:
        text = forms.text(request.form, "text", N_("回复内容"), most=forms.LONG)
        files = forms.uploads(request.files, "files")
        with store().transaction(book) as session:
            actor = current_actor(session, book)
            attached = forms.attach(session, actor, files)
            signoff.reply(session, actor, idx, text=text, attachments=attached, at=now())
    except forms.REFUSED as error:
        return _page(book, error, idx)
    flash(gettext(N_("回复已提交，并记入账本。对方会再次表态。")))
    back = request.form.get("back", "")
    inside = re.fullmatch(rf"/{re.escape(book)}/(?:entries/[0-9]+/|signing/queries)", back, re.ASCII)
    return redirect(back if inside else url_for("queries.index", book=book))


def _page(book: str, error: SunbookError | None = None, about: int = -1) -> Response:
    """Return the page, after an error with the reply that was being written."""
    with store().reading() as reading:
        found = opinions.queries(reading, book)
        numbers = receipts.numbers(reading, book, sorted({item.entry for item in found}))
        parties = roster.parties(reading, book)
        may_reply = current_actor(reading, book).may("reply")
    return forms.answer(
        "signing/queries.html",
        error,
        open=[item for item in found if item.newest],
        closed=[item for item in reversed(found) if not item.newest],
        numbers=numbers,
        parties=parties,
        may_reply=may_reply,
        about=about,
    )
