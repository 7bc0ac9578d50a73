"""The files of a year's archive: evidence under its digest, what platforms and banks gave, and lists of their names."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from ledger.book import file_types
from ledger.book.archive_package import Package
from ledger.errors import Broken
from ledger.months import Month
from ledger.store import tables as t
from ledger.store import tables_activity as a
from ledger.words import N_

if TYPE_CHECKING:
    from ledger.book.archive import Scope

BANK_KINDS = ("bank_statement",)
"""Received files that are kept as bank statements, not as evidence of vouchers."""
ENDING = re.compile(r"\.[a-z0-9]{1,5}", re.ASCII)


def write(session: Session, package: Package, what: Scope, *, sources: bool) -> None:
    """Write the files that the year's records name.

    Those stamped in the year or later up to the package's last record, and those of the year's vouchers whenever they
    were filed: together the packages of all years have every file, some twice, none never.
    """
    digests: dict[str, tuple[str, int]] = {}
    for row in _attachments(session, what):
        digests.setdefault(row.digest, (_place(row.digest, row.media), row.size))
    for digest, (place, size) in sorted(digests.items()):
        _file(session, package, what.book, f"attachments/{place}", digest, size, "voucher")
    package.add("attachments/names.jsonl", _attachment_list(session, what), "voucher")
    if sources:
        for digest, row in sorted({row.digest: row for row in _received(session, what)}.items()):
            kept = "bank" if row.kind in BANK_KINDS else "voucher"
            _file(session, package, what.book, f"sources/{_source(row)}", digest, row.size, kept)
    package.add("sources/list.jsonl", _source_list(session, what), "voucher")


def _attachments(session: Session, what: Scope) -> list[Any]:
    """Return the attachments of the year's records, with kind and voucher number of their record."""
    f, head, e = t.Attachment, t.RecordHead, t.Entry
    query = (
        select(f.digest, f.name, f.media, f.size, f.idx, head.kind, e.period, e.number)
        .join(head, and_(head.book_id == f.book_id, head.idx == f.idx))
        .outerjoin(e, and_(e.book_id == f.book_id, e.idx == f.idx))
        .where(
            f.book_id == what.book,
            f.idx < what.log.size,
            or_(
                head.at >= f"{what.year:04d}",
                and_(e.period >= str(Month(what.year, 1)), e.period <= str(Month(what.year, 12))),
            ),
        )
        .order_by(f.idx, f.n)
    )
    return list(session.connection().execute(query).all())


def _attachment_list(session: Session, what: Scope) -> Iterator[bytes]:
    for row in _attachments(session, what):
        told = {
            "file": _place(row.digest, row.media),
            "name": row.name,
            "media": row.media,
            "bytes": row.size,
            "record": row.idx,
            "kind": row.kind,
            **({"voucher": f"{row.period} {row.number}"} if row.number else {}),
        }
        yield _line(told)


def _received(session: Session, what: Scope) -> list[Any]:
    """Return the files received in the year whose original is stored (of a personal bill it is not)."""
    f, head, chunk = a.SourceFile, t.RecordHead, t.BlobChunk
    query = (
        select(
            f.digest,
            f.name,
            f.size,
            f.idx,
            f.kind,
            f.reader,
            f.rows,
            f.root,
            func.count(chunk.n).label("kept"),
        )
        .join(head, and_(head.book_id == f.book_id, head.idx == f.idx))
        .outerjoin(chunk, and_(chunk.book_id == f.book_id, chunk.digest == f.digest))
        .where(f.book_id == what.book, f.idx < what.log.size, head.at >= f"{what.year:04d}")
        .group_by(f.digest, f.name, f.size, f.idx, f.kind, f.reader, f.rows, f.root)
        .order_by(f.idx)
    )
    return [row for row in session.connection().execute(query) if row.kept]


def _source_list(session: Session, what: Scope) -> Iterator[bytes]:
    for row in _received(session, what):
        yield _line(
            {
                "file": _source(row),
                "name": row.name,
                "bytes": row.size,
                "record": row.idx,
                "kind": row.kind,
                "reader": row.reader,
                "rows": row.rows,
                "root": row.root,
            }
        )


def _line(told: dict[str, Any]) -> bytes:
    return (json.dumps(told, ensure_ascii=False) + "\n").encode()


def _place(digest: str, media: str) -> str:
    """Return the name of a file in the package: its digest, and the ending of its kind."""
    return digest + file_types.ENDINGS.get(media, ("",))[0]


def _source(row: Any) -> str:  # noqa: ANN401 - a row
    ending = PurePath(row.name).suffix.lower()
    return str(row.digest) + (ending if ENDING.fullmatch(ending) else "")


def _file(
    session: Session, package: Package, book_id: str, path: str, digest: str, size: int, kept: str
) -> None:
    """Copy a stored file, chunk by chunk; raise Broken if it is not what its digest says."""
    filed = package.add(path, _chunks(session, book_id, digest), kept, size=size)
    if filed.digest != digest:
        raise Broken(N_("附件 {digest} 的内容与其摘要不符。"), digest=digest[:16])


def _chunks(session: Session, book_id: str, digest: str) -> Iterator[bytes]:
    """Yield the pieces of a stored file, one in memory at a time."""
    number = 0
    while True:
        query = select(t.BlobChunk.data).where(
            t.BlobChunk.book_id == book_id, t.BlobChunk.digest == digest, t.BlobChunk.n == number
        )
        piece = session.connection().execute(query).scalar()
        if piece is None:
            return
        yield bytes(piece)
        number += 1
