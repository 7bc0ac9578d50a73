"""Attachments and received files: served only where this book names them, and so that they can do no harm."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, make_response, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.book import drafts, evidence, file_types
from ledger.book.duties import Actor
from ledger.errors import NotFound
from ledger.store import blobs
from ledger.store import tables_activity as a
from ledger.store.append_only import table_of
from ledger.web import previews
from ledger.web.access import current_actor, needs
from ledger.web.desk import store
from ledger.words import N_

blueprint = Blueprint("files", __name__, url_prefix="/<book>/files")

DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
INLINE = {*file_types.PREVIEWED, "application/pdf", *file_types.TEXTS}
"""What a browser may show by itself; all else is downloaded."""

SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
"""A file may run nothing and belongs to no origin; the style is that of the browser's own image page."""

FILE = table_of(a.SourceFile)


@blueprint.get("/<digest>")
@needs("view")
def show(book: str, digest: str) -> Response:
    """Serve a file under its digest: shown where that is harmless, else as a download. `?download` always is one."""
    name, media, data = _file(book, digest)
    response = make_response(data)
    inline = media in INLINE and "download" not in request.args
    response.headers["Content-Type"] = _content_type(media, data) if inline else "application/octet-stream"
    disposition = "inline" if inline else "attachment"
    response.headers["Content-Disposition"] = f"{disposition}; filename*=UTF-8''{quote(name, safe='')}"
    response.headers["Content-Security-Policy"] = SANDBOX
    return response


@blueprint.get("/<digest>/preview")
@needs("view")
def preview(book: str, digest: str) -> Response:
    """Serve a small picture of a filed picture; NotFound for what has none."""
    _, media, data = _file(book, digest)
    small = previews.thumbnail(data) if media in file_types.PREVIEWED else None
    if small is None:
        raise NotFound(N_("这个附件没有缩略图，请直接打开或下载。"))
    response = make_response(small)
    response.headers["Content-Type"] = previews.MEDIA
    response.headers["Content-Disposition"] = "inline"
    response.headers["Content-Security-Policy"] = SANDBOX
    return response


def _file(book: str, digest: str) -> tuple[str, str, bytes]:
    """Return (name, media type, bytes) of a file that this person may see; raise NotFound for any other."""
    if not DIGEST.fullmatch(digest):
        raise NotFound(N_("没有这个附件。"))
    with store().reading() as reading:
        name, media = _named(reading, current_actor(reading, book), digest)
        return name, media, blobs.get(reading, book, digest)


def _content_type(media: str, data: bytes) -> str:
    """Return the type as it is sent: all text as text/plain, in the charset in which it can be read."""
    if media not in file_types.TEXTS:
        return media
    charset = file_types.charset_of(data) or "utf-8"
    return f"text/plain; charset={charset.removesuffix('-sig')}"


def _named(reading: Session, actor: Actor, digest: str) -> tuple[str, str]:
    """Return (name, media type) of a file that a record or an open draft names; raise NotFound for any other.

    A received file as the platform gave it is for those who import and post:
    its rows may hold names and account numbers.
    """
    filed = evidence.media_of(reading, actor.book, digest)
    if filed is not None:
        return filed
    if actor.may("draft") or actor.may("post"):
        for draft in drafts.waiting(reading, actor.book):
            for item in _attachments(draft.payload):
                if item["digest"] == digest:
                    return item["name"], item["media"]
    if actor.may("import") or actor.may("post"):
        query = select(FILE.c.name).where(FILE.c.book_id == actor.book, FILE.c.digest == digest).limit(1)
        name = reading.connection().execute(query).scalar()
        if name is not None:
            return name, "application/octet-stream"
    raise NotFound(N_("没有这个附件。"))


def _attachments(value: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - JSON
    """Yield the attachments that stand anywhere in a draft."""
    if isinstance(value, dict):
        if {"digest", "name", "media"} <= value.keys():
            yield value
        for item in value.values():
            yield from _attachments(item)
    elif isinstance(value, list):
        for item in value:
            yield from _attachments(item)
