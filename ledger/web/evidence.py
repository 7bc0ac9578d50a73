"""Evidence that comes later: filed beside a voucher, a broadcast, an activity or a declaration, never into it."""

from __future__ import annotations

import re

from flask import Blueprint, Response, flash, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from ledger.book import evidence, roster
from ledger.errors import NotFound, SunbookError
from ledger.web import forms
from ledger.web.access import current_actor, needs
from ledger.web.desk import now, store
from ledger.web.language import gettext
from ledger.words import N_

blueprint = Blueprint("evidence", __name__, url_prefix="/<book>/evidence")

PAGES = r"/(?:entries/[0-9]+/|broadcasts/[0-9A-Za-z-]+/?|activities/[0-9A-Za-z-]*/?|registers/)"
"""The pages that have the form, and to which a person is sent back."""


@blueprint.get("/<int(max=999999999):record>/")
@needs("upload")
def show(book: str, record: int) -> Response:
    """Show what is filed under a record, and the form to add to it."""
    return _page(book, record)


@blueprint.post("/<int(max=999999999):record>/")
@needs("upload")
def add(book: str, record: int) -> Response | AnyResponse:
    """Add files to a record."""
    try:
        files = forms.uploads(request.files, "files")
        note = forms.text(request.form, "note", N_("补充说明"), most=evidence.NOTE_MAX, required=False)
        with store().transaction(book) as session:
            actor = current_actor(session, book)
            attached = forms.attach(session, actor, files)
            evidence.add(session, actor, record, files=attached, note=note, at=now())
    except forms.REFUSED as error:
        return _page(book, record, error)
    flash(gettext(N_("已补充 {count} 个附件，并记入账本。")).format(count=len(files)))
    back = request.form.get("back", "")
    inside = re.fullmatch(rf"/{re.escape(book)}{PAGES}", back, re.ASCII)
    return redirect(back if inside else f"/{book}/evidence/{record}/")


def _page(book: str, record: int, error: SunbookError | None = None) -> Response:
    """Return the page of a record's evidence, after an error with the note that was being written."""
    with store().reading() as reading:
        own = evidence.attachments(reading, book, [record]).get(record, [])
        added = evidence.added(reading, book, [record]).get(record, [])
        names = roster.names(reading, book)
        allowed = evidence.may_add(reading, book, record)
    if not allowed:
        raise NotFound(evidence.NOT_HERE)
    return forms.answer(
        "evidence/show.html",
        error,
        record=record,
        own=own,
        added=added,
        names=names,
        back=request.form.get("back", ""),
    )
