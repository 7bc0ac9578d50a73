"""Files under their SHA-256 digest, in chunks of 1 MiB, stored once per book."""

from __future__ import annotations

import hashlib

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from ledger.errors import Broken, NotFound
from ledger.store import tables as t
from ledger.store.append_only import table_of
from ledger.words import N_

CHUNK_BYTES = 1 << 20
CHUNKS = table_of(t.BlobChunk)


def put(session: Session, book_id: str, data: bytes) -> str:
    """Store a file unless it is there already; return its digest as hex."""
    digest = hashlib.sha256(data).hexdigest()
    there = select(t.BlobChunk.n).where(t.BlobChunk.book_id == book_id, t.BlobChunk.digest == digest).limit(1)
    if session.connection().execute(there).first() is None:
        pieces = [data[start : start + CHUNK_BYTES] for start in range(0, len(data), CHUNK_BYTES)] or [b""]
        session.connection().execute(
            insert(CHUNKS),
            [{"book_id": book_id, "digest": digest, "n": n, "data": piece} for n, piece in enumerate(pieces)],
        )
    return digest


def get(session: Session, book_id: str, digest: str) -> bytes:
    """Return a stored file; raise NotFound if this book has none of that digest, Broken if it was changed."""
    query = (
        select(t.BlobChunk.data)
        .where(t.BlobChunk.book_id == book_id, t.BlobChunk.digest == digest)
        .order_by(t.BlobChunk.n)
    )
    pieces = [bytes(row.data) for row in session.connection().execute(query)]
    if not pieces:
        raise NotFound(N_("没有这个附件。"))
    data = b"".join(pieces)
    if hashlib.sha256(data).hexdigest() != digest:
        raise Broken(N_("附件 {digest} 的内容与其摘要不符。"), digest=digest[:16])
    return data
