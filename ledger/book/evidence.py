"""Evidence: screenshots, receipts and scans, filed under their digest beside the record they prove."""

from __future__ import annotations

import unicodedata
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.book.duties import Actor, require
from ledger.errors import Invalid
from ledger.store import blobs
from ledger.store import tables as t
from ledger.words import N_

BYTES_MAX = 10 * 1024 * 1024
NAME_MAX = 120
MEDIA: tuple[tuple[bytes, str, tuple[str, ...]], ...] = (
    (b"\x89PNG\r\n\x1a\n", "image/png", (".png",)),
    (b"\xff\xd8\xff", "image/jpeg", (".jpg", ".jpeg")),
    (b"%PDF-", "application/pdf", (".pdf",)),
)
"""What may be filed: the first bytes, the media type, and the endings that go with it."""


def check(data: bytes, name: str) -> tuple[str, str]:
    """Return (clean name, media type) of an uploaded file; raise Invalid if it may not be filed."""
    clean = clean_name(name)
    if not data:
        raise Invalid(N_("附件“{name}”是空文件，请重新选择。"), name=clean)
    if len(data) > BYTES_MAX:
        raise Invalid(N_("附件“{name}”超过 10 MB，请压缩后再上传。"), name=clean)
    for magic, media, endings in MEDIA:
        if data.startswith(magic):
            if not clean.lower().endswith(endings):
                raise Invalid(
                    N_("附件“{name}”的扩展名与内容不符（内容是 {media}）。"), name=clean, media=media
                )
            return clean, media
    raise Invalid(N_("附件“{name}”不是 PNG、JPG 图片或 PDF 文件。"), name=clean)


def clean_name(name: str) -> str:
    """Return an uploaded file's name without folders, control and direction characters."""
    last = (
        unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode())
        .replace("\\", "/")
        .split("/")[-1]
    )
    kept = "".join(
        char for char in last if unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
    )
    stem = kept.strip(" .")
    if len(stem) > NAME_MAX:
        stem = stem[: NAME_MAX - 8] + stem[-8:]
    return stem or "file"


def file(session: Session, actor: Actor, data: bytes, name: str) -> dict[str, Any]:
    """Store a file and return it as records name it: digest, name, media, size."""
    require(actor, "upload")
    return keep(session, actor.book, data, name)


def keep(session: Session, book_id: str, data: bytes, name: str) -> dict[str, Any]:
    """Check and store a file for an act that has its own permission."""
    clean, media = check(data, name)
    return {"digest": blobs.put(session, book_id, data), "name": clean, "media": media, "size": len(data)}


def attachments(session: Session, book_id: str, indexes: list[int]) -> dict[int, list[t.Attachment]]:
    """Return the files of several records, by record index."""
    found: dict[int, list[t.Attachment]] = {}
    query = (
        select(t.Attachment)
        .where(t.Attachment.book_id == book_id, t.Attachment.idx.in_(indexes))
        .order_by(t.Attachment.idx, t.Attachment.n)
    )
    for row in session.scalars(query):
        found.setdefault(row.idx, []).append(row)
    return found


def media_of(session: Session, book_id: str, digest: str) -> tuple[str, str] | None:
    """Return (name, media type) under which a file was first filed, None if no record names it."""
    query = (
        select(t.Attachment.name, t.Attachment.media)
        .where(t.Attachment.book_id == book_id, t.Attachment.digest == digest)
        .order_by(t.Attachment.idx)
        .limit(1)
    )
    row = session.connection().execute(query).first()
    return (row.name, row.media) if row else None
