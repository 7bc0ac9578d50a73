"""Checks of what stands beside the log: openings of private values, and stored files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.errors import SunbookError
from ledger.proof import canonical
from ledger.proof.private import SALT_BYTES, commit, commitments
from ledger.store import tables as t
from ledger.store import tables_activity as a
from ledger.store.record import Record
from ledger.store.verify import Finding
from ledger.words import N_


class Openings:
    """Every private value is open and fits its commitment, or was erased by a record."""

    def __init__(self, session: Session, book_id: str) -> None:
        self._session, self._book_id = session, book_id
        self._named: dict[str, int] = {}
        self._erased: set[str] = set()
        self.open = 0
        self.erased = 0

    def see(self, records: list[Record]) -> Iterator[Finding]:
        """Collect commitments and erasures."""
        for record in records:
            if record.kind == "private.erased":
                self._erased.add(record.body["commitment"])
                if record.body["commitment"] not in self._named:
                    yield Finding(
                        "record", N_("第 {index} 条记录删除的隐私值不在任何记录里。"), {"index": record.index}
                    )
            for commitment in commitments(record.body):
                self._named.setdefault(commitment, record.index)

    def finish(self) -> Iterator[Finding]:
        """Compare the openings with the commitments, both ways."""
        p = t.PrivateValue
        missing = dict(self._named)
        query = select(p.commitment, p.salt, p.value).where(p.book_id == self._book_id)
        with self._session.connection().execute(query.execution_options(yield_per=1000)) as rows:
            for row in rows:
                if not self._fits(row.commitment, bytes(row.salt), bytes(row.value)):
                    yield Finding(
                        "private_value", N_("隐私值 {name} 与其承诺不符。"), {"name": row.commitment[:16]}
                    )
                if missing.pop(row.commitment, None) is None:
                    yield Finding(
                        "private_value", N_("隐私值 {name} 不属于任何记录。"), {"name": row.commitment[:16]}
                    )
                if row.commitment in self._erased:
                    yield Finding(
                        "private_value",
                        N_("隐私值 {name} 已登记删除，却仍然存在。"),
                        {"name": row.commitment[:16]},
                    )
                self.open += 1
        for commitment, index in missing.items():
            if commitment in self._erased:
                self.erased += 1
            else:
                yield Finding(
                    "private_value", N_("第 {index} 条记录的隐私值不见了，又没有删除记录。"), {"index": index}
                )

    @staticmethod
    def _fits(commitment: str, salt: bytes, value: bytes) -> bool:
        try:
            canonical.decode(value)
        except SunbookError:
            return False
        return len(salt) == SALT_BYTES and commit(value, salt) == commitment


class Blobs:
    """Every stored file has the digest it is stored under; every file that a record names is there."""

    def __init__(self, session: Session, book_id: str) -> None:
        self._session, self._book_id = session, book_id

    def see(self, records: list[Record]) -> Iterator[Finding]:  # noqa: ARG002 - files are checked at the end
        """Nothing to see record by record."""
        yield from ()

    def finish(self) -> Iterator[Finding]:
        """Hash every stored file, then look for those that are named and not there."""
        c = t.BlobChunk
        query = select(c.digest, c.n, c.data).where(c.book_id == self._book_id).order_by(c.digest, c.n)
        with self._session.connection().execute(query.execution_options(yield_per=4)) as rows:
            for digest, chunks in groupby(rows, key=lambda row: row.digest):
                sha, good = hashlib.sha256(), True
                for expected, chunk in enumerate(chunks):
                    good = good and chunk.n == expected
                    sha.update(bytes(chunk.data))
                if not good or sha.hexdigest() != digest:
                    yield Finding(
                        "blob_chunk", N_("附件 {digest} 的内容与其摘要不符。"), {"digest": digest[:16]}
                    )
        for model in (t.Attachment, a.SourceFile):
            there = select(c.n).where(c.book_id == self._book_id, c.digest == model.digest, c.n == 0)
            gone = select(model.digest).where(model.book_id == self._book_id, ~there.exists()).limit(1)
            if model is a.SourceFile:  # of a personal wallet's bill the original is not kept
                gone = gone.where(a.SourceFile.kind != "wallet_bill")
            for digest in self._session.connection().execute(gone).scalars():
                yield Finding("blob_chunk", N_("附件 {digest} 不见了。"), {"digest": str(digest)[:16]})
